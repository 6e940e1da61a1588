/**
 * The fast path of a plain poll: a GET of a task with a token or a signature, read straight from Node's request. It is
 * transport only: who is admitted (`admit.ts`) and what a read returns (`tasks/show.ts`) are the slow path's rules, and
 * so are the errors they reject with. Whatever is unusual (another method, a body, odd ids, a fault in
 * force) is left to Fastify.
 */
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { StateFile } from '../admin/state/state-file.ts';
import { monotonicMs } from '../core/clock.ts';
import { ApigError } from '../core/errors.ts';
import type { Identity } from '../iam/identity.ts';
import type { Core } from '../mock.ts';
import { readSaved, readTask, unknownTask } from '../tasks/show.ts';
import { type AdmitCore, admitSignature, admitSite, admitToken, SIGNATURE } from './admit.ts';
import { type ErrorOptions, errorHeaders, JSON_TYPE } from './errors.ts';
import { NOT_RECORDED, pollRecorder } from './request-log.ts';

export interface FastPathOptions {
  /** Whether a web page may call; asked of requests that name an origin. */
  readonly admitSite: (headers: IncomingHttpHeaders) => boolean;
  /** The caller, by the token or, without one, by the signature of a request that has no body; or the rejection. */
  readonly admit: (
    request: IncomingMessage,
    credentials: Credentials,
    projectId: string,
  ) => Reader | ApigError;
  /** False while something (a fault) wants to see every request of a scope. */
  readonly isOpen: (projectId: string, instanceId: string) => boolean;
  /** The response for a task, once per call: reading counts. Undefined = only the slow path can respond. */
  readonly read: (projectId: string, instanceId: string, taskId: string) => string | ApigError | undefined;
  readonly nextRequestId: () => string;
  /** Ids are 32 hex digits, and no response gives the reason of a rejection. */
  readonly strict: boolean;
  readonly onServed: (poll: ServedPoll) => void;
  /** Called with the error when a poll that was served could not be recorded. */
  readonly onNotRecorded: (cause: unknown, requestId: string) => void;
}

/** How the caller of a poll was known. */
export type Reader = Identity['kind'];

/** A poll that was served. */
export interface ServedPoll {
  /** 'none' when the credentials were rejected. */
  readonly caller: Reader | 'none';
  /** Absent: status 200. */
  readonly failure: ApigError | undefined;
  readonly projectId: string;
  readonly instanceId: string;
  readonly target: string;
  readonly requestId: string;
  readonly durationMs: number;
}

const VERSION = '/v2/';
const INSTANCES = '/apigw/instances/';
const TASKS = '/async-tasks/';
const STRICT_ID = /^[0-9a-f]{32}$/;

/** 1 for the characters an id may have. */
const ID_CHARACTERS = new Uint8Array(128);
for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-') {
  ID_CHARACTERS[character.charCodeAt(0)] = 1;
}

/** Where an id that starts at `from` ends; -1 when there is none of 1 to 64 good characters. */
function idEnd(target: string, from: number): number {
  let at = from;
  while (at < target.length && ID_CHARACTERS[target.charCodeAt(at)] === 1) at += 1;
  return at > from && at - from <= 64 ? at : -1;
}

/** Stands for a request that brings a signature and no token. */
const SIGNED = Symbol('signed');
/** Stands for a request that brings no credentials. */
const NONE = Symbol('none');
type Credentials = string | typeof SIGNED | typeof NONE;

/** The one X-Auth-Token of a request without a body, or that it is signed; undefined sends it the slow path. */
function plainCredentials(
  request: IncomingMessage,
  admitSite: FastPathOptions['admitSite'],
): Credentials | undefined {
  const raw = request.rawHeaders;
  let token: string | undefined;
  let authorizations = 0;
  let isSigned = false;
  let hasHost = false;
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at] as string;
    switch (name.length) {
      case 12:
        if (name.toLowerCase() !== 'x-auth-token') break;
        if (token !== undefined) return undefined;
        token = raw[at + 1];
        break;
      case 4:
        if (name.toLowerCase() !== 'host') break;
        if (hasHost) return undefined;
        hasHost = true;
        break;
      case 6:
        if (name.toLowerCase() === 'expect') return undefined;
        if (name.toLowerCase() === 'origin' && !admitSite(request.headers)) return undefined;
        break;
      case 13:
        if (name.toLowerCase() !== 'authorization') break;
        authorizations += 1;
        isSigned = SIGNATURE.test(raw[at + 1] as string);
        break;
      case 14:
        if (name.toLowerCase() === 'content-length') return undefined;
        break;
      case 17:
        if (name.toLowerCase() === 'transfer-encoding') return undefined;
        break;
    }
  }
  if (!hasHost) return undefined;
  if (token) return token;
  if (authorizations === 0) return token ?? NONE;
  return isSigned && authorizations === 1 ? SIGNED : undefined;
}

/** Makes the fast path; true = it has responded. What fails in it is left to the slow path. */
export function createFastPath(options: FastPathOptions) {
  const serve = serverOf(options);
  return (request: IncomingMessage, response: ServerResponse): boolean => {
    const { stackTraceLimit } = Error;
    try {
      return serve(request, response);
    } catch (cause) {
      Error.stackTraceLimit = stackTraceLimit;
      if (response.headersSent) throw cause;
      return false;
    }
  };
}

function serverOf(options: FastPathOptions) {
  return (request: IncomingMessage, response: ServerResponse): boolean => {
    if (request.method !== 'GET') return false;
    const target = request.url as string;
    if (!target.startsWith(VERSION)) return false;
    const projectEnd = idEnd(target, VERSION.length);
    if (projectEnd < 0 || !target.startsWith(INSTANCES, projectEnd)) return false;
    const instanceStart = projectEnd + INSTANCES.length;
    const instanceEnd = idEnd(target, instanceStart);
    if (instanceEnd < 0 || !target.startsWith(TASKS, instanceEnd)) return false;
    const taskStart = instanceEnd + TASKS.length;
    if (idEnd(target, taskStart) !== target.length) return false;

    const startedAt = monotonicMs();
    const credentials = plainCredentials(request, options.admitSite);
    if (credentials === undefined) return false;
    const projectId = target.slice(VERSION.length, projectEnd);
    const instanceId = target.slice(instanceStart, instanceEnd);
    const taskId = target.slice(taskStart);
    if (
      options.strict &&
      !(STRICT_ID.test(projectId) && STRICT_ID.test(instanceId) && STRICT_ID.test(taskId))
    )
      return false;
    if (!options.isOpen(projectId, instanceId)) return false;
    // A rejection is a response here: its stack, which is never read, would cost more than all the rest.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    const reader = options.admit(request, credentials, projectId);
    const admitted = !(reader instanceof ApigError);
    const result = admitted ? options.read(projectId, instanceId, taskId) : reader;
    Error.stackTraceLimit = stackTraceLimit;
    if (result === undefined) return false;

    const requestId = options.nextRequestId();
    send(response, result, { requestId, showReason: !options.strict });
    const durationMs = monotonicMs() - startedAt;
    const caller = admitted ? reader : 'none';
    const failure = typeof result === 'string' ? undefined : result;
    try {
      options.onServed({ caller, failure, projectId, instanceId, target, requestId, durationMs });
    } catch (cause) {
      options.onNotRecorded(cause, requestId);
    }
    return true;
  };
}

function send(response: ServerResponse, result: string | ApigError, how: ErrorOptions): void {
  const isText = typeof result === 'string';
  const text = isText ? result : result.text;
  const bytes = Buffer.byteLength(text);
  // A list is sent as it is.
  const headers = isText ? ['Content-Type', JSON_TYPE] : listed(errorHeaders(result, how));
  headers.push('Content-Length', String(bytes));
  if (isText) headers.push('X-Request-Id', how.requestId);
  response.writeHead(isText ? 200 : result.statusCode, headers);
  response.end(text, bytes === text.length ? 'latin1' : 'utf8');
}

/** Names and values in turn. */
function listed(headers: Readonly<Record<string, string>>): string[] {
  const list: string[] = [];
  for (const name in headers) list.push(name, headers[name] as string);
  return list;
}

const NO_BODY = new Uint8Array(0);

type FastPathCore = AdmitCore & Pick<Core, 'faults' | 'journal' | 'nextRequestId' | 'store' | 'worker'>;

/** The fast path of a mock; the state file, if there is one, knows which tasks may not be shown yet. */
export function fastPathOf(core: FastPathCore, stateFile: Pick<StateFile, 'isPending'> | undefined) {
  const { faults, log, nextRequestId, settings } = core;
  return createFastPath({
    admitSite: (headers) => admitSite(core, headers) === undefined,
    admit: (request, credentials, projectId) => {
      const call = { projectId, changes: false };
      const admitted =
        credentials === SIGNED
          ? admitSignature(core, signedOf(request), call)
          : admitToken(core, credentials === NONE ? undefined : credentials, call);
      return admitted instanceof ApigError ? admitted : admitted.kind;
    },
    isOpen: (projectId, instanceId) => faults.size === 0 || !faults.mayMatchPoll(projectId, instanceId),
    read: readOf(core, stateFile),
    nextRequestId,
    strict: settings.strict,
    onServed: pollRecorder(core),
    onNotRecorded: (cause, requestId) => log.error({ err: cause, request_id: requestId }, NOT_RECORDED),
  });
}

const signedOf = ({ method = 'GET', url = '/', headers }: IncomingMessage) => ({
  method,
  target: url,
  headers,
  body: NO_BODY,
});

/** How a poll is read: as the state file, if there is one, and the list of instances, if there is one, want it. */
function readOf(
  core: Pick<FastPathCore, 'store' | 'worker' | 'settings'>,
  stateFile: Pick<StateFile, 'isPending'> | undefined,
): FastPathOptions['read'] {
  const { store, settings } = core;
  const read: FastPathOptions['read'] =
    stateFile === undefined
      ? (project_id, instance_id, task_id) =>
          readTask(core, { project_id, instance_id, task_id }) ?? unknownTask(store, task_id)
      : (...at) => readSaved(store.find(...at), stateFile);
  if (settings.instances.length === 0) return read;
  const instances = new Set(settings.instances);
  return (projectId, instanceId, taskId) =>
    instances.has(instanceId) ? read(projectId, instanceId, taskId) : undefined;
}
