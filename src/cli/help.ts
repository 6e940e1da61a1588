/** The texts of `apig-mock --help` and `apig-mock COMMAND --help`, made of the table of commands. */
import { takes } from '../config/check.ts';
import type { Option } from '../config/settings.ts';
import type { Action, Command } from './command.ts';
import { SERVE_OPTIONS } from './config.ts';

/** What can be negated has a default. */
const spelled = ({ kind, flag, value, default: fallback }: Option): string => {
  if (kind !== 'switch') return `--${flag} <${value ?? 'text'}>`;
  return fallback === undefined ? `--${flag}` : `--[no-]${flag}`;
};

/** Rows of two columns. */
function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`.trimEnd()).join('\n');
}

/** Options as rows of help: what each is for, its default, its variable and what it takes. */
export const describeOptions = (options: readonly Option[]): string =>
  columns(
    options.flatMap((option) => {
      const { default: fallback, short, aliases = [], env } = option;
      const isGiven = fallback !== undefined && fallback !== false && String(fallback) !== '';
      const also = [...(short === undefined ? [] : [`-${short}`]), ...aliases.map((name) => `--${name}`)];
      const names = [spelled(option), ...also].join(', ');
      const named = option.kind === 'switch' ? '' : `; ${takes(option)}`;
      const beneath = env === undefined ? [] : [['', `${env}${named || `; ${takes(option)}`}`] as const];
      return [[names, `${option.help}${isGiven ? ` [${String(fallback)}]` : ''}`] as const, ...beneath];
    }),
  );

const lineOf = (name: string, { argument = '' }: Pick<Action, 'argument'>): string =>
  `apig-mock ${name} ${argument}`.trimEnd();

/** The help of one command. */
export function commandHelp({ name, summary, actions, argument, options, notes }: Command): string {
  const calls = actions?.map((action): [string, string] => [
    lineOf(`${name} ${action.name}`, action),
    action.summary,
  ]);
  const usage = columns(calls ?? [[`${lineOf(name, { ...(argument && { argument }) })} [options]`, '']]);
  const more = notes === undefined ? '' : `\n${notes}\n`;
  return `apig-mock ${name}: ${summary}\n\nUsage\n${usage}\n\nOptions\n${describeOptions(options)}\n${more}`;
}

/** The help of all of it: the commands, and the options of serving. */
export const helpText = (
  commands: readonly Command[],
): string => `apig-mock: a local emulator of Huawei Cloud API Gateway: groups, APIs, and the asynchronous tasks that import and export them

Usage: apig-mock COMMAND [options]; apig-mock COMMAND --help shows them
${columns([
  ['apig-mock [serve]', 'serve until stopped (SIGINT or SIGTERM)'],
  ...commands.map((one): [string, string] => [
    lineOf(one.name, { argument: one.actions?.map(({ name }) => name).join(' | ') ?? one.argument ?? '' }),
    one.summary,
  ]),
])}

Try it
  apig-mock &
  curl -H 'X-Auth-Token: dev-token' \\
    http://127.0.0.1:8080/v2/p1/apigw/instances/i1/async-tasks/d9ce8c9eede54b3f841ec324fe0bfdc2

Options of serve: a flag wins over its environment variable, that over the config file, that over the default.
${describeOptions(SERVE_OPTIONS)}
`;
