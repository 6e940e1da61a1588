/**
 * What was begun can be cancelled: every place that waits, against everything that cancels it. Whatever waits in a new
 * place has its row here, or the list at the end is no longer the one of the sources.
 */
import { setMaxListeners } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { request } from 'undici';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Clock } from '../../src/core/clock.ts';
import type { ApigMock, ApigMockOptions, FaultRequest, PlanInput } from '../../src/index.ts';
import { BOUNDARY, filePart, formBody, formType } from '../gateway/forms.ts';
import { call, TOKEN, taskUrl } from '../support/mock.ts';
import { callsOf, document, HERE, rejection, stillMock, turns, until } from './scene.ts';

const CAUSES = ['reset(scope)', 'reset()', 'restore', 'stop', 'hang-up'] as const;
type Cause = (typeof CAUSES)[number];

/** Something that has begun: how it ends, and how its caller goes away. */
interface Begun {
  readonly outcome: Promise<string>;
  readonly hangUp: () => void;
  /** Sends what its body lacks. */
  readonly complete?: () => void;
}

const sleeps = vi.spyOn(Clock.prototype, 'sleep');
afterEach(() => sleeps.mockClear());
/** Every sleep that was begun, once it is over. */
const slept = async (): Promise<void> =>
  void (await Promise.all(sleeps.mock.results.map(({ value }) => value)));

const polls: PlanInput = { mode: 'polls', waiting_polls: 5 };
const OPENAPI = '/v2/p1/apigw/instances/i1/openapi';
const instance = (mock: ApigMock): string => `${mock.url}/v2/p1/apigw/instances/i1`;
const hits = (mock: ApigMock, count: number) =>
  until(async () => (await mock.faults.list())[0]?.hits === count, 'the fault');

/** A form of which the last bytes never come. */
const upload = (mock: ApigMock, path: string): Promise<Begun> =>
  uploading(mock, {
    target: `POST /v2/p1/apigw/instances/i1/openapi/${path}`,
    type: formType(),
    body: formBody([filePart(), { name: 'is_create_group', content: 'true' }]),
  });

/** JSON of which the last bytes never come. */
const uploadJson = (mock: ApigMock, target: string, value: object): Promise<Begun> =>
  uploading(mock, { target, type: 'application/json', body: Buffer.from(JSON.stringify(value)) });

async function uploading(
  mock: ApigMock,
  { target, type, body }: { target: string; type: string; body: Buffer },
): Promise<Begun> {
  const socket = connect(Number(new URL(mock.url).port), '127.0.0.1');
  const head = [`${target} HTTP/1.1`, 'host: localhost', `x-auth-token: ${TOKEN}`];
  socket.write([...head, `content-type: ${type}`, `content-length: ${body.length}`, '', ''].join('\r\n'));
  socket.write(body.subarray(0, -10));
  let text = '';
  const outcome = new Promise<string>((resolve) => {
    const take = (chunk: Buffer): void => {
      text += chunk.toString();
      if (!text.includes('\r\n\r\n')) return;
      resolve(`${text.split(' ')[1]} ${/x-mock-reason: (.*)/i.exec(text)?.[1] ?? ''}`);
      socket.destroy();
    };
    socket
      .on('data', take)
      .on('error', () => {})
      .on('close', () => resolve('closed'));
  });
  await turns(50);
  return {
    outcome,
    hangUp: () => void socket.destroy(),
    complete: () => void socket.write(body.subarray(-10)),
  };
}

/** A request over a socket that a fault holds up. */
async function delayed(
  mock: ApigMock,
  fault: Partial<FaultRequest>,
  { path, body, behind }: { path: string; body?: object; behind?: FaultRequest },
): Promise<Begun> {
  await mock.faults.add({ ...HERE, action: { type: 'delay', ms: 60_000 }, ...fault });
  if (behind !== undefined) await mock.faults.add(behind);
  const gone = new AbortController();
  const outcome = request(`${instance(mock)}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { 'x-auth-token': TOKEN, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: gone.signal,
  }).then(
    async ({ statusCode, headers, body: response }) => {
      await response.text();
      return `${statusCode} ${headers['x-mock-reason'] ?? ''}`.trim();
    },
    () => 'gone',
  );
  await until(() => sleeps.mock.calls.length > 0, 'the delay');
  return { outcome, hangUp: () => gone.abort() };
}

/** A control call of this process. */
function called(work: (signal: AbortSignal) => Promise<unknown>): Begun {
  const gone = new AbortController();
  const outcome = work(gone.signal).then(
    (value) => `done ${JSON.stringify(value) ?? ''}`.trim(),
    (cause: { statusCode?: number; reason?: string; name: string }) =>
      `${cause.statusCode ?? cause.name} ${cause.reason ?? ''}`.trim(),
  );
  return { outcome, hangUp: () => gone.abort() };
}

const CLOSED = /^closed$/;
const RESET = /^500 .*the scope was reset while this was in progress; nothing was changed/;
const RESTORE = /^500 .*a snapshot was restored while this was in progress; nothing was changed/;
const isChange = { 'reset(scope)': RESET, 'reset()': RESET, restore: RESTORE };
/** `undefined` = does not apply, with the reason beside it. */
type Row = readonly [
  what: string,
  begin: (mock: ApigMock) => Promise<Begun>,
  ends: Readonly<Record<Cause, RegExp | undefined>>,
];

const ROWS: readonly Row[] = [
  [
    'the upload of an asynchronous import',
    (mock) => upload(mock, 'async-import'),
    // A stop gives it 250 ms to come whole.
    { ...isChange, stop: CLOSED, 'hang-up': CLOSED },
  ],
  [
    'the upload of a synchronous import',
    (mock) => upload(mock, 'import'),
    { ...isChange, stop: CLOSED, 'hang-up': CLOSED },
  ],
  [
    'the body of an asynchronous export',
    (mock) => uploadJson(mock, `POST ${OPENAPI}/async-export`, { env_id: 'e', group_id: 'g' }),
    { ...isChange, stop: CLOSED, 'hang-up': CLOSED },
  ],
  [
    'the body of a synchronous export',
    (mock) => uploadJson(mock, `POST ${OPENAPI}/export`, { env_id: 'e', group_id: 'g' }),
    { ...isChange, stop: CLOSED, 'hang-up': CLOSED },
  ],
  [
    'the body of a publication',
    (mock) =>
      uploadJson(mock, 'POST /v2/p1/apigw/instances/i1/apis/publish?action=online', {
        env_id: 'e',
        apis: ['a'],
      }),
    { ...isChange, stop: CLOSED, 'hang-up': CLOSED },
  ],
  [
    'the body of a snapshot to restore',
    async (mock) => uploadJson(mock, 'PUT /__admin/state', await mock.snapshot()),
    // It is of no scope, and restores once it is whole.
    { 'reset(scope)': undefined, 'reset()': undefined, restore: undefined, stop: CLOSED, 'hang-up': CLOSED },
  ],
  [
    'a delay before a change',
    (mock) => delayed(mock, {}, { path: '/openapi/async-export', body: { env_id: 'e', group_id: 'g' } }),
    // A stop lets requests come to their end.
    { ...isChange, stop: /^202$/, 'hang-up': /^gone$/ },
  ],
  [
    'a delay before the credentials of a change',
    (mock) =>
      delayed(
        mock,
        { phase: 'before' },
        { path: '/openapi/async-export', body: { env_id: 'e', group_id: 'g' } },
      ),
    { ...isChange, stop: /^202$/, 'hang-up': /^gone$/ },
  ],
  [
    'a delay before a read',
    (mock) => delayed(mock, {}, { path: '/apis' }),
    { 'reset(scope)': /^200$/, 'reset()': /^200$/, restore: /^200$/, stop: /^200$/, 'hang-up': /^gone$/ },
  ],
  [
    'a delay after the work',
    (mock) => delayed(mock, { phase: 'after' }, { path: '/apis' }),
    { 'reset(scope)': /^200$/, 'reset()': /^200$/, restore: /^200$/, stop: /^200$/, 'hang-up': /^gone$/ },
  ],
  [
    'a dribbled response',
    (mock) => delayed(mock, { action: { type: 'dribble', ms: 60_000 } }, { path: '/apis' }),
    { 'reset(scope)': /^200$/, 'reset()': /^200$/, restore: /^200$/, stop: /^200$/, 'hang-up': /^gone$/ },
  ],
  [
    'a wait for a task',
    async (mock) => {
      const { task_id } = await mock.tasks.create({ ...HERE, task_type: 'import_api', plan: polls });
      const begun = called((signal) => mock.tasks.wait(task_id, {}, { signal }));
      await turns();
      return begun;
    },
    {
      'reset(scope)': /^409 the task was reset$/,
      'reset()': /^409 the task was reset$/,
      restore: /^409 the task was replaced by a restore$/,
      stop: /^408 the task is still waiting/,
      'hang-up': /^AbortError$/,
    },
  ],
  [
    'a wait for a scope to be idle',
    async (mock) => {
      await mock.tasks.create({ ...HERE, task_type: 'import_api', plan: polls });
      const begun = called((signal) => mock.idle(HERE, { signal }));
      await turns();
      return begun;
    },
    {
      'reset(scope)': /^done$/,
      'reset()': /^done$/,
      restore: /^done$/,
      stop: /^408 tasks are still on their way/,
      'hang-up': /^AbortError$/,
    },
  ],
  [
    'a move of the clock that is in line behind another',
    async (mock) => {
      const plan: PlanInput = { mode: 'time', waiting_ms: 0, processing_ms: 10 };
      for (let at = 0; at < 2000; at += 1)
        await mock.tasks.create({ ...HERE, task_type: 'import_api', plan });
      void mock.clock.advance(10_000);
      return called(() => mock.clock.advance(1000));
    },
    // It comes to the time at which the clock was started anew; a scope that follows the main clock starts none anew.
    {
      'reset(scope)': undefined,
      'reset()': /^done/,
      restore: /"now":"2026-01-01T00:00:00\.0/,
      stop: /^done/,
      'hang-up': undefined,
    },
  ],
  [
    'a reader of events',
    async (mock) => {
      const begun = called(async () => {
        for await (const _event of mock.events);
      });
      await turns();
      return begun;
    },
    // A reset and a restore are events themselves.
    {
      'reset(scope)': undefined,
      'reset()': undefined,
      restore: undefined,
      stop: /^done$/,
      'hang-up': undefined,
    },
  ],
];

const CASES = ROWS.flatMap(([what, begin, ends]) =>
  CAUSES.flatMap((cause) => {
    const how = ends[cause];
    return how === undefined ? [] : [[what, cause, begin, how] as const];
  }),
);

async function cancel(mock: ApigMock, cause: Cause, { hangUp }: Begun): Promise<void> {
  if (cause === 'reset(scope)') return mock.reset(HERE);
  if (cause === 'reset()') return mock.reset();
  if (cause === 'restore') return mock.restore(await emptySnapshot(mock));
  if (cause === 'stop') return mock.close();
  hangUp();
}

async function emptySnapshot(mock: ApigMock) {
  const { tasks: _tasks, ...rest } = await mock.snapshot();
  return { ...rest, tasks: [], clocks: rest.clocks.filter(({ project_id }) => project_id === undefined) };
}

describe('what was begun is cancelled', () => {
  it.each(CASES)('%s, by %s', async (_what, cause, begin, how) => {
    await using mock = await stillMock();
    const begun = await begin(mock);
    await cancel(mock, cause, begun);
    expect(await begun.outcome).toMatch(how);
    await slept();
    if (cause === 'stop') return;
    // Nothing of it is done, now or later.
    await mock.faults.clear();
    await turns(20);
    expect((await mock.tasks.list()).tasks.filter(({ task_type }) => task_type === 'export_api')).toEqual([]);
    expect(await callsOf(mock.url).groups()).toBe(0);
  });

  it('leaves what was begun in other scopes alone', async () => {
    await using mock = await stillMock();
    const begun = await upload(mock, 'async-import');
    const { task_id } = await mock.tasks.create({ ...HERE, task_type: 'import_api', plan: polls });
    const waited = mock.tasks.wait(task_id, { timeout_ms: 50 });
    await mock.reset({ project_id: 'p2' });
    await mock.reset({ project_id: 'p1', instance_id: 'i2' });
    await mock.reset({ only: ['journal', 'plans'] });
    expect((await rejection(waited)).status).toBe(408);
    begun.hangUp();
    expect(await begun.outcome).toBe('closed');
  });

  it('is released by a reset of the faults alone, and then done', async () => {
    await using mock = await stillMock();
    const body = { env_id: 'e', group_id: 'g' };
    const { outcome } = await delayed(mock, {}, { path: '/openapi/async-export', body });
    await mock.reset({ only: ['faults'] });
    expect(await outcome).toBe('202');
  });
});

describe('a reset that cannot put its seeds back', () => {
  it('changes nothing', async () => {
    const fixtures = mkdtempSync(join(tmpdir(), 'apig-mock-seeds-'));
    const seed = (task_id: string) => ({
      task_id,
      task_type: 'import_api',
      task_status: 'waiting',
      task_result: '',
    });
    writeFileSync(join(fixtures, 'a.json'), JSON.stringify({ ...HERE, tasks: [seed('s1'), seed('s2')] }));
    await using mock = await stillMock({ fixtures, maxTasks: 3, progression: 'manual' });
    const other = { project_id: 'p2', instance_id: 'i1', task_type: 'import_api' } as const;
    const own = { ...HERE, task_type: 'import_api', task_id: 'own' } as const;
    // The seeds have ended and others have taken their slots, so that there is none for them now.
    for (const id of ['s1', 's2']) for (let step = 0; step < 2; step += 1) await mock.tasks.step(id);
    await mock.tasks.create(own);
    await mock.tasks.create({ ...other, task_id: 'o1' });
    await mock.tasks.create({ ...other, task_id: 'o2' });
    await mock.faults.add({ ...HERE, action: { type: 'empty' } });
    await mock.plan({ ...HERE, plan: { mode: 'immediate' } });
    await mock.clock.freeze(HERE);
    const before = await mock.snapshot();
    const waited = mock.tasks.wait('own', { timeout_ms: 100 });
    const why = await rejection(mock.reset(HERE));
    expect([why.status, why.code]).toEqual([403, 'APIG.3100']);
    expect(why.why).toBe('no space for 2 tasks: --max-tasks allows 3, and 2 others have not ended');
    expect(await mock.snapshot()).toEqual(before);
    expect((await rejection(waited)).why).toContain('manual');
    await mock.reset({ ...HERE, only: ['faults'] });
    await mock.reset({ project_id: 'p2' });
    await mock.reset(HERE);
    expect((await mock.tasks.list()).tasks.map(({ task_id }) => task_id)).toEqual(['s1', 's2']);
    rmSync(fixtures, { recursive: true });
  });

  it('never meets a task that takes the id of a seed meanwhile', async () => {
    const fixtures = mkdtempSync(join(tmpdir(), 'apig-mock-seeds-'));
    const plan = { mode: 'polls', waiting_polls: 1 };
    const seeds = ['s1', 's2', 's3'].map((task_id) => ({
      ...{ task_id, task_type: 'import_api', task_status: 'waiting', task_result: '', plan },
    }));
    writeFileSync(join(fixtures, 'a.json'), JSON.stringify({ ...HERE, tasks: seeds }));
    await using mock = await stillMock({ fixtures });
    const resetting = mock.reset(HERE);
    const made = await Promise.allSettled(
      Array.from({ length: 30 }, async () => {
        await Promise.resolve();
        return mock.tasks.create({ ...HERE, task_type: 'import_api', task_id: 's3' });
      }),
    );
    await resetting;
    expect(made.filter(({ status }) => status === 'fulfilled')).toEqual([]);
    expect((await mock.overview()).counts).toMatchObject({ waiting: 3 });
    rmSync(fixtures, { recursive: true });
  });
});

describe('callers that hang up', () => {
  const silent = async (work: () => Promise<void>): Promise<void> => {
    const warned = vi.spyOn(process, 'emitWarning');
    await work();
    expect(warned.mock.calls).toEqual([]);
    warned.mockRestore();
  };

  it('of waits cost later tasks nothing', { timeout: 60_000 }, async () => {
    await using mock = await stillMock();
    const { task_id } = await mock.tasks.create({ ...HERE, task_type: 'import_api', plan: polls });
    const took = async (): Promise<number> => {
      const times: number[] = [];
      for (let round = 0; round < 5; round += 1) {
        const startMs = performance.now();
        for (let at = 0; at < 200; at += 1)
          await mock.tasks.create({ ...HERE, task_type: 'import_api', plan: { mode: 'immediate' } });
        times.push(performance.now() - startMs);
      }
      return Math.min(...times);
    };
    const before = await took();
    const gone = new AbortController();
    setMaxListeners(0, gone.signal);
    const url = `${mock.url}/__admin/tasks/${task_id}/wait?timeout_ms=600000`;
    const waits: Promise<unknown>[] = [];
    for (let at = 0; at < 600; at += 1)
      waits.push(request(url, { signal: gone.signal, reset: true }).catch(() => undefined));
    await call(`${mock.url}/__admin/health`);
    gone.abort();
    await Promise.all(waits);
    await turns(100);
    expect(await took()).toBeLessThan(before * 2 + 20);
  });

  it('and eleven that wait at once print no warning', () =>
    silent(async () => {
      await using mock = await stillMock();
      const { task_id } = await mock.tasks.create({ ...HERE, task_type: 'import_api', plan: polls });
      const gone = new AbortController();
      const each = Array.from({ length: 15 });
      const waits = each.flatMap(() => [
        mock.tasks.wait(task_id),
        mock.idle(),
        mock.tasks.wait(task_id, {}, { signal: gone.signal }),
        mock.idle({}, { signal: gone.signal }),
        mock.events[Symbol.asyncIterator]().next(),
      ]);
      for (const wait of waits) wait.catch(() => {});
      await mock.faults.add({ operation: 'ListApisV2', action: { type: 'delay', ms: 1000 } });
      const late = each.map(() => call(`${instance(mock)}/apis`));
      await hits(mock, 15);
      gone.abort();
      await mock.reset();
      await Promise.allSettled(late);
    }));

  it('during the delay of a poll count as no read and do not hold the clock', async () => {
    await using mock = await stillMock();
    const plan: PlanInput = { mode: 'polls', waiting_polls: 1 };
    const { task_id } = await mock.tasks.create({ ...HERE, task_type: 'import_api', plan });
    const path = taskUrl('', task_id).replace('/v2/p1/apigw/instances/i1', '');
    const { hangUp } = await delayed(mock, {}, { path });
    hangUp();
    await slept();
    await mock.clock.advance(120_000);
    await turns(20);
    expect((await mock.tasks.get(task_id)).task_status).toBe('waiting');
  });
});

describe('a plan for one task', () => {
  const limited = (mock: ApigMock) =>
    mock.plan({ ...HERE, times: 1, plan: { mode: 'polls', waiting_polls: 7 } });
  const full: ApigMockOptions = { maxTasks: 1, progression: 'manual' };
  const rules = async (mock: ApigMock): Promise<number> => (await mock.plans()).rules.length;

  it.each<[string, (mock: ApigMock) => Promise<unknown>]>([
    ['import', (mock) => callsOf(mock.url).importFile(document('one'))],
    ['control call', (mock) => mock.tasks.create({ ...HERE, task_type: 'import_api' })],
  ])('is not used up by an %s that is rejected', async (_what, submit) => {
    await using mock = await stillMock(full);
    await mock.tasks.create({ project_id: 'p2', instance_id: 'i1', task_type: 'import_api' });
    await limited(mock);
    await expect(submit(mock)).rejects.toThrow();
    expect(await rules(mock)).toBe(1);
    await mock.reset({ project_id: 'p2' });
    await submit(mock);
    expect(await rules(mock)).toBe(0);
    expect((await mock.tasks.list()).tasks[0]?.plan).toMatchObject({ waiting_polls: 7 });
  });

  it('serves one of many concurrent ones', async () => {
    await using mock = await stillMock();
    await limited(mock);
    const made = await Promise.all(
      Array.from({ length: 20 }, () => mock.tasks.create({ ...HERE, task_type: 'import_api' })),
    );
    expect(made.filter(({ plan }) => plan.mode === 'polls' && plan.waiting_polls === 7)).toHaveLength(1);
  });
});

describe('a reset of one part', () => {
  const exported = { env_id: 'e', group_id: 'g' };
  const NOT_THERE = /^404/;
  type Part = 'tasks' | 'apis';
  /** What a request depends on; how it ends after a reset of the other part, once its delay is over or its body is whole. */
  const DEPENDS: readonly [
    what: string,
    on: Part,
    begin: (mock: ApigMock) => Promise<Begun>,
    ends: RegExp,
  ][] = [
    ['an asynchronous import', 'tasks', (mock) => upload(mock, 'async-import'), /^202 /],
    ['a synchronous import', 'apis', (mock) => upload(mock, 'import'), /^200 /],
    [
      'an asynchronous export',
      'tasks',
      (mock) => delayed(mock, {}, { path: '/openapi/async-export', body: exported }),
      /^202$/,
    ],
    [
      'a synchronous export',
      'apis',
      (mock) => delayed(mock, {}, { path: '/openapi/export', body: exported }),
      NOT_THERE,
    ],
    [
      'a publication',
      'apis',
      (mock) =>
        delayed(mock, {}, { path: '/apis/publish?action=online', body: { env_id: 'e', apis: ['a'] } }),
      NOT_THERE,
    ],
  ];
  it.each(DEPENDS)('cancels %s if it depends on %s, and only then', async (_what, on, begin, ends) => {
    const only = (part: Part): Part[] => [part];
    await using mock = await stillMock();
    const voided = await begin(mock);
    await mock.reset({ ...HERE, only: only(on) });
    expect(await voided.outcome).toMatch(RESET);
    await mock.faults.clear();
    sleeps.mockClear();
    const begun = await begin(mock);
    await mock.reset({ ...HERE, only: only(on === 'tasks' ? 'apis' : 'tasks') });
    await mock.clock.advance(60_000);
    begun.complete?.();
    expect(await begun.outcome).toMatch(ends);
  });
});

describe('a fault behind a delay', () => {
  const list = { operation: 'ListApisV2' } as const;
  const error = { type: 'error', status: 503 } as const;
  const apis = async (mock: ApigMock): Promise<number> => (await call(`${instance(mock)}/apis`)).status;
  const hitsOf = async (mock: ApigMock) => (await mock.faults.list()).map(({ hits: count }) => count);
  type Cut = (mock: ApigMock, begun: Begun) => unknown;
  const CUTS: readonly [string, RegExp, Cut][] = [
    ['a hang-up', /^gone$/, (_mock, { hangUp }) => hangUp()],
    ['a reset of the APIs', /^200$/, (mock) => mock.reset({ only: ['apis'] })],
  ];
  const PHASES = [{ phase: 'before' }, {}, { phase: 'after' }] as const;

  it.each(CUTS.flatMap(([what, ends, cut]) => PHASES.map((phase) => [what, phase, ends, cut] as const)))(
    'has no hit when %s cuts the delay short: %o',
    async (_what, phase, ends, cut) => {
      await using mock = await stillMock();
      const behind = { ...HERE, ...list, ...phase, times: 1, action: error };
      const begun = await delayed(mock, { ...list, ...phase }, { path: '/apis', behind });
      expect(await hitsOf(mock)).toEqual([1, 0]);
      await cut(mock, begun);
      expect(await begun.outcome).toMatch(ends);
      await slept();
      await turns();
      const [delay] = await mock.faults.list();
      await mock.faults.remove(delay?.id ?? '');
      expect(await hitsOf(mock)).toEqual([0]);
      expect([await apis(mock), await apis(mock), await hitsOf(mock)]).toEqual([503, 200, [1]]);
    },
  );

  it('that is for one call is for the first of two that are delayed', async () => {
    await using mock = await stillMock();
    const behind = { ...HERE, ...list, times: 1, action: error };
    const first = await delayed(mock, list, { path: '/apis', behind });
    const second = apis(mock);
    await hits(mock, 2);
    await mock.clock.advance(60_000);
    expect([await first.outcome, await second]).toEqual([expect.stringMatching(/^503 injected fault/), 200]);
  });

  it('and was removed meanwhile is not carried out', async () => {
    await using mock = await stillMock();
    const begun = await delayed(mock, list, { path: '/apis', behind: { ...HERE, ...list, action: error } });
    const [, behind] = await mock.faults.list();
    await mock.faults.remove(behind?.id ?? '');
    await mock.clock.advance(60_000);
    expect(await begun.outcome).toBe('200');
  });
});

describe('faults that were removed', () => {
  it('hold nothing up and change no response, whatever was to come after the one that was under way', async () => {
    await using mock = await stillMock();
    const scope = { project_id: 'p1', instance_id: 'i1' };
    await mock.faults.add({ ...scope, action: { type: 'delay', ms: 1000 } });
    await mock.faults.add({ ...scope, action: { type: 'error', status: 503 } });
    const list = call(`${instance(mock)}/apis`);
    await until(async () => ((await mock.faults.list())[0]?.hits ?? 0) > 0, 'the delay');
    await mock.reset({ only: ['faults'] });
    expect((await list).status).toBe(200);
  });
});

describe('every waiting place has its row', () => {
  /** Where something may wait, and which rows above or tests elsewhere hold it. */
  const PLACES: Readonly<Record<string, string>> = {
    'src/gateway/import/form.ts': 'the uploads',
    'src/gateway/import/parse-pool.ts':
      'gateway/import/parse-pool.test.ts and reliability/cancelled-parses.slow.test.ts',
    'src/admin/events/events.ts': 'a reader of events',
    'src/admin/state/state-file.ts': 'a write, which a stop waits for: admin/state/state-file.test.ts',
    'src/admin/state/state-lock.ts': 'the lock at start and stop',
    'src/admin/events/stream.ts': 'a reader of events, over HTTP: reliability/listeners.test.ts',
    'src/admin/waiting.ts': 'the waits',
    'src/http/draining.ts': 'the stop itself',
    'src/http/faults.ts': 'the delays and the dribble; the cut of a response is one write',
    'src/http/listener.ts': 'listening, at start',
  };

  it('and no other file of the server makes a promise of its own, sleeps, or waits for an event', () => {
    const root = fileURLToPath(new URL('../..', import.meta.url));
    const found = ['tasks', 'gateway', 'iam', 'admin', 'http'].flatMap((part) =>
      readdirSync(`${root}src/${part}`, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.ts'))
        .map((name) => `src/${part}/${name}`)
        .filter((path) =>
          /new Promise\b|\.sleep\(|\bafterSystemMs\(|await once\(|once\(response/.test(
            readFileSync(`${root}${path}`, 'utf8'),
          ),
        ),
    );
    expect(found.sort()).toEqual(Object.keys(PLACES).sort());
  });

  it('does not change how a form that is too long is rejected', async () => {
    await using mock = await stillMock({ maxBodyMb: 1 });
    const body = formBody([filePart({ content: Buffer.alloc(2_000_000) })]);
    const headers = { 'content-type': formType(BOUNDARY) };
    const response = await call(`${instance(mock)}/openapi/async-import`, { method: 'POST', headers, body });
    expect([response.status, response.body.error_code]).toEqual([400, 'APIG.3603']);
  });
});
