/**
 * The OpenAPI description, made of the tables of operations when it is first requested: an application that never
 * listens hands them to the describer, and what it cannot express is added at the end.
 */
import { type TSchema, Type } from '@sinclair/typebox';
import type { FastifySchema } from 'fastify';
import { errors, sentBody } from '../core/errors.ts';
import {
  type DocumentedError,
  type DocumentedHeader,
  documented,
  type OperationDocs,
  SECURITY,
  TAGS,
} from '../core/operation.ts';
import { exampleOf, object, published, text } from '../core/schemas.ts';
import { type ParameterPattern, paramsOf } from './routes.ts';
import { ownCompilers } from './validation.ts';

/** A table of operations with what the parameters of its paths take. */
export interface DescribedTable {
  readonly operations: readonly OperationDocs[];
  readonly pattern: ParameterPattern;
}

const ABOUT = `A local emulator of Huawei Cloud API Gateway: groups, APIs, and the asynchronous tasks that import and export them.
Every response carries \`X-Request-Id\`; errors have \`error_code\` and \`error_msg\`, and \`X-Mock-Reason\` gives the reason.
Any request may also be rejected as \`components.responses\` describes (a broken request, no such path), and by a fault that you added.
Calls of \`/__admin\` that change something take \`Content-Type: application/json\`; without a body it may be left out, but not by a browser.`;

/** The errors that any request may get, by the names of `components.responses`. */
const ANY_REQUEST = {
  BadRequest: {
    error: documented(errors.badRequest()),
    description: 'Not a request: broken bytes, a broken URL, no Host or two, invalid JSON',
  },
  NoSuchRoute: {
    error: documented(errors.routeNotFound()),
    description: 'No such route; X-Mock-Reason names the nearest',
  },
  NoSuchInstance: {
    error: documented(errors.instanceNotFound('eddc4d25480b4cd6b512f270a1b8b341')),
    description: 'With --instance: none of those that it lists',
  },
  MethodNotAllowed: {
    error: documented(errors.methodNotAllowed()),
    description: 'The route takes other methods: those in Allow',
  },
  NotEmulated: {
    error: documented(errors.notEmulated('CreateAnAppV2')),
    description: 'An operation of the service that the mock does not emulate',
  },
  RequestTimeout: {
    error: documented(errors.requestTimeout()),
    description: 'The request was not complete within 20 s (head) or 120 s (all of it)',
  },
  BodyTooLarge: {
    error: documented(errors.bodyTooLarge()),
    description: 'The body is longer than --max-body-mb',
  },
  UriTooLong: {
    error: documented(errors.uriTooLong()),
    description: 'A part of the path is longer than 16,384 characters',
  },
  ExpectationFailed: {
    error: documented(errors.expectationFailed()),
    description: 'The header Expect asks for something other than 100-continue',
  },
  HeadersTooLarge: {
    error: documented(errors.headersTooLarge()),
    description: 'The headers are longer than 16 KB',
  },
  SystemError: {
    error: documented(errors.systemError()),
    description: 'An unexpected error; the log has its cause',
  },
} as const;

const STATUS_TEXT: Readonly<Record<number, string>> = {
  200: 'The response',
  201: 'Created',
  202: 'Accepted',
  204: 'Done',
  302: 'At /__admin/',
  400: 'A parameter is missing or invalid',
  401: 'No credentials, or none that are valid',
  403: 'Not allowed',
  404: 'Not found',
  408: 'Not yet: the wait timed out',
  409: 'Never: nothing will move it',
  412: 'Something else has to be done first',
  415: 'Changes take application/json',
  500: 'System error',
};

type Headers = Readonly<Record<string, DocumentedHeader>>;
const header = (description: string, pattern: string): DocumentedHeader => ({
  description,
  required: true,
  schema: { type: 'string', pattern },
});
const REQUEST_ID = header('the id of this request, also in the journal', '^[0-9a-f]{32}$');
const REASON: DocumentedHeader = {
  description: 'why it was rejected, for a person; not with --strict',
  schema: { type: 'string' },
};
const ALLOW = header('the methods that the route takes', '^[A-Z]+(, [A-Z]+)*$');
const CHALLENGE = header('Bearer', '^Bearer$');
/** With every response of `/__admin`. */
const ADMIN_HEADERS: Headers = {
  'Cache-Control': header('no-store; pages: no-cache', '^no-(store|cache)$'),
  'Content-Security-Policy': header('no other site may embed it', "^default-src 'none'"),
};

/** The headers that go with a status, whatever was asked for. */
const headersOf = (status: number): Headers => ({
  'X-Request-Id': REQUEST_ID,
  ...(status >= 400 && { 'X-Mock-Reason': REASON }),
  ...(status === 405 && { Allow: ALLOW }),
});

const errorBody = (codes: readonly string[], beside: DocumentedError['beside'] = {}) =>
  object(
    {
      error_code: { ...text('in the words of the provider'), enum: [...new Set(codes)] } as TSchema,
      error_msg: text('what is wrong'),
      ...beside,
    },
    'an error',
  );

const isOfIam = (code: string): boolean => code.startsWith('IAM.');
const IAM_ERROR = object(
  {
    error: object({
      code: Type.Integer({ description: 'the status' }),
      message: text('what is wrong'),
      title: text('what the status is called'),
    }),
  },
  'an error of IAM',
);

type Examples = Record<string, { value: unknown }>;
const withContent = (description: string, type: string, media: { schema: object; examples: Examples }) => ({
  description,
  content: { [type]: { ...media, schema: published(media.schema) } },
});

function success({ status = 200, response, produces, example }: OperationDocs): Record<string, unknown> {
  if (status >= 400) return {};
  const description = STATUS_TEXT[status] ?? '';
  if (status === 204 || status === 302) return { [status]: { type: 'null', description } };
  const schema = response ?? { type: produces === 'application/json' ? 'object' : 'string' };
  const values = example?.responses ?? { example: exampleOf(schema as TSchema) };
  const examples = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }]));
  return { [status]: withContent(description, produces ?? 'application/json', { schema, examples }) };
}

/** The errors by status, one example per code and no other code. */
function failures({ errors: own }: OperationDocs): Record<string, unknown> {
  const all: DocumentedError[] = [...own, ANY_REQUEST.SystemError.error];
  if (own.some(({ status }) => status === 400)) all.push(ANY_REQUEST.BadRequest.error);
  return Object.fromEntries(
    [...new Set(all.map(({ status }) => status))].map((status) => {
      const here = all.filter((one) => one.status === status);
      const beside = here.find((one) => one.beside !== undefined)?.beside;
      const codes = here.map(({ body }) => body.error_code);
      const own = codes.filter((code) => !isOfIam(code));
      const shapes = [
        ...(own.length > 0 ? [errorBody(own, beside)] : []),
        ...(own.length < codes.length ? [IAM_ERROR] : []),
      ];
      const schema = shapes.length === 1 ? (shapes[0] ?? IAM_ERROR) : Type.Union(shapes);
      const examples: Examples = {};
      for (const { body } of here) {
        const { error_code: code } = body;
        const value =
          beside === undefined
            ? sentBody(Number(status), body)
            : { ...(exampleOf(object(beside)) as object), ...body };
        examples[code in examples ? `${code}_${Object.keys(examples).length}` : code] = { value };
      }
      const description = STATUS_TEXT[status] ?? 'Rejected';
      return [status, withContent(description, 'application/json', { schema, examples })];
    }),
  );
}

const membersOf = (schema: TSchema | undefined): object => schema?.['properties'] ?? {};

/** An operation as a route that the describer takes. */
function documentOf(operation: OperationDocs, pattern: ParameterPattern): FastifySchema {
  const { id, operationId = id, path, query, described = {}, consumes, produces } = operation;
  const body = described.body ?? operation.body;
  const params = paramsOf(path, pattern);
  const members = { ...membersOf(query), ...membersOf(described.query) };
  return {
    operationId,
    summary: operation.summary,
    tags: [operation.tag],
    security: SECURITY[operation.security].map((one) => ({ ...one })),
    ...(params && { params }),
    ...(Object.keys(members).length > 0 && {
      querystring: published({ type: 'object', ...query, ...described.query, properties: members }),
    }),
    ...(body && { body: published(body) }),
    ...(described.headers && { headers: described.headers }),
    ...(consumes && { consumes: [consumes] }),
    ...(produces && { produces: [produces] }),
    response: { ...success(operation), ...failures(operation) },
  } as FastifySchema;
}

/** The frame of the document. */
const frameOf = (version: string) => ({
  openapi: '3.0.3',
  info: { title: 'apig-mock', version, description: ABOUT, license: { name: 'MIT' } },
  servers: [{ url: '/' }],
  tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
  components: {
    responses: Object.fromEntries(
      Object.entries(ANY_REQUEST).map(([name, { error, description }]) => [
        name,
        {
          ...withContent(description, 'application/json', {
            schema: errorBody([error.body.error_code]),
            examples: { [error.body.error_code]: { value: error.body } },
          }),
          'x-status': error.status,
          headers: headersOf(error.status),
        },
      ]),
    ),
    securitySchemes: {
      token: { type: 'apiKey' as const, in: 'header' as const, name: 'X-Auth-Token' },
      signature: {
        type: 'apiKey' as const,
        in: 'header' as const,
        name: 'Authorization',
        description: 'SDK-HMAC-SHA256 Access=…, SignedHeaders=…, Signature=… with X-Sdk-Date',
      },
      adminToken: {
        type: 'http' as const,
        scheme: 'bearer',
        description: 'the --admin-token, if there is one',
      },
    },
  },
});

/** What of the described operation is completed. */
interface Described {
  parameters?: { in: string; allowEmptyValue?: boolean; schema?: { type?: string } }[];
  requestBody?: {
    required?: boolean;
    content: Record<string, { schema?: { required?: unknown[] }; example?: unknown }>;
  };
  responses: Record<string, { headers?: Headers }>;
}

/** Adds what the describer of routes cannot express: response headers, examples, bodies that may be left out. */
function complete(described: Described, operation: OperationDocs): void {
  const isAdmin = operation.path.startsWith('/__admin');
  for (const [status, response] of Object.entries(described.responses))
    response.headers = {
      ...headersOf(Number(status)),
      ...(isAdmin && ADMIN_HEADERS),
      ...(isAdmin && status === '401' && { 'WWW-Authenticate': CHALLENGE }),
      ...(Number(status) < 400 && operation.responseHeaders),
    };
  const { requestBody, parameters = [] } = described;
  const body = operation.described?.body ?? operation.body;
  for (const media of Object.values(requestBody?.content ?? {})) {
    media.example = operation.example?.body ?? (body && exampleOf(body));
    // An empty body is an empty object to the control calls: none is needed where no member is.
    if (requestBody !== undefined && isAdmin)
      requestBody.required = (media.schema?.required ?? []).length > 0;
  }
  // Numbers in the queries of the emulated API may be empty: that is the default.
  for (const one of isAdmin ? [] : parameters)
    if (one.in === 'query' && one.schema?.type === 'integer') one.allowEmptyValue = true;
}

/** Makes the description. */
export async function describeOperations(
  tables: readonly DescribedTable[],
  version: string,
): Promise<object> {
  const [{ default: Fastify }, { default: swagger }] = await Promise.all([
    import('fastify'),
    import('@fastify/swagger'),
  ]);
  const app = Fastify({ schemaController: ownCompilers, exposeHeadRoutes: false });
  await app.register(swagger, { openapi: frameOf(version), convertConstToEnum: true });
  const byId = new Map<string, OperationDocs>();
  for (const { operations, pattern } of tables) {
    for (const operation of operations) {
      const { method, path, id, operationId = id } = operation;
      byId.set(operationId, operation);
      app.route({ method, url: path, schema: documentOf(operation, pattern), handler: () => undefined });
    }
  }
  await app.ready();
  const description = app.swagger() as unknown as {
    paths: Record<string, Record<string, Described & { operationId: string }>>;
  };
  await app.close();
  for (const methods of Object.values(description.paths))
    for (const described of Object.values(methods))
      complete(described, byId.get(described.operationId) as OperationDocs);
  return description;
}
