/** Flags of a command line as texts and switches; which of them are good values is not looked at here. */
import { parseArgs } from 'node:util';
import { readValue, takes } from '../config/check.ts';
import { SETTINGS } from '../config/settings.ts';
import { SettingError } from '../core/errors.ts';

export type Flags = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;

/** The switch that a text means; undefined when it means none. */
export function switchOf(text: string): boolean | undefined {
  if (/^(true|1|on|yes)$/i.test(text)) return true;
  return /^(false|0|off|no)$/i.test(text) ? false : undefined;
}

/** Reads the flags. Throws `SettingError` for one that does not exist and one that lacks its value. */
export function readFlags(argv: readonly string[]): Flags {
  const options: Record<string, { type: 'string' | 'boolean'; multiple?: boolean; short?: string }> = {
    config: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
    version: { type: 'boolean', short: 'v' },
    'print-config': { type: 'boolean' },
  };
  for (const { flag, kind } of SETTINGS) {
    options[flag] = kind === 'switch' ? { type: 'boolean' } : { type: 'string', multiple: kind === 'list' };
  }
  const args = plainArguments(
    argv,
    new Set(Object.keys(options).filter((flag) => options[flag]?.type === 'string')),
  );
  try {
    return parseArgs({ args, options, allowNegative: true, strict: true }).values as Flags;
  } catch (cause) {
    throw new SettingError(`${(cause as Error).message.split('\n', 1)[0]} (see apig-mock --help)`);
  }
}

/** Spells each argument so that the parser has nothing to guess: `--flag=value`, `--switch`, `--no-switch`. */
function plainArguments(argv: readonly string[], takingValues: ReadonlySet<string>): string[] {
  const args: string[] = [];
  for (let at = 0; at < argv.length; at += 1) {
    const arg = argv[at] ?? '';
    const [, flag = '', , value] = /^--([a-z-]+)(=(.*))?$/s.exec(arg) ?? [];
    if (takingValues.has(flag) && value === undefined) {
      at += 1;
      args.push(`--${flag}=${valueFor(flag, argv[at])}`);
    } else {
      args.push(value === undefined ? arg : plainSwitch(arg, flag, value));
    }
  }
  return args;
}

/** `--port -1` means -1; `--port --strict` lacks a value. */
function valueFor(flag: string, next: string | undefined): string {
  if (next !== undefined && !next.startsWith('--')) return next;
  const setting = SETTINGS.find((one) => one.flag === flag);
  throw new SettingError(
    `--${flag}: no value is given: it takes ${setting === undefined ? 'the name of a file' : takes(setting)}`,
  );
}

/** `--auto-publish=false` is what a switch looks like in a container's arguments. */
function plainSwitch(arg: string, flag: string, value: string): string {
  const setting = SETTINGS.find((one) => one.flag === flag && one.kind === 'switch');
  if (setting === undefined) return arg;
  const on = switchOf(value);
  if (on === undefined) readValue(setting, value, `--${flag}`);
  return on ? `--${flag}` : `--no-${flag}`;
}
