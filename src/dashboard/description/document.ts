/** Puts the description together: the frame, and per route its own schemas with what there is to say about it. */
import type { TSchema } from '@sinclair/typebox';
import type { FastifySchema } from 'fastify';
import type { ErrorBody } from '../../errors.ts';
import { documentedSeed } from '../../tasks/documented.ts';
import { errorBody } from './answers.ts';
import { CONTROL_OPERATIONS } from './control-operations.ts';
import examples from './examples.json' with { type: 'json' };
import { headersOf } from './finish.ts';
import { OPERATIONS, type Operation } from './operations.ts';
import { ANY_REQUEST, type Refusal } from './refusals.ts';

/** A route to be described. */
export interface DescribedRoute {
  readonly method: string;
  readonly url: string;
  readonly schema: FastifySchema;
}

/** What Fastify takes for a route, with what the describer takes beside it. */
export type DocumentedSchema = FastifySchema & Readonly<Record<string, unknown>>;

const ABOUT = `A local stand-in for the asynchronous import and export tasks of Huawei Cloud API Gateway.
Every answer carries \`X-Request-Id\`; refusals have \`error_code\` and \`error_msg\`, and \`X-Mock-Reason\` says why.
Any request may also be refused as \`components.responses\` describes (a broken request, no such path), and by a fault that you put in force.
Calls of \`/__admin\` that change something take \`Content-Type: application/json\`, also without a body.`;

const DESCRIBED: Readonly<Record<string, Operation>> = { ...OPERATIONS, ...CONTROL_OPERATIONS };
/** The headers of answers, by the operation's id. */
export const ANSWER_HEADERS: ReadonlyMap<string, NonNullable<Operation['answerHeaders']>> = new Map(
  Object.values(DESCRIBED).map(({ id, answerHeaders = {} }) => [id, answerHeaders]),
);
const RECORDED = examples as Readonly<Record<string, unknown>>;

/** What any request may meet. */
const commonResponses = (): Record<string, { description: string }> =>
  Object.fromEntries(
    Object.entries(ANY_REQUEST).map(([name, { status, body, says }]) => [
      name,
      {
        description: says,
        'x-status': status,
        headers: headersOf(status),
        content: {
          'application/json': {
            schema: errorBody([body.error_code]),
            examples: { [body.error_code]: { value: body } },
          },
        },
      },
    ]),
  );

/** The frame of the document. */
export const documentFrame = (version: string) => ({
  openapi: '3.0.3',
  info: { title: 'apig-mock', version, description: ABOUT, license: { name: 'MIT' } },
  servers: [{ url: '/' }],
  tags: [
    { name: 'Asynchronous tasks', description: 'Imports and exports that take their time' },
    { name: 'Groups and APIs', description: 'What imports leave behind' },
    { name: 'IAM', description: 'Tokens, projects, domains and regions' },
    { name: 'Control', description: 'What only a mock can do' },
    { name: 'Pages', description: 'For people' },
  ],
  components: {
    responses: commonResponses(),
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

/** A route's schema with what there is to say about it. Throws for a route that nothing is known of. */
export function documentRoute({ method, url, schema }: DescribedRoute): DocumentedSchema {
  const key = `${method} ${url}`;
  const operation = DESCRIBED[key];
  if (operation === undefined) throw new Error(`the route ${key} is not described`);
  const { id, summary, tag, body = schema.body, query, headers, consumes, produces, security } = operation;
  return {
    ...schema,
    ...(body === undefined ? {} : { body }),
    ...(query === undefined
      ? {}
      : { querystring: { ...query, properties: { ...membersOf(schema.querystring), ...query.properties } } }),
    ...(headers === undefined ? {} : { headers }),
    operationId: id,
    summary,
    tags: [tag],
    security: security.map((one) => ({ ...one })),
    ...(consumes === undefined ? {} : { consumes: [consumes] }),
    ...(produces === undefined ? {} : { produces: [produces] }),
    response: { ...answers(key, operation), ...refusals(key, operation) },
  };
}

const membersOf = (schema: unknown): object => (schema as TSchema | undefined)?.['properties'] ?? {};

type Media = { schema: TSchema | object; examples: Record<string, { value: unknown }> };
const withContent = (description: string, type: string, media: Media) => ({
  description,
  content: { [type]: media },
});

function answers(key: string, { status, answer, produces }: Operation): Record<string, unknown> {
  if (status >= 400) return {};
  if (status === 204 || status === 302) return { [status]: { type: 'null', description: DONE[status] } };
  const description = status === 200 ? 'The answer' : status === 201 ? 'Made' : 'Accepted';
  const schema = answer ?? { type: produces === 'application/json' ? 'object' : 'string' };
  return {
    [status]: withContent(description, produces ?? 'application/json', { schema, examples: examplesOf(key) }),
  };
}

const DONE: Readonly<Record<number, string>> = { 204: 'Done', 302: 'At /__admin/' };

/** The five answers of the provider's page; else what a mock once answered. */
function examplesOf(key: string): Media['examples'] {
  if (!key.endsWith('/async-tasks/:task_id')) return { recorded: { value: RECORDED[key] } };
  const tasks = documentedSeed.tasks.map(({ task_id, task_status, task_type, task_result }, at) => [
    `documented_${at + 1}_${task_status}`,
    { value: { task_id, task_status, task_type, task_result } },
  ]);
  return Object.fromEntries(tasks) as Media['examples'];
}

/** The refusals by status, one example per code and no other code; a request that is none, and what was not foreseen, are among them. */
function refusals(key: string, { refusals: own, refused = {} }: Operation): Record<string, unknown> {
  const all: Refusal[] = [...own, ANY_REQUEST.SystemError];
  if (own.some(({ status }) => status === 400)) all.push(ANY_REQUEST.BadRequest);
  const statuses = new Set(all.map(({ status }) => status));
  return Object.fromEntries(
    Array.from(statuses, (status) => {
      // Beside some refusals stands what the answer would have been.
      const beside = refused[status] === undefined ? {} : (RECORDED[key] as object);
      const bodies = all.filter((one) => one.status === status).map(({ body }) => ({ ...body, ...beside }));
      const codes = bodies.map(({ error_code }) => error_code);
      const media = { schema: errorBody(codes, refused[status]), examples: examplesOfRefusals(bodies) };
      return [status, withContent(REFUSED[status] ?? 'Refused', 'application/json', media)];
    }),
  );
}

function examplesOfRefusals(bodies: readonly ErrorBody[]): Media['examples'] {
  const examples: Media['examples'] = {};
  for (const body of bodies) {
    const { error_code: code } = body;
    examples[code in examples ? `${code}_${Object.keys(examples).length}` : code] = { value: body };
  }
  return examples;
}

const REFUSED: Readonly<Record<number, string>> = {
  400: 'A parameter is missing or wrong',
  401: 'No credentials, or none that are good',
  403: 'Not allowed',
  404: 'Not there',
  408: 'Not yet: the time for waiting is up',
  409: 'Never: nothing will move it',
  415: 'Changes take application/json',
  500: 'System error',
};
