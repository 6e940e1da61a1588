/** Carries out the faults of the registry that match a request: hooks before, between and after the work. */
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Fault, FaultPhase, FaultTarget } from '../admin/faults/registry.ts';
import type { ErrorAction } from '../admin/faults/schema.ts';
import type { StateFile } from '../admin/state/state-file.ts';
import { documentedError } from '../core/error-codes.ts';
import { ApigError, type ErrorBody, errors } from '../core/errors.ts';
import type { Core } from '../mock.ts';
import { errorHeaders } from './errors.ts';

/** What the faults need. */
export interface FaultCore extends Pick<Core, 'faults' | 'clocks' | 'cancellations' | 'settings'> {
  /** Where hits are saved before they are shown, if they are. */
  readonly stateFile: Pick<StateFile, 'settled'> | undefined;
}

/** How many pieces a dribbled response comes in, at most. */
const DRIBBLES = 20;

/** Hooks the faults into an app whose routes are the emulated ones. */
export function hookFaults(app: FastifyInstance, options: FaultCore, when: 'first' | 'last'): void {
  const { faults } = options;
  if (when === 'first') {
    app.addHook('onRequest', async (request, reply) => {
      if (faults.size > 0) await match(options, 'before', request, reply);
    });
    return;
  }
  app.addHook('preHandler', async (request, reply) => {
    if (faults.size > 0) await match(options, 'checked', request, reply);
  });
  app.addHook('onSend', async (request, reply, payload) => {
    if (faults.size === 0 || request.failure !== undefined) return payload;
    return shapeResponse(options, request, reply, payload);
  });
}

export function targetOf(request: FastifyRequest): FaultTarget {
  const { project_id, instance_id, task_id } = request.params as Record<string, string | undefined>;
  return {
    operation: request.routeOptions.config.operation,
    method: request.method,
    projectId: project_id ?? '',
    instanceId: instance_id ?? '',
    taskId: task_id,
  };
}

async function match(
  options: FaultCore,
  phase: FaultPhase,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const target = targetOf(request);
  for await (const fault of carriedOut(options, target, phase)) {
    request.faultId = fault.id;
    const { action } = fault;
    switch (action.type) {
      case 'delay':
        // Cut short: what comes after it is not carried out.
        if (!(await delay(options, request, options.faults.delayMs(fault, target)))) return;
        break;
      case 'reset':
      case 'empty':
        cutConnection(request, reply, action.type);
        return;
      case 'error':
        throw faultError(action, request, fault.id);
      case 'truncate':
      case 'malformed':
      case 'dribble':
        // They shape a response, and match after the work alone.
        break;
      default:
        action satisfies never;
    }
  }
}

/** The faults to carry out, one by one. A hit is shown, be it by a connection that is cut, once it is on disk. */
async function* carriedOut(
  { faults, stateFile }: FaultCore,
  target: FaultTarget,
  phase: FaultPhase,
): AsyncGenerator<Fault, void> {
  for (const fault of faults.match(target, phase)) {
    await stateFile?.settled();
    yield fault;
  }
  await stateFile?.settled();
}

/**
 * Waits on the clock of the scope, so that a clock that stands still holds the response until it is moved; no longer than
 * its caller is connected, and the fault or what it delays is in force.
 */
function delay({ cancellations, clocks }: FaultCore, request: FastifyRequest, ms: number): Promise<boolean> {
  const { projectId, instanceId } = targetOf(request);
  const scope = { projectId, instanceId };
  return cancellations.during(
    {
      scope,
      parts: ['faults'],
      outer: request.begun.signal,
    },
    ({ signal }) => clocks.sleep(scope, ms, signal),
  );
}

function cutConnection(request: FastifyRequest, reply: FastifyReply, how: 'reset' | 'empty'): void {
  reply.hijack();
  cutSocket(request, how);
}

function cutSocket(request: FastifyRequest, how: 'reset' | 'empty'): void {
  request.connectionCut = true;
  if (how === 'reset') request.raw.socket.resetAndDestroy();
  else request.raw.socket.destroy();
}

/** The field of a request whose value the text of a code names. */
const NAMED_BY: Readonly<Record<string, string>> = {
  'APIG.3001': 'group_id',
  'APIG.3002': 'api_id',
  'APIG.3003': 'env_id',
  'APIG.3093': 'task_id',
};

/** The text of a code: as the operation declares it, or about what the request names, or as the catalogue has it. */
function textFor(code: string, declared: ErrorBody, { params, query, body }: FastifyRequest): string {
  const field = NAMED_BY[code];
  if (field === undefined && code === declared.error_code) return declared.error_msg;
  const given: Readonly<Record<string, unknown>> = Object.assign({}, body, query, params);
  const value = field === undefined ? undefined : given[field];
  const known = documentedError(code, typeof value === 'string' ? value : undefined);
  return known?.message ?? declared.error_msg;
}

/** The error a fault responds with: what it gives, else what the operation declares for its status or code. */
function faultError(action: ErrorAction, request: FastifyRequest, faultId: string): ApigError {
  const { error_code, error_msg, retry_after_s: retryAfterS, body: rawBody } = action;
  const headers = {
    ...(retryAfterS !== undefined && { 'retry-after': String(retryAfterS) }),
    ...action.headers,
  };
  const known = error_code === undefined ? undefined : documentedError(error_code);
  const status = action.status ?? known?.status ?? 500;
  const { declared } = request.routeOptions.config;
  const usual = declared?.find((one) => one.status === status)?.body ?? usualError(status).body;
  const code = error_code ?? usual.error_code;
  const body = { error_code: code, error_msg: error_msg ?? textFor(code, usual, request) };
  return new ApigError(status, body, {
    reason: `injected fault ${faultId}`,
    rawBody,
    headers,
  });
}

function usualError(status: number): ApigError {
  switch (status) {
    case 400:
      return errors.badRequest();
    case 401:
      return errors.tokenInvalid();
    case 403:
      return errors.forbidden();
    case 404:
      return errors.routeNotFound();
    case 429:
      return errors.throttled();
    default:
      return errors.systemError();
  }
}

/** The response is made and its work is done: what goes out is what the fault makes of it. */
async function shapeResponse(
  options: FaultCore,
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
): Promise<unknown> {
  const target = targetOf(request);
  let shaped = payload;
  for await (const fault of carriedOut(options, target, 'after')) {
    request.faultId = fault.id;
    const { action } = fault;
    const bytes = bytesOf(shaped);
    switch (action.type) {
      case 'delay':
        if (!(await delay(options, request, options.faults.delayMs(fault, target)))) return shaped;
        break;
      case 'error':
        return errorInPlace(reply, faultError(action, request, fault.id), !options.settings.strict);
      case 'reset':
      case 'empty':
        cutSocket(request, action.type);
        return '';
      case 'truncate':
        reply.header('content-length', bytes.length);
        return Readable.from(cutShort(request, bytes), { objectMode: false });
      case 'malformed':
        shaped = bytes.subarray(0, Math.max(1, bytes.length >> 1));
        reply.removeHeader('content-length');
        break;
      case 'dribble':
        reply.header('content-length', bytes.length);
        return Readable.from(dribble(options, request, bytes, action.ms), { objectMode: false });
      default:
        action satisfies never;
    }
  }
  return shaped;
}

const bytesOf = (payload: unknown): Buffer =>
  Buffer.isBuffer(payload) ? payload : Buffer.from(typeof payload === 'string' ? payload : '');

function errorInPlace(reply: FastifyReply, error: ApigError, showReason: boolean): Buffer {
  reply.request.failure = error;
  reply.code(error.statusCode).removeHeader('content-length');
  reply.headers(errorHeaders(error, { requestId: reply.request.id, showReason }));
  return Buffer.from(error.text);
}

/** Half of the body, then the connection is gone. */
async function* cutShort(request: FastifyRequest, bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes.subarray(0, bytes.length >> 1);
  await new Promise<void>((resolve) => request.raw.socket.write('', () => resolve()));
  request.raw.socket.destroy();
}

/** The body in small pieces, spread over `ms` of the scope's clock. */
async function* dribble(
  options: FaultCore,
  request: FastifyRequest,
  bytes: Buffer,
  ms: number,
): AsyncGenerator<Buffer> {
  const size = Math.max(1, Math.ceil(bytes.length / DRIBBLES));
  const pieces = Math.ceil(bytes.length / size);
  for (let at = 0; at < bytes.length; at += size) {
    yield bytes.subarray(at, at + size);
    if (await delay(options, request, Math.floor(ms / pieces))) continue;
    yield bytes.subarray(at + size);
    return;
  }
}
