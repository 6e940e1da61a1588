/** Where the page is, as its address has it: the view, the filter and what is open. Links lead there; Back leads back. */
import { computed, signal } from '@preact/signals';
import type { Place } from './store.ts';

/** The views, in their order. */
export const VIEWS = ['tasks', 'apis', 'requests', 'faults', 'plans', 'state'] as const;
export type View = (typeof VIEWS)[number];

const PARTS = [
  'view',
  'project_id',
  'instance_id',
  'task_type',
  'search',
  'task',
  'group',
  'api',
  'request',
] as const;
export type Address = Readonly<Record<(typeof PARTS)[number], string>>;

function readAddress(): Address {
  const query = new URLSearchParams(location.search);
  return Object.fromEntries(PARTS.map((part) => [part, query.get(part) ?? ''])) as Address;
}

export const address = signal(readAddress());
addEventListener('popstate', () => {
  address.value = readAddress();
});

export const view = computed((): View => VIEWS.find((name) => name === address.value.view) ?? 'tasks');

/** The address that a change leads to; ids in it stay readable. */
export function linkTo(change: Partial<Address>): string {
  const given = Object.entries({ ...address.value, ...change }).filter(([, value]) => value !== '');
  const query = String(new URLSearchParams(given)).replaceAll('%2F', '/');
  return query === '' ? location.pathname : `?${query}`;
}

/** Goes there; what is typed or filtered makes no step of its own in the history. */
export function go(change: Partial<Address>, isStep = true): void {
  const link = linkTo(change);
  if (isStep) history.pushState(null, '', link);
  else history.replaceState(null, '', link);
  address.value = { ...address.value, ...change };
}

/** A view with the filter as it is and nothing open. */
export const viewAddress = (name: View): Partial<Address> => ({
  view: name === 'tasks' ? '' : name,
  ...{ task: '', api: '', request: '' },
});

/** Something of an instance as one part of the address: `p1/i1/t1`, or, seen everywhere, `t1`. */
export const partOf = ({ project_id, instance_id }: Place, id: string): string =>
  project_id === undefined || instance_id === undefined ? id : `${project_id}/${instance_id}/${id}`;

/** And back. */
export function placeIn(part: string): (Place & { readonly id: string }) | undefined {
  if (part === '') return undefined;
  const [project_id = '', instance_id, id] = part.split('/');
  return id === undefined ? { id: project_id } : { project_id, instance_id, id };
}
