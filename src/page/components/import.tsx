/** Importing a file from the page: by dropping it, or by the form; the response leads to the task. */
import { signal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { GroupCard } from '../../admin/overview-groups.ts';
import { MODES } from '../../core/choices.ts';
import { callService, curlOf, instancePath } from '../api.ts';
import { attempt, notify } from '../notice.ts';
import { getCaller, setCaller } from '../preferences.ts';
import { filter, lookSoon, openTask, overview } from '../store.ts';
import { t } from '../text.ts';
import { Choice, CopyButton, Form, Input, Submit, type Values } from './controls.tsx';
import { Dialog, DialogHead } from './overlays.tsx';

type Import = { readonly file?: File; readonly group?: GroupCard };
const importing = signal<Import | undefined>(undefined);

/** Opens the form, with a file when one was dropped, for a group when one was chosen. */
export const openImport = (given: Import = {}): void => {
  importing.value = given;
};
const closeImport = (): void => {
  importing.value = undefined;
};

/** A file that is dropped while it is open opens it anew. */
export const ImportDialog = () =>
  importing.value && <ImportForm key={importing.value} {...importing.value} />;

const importPath = (values: Values): string =>
  instancePath(values('project'), values('instance'), 'openapi/async-import');
const fieldsOf = (values: Values): Record<string, string> =>
  values('group') === ''
    ? { is_create_group: 'true' }
    : { is_create_group: 'false', group_id: values('group'), api_mode: values('api_mode') };

function ImportForm({ file, group }: Import) {
  const picker = useRef<HTMLInputElement>(null);
  const chosen = () => picker.current?.files?.[0];
  // Enter does what comes next: choose a file, or import the chosen one.
  const focusSubmit = () => picker.current?.form?.querySelector<HTMLElement>('[type="submit"]')?.focus();
  useLayoutEffect(() => {
    if (picker.current === null || file === undefined) return;
    const files = new DataTransfer();
    files.items.add(file);
    picker.current.files = files.files;
  }, [file]);
  const curl = (values: Values) => {
    const form = { ...fieldsOf(values), file_name: `@${chosen()?.name ?? 'openapi.json'}` };
    const headers = { 'X-Auth-Token': values('token') };
    return curlOf({ method: 'POST', path: importPath(values), headers, form });
  };
  return (
    <Dialog id="import-file" kind="sheet" onClose={closeImport}>
      <Form onSubmit={(values) => void attempt(() => send(values, chosen()))}>
        <DialogHead id="import-file" title={t('importFile')} />
        <div class="zone">
          <p>{t('choose')}</p>
          <input
            type="file"
            accept=".json,.yaml,.yml,application/json,application/yaml"
            aria-label={t('file')}
            ref={picker}
            autofocus={file === undefined}
            onChange={focusSubmit}
          />
        </div>
        <Target {...(group && { group })} />
        <div class="row">
          <Submit text="send" autofocus={file !== undefined} />
          <CopyButton command={curl} />
        </div>
      </Form>
    </Dialog>
  );
}

/** Where to: project, instance and group; the known groups are offered, any other id can be typed. */
function Target({ group }: Import) {
  const caller = getCaller();
  const project = group?.project_id ?? (filter.value.project_id || caller.project);
  const instance = group?.instance_id ?? (filter.value.instance_id || caller.instance);
  const modes = MODES.map((mode) => [mode, t(mode)] as const);
  const text = { required: true, maxLength: 64, autocomplete: 'off', spellcheck: false } as const;
  const optional = { required: false, list: 'known-groups', placeholder: t('newGroup') };
  return (
    <div class="grid2">
      <Input label="project" name="project" defaultValue={project} {...text} />
      <Input label="instance" name="instance" defaultValue={instance} {...text} />
      <Input label="intoGroup" wide name="group" defaultValue={group?.id ?? ''} {...text} {...optional} />
      <datalist id="known-groups">
        {overview.value?.groups?.newest.map(({ id, name, project_id, instance_id }) => (
          <option key={id} value={id} label={`${name} (${project_id} / ${instance_id})`} />
        ))}
      </datalist>
      <Choice label="apiMode" name="api_mode" options={modes} />
      <Input label="token" name="token" defaultValue={caller.token} {...text} maxLength={4096} />
    </div>
  );
}

async function send(values: Values, file: File | undefined): Promise<void> {
  if (file === undefined) return notify(t('needFile'));
  const [project, instance, token] = [values('project'), values('instance'), values('token')];
  setCaller({ project, instance, token });
  const body = new FormData();
  for (const [name, value] of Object.entries(fieldsOf(values))) body.set(name, value);
  body.set('file_name', file, file.name);
  const { task_id } = await callService<{ task_id: string }>(importPath(values), token, body);
  closeImport();
  lookSoon();
  openTask({ task_id, project_id: project, instance_id: instance });
}

// Files may be dropped anywhere on the page.
const isDragging = signal(false);
for (const type of ['dragover', 'dragleave', 'drop'] as const) {
  addEventListener(type, (event) => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    // The pointer leaves each element that it passes; when it leaves the page, there is no next one.
    isDragging.value = type === 'dragover' || (type === 'dragleave' && event.relatedTarget !== null);
    const file = type === 'drop' ? event.dataTransfer.files[0] : undefined;
    if (file !== undefined) openImport({ file });
  });
}

export const DropZone = () =>
  isDragging.value ? (
    <div class="dropzone">
      <p>{t('dropHere')}</p>
    </div>
  ) : null;
