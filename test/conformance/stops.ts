/** Runs that are stopped, or lose their connection, at each request in turn; and what is left of them. */
import { expect } from 'vitest';
import { NAME_PREFIX } from '../../src/conformance/clean-up.ts';
import type { RunResult } from '../../src/conformance/run.ts';
import type { Scenario } from '../../src/conformance/scenario.ts';
import { CLEAN_UP, ENTITIES } from '../../src/conformance/scenarios/ending.ts';
import { PUBLISHING } from '../../src/conformance/scenarios/exporting.ts';
import { CREATE } from '../../src/conformance/scenarios/importing.ts';
import type { Send } from '../../src/conformance/sending.ts';
import type { RunningMock } from '../../src/mock.ts';
import { call } from '../support/mock.ts';
import { conform, senderTo, targetAt } from './harness.ts';

/** What creates, changes and deletes, without what merely takes long. */
export const SHORT = [CREATE, PUBLISHING, ENTITIES, CLEAN_UP];

export const WAYS = {
  /** Ctrl-C while the request is under way. */
  interrupted: 'interrupted',
  /** The request never arrives. */
  unsent: 'unsent',
  /** It arrives, and its response is lost. */
  unreturned: 'its response is lost',
  /** From then on nothing arrives. */
  dead: 'nothing arrives from then on',
} as const;
export type Way = keyof typeof WAYS;

export interface Stopped {
  readonly run: RunResult;
  /** The names of the groups that are there afterwards. */
  readonly groups: readonly string[];
  /** Whether the run was longer than that. */
  readonly wasReached: boolean;
}

/** One run that is stopped at its request number `at`. */
export async function stoppedAt(
  mock: RunningMock,
  scenarios: readonly Scenario[],
  { way, at }: { way: Way; at: number },
): Promise<Stopped> {
  const target = targetAt(mock.url);
  const send = senderTo(target);
  const controller = new AbortController();
  const gone = new Error('the connection was reset');
  let sent = 0;
  const breaking: Send = async (request) => {
    const isHere = sent === at;
    const isBehind = sent > at;
    // A request that is sent again after its connection broke is another one.
    sent += 1;
    if (way === 'dead' && (isHere || isBehind)) throw gone;
    if (way === 'unsent' && isHere) throw gone;
    const received = await send(request);
    if (way === 'interrupted' && isHere) controller.abort();
    if (way === 'unreturned' && isHere) throw gone;
    return received;
  };
  const run = await conform({ target, scenarios, options: { send: breaking, signal: controller.signal } });
  const { body } = await call(
    `${mock.url}/v2/p1/apigw/instances/i1/api-groups?name=${NAME_PREFIX}&limit=500`,
  );
  const groups = (body.groups as { name: string }[]).map(({ name }) => name);
  return { run, groups, wasReached: sent > at };
}

/** What a stop has left behind without a word; a line each. */
export function silentlyLeft({ run, groups }: Stopped): string[] {
  return groups.filter((name) => !run.left.some((line) => line.includes(name)));
}

interface Stops {
  readonly way: Way;
  readonly from: number;
  readonly stride: number;
}

/** Stops a run at a request, another at a later one, to the end; each must clean up, or report what is left. */
export async function stopAtEach(
  mock: RunningMock,
  scenarios: readonly Scenario[],
  { way, from, stride }: Stops,
): Promise<void> {
  for (let at = from; ; at += stride) {
    await mock.control.reset();
    const stopped = await stoppedAt(mock, scenarios, { way, at });
    if (!stopped.wasReached) return expect(at).toBeGreaterThan(50);
    expect([at, silentlyLeft(stopped)]).toEqual([at, []]);
    if (way !== 'dead') expect([at, stopped.groups, stopped.run.left]).toEqual([at, [], []]);
  }
}
