/** Runs scenarios against a mock of the test's own process, over a socket and without a pause. */
import type { Credentials, Target } from '../../src/cli/client/target.ts';
import { senderTo } from '../../src/cli/commands/conform.ts';

export { senderTo } from '../../src/cli/commands/conform.ts';

import { type RunOptions, type RunResult, runScenarios } from '../../src/conformance/run.ts';
import type { Scenario } from '../../src/conformance/scenario.ts';
import { SCENARIOS } from '../../src/conformance/scenarios/all.ts';
import type { Time } from '../../src/conformance/sending.ts';

export const TOKEN: Credentials = { kind: 'token', token: 'dev-token' };
export const KEY: Credentials = { kind: 'key', accessKey: 'dev-ak', secret: 'dev-sk' };

export const targetAt = (endpoint: string, credentials: Credentials = TOKEN): Target => ({
  ...{ endpoint, projectId: 'p1', instanceId: 'i1', credentials, timeoutMs: 60_000 },
});

/** Time that passes by being waited for. */
export function jumpingTime(): Time & { readonly waited: number[] } {
  let nowMs = 0;
  const waited: number[] = [];
  return {
    waited,
    nowMs: () => nowMs,
    pause: async (ms) => {
      waited.push(ms);
      nowMs += ms;
    },
  };
}

export interface Conformed {
  readonly target: Target;
  readonly scenarios?: readonly Scenario[];
  readonly options?: Partial<RunOptions>;
}

let count = 0;

export const conform = ({ target, scenarios = SCENARIOS, options = {} }: Conformed): Promise<RunResult> => {
  count += 1;
  return runScenarios(scenarios, {
    ...{ send: senderTo(target), projectId: target.projectId, instanceId: target.instanceId },
    ...{ runId: count.toString(16).padStart(8, '0'), isMock: true, readOnly: false },
    ...{ hasKey: target.credentials.kind === 'key', timeoutMs: target.timeoutMs },
    ...{ perSecond: 1000, time: jumpingTime(), note: () => {} },
    ...options,
  });
};

/** What a run found, a line each. */
export const found = ({ results }: RunResult): string[] =>
  results.flatMap(({ scenario, step, differences }) =>
    differences.map(
      ({ at, expected, received }) => `${scenario.id}/${step.id} ${at}: ${expected} <> ${received}`,
    ),
  );
