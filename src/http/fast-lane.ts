/**
 * The short way of a plain poll: a GET of an existing task with a known token, read straight from Node's
 * request. It answers what the route answers or it answers nothing at all: whatever is unusual (another
 * method, a body, odd ids, an unknown token or task, a fault in force) takes the long way through Fastify.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { monotonicMs } from '../clock.ts';

export interface FastLaneOptions {
  /** False while something (a fault) wants to see every request of a scope. */
  readonly isOpen: (projectId: string, instanceId: string) => boolean;
  /** Whether this token may read in this project. */
  readonly mayRead: (token: string, projectId: string, instanceId: string) => boolean;
  /** The answer for a task, once per call: reading counts. */
  readonly read: (projectId: string, instanceId: string, taskId: string) => string | undefined;
  readonly nextRequestId: () => string;
  readonly strict: boolean;
  readonly onAnswered: (poll: AnsweredPoll) => void;
}

/** A poll that was answered with 200. */
export interface AnsweredPoll {
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

/** The one X-Auth-Token of a request without a body; undefined sends it the long way. */
function plainToken(raw: readonly string[]): string | undefined {
  let token: string | undefined;
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at] as string;
    switch (name.length) {
      case 12:
        if (name.toLowerCase() !== 'x-auth-token') break;
        if (token !== undefined) return undefined;
        token = raw[at + 1];
        break;
      case 6:
        if (name.toLowerCase() === 'expect') return undefined;
        break;
      case 14:
        if (name.toLowerCase() === 'content-length') return undefined;
        break;
      case 17:
        if (name.toLowerCase() === 'transfer-encoding') return undefined;
        break;
    }
  }
  return token;
}

/** Makes the short way; its answer is true when it has answered. */
export function createFastLane(options: FastLaneOptions) {
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
    const token = plainToken(request.rawHeaders);
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
    if (!options.mayRead(token, projectId, instanceId)) return false;
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
    options.onAnswered({ projectId, instanceId, target, requestId, durationMs: monotonicMs() - startedAt });
    return true;
  };
}
