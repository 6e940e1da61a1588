/** Proof is proof: what could be otherwise because entries were dropped is neither verified nor counted, per scope. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Journal, type RequestRecord } from '../../src/admin/journal/journal.ts';
import { verify } from '../../src/admin/journal/verify.ts';
import {
  type ApigMock,
  type ApigMockOptions,
  connectApigMock,
  type VerificationError,
} from '../../src/index.ts';
import { call } from '../support/mock.ts';
import { callsOf, HERE, type Place, rejection, stillMock, until } from './scene.ts';

const THERE: Place = { project_id: 'p2', instance_id: 'i1' };
const POLL = { operation: 'ShowAsyncTaskResult' } as const;

interface Sent {
  readonly at?: Place;
  readonly throttled?: number;
  readonly others?: number;
}

/** Polls, the first few of which get 429; resolves when all are recorded. */
async function polls(mock: ApigMock, { at = HERE, throttled = 0, others = 0 }: Sent): Promise<void> {
  const { last_id } = (await mock.overview()).requests;
  const { poll } = callsOf(mock.url, at);
  if (throttled > 0)
    await mock.faults.add({ ...at, times: throttled, action: { type: 'error', status: 429 } });
  for (let done = 0; done < throttled + others; done += 1) await poll('t');
  await until(
    async () => (await mock.overview()).requests.last_id >= last_id + throttled + others,
    'the entries',
  );
}

const unproven = async (of: Promise<unknown>) =>
  of.then(
    () => expect.unreachable('it was satisfied'),
    (cause: VerificationError) => ({ ...cause.verification, message: cause.message }),
  );

const withMock = async (
  options: ApigMockOptions,
  use: (mock: ApigMock, client: ApigMock) => Promise<void>,
) => {
  await using mock = await stillMock(options);
  await using client = await connectApigMock(mock.url);
  await use(mock, client);
};

describe('a journal that has dropped entries of a scope', () => {
  it('proves nothing about how many there were not: the object, the client, HTTP', () =>
    withMock({ maxRequests: 20 }, async (mock, client) => {
      await polls(mock, { throttled: 5, others: 20 });
      const expectation = { ...HERE, ...POLL, status: 429, exactly: 0 };
      for (const form of [mock, client]) {
        for (const bad of [expectation, { ...HERE, ...POLL, status: 429, at_most: 4 }]) {
          const { satisfied, count, reason, nearest, message } = await unproven(form.requests.verify(bad));
          expect({ satisfied, count, nearest }).toEqual({ satisfied: false, count: 0, nearest: [] });
          expect(reason).toMatch(/^5 requests of project p1, instance i1 were dropped/);
          expect(message).toContain(reason);
        }
        const rejected = await rejection(form.requests.count({ ...HERE, status: 429 }));
        expect([rejected.status, rejected.code]).toEqual([409, 'APIG.3718']);
        expect(rejected.why).toMatch(/5 requests of project p1, instance i1 were dropped/);
      }
      const admin = `${mock.url}/__admin/requests`;
      const verified = await call(`${admin}/verify`, { json: expectation, token: null });
      expect([verified.status, verified.body.satisfied]).toEqual([200, false]);
      expect(verified.body.reason).toContain('dropped');
      const counted = await call(`${admin}/count`, { json: HERE, token: null });
      expect([counted.status, counted.body.error_code]).toEqual([409, 'APIG.3718']);
      expect(counted.headers['x-mock-reason']).toContain('dropped');
    }));

  it('still proves what no dropped entry could change', () =>
    withMock({ maxRequests: 20 }, async (mock) => {
      await polls(mock, { throttled: 5, others: 20 });
      const poll = { ...HERE, ...POLL };
      for (const good of [{ at_least: 20 }, { at_most: 25 }, { at_least: 1, at_most: 25 }, {}])
        expect(await mock.requests.verify({ ...poll, ...good })).toMatchObject({
          satisfied: true,
          count: 20,
        });
      // What is wrong, whatever was dropped, is no matter of proof.
      for (const bad of [{ exactly: 19 }, { at_most: 19 }, { exactly: 26 }, { at_least: 26 }])
        expect(await unproven(mock.requests.verify({ ...poll, ...bad }))).not.toHaveProperty('reason');
      for (const open of [{ exactly: 20 }, { exactly: 25 }, { at_most: 24 }, { at_least: 21 }])
        expect(await unproven(mock.requests.verify({ ...poll, ...open }))).toHaveProperty('reason');
    }));

  it('reports it for that scope alone, adds up over several, and forgets it with a clear or a reset', () =>
    withMock({ maxRequests: 10 }, async (mock, client) => {
      await polls(mock, { others: 13 });
      await polls(mock, { at: THERE, others: 12 });
      await polls(mock, { at: { ...THERE, instance_id: 'i2' }, others: 4 });
      const dropped = async (scope: object) => (await client.requests.list(scope)).dropped;
      expect(
        await Promise.all([HERE, THERE, { project_id: 'p2' }, {}, { project_id: 'p3' }].map(dropped)),
      ).toEqual([3, 2, 2, 5, 0]);
      expect(await mock.requests.count({ project_id: 'p2', instance_id: 'i2' })).toBe(4);
      expect((await rejection(mock.requests.count({ project_id: 'p2' }))).why).toContain('project p2');
      expect((await rejection(mock.requests.count())).why).toMatch(/5 requests were dropped/);
      await mock.requests.clear(HERE);
      expect(await mock.requests.count(HERE)).toBe(0);
      expect(await dropped({})).toBe(2);
      await mock.reset({ project_id: 'p2' });
      expect([await dropped({}), (await mock.overview()).requests.dropped]).toEqual([0, 0]);
      expect(await mock.requests.verify({ exactly: 0 })).toMatchObject({ satisfied: true });
    }));

  it('that retains nothing proves nothing, except of scopes that had no request', () =>
    withMock({ maxRequests: 0 }, async (mock) => {
      await polls(mock, { others: 3 });
      expect(await unproven(mock.requests.verify({ ...HERE, exactly: 0 }))).toMatchObject({
        reason: expect.stringContaining('3 requests of project p1, instance i1 were dropped'),
      });
      expect((await rejection(mock.requests.count())).status).toBe(409);
      expect(await mock.requests.count(THERE)).toBe(0);
      expect(await mock.requests.verify({ ...THERE, exactly: 0 })).toMatchObject({ satisfied: true });
    }));
});

const record = (project: number, status = 200): RequestRecord => ({
  ...{ id: 0, projectId: `p${project}`, instanceId: 'i1', target: '/v2/x', atMs: 0, durationMs: 1 },
  ...{
    status,
    requestId: 'f'.repeat(32),
    notes: { operation: 'ListApisV2', method: 'GET', credentials: 'none' },
  },
});

describe('drops are remembered', () => {
  it('of a scope whose ring is gone, and when it comes again', () => {
    const journal = new Journal(2);
    for (let project = 0; project < 65; project += 1)
      for (const status of [200, 429]) journal.record(record(project, status));
    expect(journal.droppedIn({ projectId: 'p0' })).toBe(2);
    journal.record(record(0));
    expect(journal.droppedIn({ projectId: 'p0' })).toBe(2);
    expect(journal.droppedIn({})).toBe(4);
    expect(journal.droppedIn({ projectId: 'p2' })).toBe(0);
  });

  it('by bytes, as the older half of the only ring', () => {
    const journal = new Journal(1_000_000, 20_000);
    for (let at = 0; at < 1000; at += 1) journal.record(record(1));
    expect(journal.droppedIn({ projectId: 'p1' }) + journal.query({}).length).toBe(1000);
  });

  it('in bounded memory: of more scopes than that, any may be the one', () => {
    const journal = new Journal(0);
    for (let project = 0; project < 20_010; project += 1) journal.record(record(project));
    expect(journal.droppedIn({ projectId: 'p0' })).toBe(10);
    expect(journal.droppedIn({ projectId: 'nobody' })).toBe(10);
    expect(journal.droppedIn({ projectId: 'p20009' })).toBe(11);
    expect(journal.droppedIn({})).toBe(20_010);
    journal.clear({ projectId: 'p20009' });
    expect(journal.droppedIn({ projectId: 'p20009' })).toBe(10);
    journal.clear();
    expect(journal.droppedIn({})).toBe(0);
  });

  it('so that whatever is verified holds of all that was sent (property)', () => {
    const scope = fc.integer({ min: 0, max: 3 });
    const status = fc.constantFrom(200, 429);
    const number = fc.option(fc.integer({ min: 0, max: 12 }), { nil: undefined });
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 4 }),
        fc.array(fc.record({ scope, status, clears: fc.boolean() }), { maxLength: 40 }),
        fc.record({ scope: fc.option(scope, { nil: undefined }), status }),
        fc.record({ exactly: number, at_least: number, at_most: number }),
        (max, sent, filter, numbers) => {
          const journal = new Journal(max, 3000);
          let truth: typeof sent = [];
          for (const request of sent) {
            if (request.clears && request.status === 429) {
              journal.clear({ projectId: `p${request.scope}` });
              truth = truth.filter(({ scope: of }) => of !== request.scope);
            } else {
              journal.record(record(request.scope, request.status));
              truth.push(request);
            }
          }
          const project_id = filter.scope === undefined ? undefined : `p${filter.scope}`;
          const fits = truth.filter(
            (request) =>
              request.status === filter.status && (filter.scope ?? request.scope) === request.scope,
          );
          const dropped = journal.droppedIn({ projectId: project_id });
          const expectation = { project_id, status: filter.status, ...numbers };
          const proof = verify(journal.query({ project_id }), expectation, dropped);
          const whole = { satisfied: holds(fits.length, numbers) };
          // Satisfied, or failed without a reason: it is so. With a reason, it is not known.
          if (proof.satisfied || proof.reason === undefined) expect(proof).toMatchObject(whole);
          else expect(dropped).toBeGreaterThan(0);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

type Numbers = { exactly?: number | undefined; at_least?: number | undefined; at_most?: number | undefined };

function holds(count: number, { exactly, at_least, at_most }: Numbers): boolean {
  const least = at_least ?? (exactly === undefined && at_most === undefined ? 1 : 0);
  return count === (exactly ?? count) && count >= least && count <= (at_most ?? count);
}
