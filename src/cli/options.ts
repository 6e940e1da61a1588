/**
 * The options of a command line, by a table of what there is: read here for serving and for every sub-command, flag before
 * environment before default. Each bad value is rejected with its option as the user spelled it.
 */
import { parseArgs } from 'node:util';
import { readValue, takes } from '../config/check.ts';
import type { Option } from '../config/settings.ts';
import { SettingError } from '../core/errors.ts';
import { didYouMean } from '../core/nearest.ts';

/** What every command takes. */
export const HELP = {
  flag: 'help',
  short: 'h',
  kind: 'switch',
  default: undefined,
  help: 'show this help, and exit',
} as const;
export const VERSION = {
  flag: 'version',
  short: 'v',
  kind: 'switch',
  default: undefined,
  help: 'print the version, and exit',
} as const;

/** A flag that was given. */
interface Flag {
  readonly value: string | boolean | string[];
  /** As the user spelled it, such as `--port`. */
  readonly spelling: string;
}

/** A command line, taken apart; which of its values are good is not looked at here. */
export interface CommandLine {
  readonly flags: ReadonlyMap<string, Flag>;
  readonly positionals: readonly string[];
}

/** Where a value came from. */
export type Source = 'flag' | 'environment' | 'file' | 'default';

export interface Found {
  readonly value: unknown;
  readonly source: Source;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** The switch that a text means; undefined when it means none. */
function switchOf(text: string): boolean | undefined {
  if (/^(true|1|on|yes)$/i.test(text)) return true;
  return /^(false|0|off|no)$/i.test(text) ? false : undefined;
}

/** Takes a command line apart. Throws `SettingError` for a flag that does not exist and one that lacks its value. */
export function readLine(
  argv: readonly string[],
  options: readonly Option[],
  seeHelp = '(see apig-mock --help)',
): CommandLine {
  const named = new Map(
    options.flatMap((option) => [option.flag, ...(option.aliases ?? [])].map((name) => [name, option])),
  );
  const { tokens } = parseArgs({
    args: [...argv],
    options: Object.fromEntries([...named].map(([name, { kind, short }]) => [name, parsed(kind, short)])),
    // A wrong option is rejected below, in our words and with what was meant.
    ...{ strict: false, allowPositionals: true, tokens: true },
  });
  const flags = new Map<string, Flag>();
  const positionals: string[] = [];
  for (const part of tokens) {
    if (part.kind === 'positional') positionals.push(part.value);
    if (part.kind !== 'option') continue;
    const { name, rawName, value, inlineValue } = part;
    const option = named.get(name);
    const negated = option === undefined && name.startsWith('no-') ? named.get(name.slice(3)) : undefined;
    if (negated?.kind === 'switch' && value === undefined)
      flags.set(negated.flag, { value: false, spelling: rawName });
    else if (option === undefined) {
      const meant = didYouMean(name, named.keys(), '').replace('mean ', 'mean --');
      throw new SettingError(`Unknown option '${rawName}'${meant} ${seeHelp}`);
    } else {
      const given = givenFor(option, { name, value, inlineValue });
      const before = flags.get(option.flag)?.value;
      const all = option.kind === 'list' ? [...(Array.isArray(before) ? before : []), String(given)] : given;
      flags.set(option.flag, { value: all, spelling: rawName });
    }
  }
  return { flags, positionals };
}

const parsed = (kind: Option['kind'], short: string | undefined) => ({
  type: kind === 'switch' ? ('boolean' as const) : ('string' as const),
  ...(short !== undefined && { short }),
});

interface Written {
  readonly name: string;
  readonly value: string | undefined;
  readonly inlineValue: boolean | undefined;
}

/** `--port -1` means -1, `--port --strict` lacks a value; `--auto-publish=false` is a switch in a container's arguments. */
function givenFor(option: Option, { name, value, inlineValue }: Written): string | boolean {
  if (option.kind !== 'switch') {
    if (value !== undefined && (inlineValue === true || !value.startsWith('--'))) return value;
    throw new SettingError(`--${name}: no value is given: it takes ${takes(option)}`);
  }
  if (value === undefined) return true;
  return switchOf(value) ?? (readValue(option, value, `--${name}`) as boolean);
}

/** The value of an option from its flag, else from its variable; undefined when neither is given. */
export function findValue(option: Option, { flags }: CommandLine, env: Environment): Found | undefined {
  const flag = flags.get(option.flag);
  if (flag !== undefined) return { value: fromText(option, flag.value, flag.spelling), source: 'flag' };
  const { env: name } = option;
  const given = name === undefined ? undefined : env[name];
  if (name === undefined || given === undefined || given === '') return undefined;
  const parts = option.kind === 'list' ? given.split(',').map((part) => part.trim()) : given;
  return { value: fromText(option, parts, name), source: 'environment' };
}

function fromText(option: Option, given: string | boolean | string[], spelling: string): unknown {
  if (typeof given !== 'string') return readValue(option, given, spelling);
  const isFree = option.kind === 'text' || option.kind === 'list';
  return readValue(option, isFree ? given : typed(option, given.trim()), spelling);
}

/** What a text means as a value of its option's kind; the text itself when it means none. */
function typed({ kind }: Option, text: string): unknown {
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
