/** Checks what was given for the settings, and fills in the rest. */
import { SETTINGS, type Setting, type Settings } from './settings.ts';

/** A value that no setting takes; says which setting, what it was given, and what it takes. */
export class SettingError extends Error {
  override readonly name = 'SettingError';
}

/** What a setting takes, in words, for a refusal and for `--help`. */
export function takes(setting: Setting): string {
  switch (setting.kind) {
    case 'text':
      return 'a text that is not empty';
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
function fits(setting: Setting, value: unknown): boolean {
  switch (setting.kind) {
    case 'text':
      return isText(value);
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

/** A value as it is shown in a message: never a secret. */
export const shown = (setting: Setting, value: unknown): string =>
  setting.secret ? '(hidden)' : typeof value === 'string' ? `'${value}'` : JSON.stringify(value);

/** Checks a value; `spelling` is how the user wrote the setting (`--port`, `APIG_MOCK_PORT`, `port`). */
export function checkValue(setting: Setting, value: unknown, spelling: string): void {
  if (fits(setting, value)) return;
  throw new SettingError(`${spelling}: ${shown(setting, value)} is not what it takes: ${takes(setting)}`);
}

/** Settings from what a library user gave: checked, the rest filled with defaults. Unknown names are refused. */
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
    checkValue(setting, value, setting.name);
    filled[setting.name] = value;
  }
  return filled as unknown as Settings;
}
