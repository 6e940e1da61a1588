/** A listener to events may throw: that costs its own entry, and affects no task, response or other listener. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { EventLog } from '../../src/admin/events/events.ts';
import { Journal } from '../../src/admin/journal/journal.ts';
import { StateFile } from '../../src/admin/state/state-file.ts';
import { settingsFrom } from '../../src/config/check.ts';
import { Emitter } from '../../src/core/emitter.ts';
import { forgivingLog, silentLog } from '../../src/core/logger.ts';
import * as importRules from '../../src/gateway/import/apply.ts';
import { createCore, startServer } from '../../src/mock.ts';
import { callsOf, document } from '../admin/scene.ts';
import { call, taskUrl } from '../support/mock.ts';
import { START_MS, timePlan, workshop } from '../tasks/workshop.ts';
import { logLines } from './log-lines.ts';

afterEach(() => vi.restoreAllMocks());
vi.mock('../../src/gateway/import/apply.ts', { spy: true });
const SEED = 'd9ce8c9eede54b3f841ec324fe0bfdc2';
const boom = (): never => {
  throw new Error('boom');
};

describe('a listener that throws', () => {
  it('is reported, and the others receive the event', () => {
    const reported: unknown[] = [];
    const emitter = new Emitter<number>((cause) => void reported.push(cause));
    const heard: number[] = [];
    emitter.on(boom);
    emitter.on((event) => void heard.push(event));
    emitter.emit(1);
    expect([heard, reported]).toEqual([[1], [new Error('boom')]]);
  });

  it('while a queued task begins leaves the queue of its scope open', async () => {
    const { worker, clock, create, store } = workshop({ slots: 1 });
    let left = 1;
    worker.events.on((event) => {
      if (event.type !== 'task' || event.task.id !== 'second' || event.task.status !== 'processing') return;
      left -= 1;
      if (left === 0) boom();
    });
    for (const id of ['first', 'second', 'third', 'fourth']) await create(id, timePlan(0, 10));
    await clock.advance(100).catch(() => {});
    expect(clock.now()).toBe(START_MS + 100);
    expect([...store.list()].map((task) => `${task.id} ${task.status}`)).toEqual([
      'first succeed',
      'second succeed',
      'third succeed',
      'fourth succeed',
    ]);
  });

  it('of every event lets every task get to its end', async () => {
    const { worker, clock, create, store } = workshop({ slots: 1 });
    worker.events.on(boom);
    for (const id of ['first', 'second', 'third']) await create(id, timePlan(5, 10));
    await clock.advance(100);
    expect([...store.list()].map(({ status }) => status)).toEqual(['succeed', 'succeed', 'succeed']);
  });
});

describe('a clock of a scope that breaks', () => {
  it('is reported once, and the tasks in line behind go on', async () => {
    let broken = false;
    const { worker, clock, failures, create, store } = workshop({
      slots: 1,
      clockOf: () => (broken ? boom() : clockOfAll()),
    });
    function clockOfAll() {
      return clock;
    }
    for (const id of ['first', 'second']) await create(id, timePlan(0, 10));
    worker.events.on((event) => {
      broken = event.type === 'task' && event.task.id === 'second' && event.task.status === 'processing';
    });
    await clock.advance(10);
    broken = false;
    expect(failures).toEqual([['second', new Error('boom')]]);
    await create('third', timePlan(0, 10), { scope: { projectId: 'p2', instanceId: 'i1' } });
    await clock.advance(10);
    expect(store.find('p2', 'i1', 'third')?.status).toBe('succeed');
  });
});

describe('a journal that throws', () => {
  it('costs its entries; polls, other calls and tasks go on, and each loss is logged once', async () => {
    const log = logLines();
    const mock = await startServer(settingsFrom({ port: 0 }), log);
    try {
      vi.spyOn(Journal.prototype, 'record').mockImplementation(boom);
      for (const url of [taskUrl(mock.url, SEED), `${taskUrl(mock.url, SEED)}?long=1`]) {
        log.clear();
        const response = await call(url);
        expect(response.status).toBe(200);
        await vi.waitFor(() =>
          expect(log.lines.filter(({ level }) => level === 'error')).toEqual([
            expect.objectContaining({
              request_id: response.headers['x-request-id'],
              msg: 'a response could not be recorded',
            }),
          ]),
        );
      }
      vi.restoreAllMocks();
      expect((await call(taskUrl(mock.url, SEED))).status).toBe(200);
      expect((await mock.control.requests.list()).total).toBe(1);
    } finally {
      await mock.close();
    }
  });
});

describe('an event log that throws', () => {
  it('costs its events only: the task is created, moves and ends', async () => {
    const log = logLines();
    const mock = await startServer(settingsFrom({ port: 0, clock: 'manual' }), log);
    try {
      vi.spyOn(EventLog.prototype, 'addTask').mockImplementation(boom);
      const json = { project_id: 'p1', instance_id: 'i1', task_type: 'import_api' };
      const { status, body } = await call(`${mock.url}/__admin/tasks`, { json });
      expect(status).toBe(201);
      await mock.control.clock.advance(10_000);
      expect((await call(taskUrl(mock.url, body.task_id))).body.task_status).toBe('succeed');
      expect(log.lines.filter(({ level }) => level === 'error')).toHaveLength(3);
      expect(log.lines.filter(({ msg }) => msg === 'task moved')).toHaveLength(2);
    } finally {
      await mock.close();
    }
  });

  it('ends the stream of a reader it cannot serve, logs why once, and goes on', async () => {
    const log = logLines();
    const mock = await startServer(settingsFrom({ port: 0 }), log);
    try {
      vi.spyOn(EventLog.prototype, 'after').mockImplementation(boom);
      const response = await fetch(`${mock.url}/__admin/events`);
      const begin = ['retry: 1000', expect.stringMatching(/^id: [0-9a-f]{8}-\d+$/), '', ''];
      expect((await response.text()).split('\n')).toEqual(begin);
      expect(log.lines.filter(({ level }) => level === 'error')).toEqual([
        expect.objectContaining({ request_id: response.headers.get('x-request-id') }),
      ]);
      expect((await call(`${mock.url}/__admin/health`)).status).toBe(200);
    } finally {
      await mock.close();
    }
  });
});

describe('the work of an import', () => {
  it('that throws at its commit fails its own task, is logged once, and leaves nothing behind', async () => {
    const log = logLines();
    const mock = await startServer(settingsFrom({ port: 0, clock: 'manual', workers: 1 }), log);
    const calls = callsOf(mock.url);
    try {
      // Loaded before it is broken.
      await mock.app();
      vi.spyOn(importRules, 'applyImport').mockImplementationOnce(boom);
      const ids = [await calls.importFile(document('one')), await calls.importFile(document('two'))];
      await mock.control.clock.advance(10_000);
      const ends = await Promise.all(ids.map((id) => calls.poll(id)));
      expect(ends.map(({ body }) => body.task_status)).toEqual(['failed', 'succeed']);
      expect(JSON.parse(ends[0]?.body.task_result)).toMatchObject({ error_code: 'APIG.9999' });
      expect(log.lines.filter(({ level }) => level === 'error')).toEqual([
        expect.objectContaining({ task_id: ids[0], msg: 'the job of a task failed' }),
      ]);
      const groups = await call(`${mock.url}/v2/p1/apigw/instances/i1/api-groups`);
      expect(groups.body.groups.map(({ name }: { name: string }) => name)).toEqual(['two']);
    } finally {
      await mock.close();
    }
  });
});

describe('a log that throws', () => {
  it('costs its lines', async () => {
    const broken = { ...logLines(), debug: boom, info: boom, warn: boom, error: boom, writeLine: boom };
    const mock = await startServer(settingsFrom({ port: 0, progression: 'immediate' }), broken);
    try {
      const json = { project_id: 'p1', instance_id: 'i1', task_type: 'import_api' };
      const { body } = await call(`${mock.url}/__admin/tasks`, { json });
      expect((await call(taskUrl(mock.url, body.task_id))).body.task_status).toBe('succeed');
      expect((await call(`${mock.url}/nowhere`)).status).toBe(404);
    } finally {
      await mock.close();
    }
    expect(() => forgivingLog(broken).info({}, 'x')).not.toThrow();
  });
});

describe('a state file that cannot be written', () => {
  it('is reported once for all events of one cause, and again for the next cause', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'apig-mock-listeners-'));
    const path = join(folder, 'state.json');
    const reported: unknown[] = [];
    const parts = createCore(settingsFrom({}), silentLog);
    const file = await StateFile.open({ path, parts, onError: (cause) => void reported.push(cause) });
    const change = async (): Promise<void> => {
      parts.plans.set({ plan: { mode: 'manual' } });
      await file.settled();
    };
    const { list } = parts.plans;
    const fail = (code: string): void => {
      parts.plans.list = () => {
        throw new Error(code);
      };
    };
    try {
      await file.follow();
      fail('one');
      for (let at = 0; at < 5; at += 1) await change();
      expect(reported).toHaveLength(1);
      fail('two');
      for (let at = 0; at < 5; at += 1) await change();
      expect(reported).toHaveLength(2);
      parts.plans.list = list;
      await file.saved();
      fail('two');
      await change();
      expect(reported).toHaveLength(3);
      parts.plans.list = list;
    } finally {
      await file.stop();
      await rm(folder, { recursive: true });
    }
  });
});
