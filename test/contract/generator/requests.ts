/** Requests of a described operation: all of its parts as values, and how they go over the wire. */
import fc, { type Arbitrary } from 'fast-check';
import { TOKEN } from '../../support/mock.ts';
import { type WireResponse, wireCall } from '../../support/wire.ts';
import type { DescribedOperation, DescribedParameter, Schema } from '../hook/checker.ts';
import { allowed } from './values.ts';

export type Values = Record<string, unknown>;

/** A request before it is sent; a query value that is a list stands as often as it has items. */
export interface Sent {
  path: Values;
  query: Values;
  headers: Values;
  /** Undefined = no body at all. */
  body: unknown;
  /** In place of the described one. */
  type?: string;
}

/** An operation with where it stands. */
export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly described: DescribedOperation;
}

export const FORM = 'multipart/form-data';
const BOUNDARY = 'a-boundary-that-no-value-holds';

/** The described type of the body and its schema. */
export const bodyOf = ({ described }: Operation): [type: string, schema: Schema] | undefined =>
  Object.entries(described.requestBody?.content ?? {}).map(([type, { schema }]): [string, Schema] => [
    type,
    schema,
  ])[0];

export const parametersIn = ({ described }: Operation, place: DescribedParameter['in']) =>
  (described.parameters ?? []).filter((one) => one.in === place);

/** Any value, and more often than not one of something that is there. */
const orKnown = (name: string, any: Arbitrary<unknown>, known: Values): Arbitrary<unknown> =>
  name in known ? fc.oneof(any, { weight: 3, arbitrary: fc.constant(known[name]) }) : any;

const valuesOf = (
  operation: Operation,
  place: DescribedParameter['in'],
  known: Values,
): Arbitrary<Values> => {
  const all = parametersIn(operation, place);
  const each = all.map(({ name, schema }) => [name, orKnown(name, allowed(schema), known)] as const);
  return fc.record(Object.fromEntries(each), {
    requiredKeys: all.filter(({ required }) => required === true).map(({ name }) => name),
  }) as Arbitrary<Values>;
};

/** Any request that the description allows; `known` = values by name of things that are there. */
export function requestsTo(operation: Operation, known: Values = {}): Arbitrary<Sent> {
  const [, schema] = bodyOf(operation) ?? [];
  const body = schema === undefined ? fc.constant(undefined) : bodies(schema, known);
  const isOptional = operation.described.requestBody?.required !== true;
  return fc.record({
    path: valuesOf(operation, 'path', known),
    query: valuesOf(operation, 'query', known),
    headers: valuesOf(operation, 'header', known),
    body: isOptional ? fc.option(body, { nil: undefined }) : body,
  });
}

/** A body whose members are often of things that are there. */
const bodies = (schema: Schema, known: Values): Arbitrary<unknown> =>
  fc.tuple(allowed(schema), fc.infiniteStream(fc.boolean())).map(([body, coins]) => {
    const members = Object.entries(body as Values).map(([name, value]) => {
      const isThere = name in known && coins.next().value === true;
      return [name, isThere ? known[name] : value];
    });
    return Object.fromEntries(members);
  });

function encoded(type: string, body: unknown): Buffer {
  if (!type.startsWith(FORM)) return Buffer.from(JSON.stringify(body));
  const parts = Object.entries(body as Values).map(([name, value]) =>
    Buffer.concat([
      Buffer.from(`--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n`),
      Buffer.from(String(value)),
      Buffer.from('\r\n'),
    ]),
  );
  return Buffer.concat([...parts, Buffer.from(`--${BOUNDARY}--\r\n`)]);
}

const query = (values: Values): string => {
  const all = Object.entries(values).flatMap(([name, value]) =>
    [value].flat().map((one) => `${name}=${encodeURIComponent(String(one))}`),
  );
  return all.length === 0 ? '' : `?${all.join('&')}`;
};

/** The target of a request, as it is sent. */
export const targetOf = ({ path }: Operation, sent: Sent): string =>
  path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(sent.path[name]))) +
  query(sent.query);

/** Sends a request, as a caller that takes pages, too. Changes by the control calls declare that they are JSON, even without a body. */
export function send(port: number, operation: Operation, sent: Sent): Promise<WireResponse> {
  const described = bodyOf(operation)?.[0] ?? 'application/json';
  const type = sent.type ?? (described === FORM ? `${FORM}; boundary=${BOUNDARY}` : described);
  const isAdminChange = operation.method !== 'get' && operation.path.startsWith('/__admin');
  const body =
    sent.body === undefined ? undefined : encoded(type === sent.type ? described : type, sent.body);
  return wireCall({
    port,
    method: operation.method.toUpperCase(),
    target: targetOf(operation, sent),
    headers: {
      accept: 'text/html, application/json',
      'x-auth-token': TOKEN,
      ...(body === undefined && !isAdminChange ? {} : { 'content-type': type }),
      ...(body === undefined ? {} : { 'content-length': String(body.length) }),
      ...(sent.headers as Record<string, string>),
    },
    ...(body === undefined ? {} : { body }),
  });
}
