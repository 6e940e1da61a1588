/** Ways in which a service may differ from what is promised: each at one step, with what a run must report. */
import type { Behaviour, ProxiedResponse } from '../support/differing-proxy.ts';

type Json = Record<string, unknown>;

export interface Deviation {
  readonly name: string;
  /** `*` = at every step. */
  readonly step: string;
  change(response: ProxiedResponse, nth: number): void;
  /** The place of the difference. */
  readonly at: string;
}

/** Changes the JSON of a body. */
const body =
  (change: (body: Json) => Json | undefined) =>
  (response: ProxiedResponse): void => {
    const value = JSON.parse(response.text) as Json;
    response.text = JSON.stringify(change(value) ?? value);
  };
/** Changes the result of a task that has one. */
const result = (change: (result: Json) => Json | undefined) =>
  body((task) => {
    if (task['task_result'] === '') return;
    const value = JSON.parse(String(task['task_result'])) as Json;
    task['task_result'] = JSON.stringify(change(value) ?? value);
  });
const without = (name: string) => body(({ [name]: _, ...others }) => others);
const first = (list: unknown): Json => (list as Json[])[0] ?? {};

export const DEVIATIONS: readonly Deviation[] = [
  {
    ...{ name: 'a status', step: 'lists/unknown-group', at: 'status' },
    change: (response) => {
      response.status = 400;
    },
  },
  {
    ...{ name: 'an error code', step: 'rejections/import-bad-mode', at: 'body/error_code' },
    change: body((error) => ({ ...error, error_code: 'APIG.2013' })),
  },
  {
    ...{ name: 'a text', step: 'rejections/import-empty-file', at: 'body/error_msg' },
    change: body((error) => ({ ...error, error_msg: 'The input file is empty.' })),
  },
  {
    ...{ name: 'the order of members', step: 'polls/unknown-task', at: 'body' },
    change: body(({ error_code, error_msg }) => ({ error_msg, error_code })),
  },
  {
    ...{ name: 'a type', step: 'lists/groups', at: 'body/size' },
    change: body((page) => ({ ...page, size: String(page['size']) })),
  },
  { name: 'a missing member', step: 'lists/environments', at: 'body/total', change: without('total') },
  {
    ...{ name: 'a member more', step: 'rejections/export-no-group', at: 'body/request_id' },
    change: body((error) => ({ ...error, request_id: 'x' })),
  },
  {
    ...{ name: 'a missing header', step: 'polls/no-task-id', at: 'header x-request-id' },
    change: (response) => {
      delete response.headers['x-request-id'];
    },
  },
  {
    ...{ name: 'a content type', step: 'rejections/export-bad-type', at: 'header content-type' },
    change: (response) => {
      response.headers['content-type'] = 'text/plain';
    },
  },
  {
    ...{ name: 'no JSON', step: 'rejections/publish-no-environment', at: 'body' },
    change: (response) => {
      response.text = '<html>Bad Request</html>';
    },
  },
  {
    ...{ name: 'a state that is skipped', step: '*', at: 'task_status' },
    change: (response) => {
      response.text = response.text.replace('"task_status":"processing"', '"task_status":"waiting"');
    },
  },
  {
    ...{ name: 'a result that is no text', step: 'import-modes/merge-ends', at: 'body/task_result' },
    change: body((task) => {
      if (task['task_result'] !== '') task['task_result'] = JSON.parse(String(task['task_result']));
      return task;
    }),
  },
  {
    ...{ name: 'a late 404', step: 'import-modes/override-ends', at: 'poll 2 after the end' },
    change: (response, nth) => {
      // Waiting, processing, the end, and once after it.
      if (nth >= 5) response.status = 404;
    },
  },
  {
    ...{ name: 'a result before the end', step: 'import-modes/mock-ends', at: 'body/task_result' },
    change: body((task) => (task['task_result'] === '' ? { ...task, task_result: '{}' } : undefined)),
  },
  {
    ...{ name: 'another type of task', step: 'exporting/spec-json-2-0-ends', at: 'body/task_type' },
    change: body((task) => ({ ...task, task_type: 'import_api' })),
  },
  {
    ...{
      name: 'an error of one API',
      step: 'import-partial/ends',
      at: 'body/task_result/failure/3/error_code',
    },
    change: result((report) => {
      const failure = (report['failure'] as Json[]).find(({ path }) => path === '/conform/part-{id}');
      Object.assign(failure ?? {}, { error_code: 'APIG.2012' });
      return report;
    }),
  },
  {
    ...{ name: 'a task that succeeds', step: 'import-failures/old-version-ends', at: 'body/task_status' },
    change: (response) => {
      response.text = response.text.replace('"failed"', '"succeed"');
    },
  },
  {
    ...{ name: 'a text that is laid out otherwise', step: 'exporting/all-json-2-0-ends' },
    at: 'body/task_result/Comment',
    change: result((file) => ({
      ...file,
      Comment: JSON.stringify(JSON.parse(String(file['Comment'])), null, 2),
    })),
  },
  {
    ...{ name: 'an export without its back ends', step: 'exporting/proxy-json-2-0-ends' },
    at: 'body/task_result/Comment/paths//conform/greeting/{name}/get/x-apigateway-backend',
    change: result((file) => {
      const { [`x-apigateway-backend`]: _, ...get } = first([
        JSON.parse(String(file['Comment'])).paths['/conform/greeting/{name}'].get,
      ]);
      const document = JSON.parse(String(file['Comment']));
      document.paths['/conform/greeting/{name}'].get = get;
      return { ...file, Comment: JSON.stringify(document) };
    }),
  },
  {
    ...{ name: 'a name of a file', step: 'exporting/all-yml-3-0-ends', at: 'body/task_result/FileType' },
    change: result((file) => ({ ...file, FileType: 'yml' })),
  },
  {
    ...{ name: 'a time in another form', step: 'publishing/shown', at: 'body/apis/0/publish_time' },
    change: body((page) => {
      Object.assign(first(page['apis']), { publish_time: '2026-01-02T03:04:05Z' });
      return page;
    }),
  },
  {
    ...{ name: 'an authorizer that is lost', step: 'entities/export-ends' },
    at: 'body/task_result/Comment/securityDefinitions/conform_authorizer',
    change: result((file) => {
      const document = JSON.parse(String(file['Comment']));
      delete document.securityDefinitions.conform_authorizer;
      return { ...file, Comment: JSON.stringify(document) };
    }),
  },
  {
    ...{ name: 'a deletion that returns something', step: 'clean-up/delete-order', at: 'status' },
    change: (response) => {
      Object.assign(response, { status: 200, text: '{}' });
    },
  },
];

/** A behaviour with these deviations; `enter` takes the step that the run is at. */
export function deviating(deviations: readonly Deviation[]): Behaviour & { enter(step: string): void } {
  let current = '';
  let nth = 0;
  return {
    enter(step) {
      current = step;
      nth = 0;
    },
    after(response) {
      nth += 1;
      for (const { step, change } of deviations)
        if (step === current || (step === '*' && response.text.startsWith('{"task_id"')))
          change(response, nth);
      return response;
    },
  };
}
