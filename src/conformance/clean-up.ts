/**
 * Removes what a run created, and reports what it could not. It knows its own groups by their name, which no other run
 * and nobody else uses: so it finds those too whose ids never came.
 */
import { errorOf, objectOf, type Received, type Send, type Time } from './sending.ts';

/** What all names of groups begin with that a run creates; its own part follows. */
export const NAME_PREFIX = 'apig_mock_conform_';

export interface CleanUp {
  readonly send: Send;
  readonly time: Time;
  /** The name of the run. */
  readonly name: string;
  /** Imports whose end was not seen: they may yet create a group. */
  readonly pending: ReadonlySet<string>;
  /** An import was sent whose response never came. */
  readonly isUnsure: boolean;
}

interface Group {
  readonly id: string;
  readonly name: string;
}

const PAGE = 500;
const RELEASE = 'DEFAULT_ENVIRONMENT_RELEASE_ID';
/** How long an import that is under way is waited for. */
const PENDING_MS = 120_000;
const PENDING_PAUSE_MS = 2000;
const LOOKS = 5;

/** Removes it all. Resolves with what is left, a line each; never rejects. */
export async function cleanUp(work: CleanUp): Promise<string[]> {
  try {
    const unended = await endOf(work);
    const groups = await groupsNamed(work);
    const left: string[] = [];
    for (const group of groups) {
      const why = await removeGroup(work.send, group).catch((cause: Error) => cause.message);
      if (why !== undefined) left.push(`API group ${group.name} (${group.id}): ${why}`);
    }
    const environments = await removeEnvironments(work);
    const late = unended.map(
      (id) => `API group ${work.name}, if task ${id} creates it: the task has not ended`,
    );
    return [...left, ...environments, ...late];
  } catch (cause) {
    return [`API group ${work.name}, if it was created: ${(cause as Error).message}`];
  }
}

/** Waits for the imports that are under way; the ids of those that do not end. */
async function endOf({ send, time, pending }: CleanUp): Promise<string[]> {
  const endMs = time.nowMs() + PENDING_MS;
  const left = new Set(pending);
  for (;;) {
    for (const id of left) {
      const received = await send({ method: 'GET', path: `/async-tasks/${id}` });
      const status = objectOf(received)?.['task_status'];
      if (status !== 'waiting' && status !== 'processing') left.delete(id);
    }
    if (left.size === 0 || time.nowMs() >= endMs) return [...left];
    await time.pause(PENDING_PAUSE_MS);
  }
}

/** The groups of the run; looked for several times when one may appear late. */
async function groupsNamed({ send, time, name, isUnsure }: CleanUp): Promise<Group[]> {
  for (let look = 1; ; look += 1) {
    const groups = (await listed<Group>(send, '/api-groups', 'groups', { name })).filter((group) =>
      group.name.startsWith(name),
    );
    if (groups.length > 0 || !isUnsure || look === LOOKS) return groups;
    await time.pause(PENDING_PAUSE_MS);
  }
}

/** Takes the APIs of a group offline, deletes them and the group; returns why it could not. */
async function removeGroup(send: Send, { id }: Group): Promise<string | undefined> {
  const apis = await listed<{ id: string; run_env_id?: string }>(send, '/apis', 'apis', { group_id: id });
  const environments = new Set(
    apis.flatMap(({ run_env_id: ids }) => (ids ?? '').split(/[|,]/).filter((one) => one !== '')),
  );
  for (const env_id of environments)
    await send({
      ...{ method: 'POST', path: '/apis/publish', query: { action: 'offline' } },
      json: { env_id: env_id || RELEASE, group_id: id },
    });
  for (const api of apis) {
    const why = failureOf(await send({ method: 'DELETE', path: `/apis/${api.id}` }));
    if (why !== undefined) return why;
  }
  return failureOf(await send({ method: 'DELETE', path: `/api-groups/${id}` }));
}

/** What is gone already is as good as deleted. */
const failureOf = (received: Received): string | undefined =>
  received.status < 300 || received.status === 404 ? undefined : errorOf(received);

/** The environment that one scenario creates, where it runs. */
async function removeEnvironments({ send, name }: CleanUp): Promise<string[]> {
  const left: string[] = [];
  for (const one of await listed<Group>(send, '/envs', 'envs', { name })) {
    if (one.name !== name) continue;
    const why = failureOf(await send({ method: 'DELETE', path: `/envs/${one.id}` }));
    if (why !== undefined) left.push(`environment ${one.name} (${one.id}): ${why}`);
  }
  return left;
}

/** All items of a list, page by page. Throws when it cannot be read. */
export async function listed<T>(
  send: Send,
  path: string,
  member: string,
  query: Readonly<Record<string, string>>,
): Promise<T[]> {
  const items: T[] = [];
  for (;;) {
    const received = await send({
      ...{ method: 'GET', path },
      query: { ...query, limit: String(PAGE), offset: String(items.length) },
    });
    const page = objectOf(received)?.[member];
    if (received.status !== 200 || !Array.isArray(page)) throw new Error(errorOf(received));
    items.push(...(page as T[]));
    if (page.length < PAGE) return items;
  }
}
