/** An operation of `/__admin` that is a call of the object too: how a request becomes arguments, and arguments a request. */
import type { Static, TObject, TSchema } from '@sinclair/typebox';
import { errors } from '../core/errors.ts';
import {
  type DocumentedError,
  documented,
  foreignHost,
  invalid,
  missing,
  notJson,
  type Operation,
  type ParameterIn,
} from '../core/operation.ts';
import { type CheckerOf, placeOf } from '../core/validation.ts';
import type { CallerSignal } from './api.ts';
import type { CallName } from './calls.ts';
import type { Control } from './control.ts';
import { fromWire, toWire } from './spelling.ts';

/** What calls that read, that take a scope, and that change something may be rejected with. */
export const readErrors: readonly DocumentedError[] = [documented(errors.tokenInvalid()), foreignHost];
export const queryErrors = [missing('project_id'), invalid('project_id'), ...readErrors];
export const changeErrors = [...queryErrors, notJson];

/** What the operations work on. */
export interface AdminCore {
  readonly control: Control;
  readonly version: string;
  /** Called with the error of a stream that broke after its response had begun. */
  readonly onUnexpected: (cause: unknown, requestId: string) => void;
}

/** How an operation is called on the object: by arguments instead of a request. */
export interface ControlCall {
  readonly call: CallName;
  /** Members of the request that stand before it as arguments, after those of the path. */
  readonly leading?: readonly string[];
  /** The one argument, or what is returned, is the body as it is, not an object of members. */
  readonly wholeBody?: true;
  /** Member of the response that has what the call returns, and nothing stands beside it. */
  readonly unwrap?: string;
  /** Member of the response that the call of the object returns alone. */
  readonly pick?: string;
  /** The call of the object returns nothing. */
  readonly returnsNothing?: true;
  /** Last look at the value that a call returns. */
  readonly checkResult?: (value: never) => void;
  /** `caller` has the caller's signal, for the calls that wait. */
  readonly run: (control: Control, request: never, caller: Caller) => Promise<unknown>;
}

/** What the caller of a wait gives beside the request. */
export interface Caller {
  readonly signal?: CallerSignal | undefined;
}

export type CallOperation = Operation<AdminCore> & ControlCall;
export type AdminOperation = Operation<AdminCore> & Partial<ControlCall>;

/** A row with a call: its handler merges path, query and body into one request. */
export function call<
  const Path extends string,
  Query extends TObject = TObject<Record<never, never>>,
  Body extends TSchema = TObject<Record<never, never>>,
>(
  row: Omit<Operation<AdminCore>, 'path' | 'query' | 'body' | 'handle' | 'tag' | 'security'> &
    Omit<ControlCall, 'run' | 'call' | 'checkResult'> & {
      readonly call: CallName;
      readonly path: Path;
      readonly query?: Query;
      readonly body?: Body;
      readonly checkResult?: (value: never) => void;
      readonly run: (
        control: Control,
        request: Record<ParameterIn<Path>, string> & Static<Query> & Static<Body>,
        caller: Caller,
      ) => Promise<unknown>;
    },
): AdminOperation {
  const { run, wholeBody, status = 200 } = row;
  const handle: AdminOperation['handle'] = async (request, { control }) => {
    const { params, query, body } = request as { params: object; query: object; body: object };
    const given = (wholeBody ? body : { ...params, ...query, ...body }) as never;
    const value = await run(control, given, request.begun);
    return status === 204 ? undefined : responseOf(row, value);
  };
  return { tag: 'Control', security: 'admin', ...row, handle } as unknown as AdminOperation;
}

const responseOf = ({ unwrap }: Pick<ControlCall, 'unwrap'>, value: unknown): unknown =>
  unwrap === undefined ? value : { [unwrap]: value };

/** The arguments of a call as members of the path, and as query or body of the wire; a last one that is missing is empty. */
export function requestOf(
  { path, query, body, leading = [], wholeBody }: CallOperation,
  args: readonly unknown[],
): {
  readonly path: Readonly<Record<string, string>>;
  readonly request: unknown;
  readonly caller: Caller;
} {
  const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name]) => name as string);
  const members = leading.map((name, at) => [name, args[inPath.length + at]]);
  const last = args[inPath.length + leading.length] ?? {};
  const pathMembers = Object.fromEntries(inPath.map((name, at) => [name, String(args[at])]));
  if (wholeBody || typeof last !== 'object') return { path: pathMembers, request: last, caller: {} };
  const { signal = (args[inPath.length + leading.length + 1] as Caller | undefined)?.signal, ...rest } =
    last as Caller;
  const request = toWire(
    query ?? body,
    Object.assign(Array.isArray(last) ? last : rest, Object.fromEntries(members)),
  );
  return { path: pathMembers, request, caller: { signal } };
}

/** What a call of the object returns, of the response. Throws what the row's last look throws. */
export function resultOf(operation: CallOperation, response: unknown, raw: boolean): unknown {
  if (raw) {
    const { unwrap, returnsNothing, checkResult } = operation;
    const value = unwrap === undefined ? response : (response as Record<string, unknown>)[unwrap];
    checkResult?.(value as never);
    return returnsNothing && unwrap !== undefined ? undefined : value;
  }
  const { wholeBody, unwrap, pick = unwrap, returnsNothing, checkResult } = operation;
  const value = wholeBody ? response : fromWire(operation.response, response);
  const result = pick === undefined ? value : (value as Readonly<Record<string, unknown>>)[pick];
  checkResult?.(result as never);
  return returnsNothing ? undefined : result;
}

/**
 * Arguments as HTTP would carry them, so that both forms take the same (no -0, no undefined members). A copy: nothing
 * that the caller does to its own objects later reaches the state, as values that are returned are copies, too.
 */
function jsonCopy(value: unknown): unknown {
  if (value === undefined) return undefined;
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch {
    // A circle, or a number that is a bigint.
  }
  if (text === undefined)
    throw errors.parameterInvalid('argument', { reason: 'argument must be a JSON value' });
  return JSON.parse(text);
}

/** Makes a call in this process, its arguments checked as `/__admin` checks them. */
export async function checkedCall(
  operation: CallOperation,
  args: readonly unknown[],
  {
    control,
    checkerOf,
    raw,
  }: { readonly control: Control; readonly checkerOf: CheckerOf; readonly raw: boolean },
): Promise<unknown> {
  const { path, request, caller } = requestOf(operation, args);
  const schema = operation.query ?? operation.body;
  const problem = schema === undefined ? undefined : checkerOf(schema).problem(request);
  if (problem !== undefined) {
    const place = placeOf(problem.at) || 'argument';
    const details = { reason: `${place} ${problem.message}` };
    throw problem.missing ? errors.parameterMissing(place, details) : errors.parameterInvalid(place, details);
  }
  const received = jsonCopy(request);
  const given = operation.wholeBody ? received : { ...path, ...(received as object) };
  const value = await operation.run(control, given as never, caller);
  return resultOf(operation, copyOf(responseOf(operation, value)), raw);
}

/** A copy made of objects of this realm: under Jest, `structuredClone` makes those of another. */
function copyOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copyOf);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, copyOf(inner)]));
}
