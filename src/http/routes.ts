/** Makes Fastify's routes of the tables of operations. */
import type { Readable } from 'node:stream';
import { Type } from '@sinclair/typebox';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { CancelPart } from '../core/cancellation.ts';
import { errors, TAKES_JSON } from '../core/errors.ts';
import { jsonFault } from '../core/json-error.ts';
import type { DocumentedError, Operation } from '../core/operation.ts';
import { decodeText } from '../core/text-file.ts';
import { rejectUnknown } from '../core/validation.ts';
import { TAKES_FORM } from '../gateway/import/fields.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The operation as the provider names it. */
    operation?: string;
    /** Whether it changes anything: read-only users may not call it. */
    changes?: boolean;
    /** Whether it works without credentials. */
    open?: boolean;
    /** Whether its body holds a file: one that is too long is `APIG.3603`, not 413. */
    takesFile?: boolean;
    /** Whether it is one of IAM, whose errors have a shape of their own. */
    isIam?: boolean;
    /** The fields that its query may have. */
    queryFields?: readonly string[];
    /** The errors that it documents: the first of a status is what a fault of that status returns. */
    declared?: readonly DocumentedError[];
    /** The parts of the state that it depends on. */
    parts?: readonly CancelPart[];
    /** Checks the parameters that its schemas do not cover; throws `ApigError`. */
    check?: ((request: FastifyRequest) => unknown) | undefined;
  }
  interface FastifyRequest {
    /** What the check of its operation returned. */
    checked: unknown;
  }
}

/** What a parameter of a path takes: the pattern of an id, or (undefined) any text. */
export type ParameterPattern = RegExp | undefined;

/** The parameters of a path, as a schema. */
export function paramsOf(path: string, pattern: ParameterPattern) {
  const names = [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => name);
  if (names.length === 0) return undefined;
  const takes = pattern === undefined ? { minLength: 1 } : { pattern: pattern.source };
  return Type.Object(
    Object.fromEntries(
      names.map((name) => [name, Type.String({ ...takes, description: name.replace('_', ' ') })]),
    ),
  );
}

/** Registers the routes of a table; `parts` = what its operations depend on, unless they name it. */
export function registerOperations<Core>(
  app: FastifyInstance,
  operations: readonly Operation<Core>[],
  {
    core,
    pattern,
    parts = [],
  }: { readonly core: Core; readonly pattern: ParameterPattern; readonly parts?: readonly CancelPart[] },
): void {
  for (const operation of operations) {
    const { id, method, path, query, body, status = 200, bodyLimit, produces } = operation;
    const { changes = false, open = false, takesFile = false } = operation;
    const check = operation.check && ((request: FastifyRequest) => operation.check?.(request, core));
    const params = paramsOf(path, pattern);
    const queryFields = Object.keys({ ...query?.properties, ...operation.described?.query?.properties });
    app.route({
      method,
      url: path,
      schema: {
        ...(params && { params }),
        ...(query && { querystring: query }),
        ...(body && { body }),
      },
      config: {
        operation: id,
        changes,
        open,
        takesFile,
        declared: operation.errors,
        parts: operation.parts ?? parts,
        queryFields,
        isIam: operation.tag === 'IAM',
        check,
      },
      ...(bodyLimit && { bodyLimit }),
      // A HEAD of a stream would never end.
      ...(method === 'GET' && { exposeHeadRoute: produces !== 'text/event-stream' }),
      handler: async (request, reply) => {
        reply.code(status);
        return operation.handle(request, core, reply);
      },
    });
  }
}

/** Runs the check of each operation, once its schemas hold and before the hooks of the plugins inside this app. */
export function hookChecks(app: FastifyInstance, strict: boolean): void {
  app.decorateRequest('checked', undefined);
  app.addHook('preHandler', async (request) => {
    rejectUnknown(request.query, request.routeOptions.config.queryFields ?? [], strict);
    request.checked = request.routeOptions.config.check?.(request);
  });
}

/** Lets a DELETE bring no body although it names a type: so do the provider's SDKs. */
export function takeBodilessDeletes(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '' && request.method === 'DELETE') done(null, undefined);
    else parse(request, body, done);
  });
}

/** With `--instance`: rejects the requests of other instances. */
export function hookInstances(app: FastifyInstance, instances: ReadonlySet<string>): void {
  app.addHook('preHandler', async ({ params }) => {
    const { instance_id: id } = params as { readonly instance_id?: string };
    if (id !== undefined && !instances.has(id))
      throw errors.instanceNotFound(id, { reason: `--instance lists ${[...instances].join(', ')}` });
  });
}

/** Lets an app read the form of an import; routes that take none reject it. */
export function takeForms(app: FastifyInstance, maxBytes: number): void {
  app.addContentTypeParser('multipart/form-data', async (request: FastifyRequest, payload: Readable) => {
    if (request.routeOptions.config.takesFile !== true)
      throw errors.unsupportedMediaType({ reason: TAKES_JSON });
    const { readForm } = await import('../gateway/import/form.ts');
    const contentType = request.headers['content-type'] ?? '';
    return readForm(payload, { contentType, maxBytes, signal: request.begun.signal });
  });
  // Before a parser looks at it: broken JSON where a form belongs is still no form.
  app.addHook('preParsing', async ({ routeOptions, headers }, _reply, payload) => {
    const isJson = /^\s*application\/json/i.test(headers['content-type'] ?? '');
    if (isJson && routeOptions.config.takesFile === true)
      throw errors.unsupportedMediaType({ reason: TAKES_FORM });
    return payload;
  });
}

/** An empty body is an empty request: `DELETE` and `POST …/reset` need none. */
export function takeEmptyBodies(app: FastifyInstance): void {
  app.addHook('preValidation', async (request) => {
    const { schema } = request.routeOptions;
    if (request.body === undefined && schema?.body !== undefined) request.body = {};
  });
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body: Buffer, done) => {
    const decoded = decodeText(body);
    if ('fault' in decoded) return done(errors.badRequest({ reason: `the body: ${decoded.fault}` }));
    const { text } = decoded;
    try {
      done(null, text === '' ? {} : JSON.parse(text));
    } catch (cause) {
      // The engine's own words repeat a piece of the body, which may be a secret.
      done(errors.badRequest({ reason: jsonFault(text, cause as Error) }));
    }
  });
}
