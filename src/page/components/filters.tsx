/** The filters, and the workers of what they leave. */
import type { ScopeOverview } from '../../admin/overview.ts';
import { TASK_STATUSES, TASK_TYPES } from '../../tasks/kinds.ts';
import { go, view, viewAddress } from '../address.ts';
import { board, type Filter, faults, filter, isInFilter, overview, setFilter } from '../store.ts';
import { number, placeName, type Text, t } from '../text.ts';
import { Button, Choice, type Options } from './controls.tsx';
import { placeOptions } from './scope.tsx';

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
  const total = TASK_STATUSES.reduce((all, status) => all + board.value.counts[status], 0);
  const isBoard = view.value === 'tasks';
  const active = faults.value.length;
  return (
    <form id="filters" class="filters" aria-label={t('filters')} onSubmit={(event) => event.preventDefault()}>
      <Part name="project_id" label="project" options={placeOptions('project_id')} />
      <Part
        name="instance_id"
        label="instance"
        options={placeOptions('instance_id', filter.value.project_id)}
      />
      {isBoard && <Part name="task_type" label="type" options={taskTypeOptions()} />}
      {isBoard && <p class="sum">{t('total', number(total))}</p>}
      {isBoard && active > 0 && (
        <Button class="chip bad" sign={t('faultsActive', active)} onClick={() => go(viewAddress('faults'))} />
      )}
    </form>
  );
}

/** A pause in the typing that is as good as the end of it. */
const TYPED_MS = 200;
let typed: ReturnType<typeof setTimeout> | undefined;

/** The search of the view that is shown. */
export function Search() {
  const note = ({ currentTarget }: { currentTarget: HTMLInputElement }) => {
    clearTimeout(typed);
    typed = setTimeout(() => setFilter('search', currentTarget.value.trim()), TYPED_MS);
  };
  return (
    <input
      id="search"
      type="search"
      class="search"
      aria-label={t('search')}
      placeholder={`${t('search')}  /`}
      value={filter.value.search}
      onInput={note}
      maxLength={255}
    />
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
