/** Schemas of responses: their building blocks, and the example that a schema gives of itself. */
import { type TObject, type TProperties, type TSchema, Type } from '@sinclair/typebox';

/** A text; `example` is what the description shows. */
export const text = (description?: string, example = '') =>
  Type.String({ ...(description === undefined ? {} : { description }), 'x-example': example });
export const count = Type.Integer({ minimum: 0 });
export const flag = (description?: string) =>
  Type.Boolean({ ...(description === undefined ? {} : { description }), 'x-example': true });
export const object = <P extends TProperties>(properties: P, description?: string): TObject<P> =>
  Type.Object(properties, {
    additionalProperties: false,
    ...(description === undefined ? {} : { description }),
  });
export const optional = Type.Optional;
export const list = Type.Array;
export const time = (description = 'RFC 3339') => Type.String({ format: 'date-time', description });
export const id = (description?: string) => text(description, '8d0443832a194eaa84244e0c1c1912ac');
export const nullable = (description: string, example?: string) =>
  Type.Union([text(description, example), Type.Null()]);

/** The members of the two lists that every paged response has beside its items. */
export const paged = { size: count, total: count };

const EXAMPLE_TIME = '2026-03-02T09:30:00.000Z';

/** A value that a schema takes: its own example, else one made of its parts. */
export function exampleOf(schema: TSchema): unknown {
  const { 'x-example': own, const: constant, allOf, anyOf, enum: choices, default: otherwise } = schema;
  if (own !== undefined) return own;
  if (constant !== undefined) return constant;
  if (otherwise !== undefined) return otherwise;
  if (Array.isArray(choices)) return choices[0];
  if (Array.isArray(allOf)) return Object.assign({}, ...(allOf as TSchema[]).map(exampleOf));
  if (Array.isArray(anyOf)) return exampleOf(anyOf[0] as TSchema);
  switch (schema['type']) {
    case 'object':
      return Object.fromEntries(
        Object.entries((schema['properties'] ?? {}) as TProperties).map(([name, member]) => [
          name,
          exampleOf(member),
        ]),
      );
    case 'array':
      return [exampleOf(schema['items'] as TSchema)];
    case 'integer':
    case 'number':
      return Math.max(1, (schema['minimum'] as number | undefined) ?? 1);
    case 'boolean':
      return true;
    case 'null':
      return null;
    default:
      return schema['format'] === 'date-time' ? EXAMPLE_TIME : textFor(schema);
  }
}

/** A text that fits the pattern of a schema: one of its alternatives, an id, a method or a time. */
function textFor({ pattern, minLength = 0 }: TSchema): string | undefined {
  const [, first] = /^\^\((\w+)\|/.exec(String(pattern)) ?? [];
  const fits = new RegExp(String(pattern ?? ''), 'u');
  return [first ?? '', 'p1', 'GET', EXAMPLE_TIME].find((one) => one.length >= minLength && fits.test(one));
}

/** The schema as it is published: without what only examples are made of. */
export const published = <T>(schema: T): T =>
  JSON.parse(JSON.stringify(schema, (name, value: unknown) => (name === 'x-example' ? undefined : value)));
