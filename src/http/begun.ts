/**
 * Each request as something that has begun: it is cancelled when its caller hangs up, and what would change a scope is
 * cancelled by a reset or a restore of that scope. A stop lets requests come to their end.
 */
import type { Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Cancellable, Cancellations } from '../core/cancellation.ts';

/** What is in progress on each connection: one listener for all of it, however deep it is pipelined. */
const onSocket = new WeakMap<Socket, Set<Cancellable>>();

function entriesOf(socket: Socket): Set<Cancellable> {
  let entries = onSocket.get(socket);
  if (entries === undefined) {
    const made = new Set<Cancellable>();
    entries = made;
    onSocket.set(socket, made);
    socket.once('close', () => {
      for (const entry of made) entry.cancel('hang-up');
    });
  }
  return entries;
}

/** Comes first: gives every request its `begun`. */
export function hookBegun(app: FastifyInstance, cancellations: Cancellations): void {
  app.addHook('onRequest', (request, { raw }, done) => {
    const { project_id: projectId, instance_id: instanceId } = request.params as Record<string, string>;
    const entry = cancellations.begin(
      projectId === undefined
        ? { drains: true }
        : { scope: { projectId, instanceId }, parts: request.routeOptions.config.parts ?? [], drains: true },
    );
    const entries = entriesOf(request.raw.socket);
    entries.add(entry);
    raw.once('close', () => {
      entries.delete(entry);
      if (raw.writableFinished) entry.end();
      else entry.cancel('hang-up');
    });
    request.begun = entry;
    done();
  });
}

/**
 * Comes before anything reads a body: that of a change ends with an error as soon as the change is cancelled. The rest of
 * it is read and discarded, so that the response reaches the client. A form does so itself.
 */
export function cutCancelledBodies(app: FastifyInstance): void {
  app.addHook('preParsing', async ({ begun, routeOptions, raw }, _reply, payload) => {
    const { changes, takesFile } = routeOptions.config;
    if (changes !== true || takesFile === true || raw.complete) return payload;
    begun.throwIfCancelled();
    const body = new PassThrough();
    // Its reader gets the error; without one, nothing is left to reject.
    body.on('error', () => {});
    const cut = (): void => {
      payload.unpipe(body).resume();
      body.destroy(begun.signal.reason as Error);
    };
    begun.signal.addEventListener('abort', cut, { once: true });
    return payload.pipe(body);
  });
}

/** Comes last before the handler, which follows in the same turn: nothing that was cancelled is done. */
export function rejectCancelled(app: FastifyInstance): void {
  app.addHook('preHandler', (request, _reply, done) => done(cancelledError(request)));
}

/** A read that a reset released is of what is there now; a change is none of it. */
function cancelledError({ begun, routeOptions }: FastifyRequest): Error | undefined {
  if (begun.cause === undefined) return undefined;
  const isVoid = begun.cause === 'hang-up' || routeOptions.config.changes === true;
  return isVoid ? (begun.signal.reason as Error) : undefined;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** This request, as something that may be cancelled. */
    begun: Cancellable;
  }
}
