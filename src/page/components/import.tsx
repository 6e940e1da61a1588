/**
 * Importing a file from the page: by dropping it, or by the form. What is wrong stays in the form, beside its field; what
 * is taken is followed over the board.
 */
import { signal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { GroupCard } from '../../admin/overview-groups.ts';
import { MODES } from '../../core/choices.ts';
import { go, viewAddress } from '../address.ts';
import { callService, curlOf, instancePath, MockError, parse } from '../api.ts';
import { attempt, copy } from '../notice.ts';
import { getCaller, setCaller } from '../preferences.ts';
import { filter, follow, overview } from '../store.ts';
import { joined, type Text, t } from '../text.ts';
import { Choice, Form, Input, Menu, Problem, Submit, type Values } from './controls.tsx';
import { Dialog, DialogHead } from './overlays.tsx';

type Import = { readonly file?: File; readonly group?: GroupCard };
const importing = signal<Import | undefined>(undefined);

type Field = 'file' | 'project' | 'instance' | 'group' | 'api_mode' | 'token' | 'other';
/** What the last attempt was rejected for. */
const problem = signal<{ readonly field: Field; readonly text: string } | undefined>(undefined);
const problemOf = (field: Field): string | undefined =>
  problem.value?.field === field ? problem.value.text : undefined;

/** Which field an error is about, by what the mock wrote of it, and the page's own words for it. */
const FIELDS: readonly (readonly [field: Field, text: Text, isMeant: (error: MockError) => boolean])[] = [
  ['other', 'noResponse', ({ status }) => status === 0],
  ['token', 'badToken', ({ status }) => status === 401],
  ['instance', 'badInstance', ({ code }) => code === 'APIG.3030'],
  ['group', 'badGroup', ({ text, reason }) => /group/.test(text + reason)],
  ['project', 'badId', ({ text }) => text.includes('project_id')],
  ['instance', 'badId', ({ text }) => text.includes('instance_id')],
  ['api_mode', 'badChoice', ({ text }) => text.includes('api_mode')],
  ['file', 'badFile', ({ text, reason }) => /file|body|input/i.test(text + reason)],
];

function noteProblem(cause: unknown): void {
  if (!(cause instanceof MockError)) throw cause;
  const [field, text] = FIELDS.find(([, , isMeant]) => isMeant(cause)) ?? (['other', 'rejected'] as const);
  const detail = joined(' · ', cause.status === 0 ? '' : cause.code, cause.reason || cause.text);
  problem.value = { field, text: cause.status === 0 ? t(text) : `${t(text)} ${detail}` };
}

/** Opens the form, with a file when one was dropped, for a group when one was chosen. */
export const openImport = (given: Import = {}): void => {
  problem.value = undefined;
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
      <Form onSubmit={(values) => void send(values, chosen())}>
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
            aria-describedby="file-problem"
          />
          <Problem id="file-problem" text={problemOf('file')} />
        </div>
        <Place {...(group && { group })} />
        <Problem id="other-problem" text={problemOf('other')} />
        <div class="row">
          <Submit text="send" autofocus={file !== undefined} />
          <span class="grow" />
          <Menu
            label={t('moreOf', t('importFile'))}
            items={[['copyCurl', (values) => void copy(curl(values))]]}
          />
        </div>
      </Form>
    </Dialog>
  );
}

/** Where to: project, instance and group; the known groups are offered, any other id can be typed. */
function Place({ group }: Import) {
  const caller = getCaller();
  const project = group?.project_id ?? (filter.value.project_id || caller.project);
  const instance = group?.instance_id ?? (filter.value.instance_id || caller.instance);
  const modes = MODES.map((mode) => [mode, t(mode)] as const);
  const text = { required: true, maxLength: 64, autocomplete: 'off', spellcheck: false } as const;
  const optional = { required: false, list: 'known-groups', placeholder: t('newGroup') };
  return (
    <div class="grid2">
      <Input label="project" name="project" defaultValue={project} {...text} problem={problemOf('project')} />
      <Input
        label="instance"
        name="instance"
        defaultValue={instance}
        {...text}
        problem={problemOf('instance')}
      />
      <Input
        label="intoGroup"
        wide
        name="group"
        defaultValue={group?.id ?? ''}
        {...text}
        {...optional}
        problem={problemOf('group')}
      />
      <datalist id="known-groups">
        {overview.value?.groups?.newest.map(({ id, name, project_id, instance_id }) => (
          <option key={id} value={id} label={`${name} (${project_id} / ${instance_id})`} />
        ))}
      </datalist>
      <Choice label="apiMode" name="api_mode" options={modes} />
      <Input
        label="token"
        name="token"
        defaultValue={caller.token}
        {...text}
        maxLength={4096}
        problem={problemOf('token')}
      />
    </div>
  );
}

async function send(values: Values, file: File | undefined): Promise<void> {
  problem.value = undefined;
  if (file === undefined) {
    problem.value = { field: 'file', text: t('needFile') };
    return;
  }
  const [project, instance, token] = [values('project'), values('instance'), values('token')];
  setCaller({ project, instance, token });
  try {
    await importFile(file, { project, instance, token, path: importPath(values), fields: fieldsOf(values) });
    closeImport();
  } catch (cause) {
    noteProblem(cause);
  }
}

interface Target extends ReturnType<typeof getCaller> {
  readonly path: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** Sends the file, and follows its task over the board. */
async function importFile(file: File, { project, instance, token, path, fields }: Target): Promise<void> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  form.set('file_name', file, file.name);
  const response = await callService(path, { method: 'POST', token, form });
  const { task_id } = (await parse(response)) as { task_id: string };
  const at = { project_id: project, instance_id: instance, task_id };
  // A filter that would hide the card gives way.
  const shown = filter.peek().project_id === '' ? {} : { project_id: project, instance_id: '' };
  go({ ...viewAddress('tasks'), ...shown, task_type: '', search: '' });
  follow(at, file.name);
}

/** Imports a file as the caller of the forms, with no more questions. */
export const importSample = (file: File): void =>
  void attempt(() => {
    const caller = getCaller();
    const project = filter.value.project_id || caller.project;
    const instance = filter.value.instance_id || caller.instance;
    const path = instancePath(project, instance, 'openapi/async-import');
    return importFile(file, { ...caller, project, instance, path, fields: { is_create_group: 'true' } });
  });

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
