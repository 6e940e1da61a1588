/** Verifying what was called: a count against what was expected, and the nearest misses when it is not so. */
import { type JournalEntry, type JournalFilter, mismatches } from './journal.ts';

/** How often calls that fit the filter are expected. */
export interface Expectation extends JournalFilter {
  readonly exactly?: number | undefined;
  readonly at_least?: number | undefined;
  readonly at_most?: number | undefined;
}

/** A request that did not fit, with the members that differ. */
export interface NearMiss {
  request: JournalEntry;
  differs: Record<string, { expected: unknown; actual: unknown }>;
}

/** `satisfied`, or what was expected, what was counted, and what came nearest. */
export interface Verification {
  satisfied: boolean;
  count: number;
  expected: string;
  nearest: NearMiss[];
  /** Why it cannot be known: entries were dropped that might have fitted. */
  reason?: string;
}

const NEAREST = 5;
/** How far off a member that differs puts a request: another task's poll is nearer than another operation. */
const FAR: Readonly<Record<keyof JournalFilter, number>> = {
  operation: 4,
  project_id: 3,
  instance_id: 3,
  method: 2,
  task_id: 1,
  status: 1,
};
const distance = (differing: readonly (keyof JournalFilter)[]): number =>
  differing.reduce((sum, name) => sum + FAR[name], 0);

/** Thrown by `requests.verify` of the object and the client. */
export class VerificationError extends Error {
  override readonly name = 'VerificationError';
  readonly verification: Verification;

  constructor(verification: Verification) {
    super(messageOf(verification));
    this.verification = verification;
  }
}

/** Throws `VerificationError` for one that is not satisfied. */
export function assertSatisfied(verification: Verification): void {
  if (!verification.satisfied) throw new VerificationError(verification);
}

/** What was dropped of the entries that a filter asks about, to be read by a person. */
export function droppedReason(dropped: number, { project_id, instance_id }: JournalFilter): string {
  const scope = [
    ...(project_id === undefined ? [] : [`project ${project_id}`]),
    ...(instance_id === undefined ? [] : [`instance ${instance_id}`]),
  ].join(', ');
  const of = scope === '' ? '' : ` of ${scope}`;
  const what = `${dropped} request${dropped === 1 ? '' : 's'}${of} ${dropped === 1 ? 'was' : 'were'} dropped`;
  return `${what} from the journal and might have been counted: raise --max-requests, or clear the journal before what is to be verified`;
}

/**
 * Holds the requests of a scope, of which so many more were `dropped`, against an expectation; without a number, at
 * least one is expected. What the dropped ones could change is not satisfied, and has a reason.
 */
export function verify(
  requests: readonly JournalEntry[],
  expectation: Expectation,
  dropped: number,
): Verification {
  const { exactly, at_least: atLeast, at_most: atMost, ...filter } = expectation;
  const least = atLeast ?? (exactly === undefined && atMost === undefined ? 1 : undefined);
  const scored = requests.map((request) => ({ request, differing: mismatches(request, filter) }));
  const count = scored.filter(({ differing }) => differing.length === 0).length;
  const expected = inWords({ exactly, least, atMost, filter });
  // Any number from `count` to `count + dropped` may have been sent.
  const min = Math.max(exactly ?? 0, least ?? 0);
  const max = Math.min(exactly ?? Number.POSITIVE_INFINITY, atMost ?? Number.POSITIVE_INFINITY);
  if (count >= min && count + dropped <= max) return { satisfied: true, count, expected, nearest: [] };
  if (dropped > 0 && count + dropped >= min && count <= max)
    return { satisfied: false, count, expected, nearest: [], reason: droppedReason(dropped, filter) };
  return { satisfied: false, count, expected, nearest: nearestOf(scored, filter) };
}

interface Scored {
  readonly request: JournalEntry;
  readonly differing: readonly (keyof JournalFilter)[];
}

const nearestOf = (scored: readonly Scored[], filter: JournalFilter): NearMiss[] =>
  scored
    .filter(({ differing }) => differing.length > 0)
    .sort((a, b) => distance(a.differing) - distance(b.differing) || b.request.id - a.request.id)
    .slice(0, NEAREST)
    .map(({ request, differing }) => ({
      request,
      differs: Object.fromEntries(
        differing.map((name) => [name, { expected: filter[name], actual: request[name] ?? null }]),
      ),
    }));

function inWords({
  exactly,
  least,
  atMost,
  filter,
}: {
  exactly: number | undefined;
  least: number | undefined;
  atMost: number | undefined;
  filter: JournalFilter;
}): string {
  const numbers = [
    exactly === undefined ? '' : `exactly ${exactly}`,
    least === undefined ? '' : `at least ${least}`,
    atMost === undefined ? '' : `at most ${atMost}`,
  ].filter((part) => part !== '');
  const wanted = Object.entries(filter).filter(([, value]) => value !== undefined);
  const where = wanted.map(([name, value]) => `${name}=${String(value)}`).join(' ');
  return `${numbers.join(', ')} request(s)${where === '' ? '' : ` with ${where}`}`;
}

function messageOf({ expected, count, nearest, reason }: Verification): string {
  const misses = nearest.map(({ request, differs }) => {
    const parts = Object.entries(differs).map(
      ([name, { expected: wanted, actual }]) => `${name} is ${String(actual)}, not ${String(wanted)}`,
    );
    return `  ${request.method} ${request.path} -> ${request.status}: ${parts.join('; ')}`;
  });
  const seen = `expected ${expected}, saw ${count}${reason === undefined ? '' : `; ${reason}`}`;
  return [seen, ...(misses.length > 0 ? ['nearest:', ...misses] : [])].join('\n');
}
