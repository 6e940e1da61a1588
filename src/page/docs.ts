/** The description of the API, to be read: an index, and each operation with its members and examples. */
import { call, onTokenWanted } from './api.ts';
import { copyButton, curlOf } from './curl.ts';
import { byId, type Child, el, put, select, setText } from './dom.ts';
import { dress, isDark, otherLanguage, otherTheme, speak, t } from './language.ts';
import { askAdminToken } from './login.ts';
import { say } from './say.ts';
import { rowTable, type Schema, schemaTable } from './schema-words.ts';

interface Media {
  readonly schema: Schema;
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}
interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly security?: readonly Readonly<Record<string, unknown>>[];
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly description?: string;
    readonly schema: Schema;
  }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> };
  readonly responses: Readonly<
    Record<string, { readonly description: string; readonly content?: Readonly<Record<string, Media>> }>
  >;
}
interface Description {
  readonly info: { readonly version: string; readonly description: string };
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}
type Listed = Operation & { readonly method: string; readonly path: string };

let description: Description | undefined;

function operationsOf({ paths }: Description): Listed[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, one]) => ({ ...one, method: method.toUpperCase(), path })),
  );
}

function draw(): void {
  speak();
  labelTools();
  if (description === undefined) return;
  const { info, tags } = description;
  setText(byId('version'), info.version);
  const all = operationsOf(description);
  const parts = tags.map((tag) => ({ tag, operations: all.filter((one) => one.tags.includes(tag.name)) }));
  put(byId('index'), search(), ...parts.map(({ tag, operations }) => indexPart(tag.name, operations)));
  put(
    byId('operations'),
    el('p', { class: 'intro' }, ...coded(info.description)),
    ...parts.flatMap(({ tag, operations }) => [
      el('h2', {}, tag.name),
      el('p', { class: 'soft' }, tag.description),
      ...operations.map(drawOperation),
    ]),
  );
}

/** A text with its words in backticks as code. */
const coded = (text: string): (string | HTMLElement)[] =>
  text.split('`').map((part, at) => (at % 2 === 0 ? part : el('code', {}, part)));

const verb = (method: string): HTMLElement => el('span', { class: `verb ${method.toLowerCase()}` }, method);

/** Narrows the index to what one looks for. */
function search(): HTMLElement {
  const box = el('input', { type: 'search', 'aria-label': t('find'), placeholder: t('find') });
  box.addEventListener('input', () => {
    const wanted = box.value.toLowerCase();
    for (const item of byId('index').querySelectorAll<HTMLElement>('li'))
      item.hidden = !(item.dataset['find'] ?? '').includes(wanted);
  });
  return box;
}

function indexPart(name: string, operations: readonly Listed[]): HTMLElement {
  const items = operations.map(({ method, path, operationId, summary }) =>
    el(
      'li',
      { 'data-find': `${operationId} ${path} ${summary}`.toLowerCase() },
      el('a', { href: `#${operationId}`, on: { click: () => show(operationId) } }, verb(method), operationId),
    ),
  );
  return el('div', {}, el('h3', {}, name), el('ul', {}, ...items));
}

function show(id: string): void {
  const place = document.getElementById(id);
  if (place instanceof HTMLDetailsElement) place.open = true;
}

/** One operation; its inside is made when it is first opened. */
function drawOperation(one: Listed): HTMLElement {
  const inside = el('div');
  const details = el(
    'details',
    { id: one.operationId, class: 'panel operation' },
    el(
      'summary',
      {},
      verb(one.method),
      el('code', {}, one.path),
      el('strong', {}, one.operationId),
      el('span', { class: 'soft' }, one.summary),
    ),
    inside,
  );
  details.addEventListener('toggle', () => {
    if (details.open && inside.childElementCount === 0) put(inside, ...insideOf(one));
  });
  return details;
}

function insideOf(one: Listed): Child[] {
  const parameters = (one.parameters ?? []).map(
    ({ name, in: where, required = false, description: about = '', schema }) =>
      [name, { schema: { ...schema, description: `${about} (${where})` }, required }] as const,
  );
  const who = (one.security ?? []).map((way) => Object.keys(way).join(' + ') || t('nothing')).join(', ');
  const bodies = Object.entries(one.requestBody?.content ?? {});
  return [
    el(
      'div',
      { class: 'row' },
      el('span', { class: 'soft' }, `${t('caller')}: ${who || t('nothing')}`),
      copyButton(() => commandOf(one)),
    ),
    parameters.length > 0 && el('div', {}, el('h3', {}, t('parameters')), rowTable(parameters)),
    ...bodies.map(([type, { schema }]) =>
      el('div', {}, el('h3', {}, `${t('body')} · ${type}`), schemaTable(schema) ?? ''),
    ),
    ...Object.entries(one.responses).map(([status, answer]) => drawAnswer(status, answer)),
  ];
}

function drawAnswer(status: string, answer: Operation['responses'][string]): HTMLElement {
  const kind = Number(status) >= 400 ? 'bad' : 'ok';
  return el(
    'div',
    { class: 'answer' },
    el('div', { class: 'row' }, el('span', { class: `chip ${kind}` }, status), answer.description),
    ...Object.entries(answer.content ?? {}).flatMap(([type, media]) => [
      el('span', { class: 'mono soft' }, type),
      Number(status) < 400 && schemaTable(media.schema),
      exampleOf(media, status),
    ]),
  );
}

/** The examples, one at a time. */
function exampleOf({ examples = {} }: Media, status: string): HTMLElement | undefined {
  const names = Object.keys(examples);
  const [first] = names;
  if (first === undefined) return undefined;
  const box = el('pre', { tabindex: '0' });
  const write = (name: string): void => {
    const value = examples[name]?.value;
    setText(box, typeof value === 'string' ? value : JSON.stringify(value, null, 2));
  };
  write(first);
  if (names.length === 1) return box;
  const label = `${t('example')} ${status}`;
  const choice = select(
    names.map((name) => [name, name] as const),
    first,
    { 'aria-label': label },
  );
  choice.addEventListener('change', () => write(choice.value));
  return el('div', {}, choice, box);
}

const PLACES: Readonly<Record<string, string>> = { project_id: 'p1', instance_id: 'i1' };

function commandOf({ method, path, requestBody, security = [] }: Listed): string {
  const filled = path.replace(/\{(\w+)\}/g, (whole, name: string) => PLACES[name] ?? whole);
  const types = Object.keys(requestBody?.content ?? {});
  return curlOf({
    method,
    path: filled,
    headers: security.some((way) => 'token' in way) ? { 'X-Auth-Token': 'dev-token' } : {},
    ...(types.includes('multipart/form-data') ? { form: { file_name: '@openapi.json' } } : {}),
    ...(types.includes('application/json') ? { json: {} } : {}),
  });
}

function labelTools(): void {
  setText(byId('language'), t('languageLabel'));
  setText(byId('theme'), t(isDark() ? 'light' : 'dark'));
}

byId('language').addEventListener('click', () => {
  otherLanguage();
  draw();
});
byId('theme').addEventListener('click', () => {
  otherTheme();
  labelTools();
});
addEventListener('hashchange', () => show(location.hash.slice(1)));
dress(labelTools);
draw();
onTokenWanted(askAdminToken);
call<Description>('GET', '/__admin/openapi.json').then(
  (answer) => {
    description = answer;
    draw();
    show(location.hash.slice(1));
    document.getElementById(location.hash.slice(1))?.scrollIntoView();
  },
  (cause: unknown) => say(cause instanceof Error ? cause.message : String(cause)),
);
