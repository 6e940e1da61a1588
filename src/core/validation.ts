/**
 * Checks values against TypeBox schemas. The compiler is loaded when it is first asked for, and each schema is
 * compiled when it is first used, so that start-up pays for neither.
 */
import type { TSchema } from '@sinclair/typebox';
import { errors } from './errors.ts';
import { once } from './once.ts';

/** What is wrong with a value, and where: `at` is a JSON pointer such as `/tasks/3/task_status`. */
export interface Problem {
  readonly at: string;
  /** What the place takes, in words. */
  readonly message: string;
  /** The place holds nothing although it must. */
  readonly missing: boolean;
}

/** A compiled schema: the first problem of a value, and a query or path with texts made numbers where it wants them. */
export interface Checker {
  problem(value: unknown): Problem | undefined;
  convert(value: unknown): unknown;
}

/** Makes the checker of a schema, or gives the one made before. */
export type CheckerOf = (schema: TSchema) => Checker;

/** Members that distinguish the variants of a union in this project's schemas. */
const DISCRIMINATORS = ['mode', 'status', 'type', 'task_type'] as const;

/** Loads what checking needs, once; a load that failed is tried again. */
export const loadCheckers = once(load);

async function load(): Promise<CheckerOf> {
  const [{ TypeCompiler }, { Errors, ValueErrorType }] = await Promise.all([
    import('@sinclair/typebox/compiler'),
    import('@sinclair/typebox/errors'),
  ]);

  /** The first error; for a union, the first error of the variant that the value means to be. */
  const firstProblem = (of: TSchema, value: unknown, under: string): Problem => {
    const error = Errors(of, value).First();
    if (error === undefined) return { at: under, message: 'is not as described', missing: false };
    const at = under + error.path;
    const variant = meantVariant(error.schema, error.value);
    if (variant !== undefined) return firstProblem(variant, error.value, at);
    const missing = error.type === ValueErrorType.ObjectRequiredProperty;
    return { at, message: describe(error.schema, missing ? 'is missing' : error.message), missing };
  };

  const compiled = new WeakMap<TSchema, Checker>();
  return (schema) => {
    const known = compiled.get(schema);
    if (known !== undefined) return known;
    const check = TypeCompiler.Compile(schema);
    const checker: Checker = {
      problem: (value) => (check.Check(value) ? undefined : firstProblem(schema, value, '')),
      convert: (value) => withNumbers(schema, value),
    };
    compiled.set(schema, checker);
    return checker;
  };
}

/** A whole number as JSON writes it: no sign, no zeros in front, no exponent, no blanks. */
const WHOLE = /^(?:0|[1-9]\d*)$/;

/** The texts of a query or path, with whole numbers where the schema of a member wants one. */
function withNumbers(schema: TSchema, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([name, text]) => {
    const wanted: unknown = schema['properties']?.[name]?.type;
    const isWhole = wanted === 'integer' && typeof text === 'string' && WHOLE.test(text);
    return [name, isWhole ? Number(text) : text];
  });
  return Object.fromEntries(members);
}

/** The variant of a union that a value means to be, by the member that distinguishes them; unions may nest. */
function meantVariant(schema: TSchema, value: unknown): TSchema | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const variants = variantsOf(schema);
  for (const name of DISCRIMINATORS) {
    const means = (value as Record<string, unknown>)[name];
    if (means === undefined) continue;
    return variants.find((variant) => variant['properties']?.[name]?.const === means);
  }
  return undefined;
}

function variantsOf(schema: TSchema): TSchema[] {
  const variants: unknown = schema['anyOf'];
  if (!Array.isArray(variants)) return [];
  return (variants as TSchema[]).flatMap((variant) =>
    variant['anyOf'] === undefined ? [variant] : variantsOf(variant),
  );
}

/** What a place takes, in the words of its schema where it has some. */
function describe(schema: TSchema, message: string): string {
  const described: unknown = schema['description'];
  return typeof described === 'string'
    ? `takes ${described}`
    : message.replace(/^Expected /, 'takes ').toLowerCase();
}

/** Throws when a request has a field that its operation does not take; strict mode alone asks. */
export function rejectUnknown(given: unknown, known: readonly string[], strict: boolean): void {
  if (!strict || typeof given !== 'object' || given === null) return;
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const takes = known.length === 0 ? 'there is none here' : `known: ${known.join(', ')}`;
  throw errors.parameterInvalid(unknown, { reason: `strict mode: there is no field ${unknown}; ${takes}` });
}

/** `/tasks/3/task_status` as a person writes it: `tasks[3].task_status`. */
export function placeOf(pointer: string): string {
  return pointer
    .split('/')
    .slice(1)
    .map((step) =>
      /^\d+$/.test(step) ? `[${step}]` : `.${step.replaceAll('~1', '/').replaceAll('~0', '~')}`,
    )
    .join('')
    .replace(/^\./, '');
}
