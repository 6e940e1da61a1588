/** The journal itself: bounds by count and bytes, one ring per scope, what is dropped, queries. */
import { describe, expect, it } from 'vitest';
import { Journal, type RequestRecord } from '../../../src/admin/journal/journal.ts';

const record = (at: number, more: Partial<RequestRecord> = {}): RequestRecord => ({
  id: 0,
  projectId: 'p1',
  instanceId: 'i1',
  target: `/v2/p1/apigw/instances/i1/async-tasks/t${at}?secret=1`,
  status: 200,
  atMs: at,
  durationMs: 0.123456,
  requestId: 'f'.repeat(32),
  notes: { operation: 'ShowAsyncTaskResult', method: 'GET', credentials: 'token' },
  ...more,
});
const fill = (journal: Journal, count: number, more: Partial<RequestRecord> = {}): void => {
  for (let at = 1; at <= count; at += 1) journal.record(record(at, more));
};
const ids = (journal: Journal, filter = {}) => journal.query(filter).map(({ id }) => id);

describe('a journal', () => {
  it('shows an entry with all its members and no query', () => {
    const journal = new Journal(10);
    journal.record(
      record(5, {
        status: 404,
        notes: {
          operation: 'ShowAsyncTaskResult',
          method: 'GET',
          credentials: 'none',
          errorCode: 'APIG.3093',
          reason: 'unknown task',
          faultId: 'f1',
        },
      }),
    );
    expect(journal.query({})).toEqual([
      {
        id: 1,
        at: '1970-01-01T00:00:00.005Z',
        operation: 'ShowAsyncTaskResult',
        method: 'GET',
        path: '/v2/p1/apigw/instances/i1/async-tasks/t5',
        project_id: 'p1',
        instance_id: 'i1',
        task_id: 't5',
        credentials: 'none',
        status: 404,
        error_code: 'APIG.3093',
        reason: 'unknown task',
        fault_id: 'f1',
        duration_ms: 0.123,
        request_id: 'f'.repeat(32),
      },
    ]);
  });

  it('retains the newest of each scope and counts what was evicted', () => {
    const journal = new Journal(3);
    fill(journal, 5);
    fill(journal, 2, { projectId: 'p2' });
    expect(ids(journal)).toEqual([3, 4, 5, 6, 7]);
    expect(journal.droppedIn()).toBe(2);
    fill(journal, 100, { projectId: 'p2' });
    expect(ids(journal, { project_id: 'p1' })).toEqual([3, 4, 5]);
  });

  it('retains nothing when its limit is zero, and still counts', () => {
    const journal = new Journal(0);
    fill(journal, 7);
    expect([ids(journal), journal.droppedIn(), journal.lastId]).toEqual([[], 7, 7]);
  });

  it('evicts the scope that was seen first when there are too many', () => {
    const journal = new Journal(2);
    for (let scope = 0; scope < 65; scope += 1) fill(journal, 2, { projectId: `s${scope}` });
    expect(journal.query({}).length).toBe(128);
    expect(journal.query({ project_id: 's0' })).toEqual([]);
    expect(journal.query({ project_id: 's1' }).length).toBe(2);
    expect(journal.droppedIn()).toBe(2);
  });

  it('takes no more bytes than it may: scopes first seen go, then the older half of the last one', () => {
    const journal = new Journal(1_000_000, 20_000);
    fill(journal, 10, { projectId: 'old' });
    fill(journal, 1000);
    expect(journal.query({ project_id: 'old' })).toEqual([]);
    const retained = ids(journal);
    expect(retained.at(-1)).toBe(1010);
    expect(retained.length).toBeGreaterThan(15);
    expect(retained.length).toBeLessThan(45);
    expect(journal.droppedIn() + retained.length).toBe(1010);
    expect(retained).toEqual(retained.toSorted((a, b) => a - b));
  });

  it('cuts long targets and reasons', () => {
    const journal = new Journal(2);
    const notes = { operation: undefined, method: 'GET', credentials: 'none', reason: 'r'.repeat(9000) };
    journal.record(record(1, { target: `/${'x'.repeat(9000)}`, notes }));
    const [entry] = journal.query({});
    expect([entry?.path.length, entry?.reason?.length]).toEqual([1025, 1025]);
    expect(notes.reason.length).toBe(9000);
  });

  it('is cleared by scope, by project, or whole, and forgets what was dropped there', () => {
    const journal = new Journal(2);
    for (const scope of [{}, { instanceId: 'i2' }, { projectId: 'p2' }]) fill(journal, 3, scope);
    journal.clear({ projectId: 'p1', instanceId: 'i2' });
    expect([journal.query({}).length, journal.droppedIn()]).toEqual([4, 2]);
    journal.clear({ projectId: 'p1' });
    expect(journal.query({}).length).toBe(2);
    journal.clear();
    expect([journal.query({}).length, journal.droppedIn()]).toEqual([0, 0]);
    fill(journal, 2);
    expect(ids(journal)).toEqual([10, 11]);
  });

  it('is queried by every member', () => {
    const journal = new Journal(10);
    fill(journal, 3);
    journal.record(record(4, { status: 500 }));
    const notes = { operation: 'ListApisV2', method: 'GET', credentials: 'token' } as const;
    journal.record(record(5, { notes, target: '/v2/p1/apigw/instances/i1/apis' }));
    journal.record(record(6, { notes: { ...notes, method: 'POST' } }));
    journal.record(record(7, { projectId: '', instanceId: '', target: '/nowhere' }));
    const count = (filter: object) => journal.query(filter).length;
    expect(count({ operation: 'ListApisV2' })).toBe(2);
    expect(count({ operation: 'ListApisV2', method: 'POST' })).toBe(1);
    expect(count({ task_id: 't2' })).toBe(1);
    expect(count({ status: 500 })).toBe(1);
    expect(count({ status: 200, project_id: 'p1', instance_id: 'i1' })).toBe(5);
    expect(count({ project_id: 'p2' })).toBe(0);
    expect(count({})).toBe(7);
  });
});
