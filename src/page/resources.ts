/** The groups and their APIs: what is open of them, what is loaded of it, and what is done to them as a client does it. */
import { computed, effect, signal } from '@preact/signals';
import type { groupDetails } from '../admin/overview-groups.ts';
import { address, go, partOf, placeIn, view, viewAddress } from './address.ts';
import { call, callService, get, instancePath, MockError, withQuery } from './api.ts';
import { attempt, notify } from './notice.ts';
import { lastRequestId, look, overview, type Place } from './store.ts';
import { t } from './text.ts';

export type Group = ReturnType<typeof groupDetails>;
export type Api = Group['page'][number];
type GroupAddress = Place & { readonly id: string };

/** How many APIs are shown at once. */
export const APIS = 50;
/** Where the shown page of APIs begins. */
export const apiOffset = signal(0);
export const group = signal<Group | undefined>(undefined);
/** The API that is open; it may be on another page. */
export const api = signal<Api | undefined>(undefined);

/** The group that is being deleted, as the address has it: nothing of it is loaded any more. */
const going = signal('');
/** The group that is open: the one of the address, else the newest. */
const openGroupAt = computed(() => {
  const [newest] = overview.value?.groups?.newest ?? [];
  const part = address.value.group || (newest ? partOf(newest, newest.id) : '');
  return part === going.value ? '' : part;
});

export function openGroup(at: GroupAddress): void {
  apiOffset.value = 0;
  go({ ...viewAddress('apis'), group: partOf(at, at.id) });
}
export const openApi = (id: string): void => go({ group: openGroupAt.peek(), api: id });
export const closeApi = (): void => go({ api: '' });

async function loadGroup(): Promise<void> {
  const part = openGroupAt.peek();
  const at = placeIn(part);
  if (at === undefined) {
    group.value = undefined;
    return;
  }
  const { id, project_id, instance_id } = at;
  const { api: api_id, search } = address.peek();
  const path = `/__admin/groups/${encodeURIComponent(id)}/apis`;
  const place = { project_id, instance_id };
  try {
    const loaded = await get<Group>(path, { ...place, search, offset: apiOffset.peek(), limit: APIS });
    const shown = loaded.page.find((one) => one.id === api_id);
    const [open = shown] = api_id === '' || shown ? [] : (await get<Group>(path, { ...place, api_id })).page;
    if (openGroupAt.peek() !== part || address.peek().api !== api_id) return;
    group.value = loaded;
    api.value = api_id === '' ? undefined : open;
  } catch (cause) {
    if (!(cause instanceof MockError) || cause.status !== 404 || openGroupAt.peek() !== part) return;
    group.value = undefined;
    api.value = undefined;
    if (address.peek().group === part) go({ group: '', api: '' }, false);
  }
}
const resources = computed(() => overview.value?.groups && JSON.stringify(overview.value.groups));
effect(() => {
  if (view.value !== 'apis' || resources.value === undefined) return;
  if (openGroupAt.value !== undefined && lastRequestId.value !== undefined && apiOffset.value >= 0) {
    address.value;
    void loadGroup();
  }
});

/** Where something of the open group is. */
export const pathInGroup = ({ project_id, instance_id }: Group, rest: string): string =>
  instancePath(project_id, instance_id, rest);

/** Takes an API offline wherever it is published, and deletes it. */
export const deleteApi = (of: Group, { id, name, run_env_id }: Api): Promise<void> =>
  attempt(async () => {
    for (const env_id of run_env_id?.split('|') ?? []) {
      const json = { action: 'offline', env_id, api_id: id };
      await callService(pathInGroup(of, 'apis/action'), { method: 'POST', json });
    }
    await callService(pathInGroup(of, `apis/${id}`), { method: 'DELETE' });
    go({ api: '' }, false);
    notify(t('deleted', name));
    await look();
  });

/** Deletes a group with all of its APIs. */
export const deleteGroup = ({ id, name, project_id, instance_id }: Group): Promise<void> =>
  attempt(async () => {
    going.value = partOf({ project_id, instance_id }, id);
    try {
      await call(
        'DELETE',
        withQuery(`/__admin/groups/${encodeURIComponent(id)}`, { project_id, instance_id }),
      );
      go({ group: '', api: '' }, false);
      notify(t('deleted', name));
      await look();
    } finally {
      going.value = '';
    }
  });
