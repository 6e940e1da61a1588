/** Values that a schema of the description allows, as arbitraries, and values to try that it may not allow. */
import fc, { type Arbitrary } from 'fast-check';
import type { Schema } from '../hook/checker.ts';

const LONGEST = 300;
const printable = fc.string({ unit: 'grapheme-ascii', maxLength: 20 });

/** Any value that the schema allows, its bounds more often than chance would have them. */
export function allowed(schema: Schema): Arbitrary<unknown> {
  if (schema.nullable === true) {
    const { nullable: _, ...rest } = schema;
    return fc.oneof({ weight: 1, arbitrary: fc.constant(null) }, { weight: 4, arbitrary: allowed(rest) });
  }
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map(allowed));
  switch (schema.type) {
    case 'string':
      return text(schema);
    case 'integer':
      return whole(schema);
    case 'number':
      return fc
        .double({ min: schema.minimum ?? -1e9, max: schema.maximum ?? 1e9, noNaN: true })
        .map((n) => n + 0);
    case 'boolean':
      return fc.boolean();
    case 'array':
      return fc.array(allowed(schema.items), { minLength: schema.minItems ?? 0, maxLength: 3 });
    case 'object':
      return members(schema);
    default:
      return fc.jsonValue({ maxDepth: 2 });
  }
}

function text({ pattern, minLength = 0, maxLength = LONGEST, format }: Schema): Arbitrary<string> {
  if (format === 'date-time')
    return fc
      .date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true })
      .map((date) => date.toISOString());
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern, 'u'));
  const most = Math.min(maxLength, LONGEST);
  return fc.oneof(
    fc.string({ unit: 'grapheme-ascii', minLength, maxLength: Math.min(most, 20) }),
    fc.constantFrom('x'.repeat(Math.max(minLength, 1)), 'x'.repeat(most)),
  );
}

const whole = ({ minimum = -1000, maximum = 1000 }: Schema): Arbitrary<number> =>
  fc.oneof(
    fc.constantFrom(minimum, maximum),
    fc.bigInt({ min: BigInt(minimum), max: BigInt(maximum) }).map(Number),
  );

function members({ properties = {}, required = [], additionalProperties, patternProperties }: Schema) {
  const known = fc.record(
    Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, allowed(schema)])),
    { requiredKeys: required },
  );
  const [pattern, more] = Object.entries<Schema>(patternProperties ?? {})[0] ?? ['', additionalProperties];
  if (more === undefined || typeof more === 'boolean') return known;
  const names = pattern === '' || pattern === '^(.*)$' ? printable : fc.stringMatching(new RegExp(pattern));
  return fc
    .tuple(known, fc.dictionary(names, allowed(more), { maxKeys: 3 }))
    .map(([own, others]) => ({ ...others, ...own }));
}

/** One value of each kind, and those that lie just beyond the bounds of the schema. */
export function tried(schema: Schema): unknown[] {
  const beyond: unknown[] = [];
  if (schema.minimum !== undefined) beyond.push(schema.minimum - 1);
  if (schema.maximum !== undefined) beyond.push(schema.maximum + 1, schema.maximum + 0.5);
  if (schema.maxLength !== undefined && schema.maxLength <= 100_000)
    beyond.push('x'.repeat(schema.maxLength + 1));
  if (schema.enum !== undefined) beyond.push(String(schema.enum[0]).toUpperCase(), ` ${schema.enum[0]}`);
  return [
    null,
    true,
    5,
    -1,
    1.5,
    '',
    'a b',
    'ü',
    '5',
    '../x',
    'x'.repeat(200),
    [],
    [5],
    [null],
    {},
    { a: 1 },
    ...beyond,
  ];
}
/** Texts to try in a query, a path or a form. */
export const triedTexts = (schema: Schema): string[] => [
  ...new Set([
    ...tried(schema)
      .filter((value) => typeof value !== 'object')
      .map(String),
    ...['1e2', '01', ' 5', '5 ', '+5', '0x5', '5.0', 'nonsense', 'a/b', '%', '\u0000'],
  ]),
];
