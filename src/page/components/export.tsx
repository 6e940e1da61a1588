/** Exporting a group from the page: at once as a file, or as a task as clients do it. */
import { signal } from '@preact/signals';
import { DEFINES, FILE_TYPES, OAS_VERSIONS } from '../../core/choices.ts';
import { go, viewAddress } from '../address.ts';
import { callService, curlOf, download, parse } from '../api.ts';
import { copy } from '../notice.ts';
import { getCaller, setCaller } from '../preferences.ts';
import { type Api, type Group, pathInGroup } from '../resources.ts';
import { follow } from '../store.ts';
import { t } from '../text.ts';
import { Button, Choice, Form, Input, Menu, Problem, Submit, type Values } from './controls.tsx';
import { Dialog, DialogHead } from './overlays.tsx';

const exporting = signal<{ readonly group: Group; readonly api?: Api } | undefined>(undefined);
const problem = signal<string | undefined>(undefined);

/** Opens the form, for one API or for all of the group. */
export function openExport(group: Group, api?: Api): void {
  problem.value = undefined;
  exporting.value = api === undefined ? { group } : { group, api };
}
const close = (): void => {
  exporting.value = undefined;
};

export const ExportDialog = () => exporting.value && <ExportForm {...exporting.value} />;

/** The request, to be run at once or as a task. */
function requestOf({ group, api }: { group: Group; api?: Api }, values: Values, operation: string) {
  const path = pathInGroup(group, `openapi/${operation}?oas_version=${values('oas_version')}`);
  const version = values('version');
  const json = {
    env_id: values('env_id'),
    group_id: group.id,
    define: values('define'),
    type: values('type'),
    ...(version === '' ? {} : { version }),
    ...(api === undefined ? {} : { apis: [api.id] }),
  };
  return { path, json };
}

function ExportForm(wanted: { group: Group; api?: Api }) {
  const { group, api } = wanted;
  const name = api === undefined ? group.name : `${api.req_method} ${api.req_uri}`;
  const attempt = async (work: () => Promise<void>) => {
    try {
      await work();
      close();
    } catch (cause) {
      problem.value = (cause as Error).message;
    }
  };
  const send = (values: Values, operation: string) => {
    const { path, json } = requestOf(wanted, values, operation);
    const token = values('token');
    setCaller({ ...getCaller(), token });
    return callService(path, { method: 'POST', json, token });
  };
  const asFile = (values: Values) =>
    attempt(async () => {
      const response = await send(values, 'export');
      const [, file = 'openapi.json'] =
        /''(.*)$/.exec(response.headers.get('content-disposition') ?? '') ?? [];
      download(decodeURIComponent(file), await response.blob());
    });
  const asTask = (values: Values) =>
    attempt(async () => {
      const { task_id } = (await parse(await send(values, 'async-export'))) as { task_id: string };
      go(viewAddress('tasks'));
      follow({ ...group, task_id }, name);
    });
  const curl = (values: Values) => {
    const headers = { 'X-Auth-Token': values('token') };
    void copy(curlOf({ method: 'POST', headers, ...requestOf(wanted, values, 'async-export') }));
  };
  const defines = DEFINES.map((define) => [define, t(`define_${define}`)] as const);
  const environments = group.environments.map(({ id, name: label }) => [id, label] as const);
  return (
    <Dialog id="export-group" kind="sheet" onClose={close}>
      <Form onSubmit={(values) => void asFile(values)}>
        <DialogHead id="export-group" title={t('exportOf', name)} />
        <div class="grid2">
          <Choice label="environment" name="env_id" options={environments} />
          <Choice label="define" name="define" options={defines} />
          <Choice label="fileType" name="type" options={FILE_TYPES} />
          <Choice label="oasVersion" name="oas_version" options={OAS_VERSIONS} />
          <Input label="version" name="version" placeholder={t('timeOfExport')} maxLength={128} />
          <Input label="token" name="token" defaultValue={getCaller().token} required maxLength={4096} />
        </div>
        <Problem id="export-problem" text={problem.value} />
        <div class="row">
          <Submit text="download" />
          <Button text="asTask" onClick={(values) => void asTask(values)} />
          <span class="grow" />
          <Menu label={t('moreOf', name)} items={[['copyCurl', curl]]} />
        </div>
      </Form>
    </Dialog>
  );
}
