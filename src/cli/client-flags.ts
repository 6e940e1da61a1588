/** The flags of the client commands: where to call and as whom, and each command's own. */
import { parseArgs } from 'node:util';
import { SettingError } from '../core/errors.ts';
import { ID_IN_WORDS, idPattern } from '../core/scope.ts';

/** Who calls. */
export type Credentials =
  | { readonly kind: 'none' }
  | { readonly kind: 'token'; readonly token: string }
  | {
      readonly kind: 'key';
      readonly accessKey: string;
      readonly secret: string;
      /** Of a temporary access key. */
      readonly securityToken?: string;
    };

/** Where a client command calls, and as whom. */
export interface Target {
  /** Without a slash at the end. */
  readonly endpoint: string;
  readonly projectId: string;
  readonly instanceId: string;
  readonly credentials: Credentials;
  /** How long a task may take, in ms. */
  readonly timeoutMs: number;
}

/** What a command was called with. */
export interface ClientArguments {
  readonly target: Target;
  /** The one thing it works on. */
  readonly subject: string;
  readonly texts: Readonly<Record<string, string | undefined>>;
  readonly switches: ReadonlySet<string>;
  readonly help: boolean;
}

export interface CommandFlags {
  readonly command: 'import' | 'export' | 'conform';
  /** What the subject is called in a message, such as `FILE`; left out = it works on none. */
  readonly subject?: string;
  readonly texts: readonly string[];
  readonly switches: readonly string[];
  /** Flags that take one of a few values. */
  readonly choices: Readonly<Record<string, readonly string[]>>;
  /** In place of the defaults, such as what the environment has. */
  readonly fallbacks?: Readonly<Record<string, string>>;
}

const DEFAULTS = {
  endpoint: 'http://127.0.0.1:8080',
  project: 'p1',
  instance: 'i1',
  token: 'dev-token',
  timeout: '300',
};
const ID = idPattern(false);

/** Reads the arguments after the command's name. Throws `SettingError`. */
export function readArguments(argv: readonly string[], flags: CommandFlags): ClientArguments {
  const { values, positionals } = parse(argv, flags);
  const texts = values as Record<string, string | undefined>;
  const given = values as Record<string, unknown>;
  const help = given['help'] === true;
  const [subject = '', ...more] = positionals;
  if (flags.subject === undefined && subject !== '') throw usage(flags, `'${subject}' is too many`);
  if (flags.subject !== undefined && !help && subject === '')
    throw usage(flags, `no ${flags.subject} is given`);
  if (more.length > 0) throw usage(flags, `one ${flags.subject} at a time; '${more[0]}' is too many`);
  for (const [flag, choices] of Object.entries(flags.choices)) {
    const value = texts[flag];
    if (value !== undefined && !choices.includes(value))
      throw wrong(flag, value, `one of ${choices.join(', ')}`);
  }
  return {
    target: targetOf(withFallbacks(texts, flags.fallbacks)),
    subject,
    texts,
    switches: new Set(flags.switches.filter((flag) => given[flag] === true)),
    help,
  };
}

function parse(argv: readonly string[], flags: CommandFlags) {
  const text = { type: 'string' } as const;
  const names = [...Object.keys(DEFAULTS), 'access-key', ...flags.texts, ...Object.keys(flags.choices)];
  const options = {
    ...Object.fromEntries(names.map((name) => [name, text])),
    ...Object.fromEntries(flags.switches.map((name) => [name, { type: 'boolean' } as const])),
    help: { type: 'boolean', short: 'h' } as const,
  };
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
  } catch (cause) {
    throw usage(flags, (cause as Error).message.split('\n', 1)[0]?.replace(/\.? To specify.*$/, '') ?? '');
  }
}

type Texts = Readonly<Record<string, string | undefined>>;

/** Of token and access key, one that is given leaves out the other. */
function withFallbacks(
  texts: Texts,
  { token, 'access-key': key, ...others }: Record<string, string> = {},
): Texts {
  const credentials = key !== undefined ? { 'access-key': key } : { ...(token !== undefined && { token }) };
  const isGiven = texts['token'] !== undefined || texts['access-key'] !== undefined;
  return { ...others, ...(isGiven ? {} : credentials), ...texts };
}

function targetOf(texts: Readonly<Record<string, string | undefined>>): Target {
  const { endpoint, project, instance, token, timeout } = {
    ...DEFAULTS,
    ...(texts['url'] !== undefined && { endpoint: texts['url'] }),
    ...texts,
  } as typeof DEFAULTS;
  const pair = texts['access-key'];
  if (pair !== undefined && texts['token'] !== undefined) {
    throw new SettingError('--token and --access-key: one of them is enough');
  }
  const [, accessKey, secret] = /^([^:,\s]+):(\S+)$/.exec(pair ?? '') ?? [];
  if (pair !== undefined && (accessKey === undefined || secret === undefined)) {
    throw new SettingError('--access-key: takes AK:SK');
  }
  if (!ID.test(project)) throw wrong('project', project, `an id: ${ID_IN_WORDS}`);
  if (!ID.test(instance)) throw wrong('instance', instance, `an id: ${ID_IN_WORDS}`);
  if (!/^\d{1,6}$/.test(timeout)) throw wrong('timeout', timeout, 'seconds, a whole number');
  // A header takes no more than this; that others are rejected is no secret.
  if (!/^[\x21-\x7e]+$/.test(token)) throw new SettingError('--token: takes a text without spaces, in ASCII');
  return {
    endpoint: endpointOf(endpoint),
    projectId: project,
    instanceId: instance,
    credentials:
      accessKey === undefined || secret === undefined
        ? { kind: 'token', token }
        : { kind: 'key', accessKey, secret },
    timeoutMs: Number(timeout) * 1000,
  };
}

function endpointOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '') {
    throw wrong('endpoint', text, 'an address such as http://127.0.0.1:8080');
  }
  return url.href.replace(/\/+$/, '');
}

const wrong = (flag: string, value: string, takes: string): SettingError =>
  new SettingError(`--${flag}: '${value}' is not valid: it takes ${takes}`);

const usage = ({ command }: CommandFlags, what: string): SettingError =>
  new SettingError(`${command}: ${what} (see apig-mock ${command} --help)`);
