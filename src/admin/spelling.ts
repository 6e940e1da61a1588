/**
 * The one place where the library's spelling (camelCase) and that of the wire (snake_case) meet. Members are renamed as
 * the schema of a value declares them; what a schema does not name, such as the headers of a fault, stays as it is.
 */
import type { TSchema } from '@sinclair/typebox';
import type { MockEvent } from './api.ts';

const toSnake = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const toCamel = (name: string): string =>
  name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** The schemas that a union or intersection is made of. */
function partsOf(schema: TSchema): TSchema[] {
  const parts = [...((schema['anyOf'] ?? []) as TSchema[]), ...((schema['allOf'] ?? []) as TSchema[])];
  return parts.length === 0 ? [schema] : parts.flatMap(partsOf);
}

/** The schema of a member, in whichever variant of a union has it. */
function memberOf(parts: readonly TSchema[], name: string): TSchema[] {
  return parts.flatMap((part) => {
    const properties = part['properties'] as Readonly<Record<string, TSchema>> | undefined;
    return properties !== undefined && Object.hasOwn(properties, name)
      ? partsOf(properties[name] as TSchema)
      : [];
  });
}

type Rename = (name: string) => { readonly wire: string; readonly renamed: string };

function respell(value: unknown, parts: readonly TSchema[], rename: Rename): unknown {
  if (typeof value !== 'object' || value === null || parts.length === 0) return value;
  if (Array.isArray(value)) {
    const items = parts.flatMap((part) =>
      part['items'] === undefined ? [] : partsOf(part['items'] as TSchema),
    );
    return value.map((item) => respell(item, items, rename));
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      const { wire, renamed } = rename(name);
      const member = memberOf(parts, wire);
      if (member.length > 0) return [renamed, respell(inner, member, rename)];
      // The names of members as data, as of those that differ: `task_id`, `form.api_mode`.
      if (parts.some((part) => part['x-names'] === true))
        return [name.replace(/^[^.]+/, (head) => rename(head).renamed), inner];
      return [name, inner];
    }),
  );
}

/** A request of the library as the wire has it. */
export const toWire = (schema: TSchema | undefined, value: unknown): unknown =>
  schema === undefined
    ? value
    : respell(value, partsOf(schema), (name) => ({ wire: toSnake(name), renamed: toSnake(name) }));

/** A response of the wire as the library has it. */
export const fromWire = (schema: TSchema | undefined, value: unknown): unknown =>
  schema === undefined
    ? value
    : respell(value, partsOf(schema), (name) => ({ wire: name, renamed: toCamel(name) }));

/** An event of the wire as the library has it; none of its members is data by name. */
export const eventFromWire = (event: object): MockEvent =>
  Object.fromEntries(
    Object.entries(event).map(([name, value]) => [toCamel(name), value]),
  ) as unknown as MockEvent;
