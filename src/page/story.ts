/** The story of one task: when it moved, who asked for it, what came of it. */
import type { JournalEntry } from '../control/journal.ts';
import type { TaskDetails } from '../tasks/wire.ts';
import { call, withQuery } from './api.ts';
import { sayMoved } from './board.ts';
import { adminCurl, copyButton, curlOf } from './curl.ts';
import { button, byId, el, put } from './dom.ts';
import { dateOf, number, span, t, timeOfDay } from './language.ts';
import { inWords } from './plan.ts';
import { drawResult, refusedIn } from './result.ts';
import { attempt } from './say.ts';
import { lastPlace, token } from './session.ts';

/** Which task: its id, and its scope unless every scope sees it. */
export interface TaskAddress {
  readonly task_id: string;
  readonly project_id?: string | undefined;
  readonly instance_id?: string | undefined;
}

const SHOWN_POLLS = 100;
let open: TaskAddress | undefined;
let told = '';

const scopeOf = ({ project_id, instance_id }: TaskAddress) => ({ project_id, instance_id });
const pathOf = (at: TaskAddress): string => `/__admin/tasks/${encodeURIComponent(at.task_id)}`;

/** Opens the story of a task. */
export function openStory(at: TaskAddress): void {
  open = at;
  told = '';
  const dialog = byId<HTMLDialogElement>('story');
  dialog.onclose = () => {
    open = undefined;
  };
  dialog.onclick = (event) => {
    if (event.target === dialog) dialog.close();
  };
  void attempt(async () => {
    await refreshStory();
    if (!dialog.open) dialog.showModal();
  });
}

/** Tells the open story anew at once when it is about one of these. */
export function storyOf(ids: ReadonlySet<string>): void {
  if (open !== undefined && ids.has(open.task_id)) void refreshStory().catch(() => {});
}

/** Tells the open story anew, where it has gone on. */
export async function refreshStory(force = false): Promise<void> {
  const at = open;
  if (at === undefined) return;
  const [task, { requests }] = await Promise.all([
    call<TaskDetails>('GET', withQuery(pathOf(at), scopeOf(at))),
    call<{ requests: JournalEntry[] }>(
      'GET',
      withQuery('/__admin/requests', { ...scopeOf(at), task_id: at.task_id, limit: 1000 }),
    ),
  ]);
  if (open !== at) return;
  const { task_result, ...rest } = task;
  const state = JSON.stringify([rest, task_result.length, requests.at(-1)?.id]);
  if (!force && state === told) return;
  if (told !== '' && !force && !told.includes(`"task_status":"${task.task_status}"`)) sayMoved(task);
  told = state;
  draw(at, task, requests);
}

function draw(at: TaskAddress, task: TaskDetails, polls: readonly JournalEntry[]): void {
  const dialog = byId<HTMLDialogElement>('story');
  const hadFocus = dialog.contains(document.activeElement);
  const ended = task.task_status === 'succeed' || task.task_status === 'failed';
  const refused = refusedIn(task.task_result);
  const close = button(t('close'), () => dialog.close(), { class: 'small', 'data-k': 'close' });
  put(
    dialog,
    el(
      'div',
      {},
      el(
        'div',
        { class: 'dialog-head' },
        el(
          'div',
          {},
          el('h2', { id: 'story-title', class: 'mono' }, task.task_id),
          el('p', { class: 'soft' }, placeOf(task)),
        ),
        el('span', { class: `chip ${task.task_status}` }, t(task.task_status)),
        refused > 0 && el('span', { class: 'chip bad' }, t('notImported', number(refused))),
        close,
      ),
      el('div', { class: 'row' }, ...actions(at, task)),
      el('section', { class: 'block', 'aria-label': t('life') }, el('h3', {}, t('life')), life(task)),
      el(
        'section',
        { class: 'block', 'aria-label': t('result') },
        el('h3', {}, t('result')),
        drawResult(task.task_result, ended, task.reason),
      ),
      el(
        'section',
        { class: 'block', 'aria-label': t('polls') },
        el('h3', {}, `${t('polls')} · ${t('pollCount', number(polls.length))}`),
        pollTable(polls),
      ),
    ),
  );
  if (hadFocus) close.focus();
}

const placeOf = ({ task_type, project_id, instance_id, plan, hold }: TaskDetails): string =>
  [
    t(task_type),
    project_id === undefined ? t('everywhere') : `${project_id} / ${instance_id}`,
    hold ? t('held') : inWords(plan),
  ].join(' · ');

function actions(at: TaskAddress, task: TaskDetails): HTMLElement[] {
  const project = task.project_id ?? lastPlace().project;
  const instance = task.instance_id ?? lastPlace().instance;
  const poll = `/v2/${project}/apigw/instances/${instance}/async-tasks/${encodeURIComponent(task.task_id)}`;
  const step = withQuery(`${pathOf(at)}/step`, scopeOf(at));
  const stepped = task.plan.mode === 'manual' && !task.hold && task.ended_at === undefined;
  return [
    copyButton(() => curlOf({ path: poll, headers: { 'X-Auth-Token': token() } })),
    ...(stepped
      ? [
          button(t('step'), () => stepTask(at), { class: 'small primary' }),
          copyButton(() => adminCurl('POST', step, {}), `${t('step')}: curl`),
        ]
      : []),
  ];
}

/** Moves a task with a manual plan on. */
export const stepTask = (at: TaskAddress): void =>
  void attempt(async () => {
    await call('POST', withQuery(`${pathOf(at)}/step`, scopeOf(at)));
    await refreshStory();
  });

function life(task: TaskDetails): HTMLElement {
  const ended = task.task_status === 'failed' ? 'failed' : 'succeed';
  const isOver = task.task_status === ended;
  const moments: readonly (readonly [name: string, text: string, at: string | undefined])[] = [
    ['waiting', t('created'), task.created_at],
    ['processing', t('processing'), task.started_at],
    [ended, isOver ? t(ended) : `${t('succeed')} / ${t('failed')}`, task.ended_at],
  ];
  let before: number | undefined;
  const items = moments.map(([name, text, at]) => {
    const ms = at === undefined ? undefined : Date.parse(at);
    const took = ms === undefined || before === undefined ? '' : `+${span(ms - before)}`;
    before = ms ?? before;
    // A task that was there from the start has ended, and nobody knows when.
    const when = ms === undefined ? t(isOver ? 'unknownTime' : 'notYet') : `${dateOf(ms)} ${timeOfDay(ms)}`;
    return el(
      'li',
      { class: at === undefined && !isOver ? 'open' : name },
      el('span', {}, text, ' ', el('span', { class: 'took' }, took)),
      el('span', { class: 'mono soft' }, when),
    );
  });
  return el('ol', { class: 'steps' }, ...items);
}

function pollTable(polls: readonly JournalEntry[]): HTMLElement {
  if (polls.length === 0) return el('p', { class: 'soft' }, t('noPolls'));
  const head = el(
    'tr',
    {},
    ...[t('time'), t('status'), t('caller'), t('reason')].map((text) => el('th', { scope: 'col' }, text)),
  );
  const rows = polls
    .slice(-SHOWN_POLLS)
    .reverse()
    .map(({ at, status, credentials, error_code, reason }) =>
      el(
        'tr',
        {},
        el('td', { class: 'mono' }, timeOfDay(Date.parse(at))),
        el('td', {}, el('span', { class: `chip ${status >= 400 ? 'bad' : 'ok'}` }, status)),
        el('td', {}, credentials),
        el('td', {}, [error_code, reason].filter((part) => part !== undefined).join(' · ')),
      ),
    );
  return el('div', { class: 'scroll' }, el('table', {}, el('thead', {}, head), el('tbody', {}, ...rows)));
}
