/** The control calls against a mock that runs elsewhere, over undici. */
import { Client, type Dispatcher } from 'undici';
import { ApigError, type ErrorBody } from '../errors.ts';
import { bearer } from '../header-text.ts';
import { connectFault } from '../system-fault.ts';
import { controlOf, type MockControl, type WaitOptions } from './calls.ts';
import { requestOf } from './control-call.ts';
import type { MockEvent } from './events.ts';

type Query = Readonly<Record<string, unknown>>;

/** Waits last as long as they are asked to: the server answers, not a time-out of ours. */
const CONNECTION = { headersTimeout: 0, bodyTimeout: 0, pipelining: 1 } as const;

function withQuery(path: string, query: Query = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  return given.length === 0
    ? path
    : `${path}?${new URLSearchParams(Object.fromEntries(given.map(([name, value]) => [name, String(value)])))}`;
}

/** Throws what the system said, in words; its code is kept. */
function unreachable(url: string, cause: Error & { code?: string }): never {
  const why = `cannot reach ${url}: ${connectFault(cause, 'connectApigMock')}`;
  throw Object.assign(new Error(why, { cause }), { code: cause.code });
}

/** Connects to the `/__admin` of a mock; `close` lets go of its connections. */
export function connect(
  url: string,
  adminToken: string | undefined,
): { control: MockControl; close: () => Promise<void> } {
  const headers = bearer(adminToken);
  const idle: Client[] = [];
  const clients = new Set<Client>();

  /** One client per call under way, so that a wait holds up nothing else. */
  async function send(
    method: Dispatcher.HttpMethod,
    path: string,
    { body, signal }: { readonly body: unknown } & WaitOptions,
  ): Promise<unknown> {
    const client = idle.pop() ?? new Client(url, CONNECTION);
    clients.add(client);
    const isRead = method === 'GET';
    const answer = await client
      .request({
        method,
        path,
        headers: isRead ? headers : { ...headers, 'content-type': 'application/json' },
        ...(isRead ? {} : { body: JSON.stringify(body ?? {}) }),
        signal: signal ?? null,
      })
      .catch((cause: Error) => {
        signal?.throwIfAborted();
        return unreachable(url, cause);
      });
    const text = await answer.body.text();
    idle.push(client);
    const parsed: unknown = text === '' ? undefined : JSON.parse(text);
    if (answer.statusCode < 400) return parsed;
    const { error_code = `HTTP ${answer.statusCode}`, error_msg = text } = parsed as Partial<ErrorBody>;
    const reason = answer.headers['x-mock-reason'];
    throw new ApigError(
      answer.statusCode,
      { error_code, error_msg },
      typeof reason === 'string' ? { reason } : {},
    );
  }
  const control = controlOf(
    async (name, args) => {
      const { callNamed } = await import('./operations.ts');
      const operation = callNamed(name);
      const { path, request, caller } = requestOf(operation, args);
      const target = operation.path.replaceAll(/:(\w+)/g, (_, member: string) =>
        encodeURIComponent(path[member] ?? ''),
      );
      const body = operation.query === undefined ? request : undefined;
      const query = operation.query === undefined ? undefined : (request as Query);
      const response = await send(operation.method, withQuery(target, query), { body, ...caller });
      if (operation.returnsNothing === true) return undefined;
      const { unwrap } = operation;
      const value = unwrap === undefined ? response : (response as Record<string, unknown>)[unwrap];
      operation.check?.(value as never);
      return value;
    },
    { [Symbol.asyncIterator]: () => readStream(url, headers) },
  );
  const close = async (): Promise<void> => {
    await Promise.all([...clients].map((client) => client.destroy()));
  };
  return { control, close };
}

/** The events of the stream, one by one; a stream that breaks is taken up again where it was. */
async function* readStream(url: string, headers: Record<string, string>): AsyncGenerator<MockEvent> {
  const client = new Client(url, CONNECTION);
  let lastId: number | undefined;
  try {
    for (;;) {
      const resume: Record<string, string> = lastId === undefined ? {} : { 'last-event-id': String(lastId) };
      const answer = await client
        .request({ method: 'GET', path: '/__admin/events', headers: { ...headers, ...resume } })
        .catch((cause: Error) => unreachable(url, cause));
      if (answer.statusCode !== 200) throw new Error(`/__admin/events answered ${answer.statusCode}`);
      let pending = '';
      answer.body.setEncoding('utf8');
      for await (const chunk of answer.body as AsyncIterable<string>) {
        const blocks = (pending + chunk).split('\n\n');
        pending = blocks.pop() ?? '';
        for (const block of blocks) {
          const data = /^data: (.*)$/m.exec(block)?.[1];
          if (data === undefined) continue;
          const event = JSON.parse(data) as MockEvent;
          lastId = event.id;
          yield event;
        }
      }
    }
  } finally {
    await client.destroy();
  }
}
