/** Importing a file from the page: by dropping it, or by the form; the answer leads to the task's story. */
import type { GroupCard } from '../control/overview-groups.ts';
import { callService } from './api.ts';
import { copyButton, curlOf } from './curl.ts';
import { button, byId, el, field, put, select } from './dom.ts';
import { t } from './language.ts';
import { filter, lookSoon, overview } from './model.ts';
import { attempt, say } from './say.ts';
import { keep, lastPlace } from './session.ts';
import { openStory } from './story.ts';

let chosen: File | undefined;

/** Opens the form, with a file when one was dropped, for a group when one was chosen. */
export function openUpload(file?: File, into?: GroupCard): void {
  chosen = file;
  const dialog = byId<HTMLDialogElement>('upload');
  put(dialog, form(dialog, into));
  if (!dialog.open) dialog.showModal();
}

/** The groups that one may import into; any other id can be typed. */
const knownGroups = (): HTMLElement =>
  el(
    'datalist',
    { id: 'known-groups' },
    ...(overview()?.groups?.newest ?? []).map(({ id, name, project_id, instance_id }) =>
      el('option', { value: id }, `${name} (${project_id} / ${instance_id})`),
    ),
  );

function form(dialog: HTMLDialogElement, into?: GroupCard): HTMLFormElement {
  const place = lastPlace();
  const box = (name: string, value: string) =>
    el('input', {
      type: 'text',
      name,
      value,
      required: true,
      maxlength: name === 'token' ? 4096 : 64,
      autocomplete: 'off',
      spellcheck: 'false',
    });
  const project = box('project', into?.project_id ?? (filter.project_id || place.project));
  const instance = box('instance', into?.instance_id ?? (filter.instance_id || place.instance));
  const token = box('token', place.token);
  const group = el('input', {
    type: 'text',
    name: 'group',
    value: into?.id ?? '',
    list: 'known-groups',
    maxlength: 64,
    autocomplete: 'off',
    placeholder: t('newGroup'),
  });
  const mode = select(
    [
      ['merge', t('merge')],
      ['override', t('override')],
    ],
    'merge',
    { name: 'api_mode' },
  );
  const picker = el('input', {
    type: 'file',
    name: 'file',
    accept: '.json,.yaml,.yml,application/json,application/yaml',
    'aria-label': t('file'),
  });
  if (chosen !== undefined) {
    const files = new DataTransfer();
    files.items.add(chosen);
    picker.files = files.files;
  }
  picker.addEventListener('change', () => {
    chosen = picker.files?.[0];
    if (chosen !== undefined) go.focus();
  });
  const fields = (): Record<string, string> =>
    group.value === ''
      ? { is_create_group: 'true' }
      : { is_create_group: 'false', group_id: group.value, api_mode: mode.value };
  const path = (): string =>
    `/v2/${encodeURIComponent(project.value)}/apigw/instances/${encodeURIComponent(instance.value)}/openapi/async-import`;
  const curl = (): string =>
    curlOf({
      method: 'POST',
      path: path(),
      headers: { 'X-Auth-Token': token.value },
      form: { ...fields(), file_name: `@${chosen?.name ?? 'openapi.json'}` },
    });
  const submit = (event: Event): void => {
    event.preventDefault();
    if (chosen === undefined) {
      say(t('needFile'));
      return;
    }
    keep({ project: project.value, instance: instance.value, token: token.value });
    void attempt(async () => {
      await send(path(), { token: token.value, fields: fields(), file: chosen as File });
    });
  };
  // Enter does what comes next.
  const go = el('button', { type: 'submit', class: 'primary', autofocus: chosen !== undefined }, t('send'));
  picker.autofocus = chosen === undefined;
  return el(
    'form',
    { on: { submit } },
    el(
      'div',
      { class: 'dialog-head' },
      el('div', {}, el('h2', { id: 'upload-title' }, t('importFile'))),
      button(t('close'), () => dialog.close(), { class: 'small' }),
    ),
    el('div', { class: 'zone' }, el('p', {}, t('choose')), picker),
    el(
      'div',
      { class: 'grid2' },
      field(t('project'), project),
      field(t('instance'), instance),
      field(t('intoGroup'), group, 'wide'),
      knownGroups(),
      field(t('apiMode'), mode),
      field(t('token'), token),
    ),
    el('div', { class: 'row' }, go, copyButton(curl)),
  );
}

async function send(
  path: string,
  { token, fields, file }: { token: string; fields: Record<string, string>; file: File },
): Promise<void> {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  body.set('file_name', file, file.name);
  const { task_id } = await callService<{ task_id: string }>(path, token, body);
  byId<HTMLDialogElement>('upload').close();
  const { project, instance } = lastPlace();
  lookSoon();
  openStory({ task_id, project_id: project, instance_id: instance });
}

/** Lets files fall anywhere on the page. */
export function catchDrops(): void {
  const zone = byId('dropzone');
  const holdsFile = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') === true;
  let depth = 0;
  const show = (by: number): void => {
    depth = by === 0 ? 0 : Math.max(depth + by, 0);
    zone.hidden = depth === 0;
  };
  addEventListener('dragenter', (event) => {
    if (holdsFile(event)) show(1);
  });
  addEventListener('dragleave', (event) => {
    if (holdsFile(event)) show(-1);
  });
  addEventListener('dragover', (event) => {
    if (holdsFile(event)) event.preventDefault();
  });
  addEventListener('drop', (event) => {
    if (!holdsFile(event)) return;
    event.preventDefault();
    show(0);
    const file = event.dataTransfer?.files[0];
    if (file !== undefined) openUpload(file);
  });
}
