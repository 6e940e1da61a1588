/** The control calls of a mock for the commands: by the table of operations, as JSON on the wire. */
import { adminOperations } from '../../admin/operations.ts';
import { ApigError, SettingError } from '../../core/errors.ts';
import { NotAMock, Remote } from '../../core/remote.ts';
import type { Given } from '../command.ts';
import { CommandFailure } from '../failure.ts';

type Members = Readonly<Record<string, unknown>>;

/** Sends the operation with this id; resolves with the JSON of its response. Throws `SettingError` and `CommandFailure`. */
export type CallControl = (operationId: string, members?: Members) => Promise<unknown>;

/** The project and the instance that a command was given. */
export const scopeOf = ({ texts }: Given): Members => ({
  project_id: texts['project'],
  instance_id: texts['instance'],
});

/** Lets a command call the mock that it was given. */
export async function withControl<T>(given: Given, work: (call: CallControl) => Promise<T>): Promise<T> {
  const { texts } = given;
  const remote = new Remote({ url: texts['url'] ?? '', adminToken: texts['admin-token'], option: '--url' });
  try {
    return await work((id, members = {}) => send(remote, id, members));
  } catch (cause) {
    throw explained(cause as Error);
  } finally {
    await remote.close();
  }
}

/** Members are those of the path, the query or the body, wherever the operation has them. */
function send(remote: Remote, id: string, members: Members): Promise<unknown> {
  const operation = adminOperations.find((row) => row.id === id);
  if (operation === undefined) throw new Error(`there is no operation ${id}`);
  const rest = new Map(Object.entries(members).filter(([, value]) => value !== undefined));
  const path = operation.path.replaceAll(/:(\w+)/g, (_, name: string) => {
    const value = encodeURIComponent(String(rest.get(name)));
    rest.delete(name);
    return value;
  });
  const { method } = operation;
  const request = Object.fromEntries(rest);
  if (operation.query === undefined) return remote.send(path, { method, body: request });
  const query = new URLSearchParams(
    Object.entries(request).map(([name, value]): [string, string] => [name, String(value)]),
  ).toString();
  return remote.send(query === '' ? path : `${path}?${query}`, { method });
}

/** In one line, with what to do where it is known. */
export function explained(cause: Error): Error {
  if (cause instanceof NotAMock) return new SettingError(cause.message);
  if (!(cause instanceof ApigError)) return 'code' in cause ? new CommandFailure(cause.message) : cause;
  if (cause.statusCode === 401)
    return new SettingError('--admin-token: this mock requires its admin token; it is missing or wrong');
  return new CommandFailure(`the mock rejected the request with ${cause.statusCode}: ${cause.message}`);
}

/** The JSON text of an argument as an object. Throws `SettingError`. */
export function objectOf({ subject }: Given, what: string): Members {
  let value: unknown;
  try {
    value = JSON.parse(subject);
  } catch {
    // Reported below, as any other value that is no object.
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw new SettingError(`${what}: the argument is not a JSON object: quote it for the shell, '{"…": …}'`);
}
