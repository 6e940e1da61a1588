/** The part of the model that knows what becomes of a request: faults, rejections, and what the journal notes of it. */
import { isIn, type ModelFault, type Part, type Place, type State } from './model-state.ts';

/** What is sent, as far as it decides what comes back. */
export interface Sent {
  readonly operation: string;
  /** Absent: a call that belongs to no instance. */
  readonly place?: Place;
  readonly taskId?: string;
  readonly tokenIsGood: boolean;
  /** What is wrong with the form of it, before anything is looked up. */
  readonly malformed?: string;
  /** The task that is asked for is not there. */
  readonly isMissing?: boolean;
}

/** What comes back. */
export interface Expected {
  /** 0: the connection is cut. */
  readonly status: number;
  readonly code?: string;
  readonly faultId?: string;
  /** A fault has spoilt the body. */
  readonly spoilt?: boolean;
  /** Whether the work was done, whatever the response. */
  readonly done: boolean;
}

/** What the work itself returns: a status, and the code when it is rejected. */
export interface Work {
  readonly status: number;
  readonly code?: string;
}

export interface Noted {
  readonly operation: string;
  readonly status: number;
  readonly error_code?: string;
  readonly fault_id?: string;
  readonly task_id: string | null;
}

export class Traffic {
  /** By place; what was sent and not forgotten, oldest first. */
  readonly notes = new Map<string, Noted[]>();
  /** By place; all that was sent since it was last cleared, whatever the journal has dropped of it. */
  readonly sent = new Map<string, Noted[]>();
  readonly #max: number;

  constructor(maxRequests: number) {
    this.#max = maxRequests;
  }

  /** What comes back for a request; its work, if it comes to that, is done by `work`. */
  expect(state: State, sent: Sent, work: () => Work): Expected {
    const expected = this.#response(state, sent, work);
    this.#note(sent, expected);
    return expected;
  }

  #response(state: State, sent: Sent, work: () => Work): Expected {
    const first = match(state, sent, 'before');
    if (first !== undefined) return { ...first, done: false };
    if (!sent.tokenIsGood) return { status: 401, code: 'APIG.1002', done: false };
    if (sent.malformed !== undefined) return { status: 400, code: sent.malformed, done: false };
    if (sent.isMissing === true) return { status: 404, code: 'APIG.3093', done: false };
    const then = match(state, sent, 'checked');
    if (then !== undefined) return { ...then, done: false };
    const { status, code } = work();
    if (code !== undefined) return { status, code, done: false };
    const last = match(state, sent, 'after');
    return last === undefined
      ? { status, done: true }
      : { ...last, status: last.status ?? status, done: true };
  }

  #note({ operation, place, taskId }: Sent, { status, code, faultId }: Expected): void {
    const key = place === undefined ? '' : `${place.project_id}/${place.instance_id}`;
    const note = {
      operation,
      status,
      task_id: taskId ?? null,
      ...(code === undefined ? {} : { error_code: code }),
      ...(faultId === undefined ? {} : { fault_id: faultId }),
    };
    const sent = [...(this.sent.get(key) ?? []), note];
    this.sent.set(key, sent);
    this.notes.set(key, this.#max === 0 ? [] : sent.slice(-this.#max));
  }

  /** All that was sent in a part, and how much of it the journal has dropped. */
  under(part: Part): { sent: Noted[]; dropped: number } {
    const keys = [...this.sent.keys()].filter((key) => isIn(partOfKey(key), part));
    const sent = keys.flatMap((key) => this.sent.get(key) ?? []);
    const noted = keys.flatMap((key) => this.notes.get(key) ?? []);
    return { sent, dropped: sent.length - noted.length };
  }

  /** The journal of a part is emptied. */
  clear(part: Part): void {
    for (const key of this.sent.keys()) {
      if (!isIn(partOfKey(key), part)) continue;
      this.notes.delete(key);
      this.sent.delete(key);
    }
  }
}

function partOfKey(key: string): Part {
  const [project_id = '', instance_id = ''] = key.split('/');
  return { project_id, instance_id };
}

type Matched = { status: number; code?: string; faultId: string; spoilt?: boolean } | undefined;

/** Faults in order of age; each counts the calls that fit it, and the first that ends the call is the last to match. */
function match(state: State, sent: Sent, phase: ModelFault['phase']): (Matched & object) | undefined {
  let matched: Matched;
  let ended = false;
  for (const fault of state.faults) {
    if (fault.phase !== phase || !fits(fault, sent)) continue;
    if (fault.times !== undefined && fault.hits >= fault.times) continue;
    fault.seen += 1;
    if (ended || fault.seen <= (fault.after ?? 0)) continue;
    fault.hits += 1;
    matched = effectOf(fault);
    ended = fault.action.type !== 'malformed';
  }
  return matched;
}

function effectOf({ id, action }: ModelFault): Matched {
  if (action.type === 'empty') return { status: 0, faultId: id };
  // Cut or spoilt: the status is that of the response, whose body is of no use.
  if (action.type !== 'error') return { status: undefined as never, faultId: id, spoilt: true };
  return { status: action.status ?? 500, code: `FAULT.${action.status ?? 500}`, faultId: id };
}

const fits = (fault: ModelFault, { operation, place, taskId }: Sent): boolean =>
  (fault.operation ?? operation) === operation &&
  (fault.project_id ?? place?.project_id ?? '') === (place?.project_id ?? '') &&
  (fault.instance_id ?? place?.instance_id ?? '') === (place?.instance_id ?? '') &&
  (fault.task_id ?? taskId) === taskId;
