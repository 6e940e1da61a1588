/**
 * The body and query of an export, checked before a task exists. Source: the page of
 * ExportApiDefinitionsAsync, 2026-11.
 */
import { DEFINES, FILE_TYPES, OAS_VERSIONS } from '../core/choices.ts';
import { errors, fieldInvalid } from '../core/errors.ts';
import { ID_IN_WORDS } from '../core/scope.ts';
import type { ExportOptions } from '../tasks/input.ts';
import { fieldsOf } from './body.ts';
import { ID, isUnset } from './import/fields.ts';

const VERSION = /^[\p{L}\d\-_./:()+ ]{1,128}$/u;

/** Checks a body and the `oas_version` of the query. Throws `ApigError`. */
export function checkExportBody(body: unknown, oasVersion?: unknown): ExportOptions {
  const fields = fieldsOf(body);
  const version = versionField(fields['version']);
  const apis = apisField(fields['apis']);
  return {
    envId: idField(fields, 'env_id'),
    groupId: idField(fields, 'group_id'),
    define: choice('define', fields['define'], DEFINES),
    type: choice('type', fields['type'], FILE_TYPES),
    ...(version !== undefined && { version }),
    ...(apis !== undefined && { apis }),
    oasVersion: choice('oas_version', oasVersion, OAS_VERSIONS),
  };
}

function idField(fields: Readonly<Record<string, unknown>>, name: string): string {
  const value = fields[name];
  if (isUnset(value)) throw errors.parameterMissing(name, { reason: `${name} is missing: give an id` });
  if (typeof value !== 'string' || !ID.test(value)) throw fieldInvalid(name, `an id: ${ID_IN_WORDS}`);
  return value;
}

/** The first choice is the default. */
function choice<T extends string>(name: string, value: unknown, choices: readonly [T, ...T[]]): T {
  if (isUnset(value)) return choices[0];
  const found = choices.find((known) => known === value);
  if (found === undefined) throw fieldInvalid(name, `one of ${choices.join(', ')}`);
  return found;
}

function versionField(value: unknown): string | undefined {
  if (isUnset(value)) return undefined;
  if (typeof value !== 'string' || !VERSION.test(value))
    throw fieldInvalid('version', 'a text of 1 to 128 letters, digits, spaces and -_./:()+');
  return value;
}

/** An empty list means all, as an absent one does. */
function apisField(value: unknown): string[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) throw fieldInvalid('apis', 'a list of ids');
  const ids = value.filter((id): id is string => typeof id === 'string' && ID.test(id));
  if (ids.length !== value.length) throw fieldInvalid('apis', `a list of ids: ${ID_IN_WORDS} each`);
  return ids.length === 0 ? undefined : [...new Set(ids)];
}
