/** Faults: the usual ones as switches, others by a form, and those in force with how often they struck. */
import type { Fault } from '../control/fault-book.ts';
import type { FaultAction, FaultRequest } from '../control/faults.ts';
import { call } from './api.ts';
import { adminCurl, copyButton } from './curl.ts';
import { button, byId, el, field, put, select } from './dom.ts';
import { factsOf } from './fault-facts.ts';
import { t } from './language.ts';
import { look, scopeOf } from './model.ts';
import { attempt } from './say.ts';
import type { Word } from './words.ts';

const OPERATIONS = [
  'ShowAsyncTaskResult',
  'ImportApiDefinitionsAsync',
  'ExportApiDefinitionsAsync',
  'ImportApiDefinitionsV2',
  'ExportApiDefinitionsV2',
  'KeystoneCreateUserTokenByPassword',
];
const PRESETS: readonly (readonly [Word, string, FaultAction])[] = [
  ['throttle', '429 APIG.0308', { type: 'error', status: 429, error_code: 'APIG.0308' }],
  ['systemError', '500 APIG.9999', { type: 'error', status: 500, error_code: 'APIG.9999' }],
  ['expired', '401 APIG.1002', { type: 'error', status: 401, error_code: 'APIG.1002' }],
  ['slow', '2000 ms', { type: 'delay', ms: 2000 }],
  ['reset', 'TCP RST', { type: 'reset' }],
  ['truncate', 'EOF', { type: 'truncate' }],
  ['malformed', '{"task_id":…', { type: 'malformed' }],
];

let operation: Exclude<FaultRequest['operation'], undefined> | '' = 'ShowAsyncTaskResult';
let faults: Fault[] = [];
let switches: readonly (readonly [HTMLButtonElement, FaultAction])[] = [];
let list: HTMLElement;
let listed = '';

const target = (): Partial<FaultRequest> => ({ ...(operation === '' ? {} : { operation }), ...scopeOf() });
const requestOf = (action: FaultAction): FaultRequest => ({ ...target(), action });
const same = (fault: Fault, request: FaultRequest): boolean =>
  fault.operation === request.operation &&
  fault.project_id === request.project_id &&
  fault.instance_id === request.instance_id &&
  fault.times === undefined &&
  JSON.stringify(fault.action) === JSON.stringify(request.action);

/** Puts the switches and the form in; again after a change of language. */
export function buildFaults(): void {
  const choice = select(
    [...OPERATIONS.map((name) => [name, name] as const), ['', t('anyOperation')]],
    operation,
  );
  choice.addEventListener('change', () => {
    operation = choice.value as typeof operation;
    draw();
  });
  const rows = PRESETS.map(([word, detail, action]) => presetRow(word, detail, action));
  switches = rows.map(({ toggle, action }) => [toggle, action] as const);
  list = el('ul', { class: 'rules' });
  listed = '';
  put(
    byId('faults'),
    el('div', { class: 'head' }, el('h2', { id: 'faults-title', class: 'grow' }, t('faults')), clearButton()),
    el('p', { class: 'hint' }, t('faultHint')),
    field(t('operation'), choice),
    el('div', { class: 'switches', role: 'group', 'aria-label': t('faults') }, ...rows.map(({ row }) => row)),
    el('details', {}, el('summary', {}, t('another')), customForm()),
    list,
  );
  draw();
}

const clearButton = (): HTMLButtonElement =>
  button(t('removeAll'), () => change('DELETE', '/__admin/faults'), { class: 'small' });

const change = (method: string, path: string, body?: unknown): void =>
  void attempt(async () => {
    await call(method, path, body);
    await refreshFaults();
    await look();
  });

function presetRow(word: Word, detail: string, action: FaultAction) {
  const id = `fault-${word}`;
  const toggle = el('button', {
    type: 'button',
    role: 'switch',
    'aria-checked': 'false',
    'aria-labelledby': id,
  });
  toggle.addEventListener('click', () => {
    const standing = faults.find((fault) => same(fault, requestOf(action)));
    if (standing === undefined) change('POST', '/__admin/faults', requestOf(action));
    else change('DELETE', `/__admin/faults/${encodeURIComponent(standing.id)}`);
  });
  const label = el('span', { id }, t(word), ' ', el('span', { class: 'soft' }, detail));
  const row = el(
    'div',
    { class: 'switch' },
    label,
    copyButton(() => adminCurl('POST', '/__admin/faults', requestOf(action)), 'curl'),
    toggle,
  );
  return { row, toggle, action };
}

function customForm(): HTMLElement {
  const kinds = ['error', 'delay', 'reset', 'empty', 'truncate', 'malformed', 'dribble'];
  const kind = select(
    kinds.map((name) => [name, name] as const),
    'error',
  );
  const box = (type: string, value = '', props = {}) => el('input', { type, value, ...props });
  const [status, code, ms, after, times] = [
    box('number', '503', { min: 200, max: 599 }),
    box('text', '', { maxlength: 64 }),
    box('number', '1000', { min: 0 }),
    box('number', '0', { min: 0 }),
    box('number', '', { min: 1, placeholder: t('always') }),
  ] as const;
  const build = (): FaultRequest => ({
    ...target(),
    ...(Number(after.value) > 0 ? { after: Number(after.value) } : {}),
    ...(times.value === '' ? {} : { times: Number(times.value) }),
    action: actionOf(kind.value, { status: status.value, code: code.value, ms: ms.value }),
  });
  const errorFields = [field(t('httpStatus'), status), field(t('code'), code)];
  const msField = field(t('ms'), ms, 'wide');
  const arrange = (): void => {
    for (const one of errorFields) one.hidden = kind.value !== 'error';
    msField.hidden = kind.value !== 'delay' && kind.value !== 'dribble';
  };
  kind.addEventListener('change', arrange);
  arrange();
  return el(
    'div',
    { class: 'grid2' },
    field(t('action'), kind, 'wide'),
    ...errorFields,
    msField,
    field(t('after'), after),
    field(t('times'), times),
    el(
      'div',
      { class: 'row wide' },
      button(t('add'), () => change('POST', '/__admin/faults', build()), { class: 'primary' }),
      copyButton(() => adminCurl('POST', '/__admin/faults', build())),
    ),
  );
}

function actionOf(kind: string, given: { status: string; code: string; ms: string }): FaultAction {
  if (kind === 'error') {
    return {
      type: 'error',
      status: Number(given.status),
      ...(given.code === '' ? {} : { error_code: given.code }),
    };
  }
  if (kind === 'delay' || kind === 'dribble') return { type: kind, ms: Number(given.ms) };
  return { type: kind } as FaultAction;
}

/** Reads what is in force. */
export async function refreshFaults(): Promise<void> {
  faults = (await call<{ faults: Fault[] }>('GET', '/__admin/faults')).faults;
  draw();
}

function draw(): void {
  for (const [toggle, action] of switches) {
    toggle.setAttribute('aria-checked', String(faults.some((fault) => same(fault, requestOf(action)))));
  }
  const state = faults.map(({ id, hits }) => `${id}:${hits}`).join();
  if (state === listed) return;
  listed = state;
  put(list, ...faults.map(standing));
}

function standing(fault: Fault): HTMLElement {
  const remove = `/__admin/faults/${encodeURIComponent(fault.id)}`;
  return el(
    'li',
    {},
    factsOf(fault),
    button(t('remove'), () => change('DELETE', remove), { class: 'small' }),
  );
}
