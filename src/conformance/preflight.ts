/** Looks before anything is created whether there is an APIG, an instance, and somebody who may call it. */
import { listed, NAME_PREFIX } from './clean-up.ts';
import { CouldNotRun, errorOf, objectOf, type Send } from './sending.ts';

/** Resolves with the groups that earlier runs left behind. Throws `CouldNotRun` with what is wrong and what to do. */
export async function preflight(send: Send, endpoint: string): Promise<string[]> {
  const received = await send({ method: 'GET', path: '/api-groups', query: { limit: '1' } });
  const body = objectOf(received);
  const error = errorOf(received);
  const code = String(body?.['error_code'] ?? '');
  if (received.status === 200 && Array.isArray(body?.['groups'])) {
    const groups = await listed<{ name: string }>(send, '/api-groups', 'groups', { name: NAME_PREFIX });
    return groups.map(({ name }) => name).filter((name) => name.startsWith(NAME_PREFIX));
  }
  if (code === 'APIG.3030')
    throw new CouldNotRun(`the project has no such instance (${error}): see --instance and --project`);
  if (received.status === 401)
    throw new CouldNotRun(`the credentials are rejected (${error}): see --token and --access-key`);
  if (received.status === 403)
    throw new CouldNotRun(
      `the caller may not do this (${error}): see --project, and the permissions of the user`,
    );
  if (body === undefined || received.status < 500)
    throw new CouldNotRun(`${endpoint} is no endpoint of APIG (${error || received.status}): see --endpoint`);
  throw new CouldNotRun(`${endpoint} is out of order (${error}): try again later`);
}
