/** Validation of requests: each schema is compiled at its first use, a mismatch is rejected in the provider's words. */
import type { TSchema } from '@sinclair/typebox';
import type { FastifySchemaCompiler, FastifyServerOptions } from 'fastify';
import { type ApigError, errors } from '../core/errors.ts';
import { type Checker, type CheckerOf, loadCheckers, placeOf } from '../core/validation.ts';

/** A value that does not fit, with the error to send. */
interface Mismatch extends Error {
  readonly apigError: ApigError;
}

let checkerOf: CheckerOf | undefined;

/** Runs before the first validation: what checking needs is loaded then, not at start-up. */
export async function loadBeforeValidation(): Promise<void> {
  checkerOf ??= await loadCheckers();
}

/** What Fastify calls per schema and part of the request. */
export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  let checker: Checker | undefined;
  return (given: unknown): { value: unknown } | { error: Mismatch } => {
    checker ??= checkerOf?.(schema);
    if (checker === undefined) throw new Error('validation before its checkers were loaded');
    // Text of the URL becomes the number or boolean that its schema wants; a body must bring the right type.
    const value = httpPart === 'body' ? given : checker.convert(given);
    const problem = checker.problem(value);
    if (problem === undefined) return { value };
    const name = placeOf(problem.at) || (httpPart ?? 'body');
    const nothing = (given ?? null) === null;
    const details = { reason: nothing ? `${name} is missing` : `${name} ${problem.message}` };
    const missing = problem.missing || nothing;
    const apigError = missing
      ? errors.parameterMissing(name, details)
      : errors.parameterInvalid(name, details);
    return { error: Object.assign(new Error(details.reason), { apigError }) };
  };
};

/** The provider's error of a failed validation, when `error` is one. */
export function mismatchOf(error: unknown): ApigError | undefined {
  return (error as Partial<Mismatch> | null)?.apigError;
}

/**
 * Fastify's own compilers are left out: schemas are checked by ours, and responses are made in their final form.
 * Any instance of Fastify here takes these, since the bundle holds no others.
 */
export const ownCompilers = {
  compilersFactory: { buildValidator: () => validatorCompiler, buildSerializer: () => () => JSON.stringify },
} as unknown as NonNullable<FastifyServerOptions['schemaController']>;
