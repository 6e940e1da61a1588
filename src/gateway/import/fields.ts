/**
 * The form fields of an import, checked before a task exists: a missing or unknown value is rejected at once
 * with `APIG.2001` or `APIG.2012`. Booleans and modes arrive as text or typed. Source: the page of
 * ImportApiDefinitionsAsync, 2026-11.
 */
import { MODES } from '../../core/choices.ts';
import { errors, fieldInvalid } from '../../core/errors.ts';
import { mayRepeat } from '../../core/nearest.ts';
import { ID_IN_WORDS, idPattern } from '../../core/scope.ts';
import type { ImportOptions } from '../../tasks/input.ts';
import { ImportFormBody } from '../schemas.ts';

/** An id as a field takes it. */
export const ID = idPattern(false);
const FORM = ImportFormBody.properties;
type Field = keyof typeof FORM;

/** Fields by name as they came; a field that was not sent is absent. */
export type ImportFields = Readonly<Record<string, unknown>>;

/** The part of the form that holds the file. */
export const FILE_FIELD = 'file_name' satisfies Field;
/** What to send, for who sent something else. */
export const TAKES_FORM = `takes multipart/form-data: curl -F ${FILE_FIELD}=@FILE`;

/** The form of an import as it was read. A class, so that a JSON body of the same shape is no form. */
export class ImportForm {
  readonly fields: ImportFields;
  readonly file: Uint8Array | string | undefined;
  /** As the client names the file, without a folder; several send none. */
  readonly fileName: string | undefined;

  constructor(fields: ImportFields, file: Uint8Array | string | undefined, fileName?: string) {
    this.fields = fields;
    this.file = file;
    this.fileName = fileName;
  }
}

/** Checks all fields but the file. Throws `ApigError`. */
export function checkImportFields(fields: ImportFields): ImportOptions {
  const isCreateGroup = booleanField(fields, 'is_create_group');
  const groupId = textField(fields, 'group_id');
  const options = {
    isCreateGroup,
    groupId: isCreateGroup ? '' : groupId,
    extendMode: modeField(fields, 'extend_mode'),
    simpleMode: booleanField(fields, 'simple_mode'),
    mockMode: booleanField(fields, 'mock_mode'),
    apiMode: modeField(fields, 'api_mode'),
  };
  if (!isCreateGroup && groupId === '') {
    throw errors.parameterMissing('group_id', { reason: 'group_id is needed when is_create_group is false' });
  }
  if (groupId !== '' && !ID.test(groupId)) throw wrong('group_id', `an id: ${ID_IN_WORDS}`, undefined);
  return options;
}

/** Checks the file itself: there, not empty and not longer than `maxBytes`. Throws `ApigError`. */
export function checkImportFile(
  file: Uint8Array | string | undefined,
  maxBytes: number,
  fields: ImportFields = {},
): Uint8Array | string {
  if (file === undefined) throw errors.parameterMissing(FILE_FIELD, { reason: noFile(fields) });
  const bytes = typeof file === 'string' ? Buffer.byteLength(file) : file.byteLength;
  if (bytes === 0) throw errors.inputEmpty({ reason: `the part ${FILE_FIELD} is empty: it has 0 bytes` });
  if (bytes > maxBytes) throw errors.inputTooLong({ reason: `a file has at most ${maxBytes} bytes` });
  return file;
}

/** The parts that are there instead; a name that is no word may be anything. */
function noFile(fields: ImportFields): string {
  const names = Object.keys(fields);
  if (names.length === 0) return `no part ${FILE_FIELD}: ${TAKES_FORM}`;
  const shown = names.map((name) => (mayRepeat(name) ? name : '(another)')).slice(0, 8);
  return `no part ${FILE_FIELD}; there is: ${shown.join(', ')}${names.length > shown.length ? ', ...' : ''}`;
}

/** A field that was sent with a value it does not take; a short word is repeated. */
function wrong(name: string, takes: string, value: unknown): Error {
  const not = mayRepeat(value, 12) ? `, not '${value}'` : '';
  return fieldInvalid(name, `${takes}${not}`);
}

function booleanField(fields: ImportFields, name: Field): boolean {
  const value = fields[name];
  if (isUnset(value)) return FORM[name].default === 'true';
  if (typeof value === 'boolean') return value;
  const text = typeof value === 'string' ? value.trim().toLowerCase() : '';
  if (text === 'true') return true;
  if (text === 'false') return false;
  throw wrong(name, 'true or false', value);
}

function modeField(fields: ImportFields, name: Field): (typeof MODES)[number] {
  const value = fields[name];
  const given = typeof value === 'string' ? value.trim() : value;
  if (isUnset(given)) return MODES[0];
  const mode = MODES.find((known) => known === given);
  if (mode === undefined) throw wrong(name, MODES.join(' or '), value);
  return mode;
}

function textField(fields: ImportFields, name: Field): string {
  const value = fields[name];
  if (isUnset(value)) return '';
  if (typeof value !== 'string') throw wrong(name, 'a text', undefined);
  return value.trim();
}

/** An empty form field is how several clients send one they do not set. */
export function isUnset(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}
