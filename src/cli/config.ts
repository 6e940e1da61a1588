/**
 * Settings of a command line: flag before environment before config file before default. Each bad value is
 * rejected with one line that names the option as the user spelled it, the value, and what it takes.
 */

import { readValue, settingsFrom, shown, takes } from '../config/check.ts';
import { SETTINGS, type Setting, type SettingName, type Settings } from '../config/settings.ts';
import { SettingError } from '../core/errors.ts';
import { didYouMean, nearestOf } from '../core/nearest.ts';
import { type Flags, readFlags, switchOf } from './flags.ts';

/** Where a value came from. */
export type Source = 'flag' | 'environment' | 'file' | 'default';

export interface Config {
  readonly settings: Settings;
  readonly sources: Readonly<Record<string, Source>>;
  readonly help: boolean;
  readonly version: boolean;
  readonly printConfig: boolean;
}

export interface ConfigInput {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Reads a config file to a value (JSON or YAML by its name); throws `SettingError` when it cannot. */
  readonly readFile: (path: string) => Promise<unknown>;
}

/** The config of a command line. Throws `SettingError`. */
export async function loadConfig({ argv, env, readFile }: ConfigInput): Promise<Config> {
  const flags = readFlags(argv);
  const asked = {
    help: flags['help'] === true,
    version: flags['version'] === true,
    printConfig: flags['print-config'] === true,
  };
  // Help is for those whose settings are wrong, too: nothing else is looked at.
  if (asked.help || asked.version) return { settings: settingsFrom({}), sources: {}, ...asked };
  const path = (flags['config'] as string | undefined) ?? env['APIG_MOCK_CONFIG'];
  const file = path === undefined || path === '' ? {} : checkFile(path, await readFile(path));
  const values: Record<string, unknown> = {};
  const sources: Record<string, Source> = {};
  for (const setting of SETTINGS) {
    const found =
      fromFlag(setting, flags) ?? fromEnvironment(setting, env) ?? fromFile(setting, file, path ?? '');
    values[setting.name] = found === undefined ? setting.default : found.value;
    sources[setting.name] = found?.source ?? 'default';
  }
  return {
    settings: values as unknown as Settings,
    sources,
    ...asked,
  };
}

interface Found {
  readonly value: unknown;
  readonly source: Source;
}

function fromFlag(setting: Setting, flags: Flags): Found | undefined {
  const given = flags[setting.flag];
  if (given === undefined) return undefined;
  return {
    value: fromText(setting, given as string | string[] | boolean, `--${setting.flag}`),
    source: 'flag',
  };
}

function fromEnvironment(setting: Setting, env: ConfigInput['env']): Found | undefined {
  const given = env[setting.env];
  if (given === undefined || given === '') return undefined;
  const parts = setting.kind === 'list' ? given.split(',').map((part) => part.trim()) : given;
  return { value: fromText(setting, parts, setting.env), source: 'environment' };
}

function fromFile(
  setting: Setting,
  file: Readonly<Record<string, unknown>>,
  path: string,
): Found | undefined {
  const key = keysOf(setting).find((name) => name in file);
  if (key === undefined) return undefined;
  return { value: readValue(setting, file[key], `${path}: ${key}`), source: 'file' };
}

/** A config file may spell a setting as the flag does or as the library does. */
const keysOf = (setting: Setting): readonly string[] => [
  setting.flag,
  setting.name,
  setting.name.replace(/[A-Z]/g, (l) => `-${l.toLowerCase()}`),
];

function fromText(setting: Setting, given: string | boolean | string[], spelling: string): unknown {
  if (typeof given !== 'string') return readValue(setting, given, spelling);
  const isFree = setting.kind === 'text' || setting.kind === 'list';
  return readValue(setting, isFree ? given : typed(setting, given.trim()), spelling);
}

/** What a text means as a value of its setting's kind; the text itself when it means none. */
function typed({ kind }: Setting, text: string): unknown {
  if (kind === 'number' && /^\d+$/.test(text)) return Number(text);
  if (kind === 'switch') return switchOf(text) ?? text;
  return kind === 'json' ? fromJson(text) : text;
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function checkFile(path: string, content: unknown): Readonly<Record<string, unknown>> {
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw new SettingError(`${path}: a config file holds an object of settings, such as {"port": 0}`);
  }
  const known = new Set(SETTINGS.flatMap(keysOf));
  for (const key of Object.keys(content)) {
    if (!known.has(key))
      throw new SettingError(
        `${path}: ${key}: there is no such setting${didYouMean(key, known, ' (see apig-mock --help)')}`,
      );
  }
  return content as Readonly<Record<string, unknown>>;
}

/** Variables that are no settings, but known: of the commands, and of this project's own tests. */
const OTHER_VARIABLES = ['APIG_MOCK_CONFIG', 'APIG_MOCK_URL', 'APIG_MOCK_REQUIRE_BROWSER'];
/** What orchestrators set by themselves beside a service of this name. */
const OF_A_SERVICE = /^APIG_MOCK_(SERVICE_(HOST|PORT)|PORT_\d+_(TCP|UDP)|ENV_|NAME$)/;

/** A line for each variable that looks like a setting and is none: it may be another's, so it is not rejected. */
export function strayVariables(env: ConfigInput['env']): string[] {
  const known = [...SETTINGS.map((setting) => setting.env), ...OTHER_VARIABLES];
  return Object.keys(env)
    .filter((name) => name.startsWith('APIG_MOCK_') && !known.includes(name) && !OF_A_SERVICE.test(name))
    .map((name) => `${name} is not a setting, and has no effect${nearestVariable(name, known)}`);
}

/** Held against each other without what all of them begin with. */
function nearestVariable(name: string, known: readonly string[]): string {
  const ends = known.map((one) => one.replace('APIG_MOCK_', ''));
  const near = nearestOf(name.replace('APIG_MOCK_', ''), ends);
  return near === undefined ? ' (see apig-mock --help)' : `; did you mean APIG_MOCK_${near}?`;
}

/** The settings that are no defaults. */
export const givenIn = ({ sources }: Config): ReadonlySet<SettingName> =>
  new Set(SETTINGS.map(({ name }) => name).filter((name) => sources[name] !== 'default'));

/** `--print-config`: every setting, its value, and where it came from. */
export function describeConfig({ settings, sources }: Config): string {
  const rows = SETTINGS.map((setting) => {
    const value = settings[setting.name];
    return [
      setting.flag,
      value === undefined ? '(not set)' : shown(setting, value),
      `(${sources[setting.name]})`,
    ];
  });
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map(
      ([flag = '', value = '', source]) =>
        `${flag.padEnd(widths[0] ?? 0)}  ${value.padEnd(widths[1] ?? 0)}  ${source}`,
    )
    .join('\n');
}

/** The settings part of `--help`. */
export function describeSettings(): string {
  const rows = SETTINGS.map((setting) => {
    const flag =
      setting.kind === 'switch' ? `--[no-]${setting.flag}` : `--${setting.flag} <${setting.value ?? 'text'}>`;
    const fallback =
      setting.default === undefined || (Array.isArray(setting.default) && setting.default.length === 0)
        ? ''
        : ` [${String(setting.default)}]`;
    return [flag, `${setting.help}${fallback}`, `${setting.env}; ${takes(setting)}`] as const;
  });
  const width = Math.max(...rows.map(([flag]) => flag.length));
  return rows
    .map(([flag, help, env]) => `  ${flag.padEnd(width)}  ${help}\n  ${' '.repeat(width)}  ${env}`)
    .join('\n');
}
