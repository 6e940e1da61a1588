/** What a sub-command is, and how its command line is read by its row in the table. */
import type { Option } from '../config/settings.ts';
import { SettingError } from '../core/errors.ts';
import { didYouMean } from '../core/nearest.ts';
import { type CommandLine, type Environment, findValue, readLine } from './options.ts';
import type { Terminal } from './terminal/terminal.ts';

/** What a command was called with. */
export interface Given {
  /** Empty where the command has none. */
  readonly action: string;
  /** The one thing it works on; empty when none was given. */
  readonly subject: string;
  /** The values of its options as texts, defaults included. */
  readonly texts: Readonly<Record<string, string | undefined>>;
  /** The switches that are on. */
  readonly switches: ReadonlySet<string>;
  /** The options that the command line itself gave. */
  readonly flags: ReadonlySet<string>;
}

/** Throws `SettingError` (wrong use) and `CommandFailure`. */
export type Run = (given: Given, terminal: Terminal) => Promise<void> | void;

/** One of the things that a command does. */
export interface Action {
  readonly name: string;
  /** What it works on, such as `FILE`; in brackets = may be left out. */
  readonly argument?: string;
  readonly summary: string;
}

/** A row of the table of sub-commands. */
export interface Command extends Omit<Action, 'summary'> {
  readonly summary: string;
  /** In place of `argument`; the first is the default. */
  readonly actions?: readonly Action[];
  readonly options: readonly Option[];
  /** What its help ends with. */
  readonly notes?: string;
  /** Loads what it does, when it is called. */
  readonly load: () => Promise<Run>;
}

/** Writes a value as JSON if the command was given `--json`; whether it was. */
export function outputJson({ switches }: Given, terminal: Terminal, value: unknown): boolean {
  if (!switches.has('json')) return false;
  terminal.out(`${JSON.stringify(value, null, 2)}\n`);
  return true;
}

/** Whether only help or the version is asked for: nothing else is looked at then. */
export const asks = ({ flags }: CommandLine, flag: 'help' | 'version'): boolean =>
  flags.get(flag)?.value === true;

export const lineOf = (command: Command, argv: readonly string[]): CommandLine => {
  try {
    return readLine(argv, command.options, seeHelp(command));
  } catch (cause) {
    throw cause instanceof SettingError && !cause.message.startsWith('--')
      ? new SettingError(`${command.name}: ${cause.message}`)
      : cause;
  }
};

/** Checks a command line against the row of its command. Throws `SettingError`. */
export function givenIn(command: Command, line: CommandLine, env: Environment): Given {
  const texts: Record<string, string | undefined> = {};
  const switches = new Set<string>();
  for (const option of command.options) {
    const value = findValue(option, line, env)?.value ?? option.default;
    if (option.kind !== 'switch') texts[option.flag] = value === undefined ? undefined : String(value);
    else if (value === true) switches.add(option.flag);
  }
  return { ...placed(command, line.positionals), texts, switches, flags: new Set(line.flags.keys()) };
}

const seeHelp = ({ name }: Command): string => `(see apig-mock ${name} --help)`;

/** The action and the subject among the arguments. */
function placed(command: Command, positionals: readonly string[]): Pick<Given, 'action' | 'subject'> {
  const usage = (what: string): SettingError =>
    new SettingError(`${command.name}: ${what} ${seeHelp(command)}`);
  const { actions } = command;
  const [first = actions?.[0]?.name ?? '', ...others] = positionals;
  const action = actions?.find(({ name }) => name === first);
  if (actions !== undefined && action === undefined) {
    const names = actions.map(({ name }) => name);
    throw usage(
      `there is no action '${first}'${didYouMean(first, names, `: it is one of ${names.join(', ')}`)}`,
    );
  }
  const { argument } = action ?? command;
  const [subject = '', ...more] = action === undefined ? positionals : others;
  if (argument === undefined && subject !== '') throw usage(`'${subject}' is too many`);
  if (argument !== undefined && !argument.startsWith('[') && subject === '')
    throw usage(`no ${argument} is given`);
  if (more.length > 0) throw usage(`one ${argument} at a time; '${more[0]}' is too many`);
  return { action: action?.name ?? '', subject };
}
