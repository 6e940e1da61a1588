/** Whether the faults of a test were carried out: one that was not proves nothing about the client under test. */
import type { Fault } from '../api.ts';

/** Thrown by `faults.assertAllUsed`. */
export class UnusedFaultsError extends Error {
  override readonly name = 'UnusedFaultsError';
  /** The faults that were not carried out as often as they should. */
  readonly faults: readonly Fault[];

  constructor(unused: readonly Fault[], all: number) {
    const lines = unused.map((fault) => `  ${inWords(fault)}: ${usesInWords(fault)}`);
    super(
      [
        `${unused.length} of ${all} faults ${unused.length === 1 ? 'was' : 'were'} not used up:`,
        ...lines,
      ].join('\n'),
    );
    this.faults = unused;
  }
}

/** Throws `UnusedFaultsError` unless each fault was carried out `times` times, or at least once. */
export function checkAllUsed(faults: readonly Fault[]): void {
  const unused = faults.filter(({ hits, times = 1 }) => hits < times);
  if (unused.length > 0) throw new UnusedFaultsError(unused, faults.length);
}

function inWords({ action, operation, method, projectId, instanceId, taskId }: Fault): string {
  const status = action.type === 'error' ? ` ${action.status ?? action.errorCode ?? 500}` : '';
  const target = [
    operation ?? method ?? 'any request',
    ...(taskId === undefined ? [] : [`task ${taskId}`]),
    ...(projectId === undefined ? [] : [`project ${projectId}`]),
    ...(instanceId === undefined ? [] : [`instance ${instanceId}`]),
  ];
  return `${action.type}${status} for ${target.join(', ')}`;
}

/** What is missing, and why: too few requests matched, or all of them came before its turn. */
function usesInWords({ hits, times, seen, after = 0 }: Fault): string {
  const done = times === undefined ? 'never carried out' : `carried out ${hits} of ${times} times`;
  const passed = after === 0 ? '' : `, of which the first ${after} pass`;
  return `${done}; ${seen} ${seen === 1 ? 'request' : 'requests'} matched${passed}`;
}
