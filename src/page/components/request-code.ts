/** A request of the journal as code that makes it again: a command of curl, a call of the Python SDK. */
import type { JournalEntry } from '../../admin/journal/journal.ts';
import { curlOf } from '../api.ts';
import { getCaller } from '../preferences.ts';

/** What is to be filled in, by operation: neither bodies nor files are stored. */
const FORMS = ['ImportApiDefinitionsAsync', 'ImportApiDefinitionsV2'];

export function curlFor({ operation, method, path }: JournalEntry): string {
  const headers = { 'X-Auth-Token': getCaller().token };
  const isForm = operation !== null && FORMS.includes(operation);
  const hasBody = !isForm && (method === 'POST' || method === 'PUT');
  return curlOf({
    method,
    path,
    headers,
    ...(isForm ? { form: { is_create_group: 'true', file_name: '@openapi.yaml' } } : {}),
    ...(hasBody ? { json: {} } : {}),
  });
}

const snake = (name: string): string =>
  name.replaceAll(/(?<=[a-z0-9])[A-Z]/g, (letter) => `_${letter}`).toLowerCase();

/** Which member of a request class the step of a path after this one is. */
const IDS: Readonly<Record<string, string>> = {
  instances: 'instance_id',
  'async-tasks': 'task_id',
  'api-groups': 'group_id',
  apis: 'api_id',
  envs: 'env_id',
};

/** A call of huaweicloudsdkapig; an operation that its client has not is a request of its own. */
export function pythonFor(entry: JournalEntry): string {
  const { operation, path, project_id, method } = entry;
  const { token } = getCaller();
  if (operation === null || !path.startsWith('/v2/'))
    return [
      'import requests',
      '',
      `response = requests.request("${method}", "${location.origin}${path}",`,
      `                            headers={"X-Auth-Token": "${token}"})`,
      'print(response.status_code, response.text)',
    ].join('\n');
  const steps = path.split('/');
  const members = Object.entries(IDS).flatMap(([step, member]) => {
    const at = steps.indexOf(step);
    const id = at < 0 ? undefined : steps[at + 1];
    return id === undefined || id === 'publish' || id === 'action' ? [] : [`${member}="${id}"`];
  });
  return [
    'from huaweicloudsdkcore.auth.credentials import BasicCredentials',
    `from huaweicloudsdkapig.v2 import ApigClient, ${operation}Request`,
    '',
    `credentials = BasicCredentials("ak", "sk", "${project_id ?? ''}")`,
    'client = (ApigClient.new_builder()',
    '          .with_credentials(credentials)',
    `          .with_endpoint("${location.origin}")`,
    '          .build())',
    `response = client.${snake(operation)}(${operation}Request(${members.join(', ')}))`,
    'print(response)',
  ].join('\n');
}
