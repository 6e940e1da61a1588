/** The result of a task as one reads it: what went in and what did not, a file, an error, or the text it is. */
import { button, type Child, el } from './dom.ts';
import { number, t } from './language.ts';
import type { Word } from './words.ts';

/** More of a text than this is not drawn; it can be downloaded. */
const MAX_SHOWN = 20_000;
const MAX_ROWS = 300;

type Row = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Row =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const textOf = (value: unknown): string =>
  value === undefined || value === null
    ? ''
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value);

/** A file for the person at the page. */
export function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/octet-stream' }));
  const link = el('a', { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

/** A long text, cut. */
export function shownText(text: string): HTMLElement {
  const rest = text.length - MAX_SHOWN;
  return el(
    'pre',
    { tabindex: '0' },
    rest > 0 ? `${text.slice(0, MAX_SHOWN)}\n${t('cut', number(rest))}` : text,
  );
}

/** How many APIs of an import that ended well were refused. */
export function refusedIn(result: string): number {
  try {
    const { failure } = JSON.parse(result) as { failure?: unknown };
    return Array.isArray(failure) ? failure.length : 0;
  } catch {
    return 0;
  }
}

/** Everything there is to show of a `task_result`. */
export function drawResult(result: string, ended: boolean, reason?: string): HTMLElement {
  if (result === '') return el('p', { class: 'soft' }, t('noResult'));
  let parsed: unknown;
  try {
    parsed = JSON.parse(result);
  } catch {
    parsed = undefined;
  }
  const read: Child[] =
    !ended || !isObject(parsed)
      ? []
      : isExport(parsed)
        ? exported(parsed)
        : 'error_code' in parsed
          ? refused(parsed)
          : imported(parsed);
  const raw = [
    el(
      'div',
      { class: 'row' },
      button(t('download'), () => download('task_result.json', result), { class: 'small' }),
    ),
    shownText(result),
  ];
  return el(
    'div',
    { class: 'block' },
    ...read,
    reason !== undefined && el('p', { class: 'reason' }, el('strong', {}, t('why')), ` ${reason}`),
    el(
      'details',
      read.length === 0 ? { open: true } : {},
      el('summary', {}, t('raw')),
      el('div', { class: 'block' }, ...raw),
    ),
  );
}

const isExport = (result: Row): boolean => typeof result['Comment'] === 'string' && 'FileName' in result;

function exported(result: Row): Child[] {
  const text = textOf(result['Comment']);
  const name = `${textOf(result['FileName'])}${textOf(result['FileType'])}`;
  return [
    el(
      'div',
      { class: 'row' },
      el('span', { class: 'grow mono' }, `${name} · ${number(new Blob([text]).size)} B`),
      button(t('download'), () => download(name.replaceAll(/[:/\\]/g, '-'), text), { class: 'primary' }),
    ),
    shownText(text),
  ];
}

const refused = (result: Row): Child[] => [
  el(
    'p',
    { class: 'callout' },
    el('strong', {}, textOf(result['error_code'])),
    ` ${textOf(result['error_msg'])}`,
  ),
];

function imported(result: Row): Child[] {
  const part = (name: string): Row[] =>
    Array.isArray(result[name]) ? (result[name] as unknown[]).filter(isObject) : [];
  const tables = [
    table('apisIn', 'ok', part('success'), ['method', 'path', 'action', 'id']),
    table('apisOut', 'bad', part('failure'), ['method', 'path', 'error_code', 'error_msg']),
    table('apisIgnored', 'plain', part('ignore'), ['method', 'path', 'name']),
  ].filter((one): one is HTMLElement => one !== undefined);
  const group = result['group_id'];
  if (tables.length === 0 && group === undefined) return [];
  return [
    ...tables,
    typeof group === 'string' && el('p', { class: 'soft' }, `${t('group')} `, el('code', {}, group)),
  ];
}

const HEADS: Readonly<Record<string, Word>> = {
  method: 'method',
  path: 'path',
  action: 'what',
  id: 'id',
  error_code: 'code',
  error_msg: 'reason',
  name: 'what',
};

function table(
  title: Word,
  kind: string,
  rows: readonly Row[],
  columns: readonly string[],
): HTMLElement | undefined {
  if (rows.length === 0) return undefined;
  const head = el('tr', {}, ...columns.map((name) => el('th', { scope: 'col' }, t(HEADS[name] ?? 'what'))));
  const lines = rows
    .slice(0, MAX_ROWS)
    .map((row) =>
      el(
        'tr',
        {},
        ...columns.map((name) =>
          el('td', name === 'id' || name === 'path' ? { class: `mono ${name}` } : {}, textOf(row[name])),
        ),
      ),
    );
  return el(
    'div',
    { class: 'block' },
    el('div', { class: 'row' }, el('h3', {}, t(title)), el('span', { class: `chip ${kind}` }, rows.length)),
    el(
      'div',
      { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': t(title) },
      el('table', {}, el('thead', {}, head), el('tbody', {}, ...lines)),
    ),
    rows.length > MAX_ROWS && el('p', { class: 'soft' }, t('more', number(rows.length - MAX_ROWS))),
  );
}
