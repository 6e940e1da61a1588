/** Holds an endpoint against a recording: its steps by what they responded, its other samples by their like. */
import { documentedError } from '../core/error-codes.ts';
import type { OperationName } from '../core/operation-names.ts';
import {
  compare,
  type Difference,
  type Expected,
  holding,
  jsonText,
  likeText,
  parseJson,
  shapeOf,
  shown,
  withRecorded,
} from './matchers.ts';
import type { Sample } from './recording.ts';
import type { StepResult } from './run.ts';
import type { Scenario, Step } from './scenario.ts';
import { objectOf, type Received } from './sending.ts';

/** Ids in a text, which vary from run to run. */
const ID = /[0-9a-f]{32}/g;
const VARIABLES: ReadonlyMap<string, string> = new Map();

/** A recorded text, its ids aside. */
function literal(value: unknown): Expected {
  if (typeof value === 'string' && value.search(ID) >= 0) {
    const pattern = value.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&').replaceAll(ID, '[0-9a-f]{32}');
    return likeText(`${JSON.stringify(value)} with any id`, new RegExp(`^${pattern}$`, 's'));
  }
  if (Array.isArray(value)) return value.map(literal);
  if (typeof value !== 'object' || value === null) return value as Expected;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, literal(member)]));
}

const bodyOf = ({ response }: Sample): unknown => parseJson(response.body)?.value;

/** The step as the recording promises it; as it is where it has none. */
export function recordedStep(sample: Sample | undefined, step: Step): Step {
  if (sample === undefined || step.kind === 'states') return step;
  const { status } = sample.response;
  const body = bodyOf(sample);
  if (step.kind === 'follow') {
    const { task_status: ends, task_result: text } = (body ?? {}) as Record<string, unknown>;
    if (status !== 200 || (ends !== 'succeed' && ends !== 'failed')) return step;
    const result = parseJson(String(text))?.value;
    return {
      ...step,
      ends,
      result: ends === step.ends ? withRecorded(step.result, result) : literal(result),
    };
  }
  const { headers, body: promised } = step.expect;
  if (sample.response.body === '') return { ...step, expect: { ...step.expect, status } };
  const isSame = status === step.expect.status && promised !== undefined;
  const expected =
    sample.shape === true ? shapeOf(body) : isSame ? withRecorded(promised, body) : literal(body);
  return { ...step, expect: { status, ...(headers && { headers }), body: expected } };
}

/** Responses of the endpoint that other samples are held against. */
export class Seen {
  readonly #bodies = new Map<string, unknown[]>();

  add(operation: OperationName | undefined, received: Received): void {
    const value = objectOf(received);
    if (operation === undefined || value === undefined) return;
    const key = likeness(operation, received.status, value);
    const bodies = this.#bodies.get(key) ?? [];
    this.#bodies.set(key, [...bodies, value]);
  }

  /** How a sample differs from the nearest of its like; undefined when nothing like it was seen. */
  differences(sample: Sample): Difference[] | undefined {
    const body = bodyOf(sample);
    const { status } = sample.response;
    const known = this.#bodies.get(likeness(sample.operation, status, (body ?? {}) as object)) ?? [];
    const expected = expectedLike(sample, body);
    const [nearest] = known
      .map((one) => compare(expected, one, { at: 'body', variables: VARIABLES }))
      .sort((a, b) => a.length - b.length);
    return nearest ?? fromCatalogue(status, (body ?? {}) as Record<string, unknown>);
  }
}

const errorCodeOf = (value: object): string => {
  const { error_code, task_result } = value as { error_code?: unknown; task_result?: unknown };
  return String(error_code ?? objectOf(String(task_result))?.['error_code'] ?? '');
};

/** What must be the same for two responses to be alike. */
function likeness(operation: OperationName, status: number, value: object): string {
  const { task_status, task_type } = value as Readonly<Record<string, unknown>>;
  const code = errorCodeOf(value);
  // An error of one operation reads as that of another.
  const what = code === '' ? [operation, task_type, task_status] : [task_status];
  return JSON.stringify([...what, status, code]);
}

/** What a sample promises of its like: texts of errors, members and types of everything else. */
function expectedLike({ response }: Sample, body: unknown): Expected {
  if (response.status >= 400) return literal(body);
  if (typeof body !== 'object' || body === null || !('task_result' in body)) return shapeOf(body);
  const result = parseJson(String(body.task_result))?.value;
  if (result === undefined) return shapeOf(body);
  const members = shapeOf(body) as object;
  const isError = errorCodeOf(body) !== '';
  return holding({
    ...membersOf(members),
    task_result: jsonText(isError ? literal(result) : shapeOf(result)),
  });
}
const membersOf = (shape: object): { readonly [name: string]: Expected } =>
  'members' in shape ? (shape.members as { readonly [name: string]: Expected }) : {};

/** An error that no step provokes, by the mock's own table of errors. */
function fromCatalogue(status: number, body: Readonly<Record<string, unknown>>): Difference[] | undefined {
  const code = errorCodeOf(body);
  if (code === '') return undefined;
  const known = documentedError(code);
  if (known === undefined)
    return [{ at: 'body/error_code', expected: code, received: 'no such code in the catalogue' }];
  if (status >= 400 && known.status !== status)
    return [{ at: 'status', expected: String(status), received: `${known.status} in the catalogue` }];
  const text = body['error_msg'];
  const names = documentedError(code, 'x')?.message !== known.message;
  if (status < 400 || names || text === known.message) return [];
  return [
    { at: 'body/error_msg', expected: shown(text), received: `${shown(known.message)} in the catalogue` },
  ];
}

const RECORDING: Scenario = { id: 'recording', title: 'Samples of the recording', steps: [] };

/** The samples that belong to no step, as results. */
export function compareSamples(samples: readonly Sample[], seen: Seen): StepResult[] {
  return samples
    .filter(({ step }) => step === undefined)
    .map((sample, at): StepResult => {
      const { operation, response } = sample;
      const code = errorCodeOf((bodyOf(sample) ?? {}) as object);
      const step: Step = {
        ...{ kind: 'states', id: `${at + 1}-${operation}-${response.status}`, states: [], operation },
        ...{ title: `${operation}: ${response.status} ${code}`.trimEnd(), source: 'recording' },
      };
      const differences = seen.differences(sample);
      return {
        ...{ scenario: RECORDING, step, durationMs: 0, differences: differences ?? [] },
        ...(differences === undefined
          ? { outcome: 'skipped', reason: 'no step has a response of this kind' }
          : { outcome: differences.length === 0 ? 'passed' : 'differs' }),
      };
    });
}
