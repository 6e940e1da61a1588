/**
 * The proxy that records: forwards each request to the target and nowhere else, signs anew what a client signs, streams
 * bodies both ways, and hands over what was exchanged. It decides nothing: what the target responds goes out as it came.
 */

import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Readable, Transform } from 'node:stream';
import { Agent, type Dispatcher } from 'undici';
import { isLocalHost } from '../admin/guard.ts';
import { CouldNotRun } from '../conformance/sending.ts';
import { type ApigError, errors } from '../core/errors.ts';
import { jsonObject } from '../core/json-error.ts';
import { connectFault } from '../core/system-error.ts';
import { decodeText } from '../core/text-file.ts';
import { callOf } from './calls.ts';
import type { Exchange } from './gathering.ts';
import type { Secrets } from './secrets.ts';
import { accessKeyOf, isSigned, passedHeaders, resigned, type SigningKey, signsBody } from './signing.ts';

export interface ProxyOptions {
  /** An origin, such as `https://apig.cn-north-4.myhuaweicloud.com`. */
  readonly target: string;
  /** Undefined = clients that sign are rejected. */
  readonly key: SigningKey | undefined;
  readonly host: string;
  readonly port: number;
  readonly secrets: Secrets;
  /** The system's time, for signatures. */
  readonly nowMs: () => number;
  /** A time that only grows, for how long tasks take. */
  readonly elapsedMs: () => number;
  readonly onExchange: (exchange: Exchange) => Promise<void>;
  /** Called with what a person should know, once for each line. */
  readonly note: (line: string) => void;
}

export interface RecordingProxy {
  readonly url: string;
  /** Requests under way. */
  readonly busy: number;
  /** Takes no more requests; resolves when those under way have ended, or at once when the signal is aborted. */
  stop(cut: AbortSignal): Promise<void>;
}

/** Longer bodies are passed on, and not recorded. */
const MAX_CAPTURED = 16 * 1024 * 1024;
const TIMEOUT_MS = 120_000;
const PROBE_MS = 20_000;

/** A copy of the bytes that pass, unless there are too many. */
class Capture {
  #chunks: Buffer[] | undefined = [];
  #bytes = 0;

  add(chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > MAX_CAPTURED) this.#chunks = undefined;
    this.#chunks?.push(chunk);
  }

  get bytes(): Buffer | undefined {
    return this.#chunks && Buffer.concat(this.#chunks);
  }
}

/**
 * The body of a request on its way through a capture. Of its own: a target that responds before it has read all of it
 * ends this stream, and not the request, whose client would lose its response.
 */
function bodyOf(request: IncomingMessage, capture: Capture): Readable | undefined {
  const { headers } = request;
  const isThere = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
  if (!isThere) return undefined;
  const through = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      capture.add(chunk);
      done(null, chunk);
    },
  });
  request.once('error', (cause) => through.destroy(cause));
  return request.pipe(through);
}

/** Asks without credentials for a task that is nowhere. Throws `CouldNotRun` unless an APIG rejects it. */
export async function probe(target: string): Promise<void> {
  const agent = new Agent({ headersTimeout: PROBE_MS, bodyTimeout: PROBE_MS });
  try {
    const { statusCode, body } = await agent.request({
      ...{ origin: new URL(target).origin, method: 'GET' },
      path: `${new URL(target).pathname.replace(/\/$/, '')}/v2/none/apigw/instances/none/async-tasks/none`,
    });
    const { error_code } = jsonObject(await body.text()) ?? {};
    if (typeof error_code === 'string' && /^API[GC]W?\.\d/.test(error_code)) return;
    throw new CouldNotRun(`${target} is no endpoint of APIG (${statusCode}): see --target`);
  } catch (cause) {
    if (cause instanceof CouldNotRun) throw cause;
    throw new CouldNotRun(`cannot reach ${target}: ${connectFault(cause as Error, '--target')}`);
  } finally {
    await agent.destroy();
  }
}

/** Starts it; rejects with what listening throws. */
export async function startProxy(options: ProxyOptions): Promise<RecordingProxy> {
  const agent = new Agent({ headersTimeout: TIMEOUT_MS, bodyTimeout: TIMEOUT_MS });
  const underWay = new Set<Promise<void>>();
  const forwarder = new Forwarder(options, agent);
  const server: Server = createServer((request, response) => {
    const one = forwarder.forward(request, response).finally(() => underWay.delete(one));
    underWay.add(one);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: options.host, port: options.port }, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  return {
    url: `http://${host}:${port}`,
    get busy() {
      return underWay.size;
    },
    async stop(cut) {
      server.close();
      server.closeIdleConnections();
      const isCut = new Promise<void>((resolve) => {
        if (cut.aborted) resolve();
        cut.addEventListener('abort', () => resolve(), { once: true });
      });
      await Promise.race([Promise.all(underWay), isCut]);
      server.closeAllConnections();
      await agent.destroy();
      await Promise.all(underWay);
    },
  };
}

class Forwarder {
  readonly #options: ProxyOptions;
  readonly #agent: Agent;
  readonly #url: URL;
  readonly #noted = new Set<string>();

  constructor(options: ProxyOptions, agent: Agent) {
    this.#options = options;
    this.#agent = agent;
    this.#url = new URL(options.target);
  }

  /** Serves one request; never rejects. */
  async forward(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { key, secrets } = this.#options;
    const { headers, method = 'GET', url: target = '/' } = request;
    // Whatever comes in with a signature is signed with real keys: no web page may send it.
    if (!isLocalHost(headers.host, [this.#options.host]) || headers.origin !== undefined)
      return this.#reject(request, response, errors.notAcceptedHere(), 'a web page may not call');
    if (!target.startsWith('/'))
      return this.#reject(request, response, errors.badRequest(), 'no path in the target of a request');
    learnHeaders(headers, secrets);
    if (isSigned(headers) && key === undefined) {
      const why = 'a client signs its requests, and there is no key to sign them with anew';
      const advice = 'set HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK, or give --access-key';
      return this.#reject(
        request,
        response,
        errors.signatureInvalid(`${why}: ${advice}`),
        `${why}: ${advice}`,
      );
    }
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const sentMs = this.#options.elapsedMs();
    const sent = new Capture();
    try {
      const received = await this.#send(request, bodyOf(request, sent), gone.signal);
      const text = textOf(await this.#passOn(received, response, gone.signal));
      const receivedMs = this.#options.elapsedMs();
      const call = callOf(method, target);
      this.#noteRejection(received.statusCode, headers);
      const body = sent.bytes && { type: headers['content-type'] ?? '', bytes: sent.bytes };
      await this.#options
        .onExchange({ call, status: received.statusCode, text, sent: body, sentMs, receivedMs })
        .catch((cause: Error) => this.#note(`a response could not be recorded: ${cause.message}`));
      response.end();
      request.resume();
    } catch (cause) {
      // A client that hung up needs no response.
      if (!gone.signal.aborted && request.errored === null) this.#failed(cause as Error, request, response);
    }
  }

  async #send(
    request: IncomingMessage,
    body: Readable | undefined,
    signal: AbortSignal,
  ): Promise<Dispatcher.ResponseData> {
    const { key, nowMs } = this.#options;
    const { method = 'GET', url: target = '/', headers } = request;
    const whole = body !== undefined && signsBody(headers) ? await bytesOf(body) : undefined;
    const path = this.#url.pathname.replace(/\/$/, '') + target;
    const toSign = { method, target: path, host: this.#url.host, headers, nowMs: nowMs() };
    return this.#agent.request({
      origin: this.#url.origin,
      path,
      method: method as Dispatcher.HttpMethod,
      headers:
        isSigned(headers) && key !== undefined
          ? resigned({ ...toSign, body: whole ?? new Uint8Array() }, key)
          : { ...passedHeaders(headers), ...authorizationOf(headers) },
      body: whole ?? body ?? null,
      signal,
    });
  }

  /** Streams the response to the client, but for its end; resolves with its body. */
  async #passOn(
    received: Dispatcher.ResponseData,
    response: ServerResponse,
    signal: AbortSignal,
  ): Promise<Buffer | undefined> {
    const { statusCode, headers, body } = received;
    learnHeaders(headers, this.#options.secrets);
    response.writeHead(statusCode, passedHeaders(headers));
    response.flushHeaders();
    const capture = new Capture();
    for await (const chunk of body as AsyncIterable<Buffer>) {
      capture.add(chunk);
      if (!response.write(chunk)) await once(response, 'drain', { signal });
    }
    return capture.bytes;
  }

  #failed(cause: Error, request: IncomingMessage, response: ServerResponse): void {
    const what = callOf(request.method ?? '', request.url ?? '')?.operation ?? 'a request';
    const { target } = this.#options;
    if (response.headersSent) {
      this.#note(`${target} broke off in the middle of a response (${what}): the client sees it broken, too`);
      response.destroy();
      return;
    }
    const why = connectFault(cause as Error & { code?: string }, '--target');
    const line = `cannot reach ${target}: ${why}`;
    this.#note(line);
    respond(response, 502, { error_code: 'APIG.9999', error_msg: `apig-mock record: ${line}` });
    request.resume();
  }

  /** What only the person who runs the proxy can change. */
  #noteRejection(status: number, headers: IncomingMessage['headers']): void {
    if (status !== 401 && status !== 403) return;
    if (isSigned(headers) && status === 401)
      this.#note('the target rejects the access key (401): check HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK');
    else if (headers['x-auth-token'] !== undefined && status === 401)
      this.#note('the target rejects the token of a client (401): it may have expired: get a new one');
    else if (status === 403)
      this.#note('the target rejects a caller (403): check its project and permissions');
  }

  #reject(request: IncomingMessage, response: ServerResponse, error: ApigError, line: string): void {
    this.#note(`rejected ${error.statusCode}: ${line}`);
    request.resume();
    respond(response, error.statusCode, error.body);
  }

  #note(line: string): void {
    if (this.#noted.has(line)) return;
    this.#noted.add(line);
    this.#options.note(this.#options.secrets.redact(line));
  }
}

function respond(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    connection: 'close',
  });
  response.end(text);
}

/** Another scheme than a signature of the service. */
const authorizationOf = ({ authorization }: IncomingMessage['headers']) =>
  authorization === undefined ? {} : { authorization };

function learnHeaders(headers: IncomingMessage['headers'], secrets: Secrets): void {
  const one = (name: string): string | undefined => headers[name]?.toString();
  for (const name of ['x-auth-token', 'x-subject-token', 'x-security-token']) secrets.add(one(name), 'token');
  secrets.add(accessKeyOf(headers), 'access key');
  secrets.add(one('cookie'), 'cookie');
  if (!isSigned(headers)) secrets.add(one('authorization'), 'authorization');
  for (const name of ['x-project-id', 'x-domain-id']) secrets.addId(one(name));
}

async function bytesOf(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function textOf(bytes: Buffer | undefined): string | undefined {
  const decoded = bytes && decodeText(bytes);
  return decoded && 'text' in decoded ? decoded.text : undefined;
}
