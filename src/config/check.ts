/** Checks what was given for the settings, and fills in the rest. */
import { SettingError } from '../core/errors.ts';
import { type Option, SETTINGS, type Settings } from './settings.ts';

/** What an option takes, in words, for a rejection and for `--help`. */
export function takes(setting: Option): string {
  switch (setting.kind) {
    case 'text':
      return setting.takes === undefined ? 'a text that is not empty' : `a ${setting.takes}`;
    case 'json':
      return 'a JSON list';
    case 'list':
      return `one or more ${setting.takes ?? 'texts'}`;
    case 'number':
      return `a whole number from ${setting.min} to ${setting.max}`;
    case 'switch':
      return 'true or false';
    case 'choice':
      return `one of ${setting.choices.join(', ')}`;
  }
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

/** Whether a typed value (of the library or a config file) fits its setting. */
function fits(setting: Option, value: unknown): boolean {
  switch (setting.kind) {
    case 'text':
      return isText(value) && (setting.pattern?.test(value) ?? true);
    case 'json':
      return Array.isArray(value);
    case 'list':
      return (
        Array.isArray(value) && value.every((item) => isText(item) && (setting.pattern?.test(item) ?? true))
      );
    case 'number':
      return Number.isInteger(value) && (value as number) >= setting.min && (value as number) <= setting.max;
    case 'switch':
      return typeof value === 'boolean';
    case 'choice':
      return setting.choices.includes(value as string);
  }
}

/** A value as it is shown in a message, in one line: never a secret. */
export const shown = (setting: Option, value: unknown): string => {
  if (setting.secret) return '(hidden)';
  return typeof value === 'string' && !/[\p{Cc}\u2028\u2029]/u.test(value)
    ? `'${value}'`
    : JSON.stringify(value);
};

/** The value of a setting as it is meant, checked; `spelling` is how the user wrote it (`--port`, `APIG_MOCK_PORT`, `port`). */
export function readValue(setting: Option, given: unknown, spelling: string): unknown {
  const tidy = (value: unknown): unknown =>
    typeof value === 'string' && setting.tidy !== undefined ? setting.tidy(value) : value;
  const value = Array.isArray(given) ? given.map(tidy) : tidy(given);
  if (fits(setting, value)) return value;
  throw new SettingError(`${spelling}: ${shown(setting, value)} is not what it takes: ${takes(setting)}`);
}

/** Settings from what a library user gave: checked, the rest filled with defaults. Unknown names are rejected. */
export function settingsFrom(given: Partial<Settings>, defaults: Partial<Settings> = {}): Settings {
  const known = new Set<string>(SETTINGS.map((setting) => setting.name));
  for (const name of Object.keys(given)) {
    if (!known.has(name)) throw new SettingError(`${name}: there is no such option`);
  }
  const filled: Record<string, unknown> = {};
  for (const setting of SETTINGS) {
    const value = given[setting.name];
    if (value === undefined) {
      filled[setting.name] = setting.name in defaults ? defaults[setting.name] : setting.default;
      continue;
    }
    filled[setting.name] = readValue(setting, value, setting.name);
  }
  return filled as unknown as Settings;
}
