/** The journal: the newest requests, why some were refused, each as a command to send again. */
import type { JournalEntry } from '../control/journal.ts';
import { call, withQuery } from './api.ts';
import { adminCurl, copyButton, curlOf } from './curl.ts';
import { button, byId, el, put, setText } from './dom.ts';
import { number, t, timeOfDay } from './language.ts';
import { overview, scopeOf } from './model.ts';
import { attempt } from './say.ts';
import { token } from './session.ts';

const SHOWN = 100;
const FETCHED = 400;

interface Answer {
  total: number;
  dropped: number;
  requests: JournalEntry[];
}

let body: HTMLElement;
let note: HTMLElement;
let none: HTMLElement;
let table: HTMLElement;
let onlyRefused = false;
let seenId = -1;
let latest: Answer | undefined;

/** Puts the frame of the table in; again after a change of language. */
export function buildJournal(): void {
  const box = el('input', { type: 'checkbox', checked: onlyRefused });
  box.addEventListener('change', () => {
    onlyRefused = box.checked;
    draw();
  });
  body = el('tbody');
  note = el('span', { class: 'soft' });
  none = el('p', { class: 'soft' }, t('noRequests'));
  const heads = [t('time'), t('call'), t('status'), t('reason'), t('took'), 'curl'];
  const head = el('thead', {}, el('tr', {}, ...heads.map((text) => el('th', { scope: 'col' }, text))));
  table = el('table', {}, head, body);
  put(
    byId('journal'),
    el(
      'div',
      { class: 'head' },
      el('h2', { id: 'journal-title' }, t('journal')),
      note,
      el('span', { class: 'grow' }),
      el('label', { class: 'row soft' }, box, t('onlyRefused')),
      button(t('clear'), () => void attempt(clear), { class: 'small' }),
      copyButton(() => adminCurl('GET', withQuery('/__admin/requests', scopeOf()))),
    ),
    el(
      'div',
      { class: 'scroll', tabindex: '0', role: 'region', 'aria-labelledby': 'journal-title' },
      none,
      table,
    ),
  );
  draw();
}

async function clear(): Promise<void> {
  await call('DELETE', withQuery('/__admin/requests', scopeOf()));
  await refreshJournal(true);
}

/** Reads the journal where there is something new in it. */
export async function refreshJournal(force = false): Promise<void> {
  const { last_id } = overview()?.requests ?? { last_id: 0 };
  if (!force && last_id === seenId) return;
  seenId = last_id;
  latest = await call<Answer>('GET', withQuery('/__admin/requests', { ...scopeOf(), limit: FETCHED }));
  draw();
}

function draw(): void {
  const all = latest?.requests ?? [];
  const wanted = (onlyRefused ? all.filter(({ status }) => status >= 400) : all).slice(-SHOWN).reverse();
  none.hidden = wanted.length > 0;
  table.hidden = wanted.length === 0;
  const dropped = latest?.dropped ?? 0;
  setText(note, `${number(latest?.total ?? 0)}${dropped > 0 ? ` · ${t('dropped', number(dropped))}` : ''}`);
  put(body, ...wanted.map(row));
}

function row(entry: JournalEntry): HTMLElement {
  const { at, operation, method, path, status, error_code, reason, fault_id, duration_ms } = entry;
  const why = [
    error_code,
    reason,
    fault_id === undefined ? undefined : `${t('faults')} ${fault_id.slice(0, 8)}`,
  ];
  const kind = status >= 400 ? 'bad' : 'ok';
  return el(
    'tr',
    {},
    el('td', { class: 'mono tight' }, timeOfDay(Date.parse(at))),
    el(
      'td',
      { class: 'path' },
      el('div', {}, operation ?? method),
      el('div', { class: 'mono soft' }, `${method} ${path}`),
    ),
    el('td', {}, el('span', { class: `chip ${kind}` }, status)),
    el('td', { class: 'why' }, why.filter((part) => part !== undefined).join(' · ')),
    el('td', { class: 'soft tight' }, `${duration_ms.toFixed(duration_ms < 10 ? 1 : 0)} ms`),
    el(
      'td',
      {},
      copyButton(() => requestCurl(entry), 'curl'),
    ),
  );
}

/** A request as a command; what its body was is not kept. */
export const requestCurl = ({ method, path }: Pick<JournalEntry, 'method' | 'path'>): string =>
  curlOf({ method, path, headers: { 'X-Auth-Token': token() } });
