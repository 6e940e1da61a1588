/**
 * Settings of a command line: flag before environment before config file before default. Each bad value is
 * rejected with one line that names the option as the user spelled it, the value, and what it takes.
 */

import { readValue, settingsFrom, shown } from '../config/check.ts';
import { type Option, SETTINGS, type Setting, type SettingName, type Settings } from '../config/settings.ts';
import { SettingError } from '../core/errors.ts';
import { didYouMean, nearestOf } from '../core/nearest.ts';
import { type Environment, type Found, findValue, HELP, readLine, type Source, VERSION } from './options.ts';

/** The config file; for `health` as well, which looks where the mock was started to listen. */
export const CONFIG = {
  flag: 'config',
  env: 'APIG_MOCK_CONFIG',
  kind: 'text',
  takes: 'file',
  value: 'file',
  default: undefined,
  help: "settings from a JSON or YAML file; keys are the flags' names",
} as const;
const PRINT_CONFIG = {
  flag: 'print-config',
  kind: 'switch',
  default: undefined,
  help: 'print each setting, its value and where it came from, and exit',
} as const;
const JSON_LINES = {
  flag: 'json',
  kind: 'switch',
  default: undefined,
  help: 'log the start in JSON on a terminal too; --print-config as JSON',
} as const;

/** What serving takes: the settings, and what stands beside them. */
export const SERVE_OPTIONS: readonly Option[] = [
  ...SETTINGS,
  CONFIG,
  PRINT_CONFIG,
  JSON_LINES,
  HELP,
  VERSION,
];

export interface Config {
  readonly settings: Settings;
  readonly sources: Readonly<Record<string, Source>>;
  readonly help: boolean;
  readonly version: boolean;
  readonly printConfig: boolean;
  readonly json: boolean;
}

export interface ConfigInput {
  readonly argv: readonly string[];
  readonly env: Environment;
  /** Reads a config file to a value (JSON or YAML by its name); throws `SettingError` when it cannot. */
  readonly readFile: (path: string) => Promise<unknown>;
}

/** The config of a command line. Throws `SettingError`. */
export async function loadConfig({ argv, env, readFile }: ConfigInput): Promise<Config> {
  const line = readLine(argv, SERVE_OPTIONS);
  const [extra] = line.positionals;
  if (extra !== undefined) throw new SettingError(`'${extra}' is too many (see apig-mock --help)`);
  const isOn = (flag: string): boolean => line.flags.get(flag)?.value === true;
  const asked = {
    ...{ help: isOn('help'), version: isOn('version') },
    ...{ printConfig: isOn('print-config'), json: isOn('json') },
  };
  // Help is for those whose settings are wrong, too: nothing else is looked at.
  if (asked.help || asked.version) return { settings: settingsFrom({}), sources: {}, ...asked };
  const path = findValue(CONFIG, line, env)?.value as string | undefined;
  const file = path === undefined ? {} : checkFile(path, await readFile(path));
  const values: Record<string, unknown> = {};
  const sources: Record<string, Source> = {};
  for (const setting of SETTINGS) {
    const found = findValue(setting, line, env) ?? fromFile(setting, file, path ?? '');
    values[setting.name] = found === undefined ? setting.default : found.value;
    sources[setting.name] = found?.source ?? 'default';
  }
  return {
    settings: values as unknown as Settings,
    sources,
    ...asked,
  };
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
export function describeConfig({ settings, sources, json }: Config): string {
  const rows = SETTINGS.map((setting) => {
    const { name, secret } = setting;
    const value = settings[name];
    return {
      setting,
      value,
      shown: secret && value !== undefined ? '(hidden)' : value,
      source: sources[name],
    };
  });
  if (json) {
    const values = rows.map(({ setting, shown: value = null, source }) => [setting.flag, { value, source }]);
    return JSON.stringify(Object.fromEntries(values), null, 2);
  }
  const width = Math.max(...SETTINGS.map(({ flag }) => flag.length));
  const texts = rows.map(({ setting, value }) => (value === undefined ? '(not set)' : shown(setting, value)));
  const valueWidth = Math.max(...texts.map((text) => text.length));
  return rows
    .map(
      ({ setting, source }, at) =>
        `${setting.flag.padEnd(width)}  ${texts[at]?.padEnd(valueWidth)}  (${source})`,
    )
    .join('\n');
}
