/**
 * HTTP to a mock that runs elsewhere: calls with JSON, and its event stream, which is resumed when it breaks. Whatever
 * responds, or does not, ends in one line that names the address. Every body is read or dropped, and every listener goes
 * with its request.
 */
import { setMaxListeners } from 'node:events';
import { createParser } from 'eventsource-parser';
import { Agent, type Dispatcher, request } from 'undici';
import { afterSystemMs } from './clock.ts';
import { ApigError, type ErrorBody } from './errors.ts';
import { bearer } from './header-text.ts';
import { connectFault } from './system-error.ts';

/** Waits last as long as they are asked to: the mock responds, not a time-out of ours. */
const CONNECTION = { headersTimeout: 0, bodyTimeout: 0, pipelining: 1 } as const;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5000;
/** The mock sends a comment every 15 s when there is nothing else. */
const SILENCE_MS = 40_000;

type Fault = Error & { readonly code?: string };

export interface RemoteOptions {
  /** Where the mock is, without a slash at the end. */
  readonly url: string;
  readonly adminToken: string | undefined;
  /** What the caller gave the address by, such as `--url`. */
  readonly option: string;
}

export interface SendOptions {
  readonly method: Dispatcher.HttpMethod;
  /** Sent as JSON, unless the method is GET. */
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
}

export interface FollowOptions {
  /** Called before each connection: the id of the event after which it goes on; none = from now on. */
  readonly begin: () => Promise<string | undefined> | string | undefined;
  /** Called when a connection stands; `lastId` = the newest event when it was made from now on. */
  readonly onOpen?: (lastId: string | undefined) => void;
  /** Called with what broke before another attempt; what it throws ends the stream. */
  readonly onLost: (cause: Error) => void;
}

/** Something else than a mock responded. */
export class NotAMock extends Error {
  override readonly name = 'NotAMock';
  readonly statusCode: number;

  constructor(message: string, statusCode: number) {
    super(message);
    this.statusCode = statusCode;
  }
}

export class Remote {
  readonly #options: RemoteOptions;
  readonly #agent = new Agent(CONNECTION);
  readonly #closing = new AbortController();

  constructor(options: RemoteOptions) {
    this.#options = options;
    // A listener per open stream, each of which goes with its stream.
    setMaxListeners(0, this.#closing.signal);
  }

  /** Sends a request; resolves with the JSON of the response. Rejects with `ApigError` when the mock rejects it. */
  async send(path: string, { method, body, signal }: SendOptions): Promise<unknown> {
    signal?.throwIfAborted();
    if (signal !== undefined) setMaxListeners(0, signal);
    const isRead = method === 'GET';
    const headers = isRead ? {} : { 'content-type': 'application/json' };
    const sent = isRead ? null : JSON.stringify(body ?? {});
    try {
      const response = await this.#request(path, { method, headers, body: sent, signal: signal ?? null });
      return await this.#valueOf(response, `${method} ${path}`);
    } catch (cause) {
      signal?.throwIfAborted();
      throw this.#inWords(cause as Error);
    }
  }

  /** The events of the mock, one by one, until `close`; a stream that breaks is resumed where it was. */
  async *follow<E>({ begin, onOpen, onLost }: FollowOptions): AsyncGenerator<E> {
    const { signal } = this.#closing;
    let pauseMs = FIRST_PAUSE_MS;
    while (!signal.aborted) {
      try {
        for await (const event of this.#readStream<E>(await begin(), onOpen)) {
          pauseMs = FIRST_PAUSE_MS;
          yield event;
        }
        if (!signal.aborted) onLost(new Error('the mock closed the stream'));
      } catch (cause) {
        if (signal.aborted) return;
        if (cause instanceof Rejected) throw cause.error;
        onLost(this.#inWords(cause as Error));
      }
      await pause(pauseMs, signal);
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    }
  }

  /** Ends streams and calls under way, and rejects later ones. */
  async close(): Promise<void> {
    this.#closing.abort();
    if (!this.#agent.destroyed) await this.#agent.destroy();
  }

  #request(path: string, options: Partial<Dispatcher.RequestOptions>): Promise<Dispatcher.ResponseData> {
    const { url, adminToken } = this.#options;
    const headers = { ...bearer(adminToken), ...(options.headers as Record<string, string>) };
    return request(url + path, { ...options, headers, dispatcher: this.#agent });
  }

  /** One connection of the event stream, to its end. */
  async *#readStream<E>(after: string | undefined, onOpen: FollowOptions['onOpen']): AsyncGenerator<E> {
    const path = '/__admin/events';
    const { signal } = this.#closing;
    const headers: Record<string, string> = after === undefined ? {} : { 'last-event-id': after };
    const response = await this.#request(path, { method: 'GET', headers, signal });
    if (response.statusCode !== 200 || !/^text\/event-stream\b/.test(typeOf(response))) {
      const error = await this.#valueOf(response, `GET ${path}`, 'stream').catch((cause: Error) => cause);
      // A proxy in between returns 502 or 503 while the mock behind it is restarted.
      throw response.statusCode < 500 ? new Rejected(error as Error) : error;
    }
    const { body } = response;
    const lastId = response.headers['last-event-id'];
    onOpen?.(typeof lastId === 'string' ? lastId : undefined);
    const dropSilent = (): void => void body.destroy(new Error(`nothing was received for ${SILENCE_MS} ms`));
    let silence = afterSystemMs(SILENCE_MS, dropSilent);
    const events: E[] = [];
    const decoder = new TextDecoder();
    const parser = createParser({ onEvent: ({ data }) => void events.push(JSON.parse(data) as E) });
    try {
      for await (const chunk of body as AsyncIterable<Uint8Array>) {
        // Silence is the mock's alone: the reader may take as long as it likes over an event.
        silence.stop();
        parser.feed(decoder.decode(chunk, { stream: true }));
        yield* events.splice(0);
        silence = afterSystemMs(SILENCE_MS, dropSilent);
      }
    } finally {
      silence.stop();
      body.destroy();
    }
  }

  /** The JSON of a response of the mock. Throws for an error, and for what no mock has sent. */
  async #valueOf(response: Dispatcher.ResponseData, what: string, wanted = 'json'): Promise<unknown> {
    const { statusCode, headers, body } = response;
    const isMocks = headers['x-request-id'] !== undefined && wanted === 'json';
    if (statusCode === 204 && isMocks) return void (await body.dump());
    const value = await jsonOf(response);
    if (statusCode < 400 && isMocks && value !== undefined) return value;
    if (statusCode >= 400 && isErrorBody(value)) {
      const reason = headers['x-mock-reason'];
      throw new ApigError(statusCode, value, typeof reason === 'string' ? { reason } : {});
    }
    const { url, option } = this.#options;
    const [path] = what.split('?', 1);
    const returned = `${statusCode} ${typeOf(response)}`.trimEnd();
    throw new NotAMock(
      `no apig-mock responds at ${url}: ${path} returned ${returned}: check ${option}`,
      statusCode,
    );
  }

  /** The system's error of a connection, in words; its code stays. */
  #inWords(cause: Error): Error {
    const { url, option } = this.#options;
    if (this.#closing.signal.aborted) return new Error(`the connection to ${url} was closed by close()`);
    if (cause instanceof ApigError || cause instanceof NotAMock) return cause;
    const why = `cannot reach ${url}: ${connectFault(cause, option)}`;
    return Object.assign(new Error(why, { cause }), { code: (cause as Fault).code });
  }
}

/** The mock rejected the reader of a stream: another attempt would end the same way. */
class Rejected extends Error {
  readonly error: Error;

  constructor(error: Error) {
    super(error.message);
    this.error = error;
  }
}

const typeOf = ({ headers }: Dispatcher.ResponseData): string =>
  String(headers['content-type'] ?? '').split(';', 1)[0] ?? '';

/** The JSON of a response; undefined, and the rest dropped, when it is none. */
async function jsonOf(response: Dispatcher.ResponseData): Promise<unknown> {
  if (typeOf(response) !== 'application/json') return void (await response.body.dump());
  const text = await response.body.text();
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function isErrorBody(value: unknown): value is ErrorBody {
  const { error_code, error_msg } = (value ?? {}) as Partial<ErrorBody>;
  return typeof error_code === 'string' && typeof error_msg === 'string';
}

/** Waits, unless the signal ends it. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      timer.stop();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = afterSystemMs(ms, done);
    if (signal.aborted) done();
    else signal.addEventListener('abort', done, { once: true });
  });
}
