/** An operation of `/__admin` that is a call of the object too: how a request becomes arguments, and arguments a request. */
import type { Static, TObject, TSchema } from '@sinclair/typebox';
import type { Operation, ParameterIn } from '../operation.ts';
import type { CallName, CallOf, WaitOptions } from './calls.ts';
import type { Control } from './control.ts';

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
  /** The one argument is the body as it is, not an object of members. */
  readonly wholeBody?: true;
  /** Member of the response that the call returns alone. */
  readonly unwrap?: string;
  /** The call returns nothing. */
  readonly returnsNothing?: true;
  /** Last look at the value that a call returns. */
  readonly check?: (value: never) => void;
  /** `caller` has the signal of whoever called, for the calls that wait. */
  readonly run: (control: Control, request: never, caller: WaitOptions) => Promise<unknown>;
}

export type CallOperation = Operation<AdminCore> & ControlCall;
export type AdminOperation = Operation<AdminCore> & Partial<ControlCall>;

/** A row with a call: its handler merges path, query and body into one request. */
export function call<
  const Name extends CallName,
  const Path extends string,
  Query extends TObject = TObject<Record<never, never>>,
  Body extends TSchema = TObject<Record<never, never>>,
>(
  row: Omit<Operation<AdminCore>, 'path' | 'query' | 'body' | 'handle' | 'tag' | 'security'> &
    Omit<ControlCall, 'run' | 'call' | 'check'> & {
      readonly call: Name;
      readonly path: Path;
      readonly query?: Query;
      readonly body?: Body;
      readonly check?: (value: Awaited<ReturnType<CallOf<Name>>>) => void;
      readonly run: (
        control: Control,
        request: Record<ParameterIn<Path>, string> & Static<Query> & Static<Body>,
        caller: WaitOptions,
      ) => ReturnType<CallOf<Name>>;
    },
): AdminOperation {
  const { run, unwrap, returnsNothing, wholeBody, status = 200 } = row;
  const handle: AdminOperation['handle'] = async (request, { control }) => {
    const { params, query, body } = request as { params: object; query: object; body: object };
    const given = (wholeBody ? body : { ...params, ...query, ...body }) as never;
    const value = await run(control, given, request.begun);
    if (status === 204) return undefined;
    if (returnsNothing) return { [unwrap ?? 'done']: true };
    return unwrap === undefined ? value : { [unwrap]: value };
  };
  return { tag: 'Control', security: 'admin', ...row, handle } as unknown as AdminOperation;
}

/** The arguments of a call as members of the path, and as query or body; a last one that is missing is empty. */
export function requestOf(
  { path, leading = [] }: CallOperation,
  args: readonly unknown[],
): {
  readonly path: Readonly<Record<string, string>>;
  readonly request: unknown;
  readonly caller: WaitOptions;
} {
  const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name]) => name as string);
  const given = args[inPath.length + leading.length];
  const rest = given === undefined ? {} : given;
  const members = leading.map((name, at) => [name, args[inPath.length + at]]);
  return {
    path: Object.fromEntries(inPath.map((name, at) => [name, String(args[at])])),
    request: leading.length === 0 ? rest : { ...(rest as object), ...Object.fromEntries(members) },
    caller: (args[inPath.length + leading.length + 1] ?? {}) as WaitOptions,
  };
}
