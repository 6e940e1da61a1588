/** The filters, the workers of what they leave, and the settings: small parts that follow the overview. */
import type { ScopeOverview } from '../control/overview.ts';
import { call } from './api.ts';
import { button, byId, el, field, refill, select, setText } from './dom.ts';
import { number, t } from './language.ts';
import { filter, look, offsets, overview, STATUSES, scopeOf, stateCounts } from './model.ts';
import { attempt, say } from './say.ts';

const MAX_WORKERS = 8;
let drawn = '';
let sum: HTMLElement | undefined;

const scopes = (): ScopeOverview[] => overview()?.scopes ?? [];
const unique = (names: readonly (string | undefined)[]): string[] =>
  [...new Set(names)].filter((name): name is string => name !== undefined).sort();

/** Draws the choices where there are others than before. */
export function drawFilters(changed: () => void, force = false): void {
  const projects = unique(scopes().map(({ project_id }) => project_id));
  const instances = unique(
    scopes()
      .filter(({ project_id }) => filter.project_id === '' || project_id === filter.project_id)
      .map(({ instance_id }) => instance_id),
  );
  const state = JSON.stringify([projects, instances, filter]);
  const total = STATUSES.reduce((all, status) => all + stateCounts()[status], 0);
  if (force || state !== drawn) {
    drawn = state;
    sum = el('p', { class: 'sum' });
    const pick = (
      name: keyof typeof filter,
      label: string,
      options: readonly (readonly [string, string])[],
    ) => {
      const control = select([['', t('all')], ...options], filter[name], { name, 'data-k': name });
      control.addEventListener('change', () => choose(name, control.value, changed));
      return field(label, control);
    };
    const same = (name: string) => [name, name] as const;
    refill(
      byId('filters'),
      pick('project_id', t('project'), projects.map(same)),
      pick('instance_id', t('instance'), instances.map(same)),
      pick('task_type', t('kind'), [
        ['import_api', t('import_api')],
        ['export_api', t('export_api')],
      ]),
      sum,
    );
  }
  if (sum !== undefined) setText(sum, t('total', number(total)));
}

function choose(name: keyof typeof filter, value: string, changed: () => void): void {
  filter[name] = value;
  // An instance is one of a project: to name it alone, its project must be the only one that has it.
  if (name === 'project_id') filter.instance_id = '';
  if (name === 'instance_id' && value !== '' && filter.project_id === '') {
    filter.project_id = scopes().find(({ instance_id }) => instance_id === value)?.project_id ?? '';
  }
  for (const status of STATUSES) offsets[status] = 0;
  changed();
  void attempt(look);
}

/** One pill per instance: its slots, and who waits for one; the busiest first. */
export function drawWorkers(): void {
  const slots = Number(overview()?.settings['workers'] ?? 0);
  const wanted = scopes()
    .filter(
      ({ project_id, instance_id }) =>
        project_id !== undefined &&
        (filter.project_id === '' || project_id === filter.project_id) &&
        (filter.instance_id === '' || instance_id === filter.instance_id),
    )
    .sort((a, b) => b.busy + b.queued - (a.busy + a.queued));
  const rest = wanted.length - MAX_WORKERS;
  const box = byId('workers');
  box.hidden = wanted.length === 0;
  refill(
    box,
    ...wanted.slice(0, MAX_WORKERS).map((scope) => worker(scope, slots)),
    rest > 0 && el('span', { class: 'worker soft' }, t('more', number(rest))),
  );
}

function worker({ project_id, instance_id, busy, queued }: ScopeOverview, slots: number): HTMLElement {
  const dots = Array.from({ length: Math.min(Math.max(slots, busy), 16) }, (_, at) =>
    el('i', at < busy ? { class: 'busy' } : {}),
  );
  const told = t('slots', busy, slots, queued);
  return el(
    'span',
    { class: 'worker', role: 'img', 'aria-label': `${project_id} / ${instance_id}: ${told}`, title: told },
    `${project_id} / ${instance_id}`,
    el('span', { class: 'slots' }, ...dots),
    queued > 0 && el('span', { class: 'soft' }, t('queued', number(queued))),
  );
}

let shownSettings = '';

/** What the mock was started with, and the way back to it. */
export function drawSettings(force = false): void {
  const settings = overview()?.settings ?? {};
  const state = JSON.stringify([settings, filter]);
  if (!force && state === shownSettings) return;
  shownSettings = state;
  const rows = Object.entries(settings).flatMap(([name, value]) => [
    el('dt', {}, name),
    el('dd', {}, typeof value === 'object' ? JSON.stringify(value) : String(value)),
  ]);
  const scope = scopeOf();
  const named = [scope.project_id, scope.instance_id].filter(Boolean).join(' / ');
  refill(
    byId('settings'),
    el('div', { class: 'head' }, el('h2', { id: 'settings-title', class: 'grow' }, t('settings'))),
    el('details', {}, el('summary', {}, t('startedWith')), el('dl', { class: 'facts' }, ...rows)),
    el(
      'div',
      { class: 'row' },
      named !== '' && twice(t('resetScope', named), scope, 'scope'),
      twice(t('resetAll'), {}, 'all'),
    ),
  );
}

/** A button that asks to be pressed again. */
function twice(label: string, scope: object, key: string): HTMLButtonElement {
  let sure = false;
  const one = button(
    label,
    () => {
      if (!sure) {
        sure = true;
        setText(one, t('resetSure'));
        setTimeout(() => {
          sure = false;
          setText(one, label);
        }, 4000);
        return;
      }
      void attempt(async () => {
        await call('POST', '/__admin/reset', scope);
        say(label);
      });
    },
    { class: 'small', 'data-k': `reset-${key}` },
  );
  return one;
}
