/** A failed task shows its reason to those who look at the mock, and nothing more than before to its clients. */
import { describe, expect, it } from 'vitest';
import { settingsFrom } from '../../src/config/check.ts';
import type { Log } from '../../src/core/logger.ts';
import { connectApigMock, type Snapshot } from '../../src/index.ts';
import { startServer } from '../../src/mock.ts';
import { call, TOKEN } from '../support/mock.ts';
import { callsOf, document, HERE, rejection, stillMock } from './scene.ts';

const REASON = /^info\.title is taken: import into the group .*group_id=[0-9a-f]{32};/;

/** A mock in which the same file was imported twice. */
async function twice() {
  const mock = await stillMock();
  const { importFile } = callsOf(mock.url);
  await importFile(document('demo'));
  await mock.clock.advance(5000);
  const id = await importFile(document('demo'));
  await mock.clock.advance(5000);
  return { mock, id };
}

describe('why a task failed', () => {
  it('appears in the control calls, on the cards and in no response of the service', async () => {
    const { mock, id } = await twice();
    const { reason } = await mock.tasks.get(id);
    expect(reason).toMatch(REASON);
    await using client = await connectApigMock(mock.url);
    expect((await client.tasks.list({ task_status: 'failed' })).tasks).toMatchObject([{ reason }]);
    expect(await client.tasks.list({ task_status: 'succeed' })).not.toMatchObject({
      tasks: [{ reason: expect.anything() }],
    });
    expect((await client.overview({ cards: 1 })).cards.failed).toMatchObject([{ reason }]);
    const events = await fetch(`${mock.url}/__admin/events?after=0`);
    const reader = (events.body as ReadableStream<Uint8Array>)
      .pipeThrough(new TextDecoderStream())
      .getReader();
    let received = '';
    while (!received.includes('"to":"failed"')) received += (await reader.read()).value ?? '';
    expect(received).toContain(JSON.stringify(reason));
    await reader.cancel();
    const { text } = await callsOf(mock.url).poll(id);
    expect(text).toBe(
      `{"task_id":"${id}","task_status":"failed","task_type":"import_api","task_result":"{\\"error_code\\":\\"APIG.3201\\",\\"error_msg\\":\\"The API group name already exists\\"}"}`,
    );
    await mock.close();
  });

  it('outlives a snapshot, which takes it with a task that has ended alone and no longer than it may be', async () => {
    const { mock, id } = await twice();
    const { reason } = await mock.tasks.get(id);
    const snapshot = JSON.parse(JSON.stringify(await mock.snapshot())) as Snapshot;
    await using other = await stillMock();
    await other.restore(snapshot);
    expect((await other.tasks.get(id)).reason).toBe(reason);
    const broken = (change: object): Snapshot => ({
      ...snapshot,
      tasks: snapshot.tasks.map((task) => (task.task_id === id ? { ...task, ...change } : task)),
    });
    for (const change of [
      { task_status: 'processing', task_result: '' },
      { reason: 'x'.repeat(501) },
      { reason: 1 },
    ])
      expect(await rejection(other.restore(broken(change)))).toMatchObject({
        status: 400,
        why: expect.stringContaining('tasks[1].reason'),
      });
    await mock.close();
  });

  it('is the plan, when the plan makes the task fail', async () => {
    await using mock = await stillMock();
    const outcome = { status: 'failed', error_code: 'APIG.3001', error_msg: 'no' } as const;
    const plan = { mode: 'immediate', outcome } as const;
    const { reason } = await mock.tasks.create({ ...HERE, task_type: 'export_api', plan });
    expect(reason).toBe('the plan of the task demands it');
  });

  it('is in the log', async () => {
    const lines: object[] = [];
    const ignore = (): void => {};
    const log: Log = {
      isLevelEnabled: () => true,
      info: (fields) => lines.push(fields),
      ...{ debug: ignore, warn: ignore, error: ignore },
    };
    const mock = await startServer(settingsFrom({ port: 0, progression: 'immediate' }), log);
    await callsOf(mock.url).importFile('no document');
    expect(lines).toContainEqual(
      expect.objectContaining({
        to: 'failed',
        reason: expect.stringMatching(/^this is not an OpenAPI file: it must be one mapping/),
      }),
    );
    expect(lines.filter((line) => 'reason' in line && !('to' in line))).toEqual([]);
    await mock.close();
  });

  it('goes with the rejection of a synchronous import', async () => {
    await using mock = await stillMock();
    const body = new FormData();
    body.set('file_name', new Blob(['{"swagger":"2.0"}']), 'a.json');
    const response = await fetch(`${mock.url}/v2/p1/apigw/instances/i1/openapi/import`, {
      method: 'POST',
      headers: { 'x-auth-token': TOKEN },
      body,
    });
    expect(await response.text()).toBe(
      '{"error_code":"APIG.3602","error_msg":"Syntax error in the Swagger file"}',
    );
    expect(response.headers.get('x-mock-reason')).toMatch(/^paths is missing/);
    expect((await call(`${mock.url}/__admin/requests`)).body.requests).toMatchObject([
      { reason: expect.stringMatching(/^paths is missing/) },
    ]);
  });

  it('names the field of a rejected export, and what it takes, in the journal', async () => {
    await using mock = await stillMock();
    const good = { env_id: 'e', group_id: 'g' };
    const rejected: [body: object, reason: RegExp][] = [
      [{ group_id: 'g' }, /^env_id is missing/],
      [{ ...good, env_id: 'a b' }, /^env_id: takes an id/],
      [{ ...good, type: 'docx' }, /^type: takes one of json, yaml, yml$/],
      [{ ...good, version: 'x'.repeat(129) }, /^version: takes a text of 1 to 128/],
      [{ ...good, apis: 'all' }, /^apis: takes a list of ids$/],
      [{ ...good, apis: [1] }, /^apis: takes a list of ids: /],
    ];
    for (const [json] of rejected)
      expect((await call(`${mock.url}/v2/p1/apigw/instances/i1/openapi/async-export`, { json })).status).toBe(
        400,
      );
    const { requests } = await mock.requests.list();
    expect(requests.map(({ reason }) => reason)).toEqual(
      rejected.map(([, reason]) => expect.stringMatching(reason)),
    );
  });
});

describe('what an import that succeeded left out', () => {
  const NOTE = /^operation 1 of the document: anybody may call it, since a scheme in its security /;
  const open = JSON.stringify({
    ...JSON.parse(document('open')),
    securityDefinitions: { bearer: { type: 'apiKey', name: 'Authorization', in: 'header' } },
    security: [{ bearer: [] }],
  });

  it('appears in the control calls, the events and a snapshot, and not in the result', async () => {
    await using mock = await stillMock();
    const { importFile, poll } = callsOf(mock.url);
    const id = await importFile(open);
    await mock.clock.advance(5000);
    const { task_status, reason } = await mock.tasks.get(id);
    expect([task_status, reason]).toEqual(['succeed', expect.stringMatching(NOTE)]);
    const { body } = await poll(id);
    expect(Object.keys(JSON.parse(body.task_result))).toEqual(['success', 'failure', 'swagger', 'group_id']);
    await using other = await stillMock();
    await other.restore(await mock.snapshot());
    expect((await other.tasks.get(id)).reason).toBe(reason);
  });

  it.each([
    [false, expect.stringMatching(NOTE)],
    [true, null],
  ])('goes beside the result of the synchronous import: strict %s', async (strict, expected) => {
    await using mock = await stillMock({ strict, accessKeys: ['dev-ak:dev-sk'] });
    const here = { project_id: 'a'.repeat(32), instance_id: 'b'.repeat(32) };
    const form = new FormData();
    form.set('file_name', new Blob([open]), 'open.json');
    const response = await fetch(
      `${mock.url}/v2/${here.project_id}/apigw/instances/${here.instance_id}/openapi/import`,
      { method: 'POST', headers: { 'x-auth-token': TOKEN }, body: form },
    );
    expect(response.status).toBe(200);
    expect(response.headers.get('x-mock-reason')).toEqual(expected);
    expect(await response.json()).toMatchObject({ failure: [] });
    const [entry] = await mock.requests
      .list({ operation: 'ImportApiDefinitionsV2' })
      .then((found) => found.requests);
    expect(entry?.reason ?? null).toEqual(expected);
  });
});
