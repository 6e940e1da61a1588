/** `apig-mock import` against a mock: its table, its flags, its exit, its words. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningMock } from '../../../src/mock.ts';
import { testMock } from '../../support/mock.ts';
import { recorded, runner } from '../record.ts';

const runImport = runner('import');

const fixture = (name: string): string =>
  fileURLToPath(new URL(`../../../fixtures/openapi/${name}`, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'apig-mock-import-'));

let mock: RunningMock;
let count = 0;
beforeAll(async () => {
  mock = await testMock({ progression: 'immediate', fixtures: 'none' });
});
afterAll(async () => {
  await mock.close();
  rmSync(folder, { recursive: true });
});

const place = (): string[] => ['--endpoint', mock.url, '--instance', `i${++count}`];
const textOf = (group = 'hello'): string => {
  const path = join(folder, `${group}.json`);
  const get = {
    operationId: 'one',
    'x-apigateway-backend': { type: 'MOCK', mockEndpoints: { 'result-content': '' } },
  };
  writeFileSync(path, JSON.stringify({ swagger: '2.0', info: { title: group }, paths: { '/a': { get } } }));
  return path;
};
/** The one line of a command that failed. */
const failure = async (run: Promise<void>): Promise<string> => {
  const cause = await run.then(
    () => new Error('it did not fail'),
    (error: Error) => error,
  );
  expect(cause.name).toMatch(/^(CommandFailure|SettingError)$/);
  expect(cause.message).not.toMatch(/\n/);
  return `${cause.name === 'SettingError' ? 'usage' : 'failed'}: ${cause.message}`;
};

describe('apig-mock import', () => {
  it('shows each API and what became of it', async () => {
    const terminal = recorded();
    await runImport([fixture('hello.yaml'), ...place()], terminal);
    expect(terminal.written()).toMatch(
      /^METHOD {2}PATH {14}OUTCOME {2}ID OR ERROR\nGET {5}\/v1\/hello\/\{name\} {2}created {2}[0-9a-f]{32}\n\n1 created; group hello \([0-9a-f]{32}\)\n$/,
    );
    expect(terminal.notes).toEqual([
      expect.stringMatching(/^import task [0-9a-f]{32}: succeed after \d\.\d s$/),
    ]);
  });

  it('fails when an API failed, with all of them in the table', async () => {
    const terminal = recorded();
    expect(await failure(runImport([fixture('every-failure.yaml'), ...place()], terminal))).toMatch(
      /^failed: 16 of the 19 APIs of '.*every-failure\.yaml' were not imported: .*--group-id [0-9a-f]{32}$/,
    );
    expect(terminal.written()).toContain(
      'failed   APIG.3202 The API name already exists, api_name:taken-name\n',
    );
    expect(terminal.written()).toContain('\n3 created, 16 failed; group every-failure (');
    expect(terminal.notes.at(-1)).toMatch(
      /^operation 5 of the document: not imported: operationId takes 3 to 255 /,
    );
  });

  it('notes what a person should know of an import that succeeded', async () => {
    const path = join(folder, 'open.json');
    const source = readFileSync(textOf('open'), 'utf8').replace(
      '{"swagger"',
      '{"securityDefinitions":{"bearer":{"type":"basic"}},"security":[{"bearer":[]}],"swagger"',
    );
    writeFileSync(path, source);
    const terminal = recorded();
    await runImport([path, ...place()], terminal);
    expect(terminal.notes.at(-1)).toMatch(/^operation 1 of the document: anybody may call it, since /);
    expect(terminal.written()).toContain('\n1 created; group open (');
  });

  it('imports into a group, and takes the modes', async () => {
    const at = place();
    const first = recorded();
    await runImport([textOf(), ...at], first);
    const [, groupId = ''] = /\(([0-9a-f]{32})\)/.exec(first.written()) ?? [];
    const outcomes: [string[], string][] = [
      [[], 'unchanged'],
      [['--api-mode', 'merge'], 'unchanged'],
      [['--api-mode', 'override', '--extend-mode', 'override', '--mock-mode', '--simple-mode'], 'updated'],
    ];
    for (const [flags, outcome] of outcomes) {
      const terminal = recorded();
      await runImport([textOf(), ...at, '--group-id', groupId, ...flags], terminal);
      expect(terminal.written()).toContain(`1 ${outcome}; group hello (${groupId})`);
    }
  });

  it('signs with an access key', async () => {
    const terminal = recorded();
    await runImport([textOf(), ...place(), '--access-key', 'dev-ak:dev-sk'], terminal);
    expect(terminal.written()).toContain('1 created');
    const { requests } = await mock.control.requests.list({ instance_id: `i${count}` });
    expect(requests.map(({ status }) => status).sort()).toEqual([200, 200, 202]);
    expect(
      await failure(runImport([textOf(), ...place(), '--access-key', 'dev-ak:wrong'], terminal)),
    ).toMatch(
      /^failed: POST .* was rejected with 401: APIGW\.0301 .*canonicalRequest:POST\|.*: check --access-key/,
    );
  });

  it('shows what happened, why and what to do when the task fails', async () => {
    const at = place();
    await runImport([textOf(), ...at], recorded());
    expect(await failure(runImport([textOf(), ...at], recorded()))).toMatch(
      /^failed: '.*hello\.json' was not imported: APIG\.3201 The API group name already exists: info\.title is taken: .* --group-id [0-9a-f]{32}\), or give it another name$/,
    );
    const bad = join(folder, 'bad.yaml');
    writeFileSync(bad, 'no document');
    expect(await failure(runImport([bad, ...place()], recorded()))).toMatch(
      /APIG\.3600 .*: this is not an OpenAPI file: it must be one mapping that has swagger or openapi; it is a single value$/,
    );
    writeFileSync(bad, '');
    expect(await failure(runImport([bad, ...place()], recorded()))).toContain('rejected with 400: APIG.3609');
  });

  it('explains the usual causes where the other side has no control calls', async () => {
    await using closed = await testMock({ progression: 'immediate', admin: false });
    const bad = join(folder, 'usual.yaml');
    writeFileSync(bad, 'no document');
    expect(await failure(runImport([bad, '--endpoint', closed.url], recorded()))).toMatch(
      /APIG\.3600 JSON or YAML format error: the file must be one JSON or YAML document, a mapping$/,
    );
  });

  it('shows how the task moves to who watches', async () => {
    await using moving = await testMock({ progression: 'polls', waitingPolls: 1, processingPolls: 1 });
    const terminal = recorded({ isWatched: true, colours: true });
    await runImport([textOf('moving'), '--endpoint', moving.url], terminal);
    expect(terminal.notes.map((line) => line.split(' ')[3])).toEqual(['waiting', 'processing', 'succeed']);
    expect(terminal.shown.length).toBeGreaterThan(1);
    expect(terminal.shown[0]).toMatch(/^. import waiting {2}\d\.\d s$/);
    expect(terminal.written()).toContain('<good>created</>');
  });

  it('forgives what may pass, and not what will not', async () => {
    const at = place();
    const operation = 'ShowAsyncTaskResult';
    const scope = { project_id: 'p1', instance_id: `i${count}` };
    for (const action of [{ type: 'error', status: 503 }, { type: 'reset' }] as const)
      await mock.control.faults.add({ ...scope, operation, times: 1, action });
    const terminal = recorded();
    await runImport([textOf(), ...at], terminal);
    expect(terminal.written()).toContain('1 created');
    await mock.control.faults.add({ ...scope, operation, action: { type: 'error', status: 403 } });
    expect(await failure(runImport([textOf('other'), ...at], terminal))).toMatch(
      /403: APIG\.1005 .*See --project/,
    );
  });

  it('gives up in time', async () => {
    await using still = await testMock({ progression: 'manual' });
    const run = runImport([textOf(), '--endpoint', still.url, '--timeout', '0'], recorded());
    expect(await failure(run)).toMatch(
      /^failed: the import task [0-9a-f]{32} is still waiting after 0 s: .*--timeout/,
    );
  });

  it('reports what is wrong with the other side', async () => {
    const at = ['--endpoint', 'http://127.0.0.1:9'];
    expect(await failure(runImport([textOf(), ...at], recorded()))).toMatch(
      /^failed: cannot reach http:\/\/127\.0\.0\.1:9: .*--url$/,
    );
    expect(await failure(runImport([textOf(), ...place(), '--token', 'other'], recorded()))).toMatch(
      /401: APIG\.1002 .*with --token, or keys with --access-key/,
    );
    const web = createServer((_request, response) => response.end('<html>'));
    await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
    const endpoint = `http://127.0.0.1:${(web.address() as AddressInfo).port}/`;
    const message = await failure(runImport([textOf(), '--endpoint', endpoint], recorded()));
    web.close();
    expect(message).toMatch(/returned 200 without JSON: is http:\/\/127\.0\.0\.1:\d+ an endpoint of APIG\?$/);
    expect(await failure(runImport([textOf(), '--endpoint', `${mock.url}/base`], recorded()))).toMatch(
      /404: APIG\.0101 .*See --url/,
    );
  });

  it.each([
    [[], 'no FILE is given'],
    [['a', 'b'], "'b' is too many"],
    [['nowhere.yaml'], "cannot read 'nowhere.yaml': there is no such file"],
    [['a', '--nonsense'], "Unknown option '--nonsense'"],
    [['a', '--api-mode', 'replace'], "--api-mode: 'replace' is not what it takes: one of merge, override"],
    [['a', '--endpoint', 'localhost:8080'], "--endpoint: 'localhost:8080' is not what it takes"],
    [['a', '--endpoint', 'ftp://x'], "--endpoint: 'ftp://x' is not what it takes"],
    [['a', '--project', 'a/b'], "--project: 'a/b' is not what it takes"],
    [['a', '--access-key', 'ak'], '--access-key: (hidden) is not what it takes: a pair AK:SK'],
    [['a', '--access-key', 'a:b', '--token', 'c'], 'one of them is enough'],
    [['a', '--token', 'a\nb'], '--token: (hidden) is not what it takes: a text'],
    [['a', '--timeout', 'soon'], "--timeout: 'soon' is not what it takes"],
  ])('rejects wrong use: %j', async (argv, expected) => {
    const message = await failure(runImport(argv, recorded()));
    expect(message).toMatch(/^usage: /);
    expect(message).toContain(expected);
  });

  it('has a help with every flag', async () => {
    const terminal = recorded();
    await runImport(['--help'], terminal);
    for (const flag of 'url project instance token access-key timeout group-id api-mode extend-mode mock-mode simple-mode'.split(
      ' ',
    ))
      expect(terminal.written()).toContain(`  --${flag} `);
  });
});
