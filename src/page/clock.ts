/** The clock: what time it is for the tasks, and the buttons that stop it, move it and let it run. */
import { call } from './api.ts';
import { adminCurl, copyButton } from './curl.ts';
import { button, byId, el, refill, select, setText } from './dom.ts';
import { dateOf, span, t, timeOfDay } from './language.ts';
import { clockOf, filter, look, nowOf, overview } from './model.ts';
import { attempt } from './say.ts';

type Target = '' | 'project' | 'instance';

let target: Target = '';
let by = 1000;
let face: { now: HTMLElement; date: HTMLElement } | undefined;
let drawn = '';

/** The scope that the buttons work on: everything, or what the filter names. */
function scope(): { project_id?: string; instance_id?: string } {
  if (target === '' || filter.project_id === '') return {};
  if (target === 'project' || filter.instance_id === '') return { project_id: filter.project_id };
  return { project_id: filter.project_id, instance_id: filter.instance_id };
}

const change = (method: string, path: string, body: object): void =>
  void attempt(async () => {
    await call(method, path, { ...scope(), ...body });
    await look();
  });
const advance = (ms: number): void => change('POST', '/__admin/clock/advance', { ms });

/** Draws the buttons where something about them changed; the hands move by `tickClock`. */
export function drawClock(force = false): void {
  if (overview() === undefined) return;
  if (filter.project_id === '' || (target === 'instance' && filter.instance_id === '')) target = '';
  const clock = clockOf(scope());
  const state = JSON.stringify([
    clock?.mode,
    clock?.next_due,
    clock?.project_id,
    clock?.offset_ms,
    target,
    filter,
  ]);
  if (!force && state === drawn) {
    tickClock();
    return;
  }
  if (byId('clock').contains(document.activeElement) && document.activeElement instanceof HTMLInputElement)
    return;
  drawn = state;
  const now = el('span', { class: 'now' });
  const date = el('span', { class: 'date' });
  face = { now, date };
  const still = clock?.mode === 'manual';
  refill(
    byId('clock'),
    el('div', { class: 'row' }, now, date),
    el('span', { class: `chip ${still ? 'waiting' : 'ok'}` }, t(still ? 'still' : 'running')),
    offset(clock?.offset_ms),
    clock?.project_id !== undefined && el('span', { class: 'chip plain' }, t('ownClock')),
    targets(),
    controls(still, clock?.next_due),
  );
  tickClock();
}

/** How far a running clock is off; what cannot be seen on its face is not worth a word. */
function offset(ms = 0): HTMLElement | false {
  if (Math.abs(ms) < 100) return false;
  return el('span', { class: 'chip waiting' }, t(ms > 0 ? 'ahead' : 'behind', span(Math.abs(ms))));
}

function targets(): HTMLElement | false {
  if (filter.project_id === '') return false;
  const options: [Target, string][] = [
    ['', t('mainClock')],
    ['project', filter.project_id],
    ...(filter.instance_id === ''
      ? []
      : [['instance', `${filter.project_id} / ${filter.instance_id}`] as [Target, string]]),
  ];
  const control = select(options, target, { 'aria-label': t('whichClock'), 'data-k': 'which' });
  control.addEventListener('change', () => {
    target = control.value as Target;
    drawClock(true);
  });
  return control;
}

function controls(still: boolean, nextDue: string | undefined): HTMLElement {
  const amount = el('input', { type: 'number', min: '0', value: by, 'aria-label': t('advanceBy') });
  amount.addEventListener('change', () => {
    by = Math.max(Math.round(Number(amount.value)), 0);
  });
  const stepMs = (): number => Math.max(Date.parse(nextDue ?? '') - nowOf(scope()), 0);
  const mode = still ? 'system' : 'manual';
  return el(
    'div',
    { class: 'row' },
    button(t(still ? 'run' : 'pause'), () => change('PUT', '/__admin/clock', { mode }), {
      'data-k': 'mode',
      class: still ? '' : 'primary',
    }),
    button(t('nextStep'), () => advance(stepMs()), {
      'data-k': 'step',
      disabled: nextDue === undefined || !still,
      class: still ? 'primary' : '',
    }),
    el(
      'span',
      { class: 'joined' },
      ...(
        [
          ['+1 s', 1000],
          ['+10 s', 10_000],
          ['+1 min', 60_000],
        ] as const
      ).map(([label, ms]) =>
        button(label, () => advance(ms), { 'data-k': label, 'aria-label': `${t('advance')} ${label}` }),
      ),
    ),
    amount,
    button(t('advance'), () => advance(Math.max(Math.round(Number(amount.value)), 0)), {
      'data-k': 'advance',
    }),
    copyButton(() => adminCurl('POST', '/__admin/clock/advance', { ...scope(), ms: by })),
  );
}

/** Moves the hands. */
export function tickClock(): void {
  if (face === undefined || overview() === undefined) return;
  const nowMs = nowOf(scope());
  const still = clockOf(scope())?.mode === 'manual';
  setText(face.now, timeOfDay(nowMs, still));
  setText(face.date, `${dateOf(nowMs)} UTC`);
}
