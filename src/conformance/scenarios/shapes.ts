/** What the scenarios have in common: the bodies that the service promises, and the steps they are made of. */
import { documentedError } from '../../core/error-codes.ts';
import {
  aFlag,
  anId,
  aTime,
  type Expected,
  holding,
  likeText,
  type Matcher,
  oneOf,
  someCount,
  someList,
  someText,
} from '../matchers.ts';
import type { FilePart, FollowStep, RequestStep, StepRequest } from '../scenario.ts';
import type { SourceName } from '../sources.ts';

type Members = { readonly [name: string]: Expected };

/** An id that nothing has. */
export const UNKNOWN = '00000000000000000000000000000000';
export const RELEASE = 'DEFAULT_ENVIRONMENT_RELEASE_ID';
const REQUEST_ID = likeText('32 hex digits', /^[0-9a-f]{32}$/);
const JSON_TYPE = likeText('application/json', /^application\/json(; *charset=utf-8)?$/i);

export const jsonHeaders = { 'content-type': JSON_TYPE, 'x-request-id': REQUEST_ID };

/** An error of the catalogue, about a value if the text names one. */
export function errorBody(code: string, value?: string, text?: string): Expected {
  return { error_code: code, error_msg: text ?? documentedError(code, value)?.message ?? '' };
}

interface Rejection {
  readonly id: string;
  readonly title: string;
  readonly operation: RequestStep['operation'];
  readonly request: StepRequest;
  readonly source: SourceName;
  readonly error: string;
  readonly about?: string;
  /** Where it is not that of the catalogue. */
  readonly text?: string;
  readonly status?: number;
  readonly needs?: 'key';
}

/** A request that the service rejects with an error of its catalogue. */
export function rejected({ error, about, text, status, ...step }: Rejection): RequestStep {
  const body = errorBody(error, about, text);
  return {
    kind: 'request',
    ...step,
    expect: { status: status ?? documentedError(error)?.status ?? 0, headers: jsonHeaders, body },
  };
}

/** The form of an import into the group of the run. */
export const intoGroup = (content: string, more: Readonly<Record<string, string>> = {}) => ({
  is_create_group: 'false',
  group_id: '{{group}}',
  ...more,
  file_name: file(content),
});
export const file = (content: string): FilePart => ({ name: 'conform.json', content });

type Form = NonNullable<StepRequest['form']>;

/** Submits an import; `task` is the variable that takes the id of its task. */
export const submitsImport = (
  id: string,
  title: string,
  { form, task }: { form: Form; task: string },
): RequestStep => ({
  kind: 'request',
  id,
  title,
  operation: 'ImportApiDefinitionsAsync',
  source: 'import',
  request: { method: 'POST', path: '/openapi/async-import', form },
  expect: { status: 202, headers: jsonHeaders, body: { task_id: anId } },
  save: { [task]: '/task_id' },
});

interface Ending extends Pick<FollowStep, 'id' | 'title' | 'task' | 'result'> {
  readonly source?: SourceName;
  readonly save?: NonNullable<FollowStep['save']>;
}

export const importEnds = (ending: Ending): FollowStep => ({
  ...{
    kind: 'follow',
    operation: 'ShowAsyncTaskResult',
    type: 'import_api',
    ends: 'succeed',
    source: 'show',
  },
  ...ending,
});
export const exportEnds = (ending: Ending): FollowStep => ({
  ...{
    kind: 'follow',
    operation: 'ShowAsyncTaskResult',
    type: 'export_api',
    ends: 'succeed',
    source: 'show',
  },
  ...ending,
});

export const created = (method: string, path: string): Expected => ({
  id: anId,
  action: 'create',
  method,
  path,
});

interface Report {
  readonly success?: Expected;
  readonly failure?: Expected;
  readonly ignore?: Expected;
  readonly group?: Expected;
}

/** The result of an import, its members in the order of the documented example; `ignore` stands there when it is not empty. */
export const importReport = ({
  success = [],
  failure = [],
  ignore,
  group = '{{group}}',
}: Report): Expected => ({
  success,
  failure,
  swagger: { id: anId, result: 'Success' },
  ...(ignore === undefined ? {} : { ignore }),
  group_id: group,
});

/** A group, as far as its page promises. */
export const group = (more: Members = {}): Matcher =>
  holding({
    id: anId,
    name: someText,
    status: oneOf(1, 2),
    sl_domain: someText,
    register_time: aTime,
    update_time: aTime,
    on_sell_status: oneOf(1, 2, 3),
    url_domains: someList,
    sl_domain_access_enabled: aFlag,
    remark: someText,
    is_default: oneOf(1, 2),
    ...more,
  });

/** Members that an API has where it is published; whether an import publishes is a setting of the mock. */
const PUBLISHED = ['run_env_id', 'run_env_name', 'publish_id', 'publish_time'];

/** An API as the lists show it, as far as its page promises. */
export const api = (more: Members): Matcher =>
  holding(
    {
      id: anId,
      name: someText,
      type: oneOf(1, 2),
      req_protocol: oneOf('HTTP', 'HTTPS', 'BOTH', 'GRPCS'),
      req_method: someText,
      req_uri: someText,
      auth_type: oneOf('NONE', 'APP', 'IAM', 'AUTHORIZER'),
      match_mode: oneOf('SWA', 'NORMAL'),
      backend_type: oneOf('HTTP', 'FUNCTION', 'MOCK', 'GRPC'),
      group_id: '{{group}}',
      group_name: '{{name}}',
      status: oneOf(1, 2),
      register_time: aTime,
      update_time: aTime,
      ...more,
    },
    PUBLISHED,
  );

/** A page of a list. */
export const page = (items: Members): Matcher => holding({ size: someCount, total: someCount, ...items });
