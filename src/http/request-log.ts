/** Records each response: one entry in the journal, and one line in the log where its level asks for it. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Journal, RequestNotes } from '../admin/journal/journal.ts';
import { monotonicMs, systemNowMs } from '../core/clock.ts';
import type { Clocks } from '../core/clocks.ts';
import type { ApigError } from '../core/errors.ts';
import type { Log } from '../core/logger.ts';
import { isOperation } from '../core/operation-names.ts';
import { idPattern } from '../core/scope.ts';
import type { ServedPoll } from './fast-path.ts';

export interface RequestLogOptions {
  readonly journal: Journal;
  readonly clocks: Clocks;
  readonly log: Log;
}

const LENIENT = idPattern(false);
/** The log line for a response that is in neither journal nor log. */
export const NOT_RECORDED = 'a response could not be recorded';

const QUIET = new Set(['ShowAsyncTaskResult', 'health', 'ready']);

interface Line {
  readonly method: string;
  readonly target: string;
  readonly status: number;
  readonly durationMs: number;
  readonly requestId: string;
  readonly failure: ApigError | undefined;
  readonly reason: string | undefined;
}

const lineOf = ({ method, target, status, durationMs, requestId, failure, reason }: Line) => ({
  method,
  path: target,
  status,
  duration_ms: Math.round(durationMs * 1000) / 1000,
  request_id: requestId,
  ...(failure === undefined ? {} : { error_code: failure.code }),
  ...(reason === undefined ? {} : { reason }),
});

/** The log line of a response: polls, health and reads of `/__admin` at debug, all else at info. */
function writeLine(log: Log, operation: string | undefined, line: Line): void {
  const onlyLooks = line.method === 'GET' && line.target.startsWith('/__admin');
  const isQuiet = onlyLooks || (operation !== undefined && QUIET.has(operation));
  log[isQuiet ? 'debug' : 'info'](lineOf(line), 'request');
}

const notesOf = (credentials: ServedPoll['caller'], failure?: ApigError): RequestNotes => ({
  operation: 'ShowAsyncTaskResult',
  method: 'GET',
  errorCode: failure?.code,
  reason: failure?.reason,
  credentials,
});
/** The same few for every plain poll. */
const POLL_NOTES: Readonly<Record<ServedPoll['caller'], RequestNotes>> = {
  'static-token': notesOf('static-token'),
  token: notesOf('token'),
  signature: notesOf('signature'),
  none: notesOf('none'),
};

/** For polls that took the fast path. */
export function pollRecorder({ journal, clocks, log }: RequestLogOptions) {
  return (poll: ServedPoll): void => {
    const { caller, failure, projectId, instanceId, target, requestId, durationMs } = poll;
    const status = failure?.statusCode ?? 200;
    journal.record({
      id: 0,
      projectId,
      instanceId,
      target,
      status,
      atMs: clocks.now('journal', projectId, instanceId),
      durationMs,
      requestId,
      notes: failure === undefined ? POLL_NOTES[caller] : notesOf(caller, failure),
    });
    if (!log.isLevelEnabled('debug')) return;
    if (log.writeLine !== undefined && failure === undefined) log.writeLine(pollLine(poll));
    else {
      const reason = failure?.reason;
      log.debug(lineOf({ method: 'GET', target, status, durationMs, requestId, failure, reason }), 'request');
    }
  };
}

let lineMs = 0;
let lineTime = '';

/** A poll's line by hand, as the log writes it: nothing in it needs escaping, and one comes with every poll. */
function pollLine({ target, durationMs, requestId }: ServedPoll): string {
  const nowMs = systemNowMs();
  if (nowMs !== lineMs) {
    lineMs = nowMs;
    lineTime = new Date(nowMs).toISOString();
  }
  const tookMs = Math.round(durationMs * 1000) / 1000;
  return `{"level":20,"time":"${lineTime}","method":"GET","path":"${target}","status":200,"duration_ms":${tookMs},"request_id":"${requestId}","msg":"request"}\n`;
}

/**
 * For requests that came through Fastify; those of `/__admin` are no part of the journal. Called when a request
 * comes: it is noted when its response is out, or when the connection is gone before (Fastify reports the first only).
 */
export function requestRecorder(options: RequestLogOptions) {
  return (request: FastifyRequest, reply: FastifyReply): void => {
    const startedAt = monotonicMs();
    let isNoted = false;
    const noteOnce = (): void => {
      if (isNoted) return;
      isNoted = true;
      try {
        note(options, { request, reply, durationMs: monotonicMs() - startedAt });
      } catch (cause) {
        options.log.error({ err: cause, request_id: request.id }, NOT_RECORDED);
      }
    };
    reply.raw.once('finish', noteOnce).once('close', noteOnce);
  };
}

/** 0 = no response was sent: a fault cut the connection, or the caller did. */
const statusOf = (request: FastifyRequest, { raw, statusCode }: FastifyReply): number =>
  request.connectionCut || !raw.headersSent ? 0 : statusCode;

/** What is worth knowing of a request that was not rejected. */
function reasonIn(reply: FastifyReply): string | undefined {
  const value = reply.getHeader('X-Mock-Reason');
  return typeof value === 'string' ? value : undefined;
}

function note(
  { journal, clocks, log }: RequestLogOptions,
  { request, reply, durationMs }: { request: FastifyRequest; reply: FastifyReply; durationMs: number },
): void {
  const { operation } = request.routeOptions.config;
  const { failure, method } = request;
  // A query may hold a secret, sent there by mistake: it is neither logged nor stored.
  const [target = '/'] = (request.raw.url ?? '/').split('?', 1);
  const status = statusOf(request, reply);
  const reason = failure?.reason ?? reasonIn(reply);
  writeLine(log, operation, { method, target, status, durationMs, requestId: request.id, failure, reason });
  if (target.startsWith('/__admin')) return;
  const { projectId, instanceId } = scopeOf(request.params as Record<string, string | undefined>);
  journal.record({
    ...{ id: 0, projectId, instanceId, target, status, durationMs },
    atMs: clocks.now('journal', projectId, instanceId),
    requestId: request.id,
    notes: {
      operation: isOperation(operation) ? operation : undefined,
      method,
      errorCode: failure?.code,
      reason,
      faultId: request.faultId,
      credentials: request.identity?.kind ?? 'none',
    },
  });
}

/** The scope of a request; one whose ids are no ids belongs to none, so that no scope is made for nonsense. */
function scopeOf({
  project_id: projectId = '',
  instance_id: instanceId = '',
}: Record<string, string | undefined>) {
  const sound = LENIENT.test(projectId) && LENIENT.test(instanceId);
  return sound ? { projectId, instanceId } : { projectId: '', instanceId: '' };
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The fault that shaped the response. */
    faultId: string | undefined;
    /** A fault cut the connection in place of a response. */
    connectionCut: boolean;
  }
}
