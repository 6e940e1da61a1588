/**
 * The short way of a plain poll: a GET of an existing task with a known token or a good signature, read
 * straight from Node's request. It answers what the route answers or it answers nothing at all: whatever is unusual (another
 * method, a body, odd ids, unknown credentials, an unknown task, a fault in force) takes the long way through Fastify.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Identity } from '../auth/identity.ts';
import { verifySignature } from '../auth/signature.ts';
import { monotonicMs } from '../clock.ts';
import { type ApiCaller, rejectionOf } from '../control/guard.ts';
import type { StateFile } from '../control/state-file.ts';
import type { Core } from '../mock.ts';
import { readSaved, readTask } from '../tasks/show.ts';
import { NOT_NOTED, pollRecorder } from './request-log.ts';

export interface FastLaneOptions {
  /** Whether the guard lets a web page call, by the name it uses; asked of requests that name an origin. */
  readonly isLetIn: (caller: ApiCaller) => boolean;
  /** False while something (a fault) wants to see every request of a scope. */
  readonly isOpen: (projectId: string, instanceId: string) => boolean;
  /** Who brings this token, when it may read in this project. */
  readonly readerByToken: (token: string, projectId: string) => Reader | undefined;
  /** Who signed this request, which has no body, when the signature is good and the signer may read in this project. */
  readonly readerBySignature: (request: IncomingMessage, projectId: string) => Reader | undefined;
  /** The answer for a task, once per call: reading counts. */
  readonly read: (projectId: string, instanceId: string, taskId: string) => string | undefined;
  readonly nextRequestId: () => string;
  readonly strict: boolean;
  readonly onAnswered: (poll: AnsweredPoll) => void;
  /** Told why a poll that was answered could not be noted. */
  readonly onNotNoted: (cause: unknown, requestId: string) => void;
}

/** How the caller of a poll was known. */
export type Reader = Identity['kind'];

/** A poll that was answered with 200. */
export interface AnsweredPoll {
  readonly reader: Reader;
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

/** The one X-Auth-Token of a request without a body, or that it is signed; undefined sends it the long way. */
function plainToken(
  request: IncomingMessage,
  isLetIn: FastLaneOptions['isLetIn'],
): string | typeof SIGNED | undefined {
  const raw = request.rawHeaders;
  let token: string | undefined;
  let authorizations = 0;
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
        if (name.toLowerCase() === 'origin' && !isLetIn(request.headers)) return undefined;
        break;
      case 13:
        if (name.toLowerCase() === 'authorization') authorizations += 1;
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
  return token ?? (authorizations === 1 ? SIGNED : undefined);
}

/** Makes the short way; its answer is true when it has answered. What breaks in it is left to the long way. */
export function createFastLane(options: FastLaneOptions) {
  const answer = answerOf(options);
  return (request: IncomingMessage, response: ServerResponse): boolean => {
    try {
      return answer(request, response);
    } catch (cause) {
      if (response.headersSent) throw cause;
      return false;
    }
  };
}

function answerOf(options: FastLaneOptions) {
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
    const token = plainToken(request, options.isLetIn);
    if (token === undefined) return false;
    const projectId = target.slice(VERSION.length, projectEnd);
    const instanceId = target.slice(instanceStart, instanceEnd);
    const taskId = target.slice(taskStart);
    if (
      options.strict &&
      !(STRICT_ID.test(projectId) && STRICT_ID.test(instanceId) && STRICT_ID.test(taskId))
    )
      return false;
    if (!options.isOpen(projectId, instanceId)) return false;
    const reader =
      token === SIGNED
        ? options.readerBySignature(request, projectId)
        : options.readerByToken(token, projectId);
    if (reader === undefined) return false;
    const text = options.read(projectId, instanceId, taskId);
    if (text === undefined) return false;

    const requestId = options.nextRequestId();
    const bytes = Buffer.byteLength(text);
    response.writeHead(200, [
      'content-type',
      'application/json',
      'content-length',
      String(bytes),
      'x-request-id',
      requestId,
    ]);
    response.end(text, bytes === text.length ? 'latin1' : 'utf8');
    const durationMs = monotonicMs() - startedAt;
    try {
      options.onAnswered({ reader, projectId, instanceId, target, requestId, durationMs });
    } catch (cause) {
      options.onNotNoted(cause, requestId);
    }
    return true;
  };
}

const NO_BODY = new Uint8Array(0);

/** The fast path of a mock; the state file, if there is one, says which tasks may not be shown yet. */
export function fastPathOf(
  core: Pick<
    Core,
    | 'clocks'
    | 'credentials'
    | 'faults'
    | 'journal'
    | 'log'
    | 'nextRequestId'
    | 'settings'
    | 'store'
    | 'worker'
  >,
  stateFile: Pick<StateFile, 'isPending'> | undefined,
) {
  const { clocks, credentials, faults, log, nextRequestId, settings, store } = core;
  return createFastLane({
    isLetIn: (caller) => rejectionOf(caller, settings.adminHosts) === undefined,
    isOpen: (projectId, instanceId) => faults.size === 0 || !faults.mayStrikePoll(projectId, instanceId),
    readerByToken: (token, projectId) => {
      const identity = credentials.identify(token);
      if (identity === undefined || identity.domainScoped) return undefined;
      return (identity.projectId ?? projectId) === projectId ? identity.kind : undefined;
    },
    readerBySignature: ({ method = 'GET', url = '/', headers }, projectId) => {
      const verified = verifySignature(
        { method, target: url, headers, body: NO_BODY },
        {
          secretOf: (accessKey) => credentials.secretOf(accessKey),
          times: clocks.times('signature', projectId),
        },
      );
      const good = verified.outcome === 'ok' && (verified.projectId ?? projectId) === projectId;
      return good ? 'signature' : undefined;
    },
    read:
      stateFile === undefined
        ? (project_id, instance_id, task_id) => readTask(core, { project_id, instance_id, task_id })
        : (...at) => readSaved(store.find(...at), stateFile),
    nextRequestId,
    strict: settings.strict,
    onAnswered: pollRecorder(core),
    onNotNoted: (cause, requestId) => log.error({ err: cause, request_id: requestId }, NOT_NOTED),
  });
}
