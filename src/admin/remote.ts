/** The control calls against a mock that runs elsewhere, made of the table of operations. */
import { Remote } from '../core/remote.ts';
import { type CallName, callsOf, type MockCalls } from './calls.ts';
import { requestOf, resultOf } from './control-call.ts';
import type { MockEvent } from './events/events.ts';
import { controlOf, type MockControl } from './old-calls.ts';
import { eventFromWire } from './spelling.ts';

type Query = Readonly<Record<string, unknown>>;

function withQuery(path: string, query: Query = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  return given.length === 0
    ? path
    : `${path}?${new URLSearchParams(Object.fromEntries(given.map(([name, value]) => [name, String(value)])))}`;
}

/** Connects to the `/__admin` of a mock; `close` ends its calls and streams. */
export function connect(
  url: string,
  adminToken: string | undefined,
): { control: MockControl; calls: MockCalls; close: () => Promise<void> } {
  const remote = new Remote({ url, adminToken, option: 'connectApigMock' });
  const send = (raw: boolean) => async (name: CallName, args: unknown[]) => {
    const { callNamed } = await import('./operations.ts');
    const operation = callNamed(name);
    const { path, request, caller } = requestOf(operation, args);
    const target = operation.path.replaceAll(/:(\w+)/g, (_, member: string) =>
      encodeURIComponent(path[member] ?? ''),
    );
    const body = operation.query === undefined ? request : undefined;
    const query = operation.query === undefined ? undefined : (request as Query);
    const response = await remote.send(withQuery(target, query), {
      ...{ method: operation.method, body },
      ...caller,
    });
    return resultOf(operation, response, raw);
  };
  const control = controlOf(send(true), { [Symbol.asyncIterator]: () => readEvents(remote) });
  const calls = callsOf(send(false), {
    async *[Symbol.asyncIterator]() {
      for await (const event of readEvents(remote)) yield eventFromWire(event);
    },
  });
  return { control, calls, close: () => remote.close() };
}

/** The events from now on; one that was never reached is not waited for. */
async function* readEvents(remote: Remote): AsyncGenerator<MockEvent> {
  let lastId: string | undefined;
  let wasOpen = false;
  const onOpen = (id: string | undefined): void => {
    wasOpen = true;
    lastId ??= id;
  };
  const onLost = (cause: Error): void => {
    if (!wasOpen) throw cause;
  };
  for await (const event of remote.follow<MockEvent>({ begin: () => lastId, onOpen, onLost })) {
    lastId = event.id;
    yield event;
  }
}
