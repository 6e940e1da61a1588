/** The sub-commands on the control calls and on groups: what each shows, as a table and as JSON, and how each rejects. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApigMock } from '../../../src/index.ts';
import type { RunningMock } from '../../../src/mock.ts';
import { otherServer } from '../../admin/remote-servers.ts';
import { command, run, waitFor } from '../../support/command.ts';
import { testMock } from '../../support/mock.ts';
import { recorded, runner } from '../record.ts';

const folder = mkdtempSync(join(tmpdir(), 'apig-mock-control-'));
let mock: RunningMock;
beforeAll(async () => {
  mock = await testMock({ fixtures: 'none' });
});
afterAll(async () => {
  await mock.close();
  rmSync(folder, { recursive: true });
});

let count = 0;
/** A project of the test's own. */
const place = (): string[] => ['--project', `project-${++count}`, '--instance', 'i1'];

/** What a command writes against the mock, found by the variable. */
async function output(name: string, ...argv: string[]): Promise<{ out: string; notes: string[] }> {
  const terminal = recorded();
  await runner(name)(argv, terminal, { APIG_MOCK_URL: mock.url });
  return { out: terminal.written(), notes: terminal.notes };
}
const json = async (name: string, ...argv: string[]) =>
  JSON.parse((await output(name, ...argv, '--json')).out);
const failure = (name: string, ...argv: string[]): Promise<string> =>
  output(name, ...argv).then(
    () => 'it did not fail',
    (cause: Error) => `${cause.name}: ${cause.message}`,
  );

describe('apig-mock tasks and wait', () => {
  it('create, list, show, step and wait for a task', async () => {
    const at = place();
    const plan = JSON.stringify({ task_type: 'export_api', plan: { mode: 'manual' } });
    const { task_id: id } = await json('tasks', 'create', plan, ...at);
    const { out } = await output('tasks', ...at);
    expect(out).toMatch(/^TASK +TYPE +STATE +PLACE +CREATED/);
    expect(out).toContain(`${id}  export_api  waiting  project-${count}/i1  `);
    expect((await json('tasks', 'step', id, ...at)).task_status).toBe('processing');
    expect((await json('tasks', 'list', '--state', 'waiting', ...at)).total).toBe(0);
    expect(await failure('wait', ...at)).toMatch(/^CommandFailure: .*409: .*manual plan: step it$/);
    expect((await json('wait', id, '--until', 'processing', ...at)).task_id).toBe(id);
    await output('tasks', 'step', id, ...at);
    expect((await output('wait', id, ...at)).out).toContain('succeed');
    expect((await output('wait', ...at)).out).toBe('idle\n');
    expect((await output('tasks', 'show', id, ...at)).out).toContain(id);
  });

  it('report how many of the tasks are shown', async () => {
    const at = place();
    for (let made = 0; made < 3; made += 1) await output('tasks', 'create', '{}', ...at);
    const { notes } = await output('tasks', '--limit', '2', ...at);
    expect(notes).toEqual([expect.stringMatching(/^2 of 3 tasks: see --limit/)]);
  });
});

describe('Ctrl-C', () => {
  it('ends a wait with a line about what goes on', async () => {
    let isAsked = false;
    await using server = await otherServer(() => {
      isAsked = true;
    });
    const waiting = command(['wait', 'a-task', '--url', server.url], { stderr: /^interrupted: / });
    await waitFor(() => isAsked || undefined, 'the request');
    const { code, stderr } = await waiting.stop('SIGINT');
    expect([code, stderr]).toEqual([130, `interrupted: task a-task goes on at ${server.url}\n`]);
  });

  it('ends an import with the id of the task that goes on', async () => {
    await using still = await testMock({ progression: 'manual', fixtures: 'none' });
    const path = join(folder, 'slow.yaml');
    writeFileSync(path, "openapi: 3.0.0\ninfo: {title: slow, version: '1'}\npaths: {}\n");
    const importing = command(['import', path, '--url', still.url], { stderr: /./ });
    const polls = () => still.control.requests.count({ operation: 'ShowAsyncTaskResult' });
    await waitFor(async () => ((await polls()) > 0 ? true : undefined), 'a poll');
    const { code, stderr } = await importing.stop('SIGINT');
    const [task] = (await still.control.tasks.list()).tasks;
    const id = task?.task_id;
    expect(code).toBe(130);
    expect(stderr).toContain(
      `interrupted: the import task ${id} goes on at ${still.url}; with a mock, apig-mock wait ${id} follows it\n`,
    );
    expect(task?.task_status).toBe('waiting');
  });
});

describe('apig-mock faults', () => {
  it('adds, lists, removes and clears', async () => {
    const at = place();
    const request = '{"operation":"ShowAsyncTaskResult","times":2,"action":{"type":"error","status":429}}';
    const { id } = await json('faults', 'add', request, ...at);
    expect((await output('faults', ...at)).out).toMatch(
      new RegExp(
        `${id} +0 of 2 +ShowAsyncTaskResult +project-${count}/i1 +\\{"type":"error","status":429\\}`,
      ),
    );
    expect((await json('faults', 'list', ...place())).faults).toEqual([]);
    expect(await json('faults', 'remove', id)).toEqual({ removed: id });
    expect(await failure('faults', 'remove', id)).toMatch(/^CommandFailure: .*404: .*there is no fault/);
    await json('faults', 'add', '{"action":{"type":"reset"}}', ...at);
    expect((await output('faults', 'clear', ...at)).notes).toEqual(['cleared']);
    expect(await mock.control.faults.list()).toEqual([]);
  });

  it.each(['', 'x', '[]', 'null'])('rejects %j, which is no JSON object', async (text) => {
    const message = await failure('faults', 'add', ...(text === '' ? [] : [text]));
    expect(message).toMatch(
      /^SettingError: faults( add)?: (no JSON is given|the argument is not a JSON object)/,
    );
  });
});

describe('apig-mock clock and reset', () => {
  it('freezes, advances, sets and resumes a clock of its own', async () => {
    const at = place();
    expect((await json('clock', ...at)).own).toBe(false);
    const frozen = await json('clock', 'freeze', ...at);
    expect(frozen).toMatchObject({ mode: 'manual', own: true });
    const later = await json('clock', 'advance', '500', ...at);
    expect(Date.parse(later.now) - Date.parse(frozen.now)).toBe(500);
    expect((await output('clock', 'set', '2026-03-02T09:30:00Z', ...at)).out).toBe(
      '2026-03-02T09:30:00.000Z  stands still, a clock of its own\n',
    );
    expect((await output('clock', 'resume', ...at)).out).toContain('  runs, a clock of its own\n');
    expect(await failure('clock', 'advance', 'soon', ...at)).toMatch(
      /^SettingError: clock advance: 'soon' is not/,
    );
  });

  it('resets a project, or some parts of it', async () => {
    const at = place();
    await output('tasks', 'create', '{}', ...at);
    await output('reset', '--only', 'faults, clock', ...at);
    expect((await json('tasks', ...at)).total).toBe(1);
    expect((await output('reset', ...at)).notes).toEqual([`reset: project-${count}/i1`]);
    expect((await json('tasks', ...at)).total).toBe(0);
    expect(await failure('reset', '--only', 'all', ...at)).toMatch(
      /^CommandFailure: .*400: .*only\[0\] takes one of/,
    );
  });
});

describe('apig-mock groups', () => {
  it('lists, shows and deletes, by id or name', async () => {
    const at = place();
    const path = join(folder, 'plain.yaml');
    writeFileSync(
      path,
      "openapi: 3.0.0\ninfo: {title: plain, version: '1'}\npaths: {/a: {get: {operationId: getA}}}\n",
    );
    expect(await failure('import', path, ...at)).toMatch(
      /^CommandFailure: 1 of the 1 APIs of .* were not imported: .* --group-id [0-9a-f]{32} --mock-mode, /,
    );
    const [{ id }] = (await json('groups', ...at)).groups;
    const imported = await json('import', path, '--group-id', id, '--mock-mode', ...at);
    expect(imported).toMatchObject({ task_status: 'succeed', group_id: id, success: [{ path: '/a' }] });
    expect((await output('groups', ...at)).out).toMatch(new RegExp(`\\n${id}  plain `));
    expect((await output('groups', 'show', 'plain', ...at)).out).toMatch(
      /GET +\/a +getA +[0-9a-f]{32} +MOCK/,
    );
    expect((await json('groups', 'show', id, ...at)).apis).toHaveLength(1);
    expect(await failure('groups', 'delete', 'plain', ...at)).toMatch(/^CommandFailure: .*412: APIG\.3415/);
    await mock.control.reset({ project_id: `project-${count}`, only: ['apis'] });
    expect(await failure('groups', 'show', 'plain', ...at)).toMatch(
      /^CommandFailure: no group has the id or the name/,
    );
  });

  it('exports as JSON what it exported, and where to', async () => {
    const at = place();
    const path = join(folder, 'one.yaml');
    writeFileSync(
      path,
      "openapi: 3.0.0\ninfo: {title: one, version: '1'}\npaths: {/a: {get: {operationId: getA}}}\n",
    );
    await output('import', path, '--mock-mode', ...at);
    const { content, task_id } = await json('export', 'one', ...at);
    expect(JSON.parse(content).info.title).toBe('one');
    expect(task_id).toMatch(/^[0-9a-f]{32}$/);
    expect(await json('export', 'one', '--out', join(folder, 'out.json'), ...at)).toMatchObject({
      path: join(folder, 'out.json'),
    });
  });
});

describe('every sub-command', () => {
  it('takes --url, --endpoint and APIG_MOCK_URL, of which the flag wins', async () => {
    const terminal = recorded();
    const env = { APIG_MOCK_URL: 'http://127.0.0.1:9' };
    await runner('clock')(['--url', `${mock.url}/`], terminal, env);
    await runner('groups')(['--endpoint', mock.url], terminal, env);
    await expect(runner('clock')([], terminal, env)).rejects.toThrow('cannot reach http://127.0.0.1:9: ');
    await expect(runner('tasks')(['--endpoint', 'nowhere'], terminal)).rejects.toThrow(
      "--endpoint: 'nowhere' is not what it takes: a URL such as http://127.0.0.1:8080",
    );
  });

  it('takes the admin token of a mock that requires it', async () => {
    await using closed = await startApigMock({ fixtures: 'none', adminToken: 'let me in' });
    const at = ['--url', closed.url];
    await expect(runner('tasks')(at, recorded())).rejects.toThrow('--admin-token: this mock requires');
    const terminal = recorded();
    await runner('tasks')([...at, '--json'], terminal, { APIG_MOCK_ADMIN_TOKEN: 'let me in' });
    expect(JSON.parse(terminal.written()).total).toBe(0);
  });

  it('exits with 2 where no mock is', async () => {
    const { code, stderr } = await run(['tasks', '--url', `${mock.url}/base`]);
    expect([code, stderr]).toEqual([expect.any(Number), expect.stringMatching(/^apig-mock: .*\n$/)]);
    expect(code).not.toBe(0);
  });
});
