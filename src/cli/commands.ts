/**
 * The sub-commands, each once: what it takes, by which flags and variables, what it is for. Command line, help and completion
 * are made of this table. Loaded for a sub-command and for help alone: serving does without.
 */

import { type Option, SETTINGS, type SettingName } from '../config/settings.ts';
import { DEFINES, FILE_TYPES, MODES, OAS_VERSIONS } from '../core/choices.ts';
import { SettingError } from '../core/errors.ts';
import { didYouMean } from '../core/nearest.ts';
import { ID_IN_WORDS, idPattern } from '../core/scope.ts';
import { version } from '../core/version.ts';
import { asks, type Command, givenIn, lineOf } from './command.ts';
import { CONFIG, SERVE_OPTIONS } from './config.ts';
import { commandHelp, helpText } from './help.ts';
import { type Environment, HELP, VERSION } from './options.ts';
import { processTerminal, type Terminal } from './terminal/terminal.ts';

type More = Partial<Option> & { readonly value?: string };
const text = (flag: string, help: string, more: More = {}): Option =>
  ({ kind: 'text', flag, help, default: undefined, ...more }) as Option;
const choice = (flag: string, help: string, choices: readonly string[]): Option => ({
  ...{ kind: 'choice', flag, help, choices, default: undefined, value: flag.split('-').at(-1) ?? '' },
});
const on = (flag: string, help: string): Option => ({ kind: 'switch', flag, help, default: undefined });

/** The setting of a mock that a command has to know, too. */
const settingOf = (name: SettingName): Option => {
  const found = SETTINGS.find((setting) => setting.name === name);
  if (found === undefined) throw new Error(`there is no setting ${name}`);
  return found;
};

const isHttpAddress = (given: string): boolean => {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  return url !== undefined && /^https?:$/.test(url.protocol) && url.search === '' && url.hash === '';
};
/** Without slashes at the end, to which paths are added. */
const withoutSlashes = (given: string): string => {
  let end = given.length;
  while (given[end - 1] === '/') end -= 1;
  return given.slice(0, end);
};

const HTTP_ADDRESS = {
  value: 'url',
  pattern: { test: isHttpAddress },
  takes: 'URL such as http://127.0.0.1:8080',
  tidy: withoutSlashes,
};
const URL_OPTION = text('url', 'where it is', {
  ...HTTP_ADDRESS,
  env: 'APIG_MOCK_URL',
  aliases: ['endpoint'],
  default: 'http://127.0.0.1:8080',
});
const JSON_OPTION = on('json', 'the result as JSON, on stdout');
const ID = { value: 'id', pattern: idPattern(false), takes: `text of this form: ${ID_IN_WORDS}` };
const SECONDS = { kind: 'number', min: 0, max: 999_999, value: 'seconds', default: 300 } as const;
const GENERAL = [HELP, VERSION];

const ACCESS_KEY: More = { value: 'AK:SK', secret: true, pattern: /^[^:,\s]+:\S+$/, takes: 'pair AK:SK' };

/** Where the API is called, and as whom; `from` = what stands in for the defaults. */
const target = (project: More = {}, token: More = {}): readonly Option[] => [
  URL_OPTION,
  text('project', 'its project', { ...ID, default: 'p1', ...project }),
  text('instance', 'its instance', { ...ID, default: 'i1' }),
  text('token', 'X-Auth-Token', {
    // A header takes no more than this.
    ...{ pattern: /^[\x21-\x7e]+$/, takes: 'text without spaces, in ASCII' },
    ...{ default: 'dev-token', secret: true, ...token },
  }),
  text('access-key', 'sign with an access key instead', ACCESS_KEY),
];
const taskTimeout: Option = { ...SECONDS, flag: 'timeout', help: 'how long a task may take' };

/** Where the control calls of a mock are. */
const CONTROL: readonly Option[] = [
  URL_OPTION,
  settingOf('adminToken'),
  text('project', 'only this project', ID),
  text('instance', 'only this instance of it', ID),
  JSON_OPTION,
];
const STATES = ['waiting', 'processing', 'succeed', 'failed'];
const EXITS =
  'Progress goes to stderr, the result to stdout. Exit codes: 0 success, 1 failure, 2 usage error.';

const FAULT_EXAMPLE =
  '  apig-mock faults add \'{"operation":"ShowAsyncTaskResult","times":2,"action":{"type":"error","status":429}}\'';
const CONFORM_NOTES = `--url stands for APIG_MOCK_URL; HUAWEICLOUD_SDK_AK, HUAWEICLOUD_SDK_SK and HUAWEICLOUD_SDK_SECURITY_TOKEN are an access key.
It creates one API group whose name begins with apig_mock_conform_, and removes it, after Ctrl-C and failures too.
No secret, token or project id is in any output. Exit codes: 0 as promised, 1 differs, 2 could not run.`;

const RECORD_NOTES = `HUAWEICLOUD_SDK_AK, HUAWEICLOUD_SDK_SK and HUAWEICLOUD_SDK_SECURITY_TOKEN are an access key: requests that a client signs
are signed with it anew. Tokens are passed on. Nothing is sent anywhere but to --target.
Ctrl-C ends it and writes the folder, in which secrets and ids are replaced: read it before you share it.
Exit codes: 0 written, 1 nothing to write, or it could not be written, 2 usage error, or no APIG responds.`;

export const COMMANDS: readonly Command[] = [
  {
    name: 'health',
    summary: 'checks that a running mock is healthy; exit 0 when it is, else 1',
    options: [
      { ...URL_OPTION, default: undefined, help: 'the mock; or by its settings, as it was started:' },
      ...(['host', 'port', 'adminToken'] as const).map(settingOf),
      CONFIG,
      JSON_OPTION,
      ...GENERAL,
    ],
    load: async () => (await import('./commands/health.ts')).runHealth,
  },
  {
    name: 'import',
    argument: 'FILE',
    summary: 'imports an OpenAPI file (Swagger 2.0 or OpenAPI 3.0, JSON or YAML) into a mock, or the service',
    options: [
      text('group-id', 'import into this group; default: a new one, named by info.title', { value: 'id' }),
      choice(
        'api-mode',
        'an API that exists already: merge = it stays (default), override = replaced',
        MODES,
      ),
      choice('extend-mode', 'the same for policies and gateway responses', MODES),
      on('mock-mode', 'give every API a Mock back end: for files without x-apigateway-backend'),
      on('simple-mode', 'quick import: no policies, no extensions of the document'),
      ...target(),
      taskTimeout,
      JSON_OPTION,
      ...GENERAL,
    ],
    notes: EXITS,
    load: async () => (await import('./commands/import.ts')).runImport,
  },
  {
    name: 'export',
    argument: 'GROUP',
    summary: 'exports a group, by its id or its name, as an OpenAPI file',
    options: [
      choice('define', 'how much of each API is in the file; default spec', DEFINES),
      choice('type', 'the format; default json', FILE_TYPES),
      choice('oas-version', 'default 2.0', OAS_VERSIONS),
      text('env-id', 'of the environment; default RELEASE', { value: 'id' }),
      text('file-version', 'info.version of the file; default the present time'),
      text('apis', 'these APIs only, separated by commas', { value: 'ids' }),
      text('out', 'write to this file, or into this folder; default stdout', { value: 'file' }),
      ...target(),
      taskTimeout,
      JSON_OPTION,
      ...GENERAL,
    ],
    notes: EXITS,
    load: async () => (await import('./commands/export.ts')).runExport,
  },
  {
    name: 'groups',
    summary: 'lists, shows or deletes API groups of a mock, or the service',
    actions: [
      { name: 'list', summary: 'lists the groups' },
      { name: 'show', argument: 'GROUP', summary: 'shows a group, by its id or its name, and its APIs' },
      { name: 'delete', argument: 'GROUP', summary: 'deletes a group that has no APIs' },
    ],
    options: [...target(), JSON_OPTION, ...GENERAL],
    load: async () => (await import('./commands/groups.ts')).runGroups,
  },
  {
    name: 'tasks',
    summary: 'lists, shows, creates or moves tasks of a mock',
    actions: [
      { name: 'list', summary: 'lists the tasks, the newest last' },
      { name: 'show', argument: 'TASK_ID', summary: 'shows a task with its plan and times' },
      { name: 'step', argument: 'TASK_ID', summary: 'moves a task with a manual plan on by one state' },
      { name: 'create', argument: 'JSON', summary: 'creates a task, as POST /__admin/tasks takes it' },
    ],
    options: [
      choice('state', 'only tasks in this state', STATES),
      choice('type', 'only tasks of this type', ['import_api', 'export_api']),
      ...[
        { ...SECONDS, flag: 'limit', help: 'at most so many', value: 'n', min: 1, max: 1000, default: 100 },
      ],
      ...CONTROL,
      ...GENERAL,
    ],
    load: async () => (await import('./commands/tasks.ts')).runTasks,
  },
  {
    name: 'wait',
    argument: '[TASK_ID]',
    summary: 'waits until a task of a mock has ended; without an id, until no task is unfinished',
    options: [
      choice('until', 'the state to wait for; default: any end', STATES),
      { ...SECONDS, flag: 'timeout', help: 'how long', default: 30, max: 600 },
      ...CONTROL,
      ...GENERAL,
    ],
    notes: 'Exit codes: 0 reached, 1 not in time, or never, 2 usage error.',
    load: async () => (await import('./commands/tasks.ts')).runWait,
  },
  {
    name: 'faults',
    summary: 'lists, adds or removes faults of a mock',
    actions: [
      { name: 'list', summary: 'lists the faults in force' },
      { name: 'add', argument: 'JSON', summary: 'adds a fault, as POST /__admin/faults takes it' },
      { name: 'remove', argument: 'FAULT_ID', summary: 'removes one fault' },
      { name: 'clear', summary: 'removes all faults; with --project, those of the project' },
    ],
    options: [...CONTROL, ...GENERAL],
    notes: `Example\n${FAULT_EXAMPLE}`,
    load: async () => (await import('./commands/faults.ts')).runFaults,
  },
  {
    name: 'clock',
    summary: 'shows, stops, sets or advances a clock of a mock',
    actions: [
      { name: 'show', summary: 'shows the clock: the main one, or that of --project' },
      { name: 'freeze', summary: 'stops it' },
      { name: 'resume', summary: 'lets it run, on from where it stands' },
      {
        name: 'advance',
        argument: 'MS',
        summary: 'moves it on; ends once everything that fell due has happened',
      },
      { name: 'set', argument: 'TIME', summary: 'sets it, such as to 2026-03-02T09:30:00Z' },
    ],
    options: [...CONTROL, ...GENERAL],
    load: async () => (await import('./commands/clock.ts')).runClock,
  },
  {
    name: 'reset',
    summary: 'takes a mock back to its start; with --project, that project alone',
    options: [
      text('only', 'these parts, separated by commas: tasks, apis, journal, faults, plans, clock', {
        value: 'parts',
      }),
      ...CONTROL,
      ...GENERAL,
    ],
    load: async () => (await import('./commands/reset.ts')).runReset,
  },
  {
    name: 'watch',
    summary: 'shows the tasks of a running mock as they move',
    options: [...CONTROL.filter(({ flag }) => flag !== 'json'), on('json', 'each move as JSON'), ...GENERAL],
    notes: 'It ends with Ctrl-C; it writes plain lines when stdout is not a terminal.',
    load: async () => (await import('./commands/watch.ts')).runWatch,
  },
  {
    name: 'conform',
    summary: 'holds the service, or a mock, against what APIG promises, and reports every difference',
    options: [
      ...target({ env: 'HUAWEICLOUD_SDK_PROJECT_ID' }, { env: 'HW_AUTH_TOKEN' }),
      on('yes', 'do not ask before something is created'),
      on('read-only', 'polls, lists and rejections alone: nothing is created'),
      text('max-requests-per-second', 'how fast it goes', {
        ...{
          value: 'n',
          default: '5',
          pattern: { test: (given) => Number(given) > 0 && /^[\d.]+$/.test(given) },
        },
        takes: 'number above 0',
      }),
      taskTimeout,
      text('json', 'write the report as JSON; - = stdout, in place of the table', { value: 'file' }),
      text('junit', 'write it as JUnit', { value: 'file' }),
      text('save', 'save what was seen as a recording', { value: 'folder' }),
      text('against', 'hold against a recording; without --url this version of the mock, offline', {
        value: 'folder',
      }),
      ...GENERAL,
    ],
    notes: CONFORM_NOTES,
    load: async () => (await import('./commands/conform.ts')).runConform,
  },
  {
    name: 'record',
    summary: 'records the service, as a proxy in front of it: apig-mock --fixtures replays it',
    options: [
      text('target', 'the service', {
        ...HTTP_ADDRESS,
        takes: 'URL such as https://apig.REGION.myhuaweicloud.com',
      }),
      text('out', 'write the recording to this new folder', { value: 'folder' }),
      settingOf('host'),
      {
        kind: 'number',
        flag: 'port',
        help: '0 = any free one',
        min: 0,
        max: 65_535,
        value: 'n',
        default: 8081,
      },
      text('access-key', 'sign with this one', ACCESS_KEY),
      text('redact', 'further texts that must not be in it, separated by commas', {
        value: 'texts',
        secret: true,
      }),
      ...GENERAL,
    ],
    notes: RECORD_NOTES,
    load: async () => (await import('./commands/record.ts')).runRecord,
  },
  {
    name: 'completion',
    summary: 'prints the completion script of a shell',
    actions: [
      { name: 'bash', summary: 'source <(apig-mock completion bash)' },
      { name: 'zsh', summary: 'source <(apig-mock completion zsh)' },
      { name: 'fish', summary: 'apig-mock completion fish | source' },
    ],
    options: GENERAL,
    load: async () => {
      const { completionScript } = await import('./commands/completion.ts');
      return ({ action }, terminal) => terminal.out(completionScript(action, COMMANDS, SERVE_OPTIONS));
    },
  },
];

/** The row of a sub-command. Throws `SettingError` when there is none. */
export function commandNamed(name: string): Command {
  const found = COMMANDS.find((command) => command.name === name);
  if (found !== undefined) return found;
  const meant = didYouMean(name, ['serve', ...COMMANDS.map((command) => command.name)], '');
  throw new SettingError(`there is no command '${name}'${meant} (see apig-mock --help)`);
}

/** Runs a sub-command. Throws `SettingError` (wrong use) and `CommandFailure`. */
export async function runCommand(
  [name = '', ...argv]: readonly string[],
  env: Environment,
  terminal: Terminal = processTerminal(),
): Promise<void> {
  const command = commandNamed(name);
  const line = lineOf(command, argv);
  if (asks(line, 'help')) return terminal.out(commandHelp(command));
  if (asks(line, 'version')) return terminal.out(`${version}\n`);
  const given = givenIn(command, line, env);
  return (await command.load())(given, terminal);
}

/** The text of `apig-mock --help`. */
export const overallHelp = (): string => helpText(COMMANDS);
