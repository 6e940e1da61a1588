/** The members of JSON bodies. They are checked by hand, since the provider words the errors. */
import { type ApigError, errors, fieldInvalid } from '../core/errors.ts';
import { isUnset } from './import/fields.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The members of a body; one that is no object has none. */
export const fieldsOf = (body: unknown): Fields =>
  typeof body === 'object' && body !== null ? (body as Fields) : {};

/** What a name must be: its test, in words, and the error of one that fails it. */
export interface NameRule {
  readonly isName: (name: string) => boolean;
  readonly takes: string;
  readonly rejected: (field: string, details: { reason: string }) => ApigError;
}

/** A mandatory name. Throws `APIG.2001` where it is missing. */
export function nameField(fields: Fields, { isName, takes, rejected }: NameRule): string {
  const { name } = fields;
  if (isUnset(name)) throw errors.parameterMissing('name', { reason: `name is missing: ${takes}` });
  if (typeof name !== 'string' || !isName(name)) throw rejected('name', { reason: `name: takes ${takes}` });
  return name;
}

/** An optional remark; undefined = left out. Throws `APIG.2012` for one that is too long. */
export function remarkField({ remark }: Fields, mostChars: number): string | undefined {
  if (remark === undefined || remark === null) return undefined;
  if (typeof remark !== 'string' || remark.length > mostChars)
    throw fieldInvalid('remark', `a text of at most ${mostChars} characters`);
  return remark;
}
