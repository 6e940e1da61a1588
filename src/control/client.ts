/** The control calls against a mock that runs elsewhere, over undici. */
import { Client, type Dispatcher } from 'undici';
import { ApigError, type ErrorBody } from '../errors.ts';
import { connectFault } from '../system-fault.ts';
import type { MockControl } from './calls.ts';
import type { MockEvent } from './events.ts';
import { VerificationError } from './verify.ts';

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
  const headers = adminToken === undefined ? {} : { authorization: `Bearer ${adminToken}` };
  const idle: Client[] = [];
  const clients = new Set<Client>();

  /** One client per call under way, so that a wait holds up nothing else. */
  async function send(method: Dispatcher.HttpMethod, path: string, body?: unknown): Promise<unknown> {
    const client = idle.pop() ?? new Client(url, CONNECTION);
    clients.add(client);
    const isRead = method === 'GET';
    const answer = await client
      .request({
        method,
        path,
        headers: isRead ? headers : { ...headers, 'content-type': 'application/json' },
        ...(isRead ? {} : { body: JSON.stringify(body ?? {}) }),
      })
      .catch((cause: Error) => unreachable(url, cause));
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
  const read = <T>(path: string, query?: Query) => send('GET', withQuery(path, query)) as Promise<T>;
  const change = <T>(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown) =>
    send(method, path, body) as Promise<T>;
  const task = (id: string): string => `/__admin/tasks/${encodeURIComponent(id)}`;

  const control: MockControl = {
    tasks: {
      create: (request) => change('POST', '/__admin/tasks', request),
      list: (filter) => read('/__admin/tasks', filter),
      get: (id, scope) => read(task(id), scope),
      step: (id, scope) => change('POST', withQuery(`${task(id)}/step`, scope)),
      wait: (id, request) => read(`${task(id)}/wait`, request),
    },
    idle: async (request) => void (await read('/__admin/idle', request)),
    plan: (request) => change('PUT', '/__admin/plan', request),
    plans: () => read('/__admin/plan'),
    clock: {
      get: (scope) => read('/__admin/clock', scope),
      set: (request) => change('PUT', '/__admin/clock', request),
      freeze: (scope) => change('PUT', '/__admin/clock', { ...scope, mode: 'manual' }),
      resume: (scope) => change('PUT', '/__admin/clock', { ...scope, mode: 'system' }),
      advance: (ms, scope) => change('POST', '/__admin/clock/advance', { ...scope, ms }),
    },
    faults: {
      add: (request) => change('POST', '/__admin/faults', request),
      list: async () => (await read<{ faults: [] }>('/__admin/faults')).faults,
      remove: (id) => change('DELETE', `/__admin/faults/${encodeURIComponent(id)}`),
      clear: (scope) => change('DELETE', withQuery('/__admin/faults', scope)),
    },
    requests: {
      list: (filter) => read('/__admin/requests', filter as Query),
      count: async (filter) =>
        (await change<{ count: number }>('POST', '/__admin/requests/count', filter)).count,
      async verify(expectation) {
        const verification = await change<VerificationError['verification']>(
          'POST',
          '/__admin/requests/verify',
          expectation,
        );
        if (!verification.satisfied) throw new VerificationError(verification);
        return verification;
      },
      clear: (scope) => change('DELETE', withQuery('/__admin/requests', scope)),
    },
    overview: (request) => read('/__admin/overview', request),
    signCheck: (check) => change('POST', '/__admin/sign-check', check),
    reset: (request) => change('POST', '/__admin/reset', request),
    snapshot: () => read('/__admin/state'),
    restore: (snapshot) => change('PUT', '/__admin/state', snapshot),
    events: { [Symbol.asyncIterator]: () => readStream(url, headers) },
  };
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
