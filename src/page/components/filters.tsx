/** The filters, and the workers of what they leave. */
import type { ScopeOverview } from '../../admin/overview.ts';
import { TASK_STATUSES, TASK_TYPES } from '../../tasks/kinds.ts';
import { board, type Filter, filter, isInFilter, overview, setFilter } from '../store.ts';
import { number, placeName, type Text, t } from '../text.ts';
import { Choice, type Options } from './controls.tsx';

const MAX_WORKERS = 8;
const MAX_SLOTS = 16;

/** The task types as choices, all of them first. */
export const taskTypeOptions = (): Options<string> => [
  ['', t('all')],
  ...TASK_TYPES.map((type) => [type, t(type)] as const),
];

function Part({ name, label, options }: { name: keyof Filter; label: Text; options: Options<string> }) {
  const choose = (value: string) => setFilter(name, value);
  return <Choice label={label} name={name} options={options} value={filter.value[name]} onChange={choose} />;
}

export function Filters() {
  const scopes = overview.value?.scopes ?? [];
  const { project_id: chosen } = filter.value;
  const inProject = scopes.filter(({ project_id }) => chosen === '' || chosen === project_id);
  const total = TASK_STATUSES.reduce((all, status) => all + board.value.counts[status], 0);
  const choices = (names: readonly (string | undefined)[]): Options<string> => [
    ['', t('all')],
    ...[...new Set(names)].filter((name) => name !== undefined).sort(),
  ];
  const projects = choices(scopes.map(({ project_id }) => project_id));
  const instances = choices(inProject.map(({ instance_id }) => instance_id));
  return (
    <form id="filters" class="filters" aria-label={t('filters')} onSubmit={(event) => event.preventDefault()}>
      <Part name="project_id" label="project" options={projects} />
      <Part name="instance_id" label="instance" options={instances} />
      <Part name="task_type" label="type" options={taskTypeOptions()} />
      <p class="sum">{t('total', number(total))}</p>
    </form>
  );
}

/** One pill per instance: its slots, and who waits for one; the busiest first. */
export function Workers() {
  const wanted = (overview.value?.scopes ?? [])
    .filter((scope) => scope.project_id !== undefined && isInFilter(scope))
    .sort((a, b) => b.busy + b.queued - (a.busy + a.queued));
  if (wanted.length === 0) return null;
  const rest = wanted.length - MAX_WORKERS;
  return (
    <section id="workers" class="workers" aria-label={t('workers')}>
      {wanted.slice(0, MAX_WORKERS).map(pill)}
      {rest > 0 && <span class="worker soft">{t('more', number(rest))}</span>}
    </section>
  );
}

function pill(scope: ScopeOverview) {
  const { busy, queued } = scope;
  const slots = Number(overview.value?.settings['workers'] ?? 0);
  const drawn = Array.from({ length: Math.min(Math.max(slots, busy), MAX_SLOTS) });
  const place = placeName(scope);
  const summary = t('slots', busy, slots, queued);
  return (
    <span key={place} class="worker" role="img" aria-label={`${place}: ${summary}`} title={summary}>
      {place}
      <span class="slots">
        {drawn.map((_, at) => (
          <i key={at} class={at < busy ? 'busy' : undefined} />
        ))}
      </span>
      {queued > 0 && <span class="soft">{t('queuedCount', number(queued))}</span>}
    </span>
  );
}
