/**
 * Every setting, once: its name in the library, its flag, its environment variable, its default, what it takes
 * and what it is for. The command line, the config file, `--help` and the library all read this table.
 */
import type { FaultRequest } from '../admin/faults/schema.ts';
import { ID_IN_WORDS, LENIENT_ID } from '../core/scope.ts';

/** All settings of a mock, filled in. */
export interface Settings {
  /** Address to bind. */
  host: string;
  /** Port to bind; 0 = let the system choose. */
  port: number;
  /** The chosen port is written to this file once ready, and the file is removed at stop. */
  portFile: string | undefined;
  /** Folder of seed files; undefined = the packaged examples; 'none' = start empty. */
  fixtures: string | undefined;
  /** Static tokens, good for every project. */
  tokens: string[];
  /** Access keys `AK:SK` whose signatures are verified. */
  accessKeys: string[];
  /** Key that signs issued tokens; processes that share it accept each other's. Undefined = random. */
  tokenSecret: string | undefined;
  /** How long an issued token is good for, in ms. */
  tokenTtlMs: number;
  /** Users (and access keys) that may read but not change: 403 on import, export and publish. */
  readOnlyUsers: string[];
  /** Imported APIs are published to RELEASE at once. */
  autoPublish: boolean;
  /** Keep the state in this file across restarts. */
  stateFile: string | undefined;
  strict: boolean;
  progression: 'time' | 'polls' | 'manual' | 'immediate';
  waitingMs: number;
  processingMs: number;
  waitingPolls: number;
  processingPolls: number;
  /** Tasks of one instance that are processed at once. */
  workers: number;
  clock: 'system' | 'manual';
  seed: string | undefined;
  region: string;
  /** The instances that exist; none = every well-formed id names one. */
  instances: string[];
  maxTasks: number;
  maxRequests: number;
  maxBodyMb: number;
  admin: boolean;
  adminToken: string | undefined;
  /** Further `Host` names that `/__admin` accepts. */
  adminHosts: string[];
  /** Every part is loaded at the start instead of when it is first used. */
  preload: boolean;
  /** Faults in force from the start; requests as `POST /__admin/faults` takes them. */
  faults: FaultRequest[];
  logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';
}

export type SettingName = keyof Settings;

type Kind =
  | { readonly kind: 'text'; readonly pattern?: Pick<RegExp, 'test'>; readonly takes?: string }
  /** A list as JSON text in a flag or variable, as a list in a config file. */
  | { readonly kind: 'json' }
  | { readonly kind: 'list'; readonly pattern?: RegExp; readonly takes?: string }
  | { readonly kind: 'number'; readonly min: number; readonly max: number }
  | { readonly kind: 'switch' }
  | { readonly kind: 'choice'; readonly choices: readonly string[] };

interface Described {
  readonly flag: string;
  /** Further names of the flag. */
  readonly aliases?: readonly string[];
  /** One letter. */
  readonly short?: string;
  readonly env?: string;
  /** Undefined = not set. */
  readonly default: unknown;
  readonly help: string;
  /** The one-letter or word that stands for the value in `--help`. */
  readonly value?: string;
  /** Never printed. */
  readonly secret?: boolean;
  /** What is meant by a text (each text of a list), however its source wrote it; before it is checked. */
  readonly tidy?: (text: string) => string;
}
/** What a command line takes: a setting, or an option of a sub-command alone. */
export type Option = Kind & Described;
export type Setting = Option & { readonly name: SettingName; readonly env: string };

const MS = { kind: 'number', min: 0, max: 30 * 24 * 60 * 60 * 1000, value: 'ms' } as const;
const COUNT = { kind: 'number', min: 0, max: 1_000_000, value: 'n' } as const;

type Row = Kind & Omit<Described, 'flag'> & { readonly flag?: string };

/** A flag and a variable follow from the name; a list's flag is singular, since it is given once per item. */
const setting = (name: SettingName, row: Row): Setting => {
  const dashed = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return {
    ...row,
    name,
    flag: row.flag ?? dashed,
    env: row.env ?? `APIG_MOCK_${dashed.replaceAll('-', '_').toUpperCase()}`,
  };
};

/** The key is part of a header, the secret is never sent. */
const ACCESS_KEY_PAIR = /^[!-+\--9;-~]+:[^,\s]+$/;
/** Files and mounted secrets end in a line break, and no header begins or ends with a blank. */
const tidy = (text: string): string => text.trim();
/** What a header can carry; how letters outside ASCII are sent is looked after where tokens are compared. */
const SENDABLE = {
  pattern: /^[^\p{Cc}\u2028\u2029]+$/u,
  takes: 'text without control characters',
  tidy,
} as const;
/** A name or an address, with or without a port. */
const HOST_NAME = /^(?:\[[\da-f:.]+\]|[\da-f.]*:[\da-f.]*:[\da-f:.]*|[^\s:@/?#\\[\]]+)(?::\d*)?$/i;

/** In the order of `--help`. */
export const SETTINGS: readonly Setting[] = [
  setting('host', {
    kind: 'text',
    default: '127.0.0.1',
    value: 'address',
    help: 'address to bind',
    // As it stands in a URL.
    tidy: (text) => tidy(text).replace(/^\[(.*)\]$/, '$1'),
  }),
  setting('port', {
    kind: 'number',
    min: 0,
    max: 65_535,
    default: 8080,
    value: 'n',
    help: '0 = let the system choose',
  }),
  setting('portFile', {
    kind: 'text',
    default: undefined,
    value: 'file',
    help: 'the chosen port is written here once ready, removed at stop',
  }),
  setting('fixtures', {
    kind: 'text',
    default: undefined,
    value: 'folder',
    help: "folder of seed files; 'none' = start empty; default: the packaged examples",
  }),
  setting('tokens', {
    kind: 'list',
    flag: 'token',
    ...SENDABLE,
    takes: 'texts',
    default: ['dev-token'],
    value: 'text',
    secret: true,
    help: 'static tokens, good for every project',
  }),
  setting('accessKeys', {
    kind: 'list',
    flag: 'access-key',
    pattern: ACCESS_KEY_PAIR,
    takes: 'AK:SK',
    tidy,
    default: ['dev-ak:dev-sk'],
    value: 'AK:SK',
    secret: true,
    help: 'access keys whose signatures are verified',
  }),
  setting('tokenSecret', {
    kind: 'text',
    tidy,
    default: undefined,
    value: 'text',
    secret: true,
    help: 'key that signs issued tokens; processes that share it accept each other’s; default: random',
  }),
  setting('tokenTtlMs', {
    ...MS,
    min: 1,
    default: 24 * 60 * 60 * 1000,
    help: 'how long an issued token is good for',
  }),
  setting('readOnlyUsers', {
    kind: 'list',
    flag: 'read-only-user',
    default: [],
    value: 'name',
    help: 'users (and access keys) that may read but not change',
  }),
  setting('autoPublish', {
    kind: 'switch',
    default: true,
    help: 'imported APIs are published to RELEASE at once (the real service does not)',
  }),
  setting('stateFile', {
    kind: 'text',
    default: undefined,
    value: 'file',
    help: 'keep the state in this file across restarts',
  }),
  setting('strict', {
    kind: 'switch',
    default: false,
    help: 'ids must be 32 hex digits, access keys must be known, unknown request fields are rejected',
  }),
  setting('progression', {
    kind: 'choice',
    choices: ['time', 'polls', 'manual', 'immediate'],
    default: 'time',
    value: 'mode',
    help: 'what moves tasks on: time, polls, manual or immediate',
  }),
  setting('waitingMs', { ...MS, default: 500, help: 'time: how long a task stays waiting' }),
  setting('processingMs', { ...MS, default: 1500, help: 'time: how long a task is processed' }),
  setting('waitingPolls', { ...COUNT, default: 1, help: 'polls: how many reads see waiting' }),
  setting('processingPolls', { ...COUNT, default: 1, help: 'polls: how many reads see processing' }),
  setting('workers', {
    kind: 'number',
    min: 1,
    max: 100_000,
    default: 4,
    value: 'n',
    help: 'tasks of an instance processed at once; the rest wait, first in first out',
  }),
  setting('clock', {
    kind: 'choice',
    choices: ['system', 'manual'],
    default: 'system',
    value: 'mode',
    help: 'system, or manual: stands still until advanced',
  }),
  setting('seed', {
    kind: 'text',
    default: undefined,
    value: 'text',
    help: 'same seed + same calls = same ids',
  }),
  setting('region', {
    kind: 'text',
    default: 'cn-north-7',
    value: 'name',
    help: 'used in host names of exports',
  }),
  setting('instances', {
    kind: 'list',
    flag: 'instance',
    pattern: LENIENT_ID,
    takes: `ids: ${ID_IN_WORDS}`,
    tidy,
    default: [],
    value: 'id',
    help: 'the instances that exist: another is 404 APIG.3030; default: every id names one',
  }),
  setting('maxTasks', {
    kind: 'number',
    min: 1,
    max: 10_000_000,
    default: 100_000,
    value: 'n',
    help: 'maximum number of tasks; the oldest finished one is dropped first',
  }),
  setting('maxRequests', {
    kind: 'number',
    min: 0,
    max: 1_000_000,
    default: 1000,
    value: 'n',
    help: 'maximum number of journal entries; the oldest is dropped first',
  }),
  setting('maxBodyMb', {
    kind: 'number',
    min: 1,
    max: 100,
    default: 12,
    value: 'n',
    help: 'larger bodies get 400 APIG.3603 on import, 413 elsewhere',
  }),
  setting('admin', { kind: 'switch', default: true, help: 'serve /__admin' }),
  setting('adminToken', {
    kind: 'text',
    ...SENDABLE,
    default: undefined,
    value: 'text',
    secret: true,
    help: 'calls to /__admin must carry it: Authorization: Bearer <text>',
  }),
  setting('adminHosts', {
    kind: 'list',
    flag: 'admin-host',
    env: 'APIG_MOCK_ADMIN_HOST',
    pattern: HOST_NAME,
    takes: 'names of hosts',
    tidy,
    default: [],
    value: 'name',
    help: 'further Host names that /__admin accepts',
  }),
  setting('preload', {
    kind: 'switch',
    default: false,
    help: 'load every part at the start, so that the first import takes no longer than the tenth',
  }),
  setting('faults', {
    kind: 'json',
    default: [],
    value: 'json',
    help: 'faults in force from the start, as POST /__admin/faults takes them',
  }),
  setting('logLevel', {
    kind: 'choice',
    choices: ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
    default: 'info',
    value: 'level',
    help: 'state changes at info, polls and health at debug',
  }),
];
