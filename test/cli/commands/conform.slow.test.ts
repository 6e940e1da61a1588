/** `apig-mock conform`: its report, its exits, what it asks, and what it does when something goes wrong. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NAME_PREFIX } from '../../../src/conformance/clean-up.ts';
import type { Report } from '../../../src/conformance/report.ts';
import type { RunningMock } from '../../../src/mock.ts';
import { type Behaviour, differingProxy, errorResponse } from '../../support/differing-proxy.ts';
import { call, testMock } from '../../support/mock.ts';
import { recorded, runner } from '../record.ts';
import { conform, type Ran } from './conform-runs.ts';

const folder = mkdtempSync(join(tmpdir(), 'apig-mock-conform-'));
let mock: RunningMock;
beforeAll(async () => {
  mock = await testMock({ progression: 'polls' });
});
afterAll(async () => {
  await mock.close();
  rmSync(folder, { recursive: true });
});

let count = 0;
/** A place where nothing is yet. */
const place = (): string => join(folder, `place-${++count}`);
const at = (url: string): string[] => ['--endpoint', url];
const groupsAt = async (url: string): Promise<string[]> => {
  const { body } = await call(`${url}/v2/p1/apigw/instances/i1/api-groups?name=${NAME_PREFIX}`);
  return body.groups.map(({ name }: { name: string }) => name);
};
/** No apig-mock: the run is as careful as with a real account. */
const asService: Behaviour = {
  before: ({ target }) =>
    target.startsWith('/__admin') ? errorResponse(404, 'APIG.0101', 'The API does not exist') : undefined,
};
const service = (behaviour: Behaviour = {}) =>
  differingProxy(mock.url, {
    ...behaviour,
    before: (one) => asService.before?.(one) ?? behaviour.before?.(one),
  });

describe('the report', () => {
  it('of a mock is one line, with exit 0, a JSON and a JUnit file', async () => {
    const [json, junit] = [`${place()}.json`, `${place()}.xml`];
    const ran = await conform([...at(mock.url), '--json', json, '--junit', junit]);
    expect([ran.code, ran.line, ran.notes, ran.asked]).toEqual([0, '', [], []]);
    expect(ran.out).toMatch(/^12\d steps as promised, 2 not run; http:\/\/127\.0\.0\.1:\d+ in \d+\.\d s\n$/);
    expect(ran.shown).toContainEqual(
      expect.stringMatching(/^\d+\/12\d {2}Exports in each form: define=all, json/),
    );
    const report = JSON.parse(readFileSync(json, 'utf8')) as Report;
    expect(report).toMatchObject({ format: 1, target: 'apig-mock', read_only: false, left: [] });
    const steps = report.scenarios.flatMap((scenario) => scenario.steps);
    expect(steps.filter(({ outcome }) => outcome === 'passed')).toHaveLength(report.totals.passed);
    const xml = readFileSync(junit, 'utf8');
    expect(xml.match(/<testcase /g)).toHaveLength(steps.length);
    expect(xml.match(/<skipped message="it takes an access key"\/>/g)).toHaveLength(2);
  });

  it('of what differs is a table, with exit 1', async () => {
    await using proxy = await differingProxy(mock.url, {
      after: (response) => ({
        ...response,
        text: response.text.replace('The input file is empty', 'No <input> & more'),
      }),
    });
    const [json, junit] = [`${place()}.json`, `${place()}.xml`];
    const ran = await conform([...at(proxy.url), '--read-only', '--json', json, '--junit', junit]);
    expect([ran.code, ran.line]).toEqual([1, '1 step differs from what is promised']);
    const [head, row, , verdict] = ran.out.split('\n');
    expect(head).toMatch(/^STEP +PLACE +EXPECTED +RECEIVED +PROMISED BY$/);
    expect(row).toMatch(
      /^rejections\/import-empty-file +body\/error_msg +"The input file is empty" +"No <input> & more" +API reference of APIG, ImportApiDefinitionsAsync, read in 2026-11$/,
    );
    expect(verdict).toMatch(/^1 of \d+ steps differ, \d+ not run; /);
    expect(readFileSync(junit, 'utf8')).toContain('failures="1" skipped="0">');
    expect(readFileSync(junit, 'utf8')).toContain('received &quot;No &lt;input&gt; &amp; more&quot;');
  });

  it('goes to stdout with --json -', async () => {
    const { out, code } = await conform([...at(mock.url), '--read-only', '--json', '-']);
    expect([code, (JSON.parse(out) as Report).read_only]).toEqual([0, true]);
  });
});

describe('a run that is read-only', () => {
  it('creates nothing, and asks nothing', async () => {
    await using proxy = await service();
    const before = (await mock.control.tasks.list()).total;
    const ran = await conform([...at(proxy.url), '--read-only']);
    expect([ran.code, ran.asked, (await mock.control.tasks.list()).total]).toEqual([0, [], before]);
    expect(proxy.requests.filter(({ method }) => method === 'DELETE' || method === 'PUT')).toEqual([]);
  });
});

describe('a run against an account', () => {
  it('names what it will create, asks, and does nothing without a yes', async () => {
    await using proxy = await service();
    const ran = await conform(at(proxy.url));
    expect(ran.notes).toEqual([
      expect.stringMatching(
        /^conform will create one API group at 127\.0\.0\.1:\d+, apig_mock_conform_[0-9a-f]{8}, with six APIs that are published to RELEASE and taken offline, and remove it; \d+ steps, at most 100000 requests a second$/,
      ),
    ]);
    expect([ran.asked, ran.code, ran.line]).toEqual([
      ['Go on? [y/N] '],
      2,
      'nothing was created: it was not confirmed',
    ]);
    expect(proxy.requests.every(({ method }) => method === 'GET')).toBe(true);
  });

  it.each([
    ['a yes', [], true, 1],
    ['--yes', ['--yes'], false, 0],
  ])(
    'goes on with %s, leaves out what it could not remove, and cleans up',
    async (_how, flags, confirms, asked) => {
      await using proxy = await service();
      const ran = await conform([...at(proxy.url), ...flags], { confirms });
      expect([ran.code, ran.line, ran.asked.length]).toEqual([0, '', asked]);
      const created = proxy.requests.filter(
        ({ method, target }) => method === 'POST' && target.endsWith('/envs'),
      );
      expect([created, await groupsAt(mock.url)]).toEqual([[], []]);
    },
  );

  it('reports what an earlier run has left', async () => {
    const name = `${NAME_PREFIX}earlier`;
    const url = `${mock.url}/v2/p1/apigw/instances/i1/api-groups`;
    const { body } = await call(url, { json: { name } });
    const ran = await conform([...at(mock.url), '--read-only']);
    await call(`${url}/${body.id}`, { method: 'DELETE' });
    expect(ran.notes).toEqual([`API group ${name} is left of an earlier run: remove it by hand`]);
  });
});

describe('a run that cannot', () => {
  const expectStop = ({ code, line }: Ran, reason: RegExp): void => {
    expect([code, line]).toEqual([2, expect.stringMatching(reason)]);
    expect(line).not.toMatch(/\n/);
  };

  it.each([
    [
      'no APIG',
      { status: 404, headers: {}, text: '<html>' },
      /is no endpoint of APIG \(404\): see --endpoint$/,
    ],
    ['another API', { status: 200, headers: {}, text: '{"items":[]}' }, /is no endpoint of APIG \(200\)/],
    [
      'rejected credentials',
      errorResponse(401, 'APIG.1002'),
      /^the credentials are rejected \(401 APIG\.1002 an error\): see --token/,
    ],
    ['a user who may not', errorResponse(403, 'APIG.1005'), /^the caller may not do this \(403 APIG\.1005/],
    [
      'no such instance',
      errorResponse(404, 'APIG.3030'),
      /^the project has no such instance \(404 APIG\.3030/,
    ],
    ['a service that is out of order', errorResponse(503, 'APIG.9999'), /is out of order \(503 APIG\.9999/],
    [
      'a service that throttles for ever',
      errorResponse(429, 'APIG.0308'),
      /still throttles \(429\) after 8 back-offs/,
    ],
  ])('because of %s', async (_why, response, reason) => {
    await using proxy = await service({ before: () => response });
    expectStop(await conform([...at(proxy.url), '--yes']), reason);
  });

  it('because nothing listens there', async () => {
    expectStop(
      await conform(at('http://127.0.0.1:1')),
      /^cannot reach http:\/\/127\.0\.0\.1:1: nothing listens/,
    );
  });

  it('because a quota is full', async () => {
    await using proxy = await service({
      after: (response) => ({
        ...response,
        text: response.text.replace(
          /"task_status":"succeed"(.*)"task_result":".*"/,
          String.raw`"task_status":"failed"$1"task_result":"{\"error_code\":\"APIG.3101\",\"error_msg\":\"too many\"}"`,
        ),
      }),
    });
    const ran = await conform([...at(proxy.url), '--yes']);
    expectStop(
      ran,
      /^conform could not run to its end: a quota of the instance is full: APIG\.3101 too many/,
    );
    expect(await groupsAt(mock.url)).toEqual([]);
  });

  it('because a connection breaks in the middle', async () => {
    await using proxy = await service({
      after: (response, { target }) => (target.includes('async-export') ? 'break' : response),
    });
    const ran = await conform([...at(proxy.url), '--yes']);
    expectStop(ran, /^conform could not run to its end: cannot reach .*: what was created is removed$/);
    expect(await groupsAt(mock.url)).toEqual([]);
  });

  it('because its token has expired, and names what is left', async () => {
    await using proxy = await service({
      before: ({ at: nth }) => (nth > 60 ? errorResponse(401, 'APIG.1002', 'Incorrect token') : undefined),
    });
    const ran = await conform([...at(proxy.url), '--yes']);
    const [left = ''] = await groupsAt(mock.url);
    expectStop(
      ran,
      new RegExp(
        `^conform could not run to its end: the credentials are rejected since then: 401 APIG\\.1002 Incorrect token: have they expired\\?: left, to be removed by hand: API group ${left}, if it was created: 401`,
      ),
    );
    await mock.control.reset();
  });

  it('because of Ctrl-C, and of a second one during the clean-up', async () => {
    let press = (): void => {};
    await using proxy = await service({
      after: (response, { method }) => {
        if (method === 'DELETE') press();
        return response;
      },
    });
    const ran = await conform([...at(proxy.url), '--yes'], {
      interrupt: (interrupt) => {
        press = interrupt;
      },
    });
    expect(ran.exited[0]).toBe(2);
    expect(ran.notes[1]).toBe('interrupted: removing what was created; Ctrl-C again leaves it');
    expect(ran.notes[2]).toMatch(
      /^left as it is: API group apig_mock_conform_[0-9a-f]{8}, if it is there: remove/,
    );
    expectStop(ran, /^conform could not run to its end: it was interrupted: what was created is removed$/);
  });

  it.each([
    ['--json', 'no/such/report.json', /^--json: cannot write '.*report\.json': its folder does not exist$/],
    ['--junit', 'no/such/report.xml', /^--junit: cannot write/],
    ['--save', 'no/such/folder', /^--save: cannot write '.*': its folder does not exist$/],
    ['--save', '.', /^--save: '.*' is not empty: name a new folder$/],
    ['--against', 'nothing', /^--against: cannot read the folder '.*': there is no such folder$/],
    [
      '--max-requests-per-second',
      '0',
      /^--max-requests-per-second: '.*' is not what it takes: a number above 0$/,
    ],
  ])('because of %s %s', async (flag, value, reason) => {
    writeFileSync(join(folder, 'a file'), '');
    const given = flag === '--max-requests-per-second' ? value : join(folder, value);
    const before = (await mock.control.requests.list()).total;
    expectStop(await conform([...at(mock.url), '--yes', flag, given]), reason);
    const sent = (await mock.control.requests.list()).requests.slice(
      0,
      (await mock.control.requests.list()).total - before,
    );
    expect(sent.filter(({ method }) => method === 'POST')).toEqual([]);
  });

  it('because certificates would not be verified', async () => {
    const ran = await conform(at('https://127.0.0.1:1'), { env: { NODE_TLS_REJECT_UNAUTHORIZED: '0' } });
    expectStop(ran, /^NODE_TLS_REJECT_UNAUTHORIZED=0 turns the check of certificates off: unset it$/);
  });
});

describe('the credentials', () => {
  it.each([
    ['from the environment', [], { HUAWEICLOUD_SDK_AK: 'ak-of-a-user', HUAWEICLOUD_SDK_SK: 'sk-of-a-user' }],
    [
      'by flag',
      ['--access-key', 'ak-of-a-user:sk-of-a-user'],
      { HUAWEICLOUD_SDK_AK: 'x', HUAWEICLOUD_SDK_SK: 'y' },
    ],
    [
      'as a token by flag',
      ['--token', 'token-of-a-user'],
      { HUAWEICLOUD_SDK_AK: 'x', HUAWEICLOUD_SDK_SK: 'y' },
    ],
    ['as a token from the environment', [], { HW_AUTH_TOKEN: 'token-of-a-user' }],
  ])('come %s', async (_how, flags, env) => {
    const [projectId, instanceId] = ['a'.repeat(32), 'b'.repeat(32)];
    await using strict = await testMock({
      ...{ progression: 'polls', strict: true, tokens: ['token-of-a-user'] },
      accessKeys: ['ak-of-a-user:sk-of-a-user'],
    });
    const where = ['--instance', instanceId, '--read-only'];
    const ran = await conform([...where, ...flags], {
      env: { ...env, APIG_MOCK_URL: strict.url, HUAWEICLOUD_SDK_PROJECT_ID: projectId },
    });
    expect([ran.line, ran.code]).toEqual(['', 0]);
  });

  it('of a temporary key come with its token', async () => {
    await using proxy = await service();
    const env = {
      ...{ HUAWEICLOUD_SDK_AK: 'dev-ak', HUAWEICLOUD_SDK_SK: 'dev-sk' },
      HUAWEICLOUD_SDK_SECURITY_TOKEN: 'temporary',
    };
    expect((await conform([...at(proxy.url), '--read-only'], { env })).code).toBe(0);
    const first = proxy.requests[0]?.headers;
    expect(first).toMatchObject({
      'x-security-token': 'temporary',
      authorization: expect.stringContaining('dev-ak'),
    });
  });
});

describe('a recording', () => {
  const saved = async (): Promise<string> => {
    const recording = place();
    const ran = await conform([...at(mock.url), '--save', recording]);
    expect([ran.code, ran.line]).toEqual([0, '']);
    return recording;
  };

  it('of this mock is what this mock is held against, offline, without a difference', async () => {
    const recording = await saved();
    expect(readdirSync(recording).sort()).toEqual(['samples', 'tasks']);
    const ran = await conform(['--against', recording]);
    expect([ran.code, ran.line, ran.out]).toEqual([0, '', expect.stringMatching(/^12\d steps as promised/)]);
  });

  it('is served as seeds', async () => {
    const recording = await saved();
    await using served = await testMock({ fixtures: join(recording, 'tasks') });
    const { tasks } = JSON.parse(readFileSync(join(recording, 'tasks/conform.json'), 'utf8'));
    const [first] = tasks;
    const { text } = await call(`${served.url}/v2/x/apigw/instances/y/async-tasks/${first.task_id}`);
    expect(JSON.parse(text)).toEqual(first);
  });

  it('that differs is named: a status, a text, a member, an end', async () => {
    const recording = await saved();
    const names = readdirSync(join(recording, 'samples'));
    const change = (
      end: string,
      edit: (sample: { response: { status: number; body: string } }) => void,
    ): void => {
      const path = join(recording, 'samples', names.find((name) => name.endsWith(`-${end}.json`)) ?? '');
      const sample = JSON.parse(readFileSync(path, 'utf8'));
      edit(sample);
      writeFileSync(path, JSON.stringify(sample));
    };
    change('polls-unknown-task', ({ response }) => {
      response.status = 400;
    });
    change('rejections-import-empty-file', ({ response }) => {
      response.body = response.body.replace('is empty', 'has nothing');
    });
    change('import-create-group', ({ response }) => {
      response.body = response.body.replace('{', '{"call_limits":1,');
    });
    change('import-failures-bad-title-ends', ({ response }) => {
      response.body = response.body.replace('APIG.2044', 'APIG.2045');
    });
    const ran = await conform(['--against', recording]);
    expect([ran.code, ran.line]).toEqual([1, '4 steps differ from what is promised']);
    const rows = ran.out
      .split('\n')
      .slice(1, 5)
      .map((row) => row.split(/ {2,}/).slice(0, 2).join(' '));
    expect(rows).toEqual([
      'polls/unknown-task status',
      'rejections/import-empty-file body/error_msg',
      'import-create/group body/call_limits',
      'import-failures/bad-title-ends body/task_result/error_code',
    ]);
  });

  const task = (more: object) => ({
    ...{ task_id: 'a'.repeat(32), task_type: 'import_api', task_status: 'failed' },
    ...{ task_result: '{"error_code":"APIG.3600","error_msg":"JSON or YAML format error"}', ...more },
  });
  const sample = (operation: string, status: number, body: object) => ({
    ...{ operation, response: { status, body: JSON.stringify(body) } },
  });
  const folderOf = (tasks: readonly object[], samples: readonly object[]): string => {
    const recording = place();
    mkdirSync(join(recording, 'tasks'), { recursive: true });
    mkdirSync(join(recording, 'samples'));
    writeFileSync(join(recording, 'tasks/a.json'), JSON.stringify({ tasks }));
    for (const [nth, one] of samples.entries())
      writeFileSync(join(recording, `samples/${nth}.json`), JSON.stringify(one));
    return recording;
  };

  it('of a proxy, with no steps, is held against responses of its kind', async () => {
    const recording = folderOf(
      [
        task({ plan: { mode: 'time', waiting_ms: 740, processing_ms: 2310 } }),
        task({ task_id: 'f'.repeat(32), task_status: 'waiting', task_result: '', hold: true }),
        task({ task_id: 'b'.repeat(32), task_result: '{"error_code":"APIG.3600","error_msg":"Bad format"}' }),
      ],
      [
        sample('ImportApiDefinitionsAsync', 202, { task_id: 'c'.repeat(32) }),
        sample('ImportApiDefinitionsAsync', 202, { task_id: 'c'.repeat(32), job_id: 'd' }),
        sample('ShowAsyncTaskResult', 404, {
          error_code: 'APIG.3093',
          error_msg: `The asynchronous task ${'e'.repeat(32)} does not exist`,
        }),
        sample('ListApisV2', 403, {
          error_code: 'APIG.3412',
          error_msg: 'The API provider has been frozen.',
        }),
        sample('ListApisV2', 403, { error_code: 'APIG.3412', error_msg: 'Frozen.' }),
        sample('ListFeaturesV2', 200, { features: [] }),
      ],
    );
    const ran = await conform(['--against', recording, '--json', '-']);
    const report = JSON.parse(ran.out) as Report;
    const steps = report.scenarios.find(({ id }) => id === 'recording')?.steps ?? [];
    expect(
      steps.map(({ id, outcome, differences }) => [id, outcome, ...differences.map((one) => one.at)]),
    ).toEqual([
      ['1-ImportApiDefinitionsAsync-202', 'passed'],
      ['2-ImportApiDefinitionsAsync-202', 'differs', 'body/job_id'],
      ['3-ShowAsyncTaskResult-404', 'passed'],
      ['4-ListApisV2-403', 'passed'],
      ['5-ListApisV2-403', 'differs', 'body/error_msg'],
      ['6-ListFeaturesV2-200', 'skipped'],
      ['7-ShowAsyncTaskResult-200', 'passed'],
      ['8-ShowAsyncTaskResult-200', 'passed'],
      ['9-ShowAsyncTaskResult-200', 'differs', 'body/task_result/error_msg'],
    ]);
    expect(ran.code).toBe(1);
  });

  it.each([
    ['no JSON', 'samples/0.json', '{"operation"', /samples\/0\.json: /],
    [
      'no operation',
      'samples/0.json',
      '{"response":{"status":200,"body":"{}"}}',
      /samples\/0\.json: operation: takes the name of an operation$/,
    ],
    [
      'an unknown operation',
      'samples/0.json',
      '{"operation":"X","response":{"status":200,"body":"{}"}}',
      /samples\/0\.json: operation: /,
    ],
    [
      'a body that is none',
      'samples/0.json',
      '{"operation":"ListApisV2","response":{"status":200,"body":"<"}}',
      /samples\/0\.json: response\.body: is no text that holds JSON$/,
    ],
    ['a task that is none', 'tasks/a.json', '{"tasks":[{"task_id":"a"}]}', /tasks\/a\.json: tasks\[0\]/],
  ])('that was edited and has %s is rejected', async (_what, path, text, reason) => {
    const recording = folderOf([task({})], []);
    writeFileSync(join(recording, path), text);
    const ran = await conform(['--against', recording]);
    expect([ran.code, ran.line]).toEqual([2, expect.stringMatching(reason)]);
  });

  it('that is empty is rejected', async () => {
    const recording = place();
    mkdirSync(recording);
    const { code, line } = await conform(['--against', recording]);
    expect([code, line]).toEqual([2, expect.stringMatching(/is no recording: it has neither tasks/)]);
  });

  it('of a run that was interrupted is whole, or not there', async () => {
    const recording = place();
    await using proxy = await service({
      before: ({ at: nth }) => (nth > 40 ? errorResponse(401, 'APIG.1002') : undefined),
    });
    const ran = await conform([...at(proxy.url), '--yes', '--save', recording]);
    expect(ran.notes).toContain('no recording is saved: the run did not come to its end');
    await mock.control.reset();
    expect([existsSync(recording), existsSync(`${recording}.part`)]).toEqual([false, false]);
  });
});

describe('known secrets', () => {
  it('are in no report, recording, table, or line', async () => {
    const secrets = {
      ...{
        accessKey: 'QKTESTACCESSKEYOFAUSER',
        secret: 'w"Secret\\Key/Of+A=User',
        project: '77b6a44cba5143ab91d13ab9a8ff44fd',
      },
      ...{ instance: 'eddc4d25480b4cd6b512f270a1b8b341', securityToken: 'security-token-of-a-user' },
    };
    const [json, junit, recording] = [`${place()}.json`, `${place()}.xml`, place()];
    const all = Object.values(secrets).join(' ');
    await using own = await testMock({
      progression: 'polls',
      accessKeys: [`${secrets.accessKey}:${secrets.secret}`],
    });
    await using proxy = await differingProxy(own.url, {
      // A service that repeats whatever it knows, as texts and as JSON in JSON.
      after: (response) => ({
        ...response,
        headers: { ...response.headers, 'x-request-id': secrets.accessKey },
        text: response.text
          .replace(/"error_msg":"/, () => `"error_msg":${JSON.stringify(all).slice(0, -1)} `)
          .replace(
            /"task_result":"\{/,
            () => `"task_result":${JSON.stringify(JSON.stringify({ all })).slice(0, -2)},`,
          ),
      }),
    });
    const env = {
      ...{ HUAWEICLOUD_SDK_AK: secrets.accessKey, HUAWEICLOUD_SDK_SK: secrets.secret },
      HUAWEICLOUD_SDK_SECURITY_TOKEN: secrets.securityToken,
      HUAWEICLOUD_SDK_PROJECT_ID: secrets.project,
    };
    const flags = ['--instance', secrets.instance, '--json', json, '--junit', junit, '--save', recording];
    const ran = await conform([...at(proxy.url), ...flags], { env });
    expect(ran.code).toBe(1);
    const written = [
      json,
      junit,
      ...readdirSync(join(recording, 'samples')).map((name) => join(recording, 'samples', name)),
    ];
    const text = [
      ran,
      ...written.map((path) => readFileSync(path, 'utf8')),
      readFileSync(join(recording, 'tasks/conform.json'), 'utf8'),
    ]
      .map((one) => (typeof one === 'string' ? one : JSON.stringify(one)))
      .join('\n');
    expect(text).toContain('<access key>');
    expect(text).toContain('<secret key>');
    for (const secret of [
      ...Object.values(secrets),
      'Key/Of+A=User',
      JSON.stringify(secrets.secret).slice(1, -1),
    ])
      expect(text.includes(secret)).toBe(false);
  });
});

describe('the help', () => {
  it('has every flag', async () => {
    const terminal = recorded();
    await runner('conform')(['--help'], terminal);
    const out = terminal.written();
    for (const flag of 'url project instance access-key token yes read-only max-requests-per-second timeout json junit save against'.split(
      ' ',
    ))
      expect(out).toContain(`  --${flag} `);
  });

  it.each([
    [['x'], /^conform: 'x' is too many/],
    [['--nonsense'], /^conform: Unknown option '--nonsense'/],
  ])('is named when %j is given', async (argv, line) => {
    expect(await conform(argv)).toMatchObject({ code: 2, line: expect.stringMatching(line) });
  });
});
