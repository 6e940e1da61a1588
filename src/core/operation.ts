/**
 * Declares an operation once: its route, its checks, its description and its handler. The Fastify routes, the OpenAPI
 * description, the object of the library and the remote client are all made from these declarations.
 */

import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { TObject, TProperties, TSchema } from '@sinclair/typebox';
import type {
  FastifyReply,
  FastifyRequest,
  RawRequestDefaultExpression,
  RawServerDefault,
  RouteGenericInterface,
} from 'fastify';
import type { CancelPart } from './cancellation.ts';
import { type ApigError, type ErrorBody, errors } from './errors.ts';

/** An error as it is documented: its status, and a body as it is sent. */
export interface DocumentedError {
  readonly status: number;
  readonly body: ErrorBody;
  /** Members that this response has beside the error's own two. */
  readonly beside?: TProperties;
}

/** A header of a response; `required` = it is always there. */
export interface DocumentedHeader {
  readonly description: string;
  readonly required?: true;
  readonly schema: object;
}

/** The tags of the description, in its order. */
export const TAGS = {
  'Asynchronous tasks': 'Imports and exports that run in the background',
  'Groups and APIs': 'What imports create',
  IAM: 'Tokens, projects, domains and regions',
  Control: 'What only a mock can do',
  Pages: 'For people',
} as const;

/** How callers of an operation may prove who they are. */
export const SECURITY = {
  none: [],
  credentials: [{ token: [] }, { signature: [] }],
  admin: [{}, { adminToken: [] }],
} as const;

/** The description of an operation, without its handler. */
export interface OperationDocs {
  /** The provider's name, where the operation is one of its. */
  readonly id: string;
  /** Where several routes belong to one operation: unique in the description. */
  readonly operationId?: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** As Fastify writes it: `/v2/:project_id/…`. Parameters of the emulated API are ids. */
  readonly path: string;
  readonly tag: keyof typeof TAGS;
  readonly summary: string;
  readonly security: keyof typeof SECURITY;
  readonly query?: TObject;
  readonly body?: TSchema;
  /** What is described in place of `query` or `body` where the handler checks them by hand; request headers. */
  readonly described?: { readonly query?: TObject; readonly body?: TSchema; readonly headers?: TSchema };
  /** Request body in another form than JSON. */
  readonly consumes?: 'multipart/form-data';
  /** Successful status; 200 when left out. */
  readonly status?: number;
  /** JSON of a successful response. */
  readonly response?: TSchema;
  /** Type of a response that is not described by a schema. */
  readonly produces?: string;
  readonly responseHeaders?: Readonly<Record<string, DocumentedHeader>>;
  readonly errors: readonly DocumentedError[];
  /** Where what the schemas give as examples is not enough. `responses` by name. */
  readonly example?: { readonly body?: unknown; readonly responses?: Readonly<Record<string, unknown>> };
}

/** An operation with the handler of its route. */
export interface Operation<Core> extends OperationDocs {
  /** Whether it changes anything: read-only users may not call it. */
  readonly changes?: true;
  /** Works without credentials. */
  readonly open?: true;
  /** Bytes of a body, where it is not the limit of the settings. */
  readonly bodyLimit?: number;
  /** The body holds a file: one that is too long is `APIG.3603`, not 413. */
  readonly takesFile?: true;
  /** The parts of the state that it depends on, where they are not those of its table: a reset of one cancels it. */
  readonly parts?: readonly CancelPart[];
  /**
   * Checks of the parameters that the schemas do not make: throws `ApigError`, changes nothing, waits for nothing. Comes
   * before the faults of phase `checked`; what it returns is `request.checked` of the handler.
   */
  readonly check?: (request: FastifyRequest, core: Core) => unknown;
  /** Gives the body of the response; status and headers other than the declared ones are set on `reply`. */
  readonly handle: (request: FastifyRequest, core: Core, reply: FastifyReply) => unknown;
}

/** The names of the parameters in a path. */
export type ParameterIn<Path extends string> = Path extends `${infer Step}/${infer Rest}`
  ? ParameterIn<Step> | ParameterIn<Rest>
  : Path extends `:${infer Name}`
    ? Name
    : never;

/** The request of an operation, typed by its path and schemas. */
export type OperationRequest<
  Path extends string,
  Query extends TSchema,
  Body extends TSchema,
> = FastifyRequest<
  RouteGenericInterface & { Params: Record<ParameterIn<Path>, string> },
  RawServerDefault,
  RawRequestDefaultExpression,
  { querystring: Query; body: Body },
  TypeBoxTypeProvider
>;

/**
 * Types the check and the handler of each row by the schemas beside them: `const operation = declare<Core>()`. `check`
 * stands before `handle`, which has its result as `checked`.
 */
export const declare =
  <Core>() =>
  <
    const Path extends string,
    Query extends TObject = TObject,
    Body extends TSchema = TSchema,
    Checked = unknown,
  >(
    operation: Omit<Operation<Core>, 'path' | 'query' | 'body' | 'check' | 'handle'> & {
      readonly path: Path;
      readonly query?: Query;
      readonly body?: Body;
      readonly check?: (request: OperationRequest<Path, Query, Body>, core: Core) => Checked;
      readonly handle: (
        request: OperationRequest<Path, Query, Body> & { readonly checked: Checked },
        core: Core,
        reply: FastifyReply,
      ) => unknown;
    },
  ): Operation<Core> =>
    operation as unknown as Operation<Core>;

/** An error of the catalogue as it is documented. */
export const documented = ({
  statusCode,
  body,
}: Pick<ApigError, 'statusCode' | 'body'>): DocumentedError => ({
  status: statusCode,
  body,
});
export const missing = (name: string): DocumentedError => documented(errors.parameterMissing(name));
export const invalid = (name: string): DocumentedError => documented(errors.parameterInvalid(name));
/** A web page that calls under a name which is not local. */
export const foreignHost = documented(errors.notAcceptedHere());
export const notJson = documented(errors.unsupportedMediaType());
/** What every operation that takes credentials may be rejected with. */
export const UNAUTHORIZED: readonly DocumentedError[] = [
  documented(errors.tokenInvalid()),
  documented(errors.signatureInvalid('verify aksk signature fail, canonicalRequest:GET|/v2/…')),
  foreignHost,
];
