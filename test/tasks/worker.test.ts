/** The worker by the clock: times exact to the ms, slots first in first out, jobs, and many tasks at once. */
import { describe, expect, it } from 'vitest';
import { Clock } from '../../src/core/clock.ts';
import type { ImportInput } from '../../src/tasks/input.ts';
import { resultOf } from '../../src/tasks/wire.ts';
import type { Commit } from '../../src/tasks/work.ts';
import { committed, HERE, promised, START_MS, settle, timePlan, workshop } from './workshop.ts';

const SYSTEM_ERROR = '{"error_code":"APIG.9999","error_msg":"System error"}';

describe('a time plan', () => {
  it('moves exactly at its times and at no other', async () => {
    const { clock, create, moves } = workshop();
    const task = await create('a', timePlan(500, 1500));
    expect([task.status, resultOf(task)]).toEqual(['waiting', '']);
    await clock.advance(499);
    expect(task.status).toBe('waiting');
    await clock.advance(1);
    expect([task.status, resultOf(task)]).toEqual(['processing', '']);
    await clock.advance(1499);
    expect(task.status).toBe('processing');
    await clock.advance(1);
    expect([task.status, resultOf(task)]).toEqual(['succeed', '{"done":true}']);
    expect([task.createdMs, task.startedMs, task.endedMs].map((ms = 0) => ms - START_MS)).toEqual([
      0, 500, 2000,
    ]);
    expect(moves).toEqual(['a waiting @0', 'a processing @500', 'a succeed @2000']);
  });

  it('keeps its own times when the clock jumps over all of them', async () => {
    const { clock, create, moves } = workshop();
    await create('a', timePlan(500, 1500));
    await create('b', timePlan(100, 100));
    await clock.advance(3_600_000);
    expect(moves.slice(2)).toEqual([
      'b processing @100',
      'b succeed @200',
      'a processing @500',
      'a succeed @2000',
    ]);
  });

  it('of 0 ms is over before create returns', async () => {
    const { create } = workshop();
    expect((await create('a', timePlan(0, 0))).status).toBe('succeed');
  });

  it('ends as its outcome specifies', async () => {
    const { clock, create, failures } = workshop({
      job: () => {
        throw new Error('not to be called');
      },
    });
    const failed = { status: 'failed', error_code: 'APIG.3201', error_msg: 'taken' } as const;
    const a = await create('a', { ...timePlan(1, 1), outcome: failed });
    const b = await create('b', { ...timePlan(1, 1), outcome: { status: 'succeed', task_result: 'so' } });
    await clock.advance(2);
    expect([a.status, resultOf(a)]).toEqual(['failed', '{"error_code":"APIG.3201","error_msg":"taken"}']);
    expect([b.status, resultOf(b)]).toEqual(['succeed', 'so']);
    expect([a.reason, b.reason]).toEqual(['the plan of the task demands it', undefined]);
    expect(failures).toEqual([]);
  });

  it('leaves a held task where it is, for ever', async () => {
    const { clock, create, worker } = workshop();
    const tasks = [
      await create('a', timePlan(0, 0), { held: true }),
      await create('b', timePlan(0, 0), { held: true, status: 'processing' }),
    ];
    await clock.advance(1e9);
    expect(tasks.map(({ status }) => status)).toEqual(['waiting', 'processing']);
    expect([...worker.unfinished()]).toEqual([]);
  });

  it('goes on from where a seeded task is', async () => {
    const { clock, create, moves } = workshop({ slots: 1 });
    await create('a', timePlan(10, 100), { status: 'processing', startedMs: START_MS - 40 });
    await create('b', timePlan(10, 100));
    await create('c', timePlan(10, 100), { status: 'failed', result: 'x' });
    await clock.advance(1000);
    expect(moves.slice(3)).toEqual(['a succeed @60', 'b processing @60', 'b succeed @160']);
  });

  it('follows the clock of its scope', async () => {
    const fast = new Clock('manual', START_MS);
    const slow = new Clock('manual', START_MS);
    const { create } = workshop({ clockOf: (scope) => (scope?.projectId === 'fast' ? fast : slow) });
    const [a, b] = [
      await create('a', timePlan(10, 10), { scope: { projectId: 'fast', instanceId: 'i' } }),
      await create('b', timePlan(10, 10), { scope: { projectId: 'slow', instanceId: 'i' } }),
    ];
    await fast.advance(100);
    expect([a.status, b.status]).toEqual(['succeed', 'waiting']);
  });

  it('keeps its due time when its scope gets another clock', async () => {
    const clocks = [new Clock('manual', START_MS), new Clock('manual', START_MS)] as const;
    let use: 0 | 1 = 0;
    const { create } = workshop({ clockOf: () => clocks[use] });
    const task = await create('a', timePlan(10, 10));
    use = 1;
    clocks[0].handOver(clocks[1], { holds: () => true, byMs: 0 });
    await clocks[0].advance(100);
    expect(task.status).toBe('waiting');
    await clocks[1].advance(10);
    expect([task.status, task.startedMs]).toEqual(['processing', START_MS + 10]);
  });
});

describe('slots', () => {
  it('of 1 process one after the other, first in first out', async () => {
    const { clock, create, moves } = workshop({ slots: 1 });
    for (const id of ['a', 'b', 'c']) await create(id, timePlan(500, 1500));
    await clock.advance(10_000);
    expect(moves.slice(3)).toEqual([
      'a processing @500',
      'a succeed @2000',
      'b processing @2000',
      'b succeed @3500',
      'c processing @3500',
      'c succeed @5000',
    ]);
  });

  it('are taken in the order in which waiting ends', async () => {
    const { clock, create, moves } = workshop({ slots: 1 });
    await create('late', timePlan(30, 100));
    await create('soon', timePlan(10, 100));
    await create('mid', timePlan(20, 100));
    await clock.advance(1000);
    expect(moves.filter((move) => move.includes('processing'))).toEqual([
      'soon processing @10',
      'mid processing @110',
      'late processing @210',
    ]);
  });

  it('are as many as configured, for each scope its own', async () => {
    const { clock, create, worker, store } = workshop({ slots: 2 });
    for (const id of ['a', 'b', 'c']) await create(id, timePlan(0, 100));
    const other = await create('d', timePlan(0, 100), { scope: { projectId: 'p2', instanceId: 'i1' } });
    const scope = store.scope(HERE.projectId, HERE.instanceId);
    expect(worker.load(scope)).toEqual({ busy: 2, queued: 1 });
    expect(other.status).toBe('processing');
    await clock.advance(100);
    expect(worker.load(scope)).toEqual({ busy: 1, queued: 0 });
    await clock.advance(100);
    expect(worker.load(scope)).toEqual({ busy: 0, queued: 0 });
  });

  it('do not bind tasks without time: manual, polls and immediate ones', async () => {
    const { create, worker } = workshop({ slots: 1 });
    await create('a', timePlan(0, 100));
    const b = await create('b', { mode: 'manual' });
    await worker.step(b);
    expect(b.status).toBe('processing');
    expect((await create('c', { mode: 'immediate' })).status).toBe('succeed');
  });
});

const IMPORT: ImportInput = {
  options: {
    isCreateGroup: true,
    groupId: '',
    extendMode: 'merge',
    apiMode: 'merge',
    mockMode: false,
    simpleMode: false,
  },
  content: 'x',
  encoding: 'utf8',
};

describe('a job', () => {
  it('is prepared while processing, and commits at the end', async () => {
    const log: string[] = [];
    const { clock, create } = workshop({
      job: (task) => {
        log.push(`prepare ${task.status} ${JSON.stringify(task.input)}`);
        return (atMs) => {
          log.push(`commit @${atMs - START_MS}`);
          return { status: 'failed', error_code: 'E', error_msg: 'm' };
        };
      },
    });
    const task = await create('a', timePlan(5, 5), { input: IMPORT });
    await clock.advance(5);
    expect(log).toEqual([`prepare processing ${JSON.stringify(IMPORT)}`]);
    await clock.advance(5);
    expect(log.slice(1)).toEqual(['commit @10']);
    expect([task.status, resultOf(task), task.input]).toEqual([
      'failed',
      '{"error_code":"E","error_msg":"m"}',
      undefined,
    ]);
  });

  it('works on the input of its own type alone, as the compiler sees to', async () => {
    const { create } = workshop();
    // @ts-expect-error: an export does not take what an import does.
    const task = await create('a', timePlan(5, 5), { type: 'export_api', input: IMPORT });
    expect(task.type).toBe('export_api');
  });

  it('that is slow keeps its task processing until it is ready; the clock waits for it', async () => {
    const slow = promised<Commit>();
    const { clock, create } = workshop({ job: () => slow.promise });
    const task = await create('a', timePlan(5, 5));
    const moved = clock.advance(1000);
    await settle();
    expect(task.status).toBe('processing');
    slow.resolve(committed('late'));
    await moved;
    expect([task.status, resultOf(task), task.endedMs]).toEqual(['succeed', 'late', START_MS + 10]);
  });

  const broken = {
    'that throws': () => {
      throw new Error('broken');
    },
    'that rejects': () => Promise.reject(new Error('broken')),
    'whose commit throws': () => () => {
      throw new Error('broken');
    },
  };
  it.each(Object.entries(broken))('%s fails its own task only, with APIG.9999', async (_what, breaks) => {
    const { clock, create, failures } = workshop({
      slots: 1,
      job: (task) => (task.id === 'bad' ? breaks() : committed('ok')),
    });
    const bad = await create('bad', timePlan(5, 5));
    const good = await create('good', timePlan(5, 5));
    await clock.advance(100);
    expect([bad.status, resultOf(bad)]).toEqual(['failed', SYSTEM_ERROR]);
    expect(bad.reason).toMatch(/the log/);
    expect([good.status, resultOf(good)]).toEqual(['succeed', 'ok']);
    expect(failures).toEqual([['bad', new Error('broken')]]);
  });
});

describe('100,000 tasks', () => {
  it('of many scopes all end in one move of the clock, with slots and without a long wait', async () => {
    const { clock, create, worker, store } = workshop({ slots: 3 });
    for (let at = 0; at < 100_000; at += 1) {
      await create(`t${at}`, timePlan(at % 1000, 7), {
        scope: { projectId: `p${at % 50}`, instanceId: 'i' },
      });
    }
    const began = performance.now();
    await clock.advance(50_000_000);
    expect(performance.now() - began).toBeLessThan(10_000);
    expect([...worker.unfinished()].length).toBe(0);
    expect([...store.list()].every(({ status }) => status === 'succeed')).toBe(true);
    expect(clock.scheduledCount).toBe(0);
  });

  it('of one scope, all due at one time and processed for 0 ms, do not exhaust the stack', async () => {
    const { clock, create, worker } = workshop({ slots: 1 });
    for (let at = 0; at < 100_000; at += 1) await create(`t${at}`, timePlan(10, 0));
    await clock.advance(10);
    expect([...worker.unfinished()].length).toBe(0);
  });
});
