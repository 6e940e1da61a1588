/** One good request for each route of the app, by method and pattern: who adds a route adds its request here. */
import { document } from '../admin/scene.ts';
import { TOKEN } from '../support/mock.ts';

export interface GoodRequest {
  readonly target: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  /** The status of its response. */
  readonly status: number;
}

const INSTANCE = '/v2/:project_id/apigw/instances/:instance_id';
const HERE = '/v2/p1/apigw/instances/i1';
/** One of the packaged tasks, which every project sees. */
const SEED = 'd9ce8c9eede54b3f841ec324fe0bfdc2';
const token = { 'x-auth-token': TOKEN };
const get = (target: string, status = 200): GoodRequest => ({ target, status, headers: token });
const json = (target: string, body: unknown, status = 200): GoodRequest => ({
  target,
  status,
  headers: { ...token, 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

/** Sent as JSON, as every change is. */
const remove = (target: string): GoodRequest => ({
  target,
  status: 204,
  headers: { 'content-type': 'application/json' },
  body: '',
});

const RELEASE = 'DEFAULT_ENVIRONMENT_RELEASE_ID';
const BOUNDARY = 'a-boundary';
/** An import into a new group of this name. */
const form = (target: string, title: string, status: number): GoodRequest => {
  const head = `--${BOUNDARY}\r\ncontent-disposition: form-data; name="file_name"; filename="a.json"`;
  const part = `${head}\r\n\r\n${document(title)}\r\n`;
  const headers = { ...token, 'content-type': `multipart/form-data; boundary=${BOUNDARY}` };
  return { target, status, headers, body: `${part}--${BOUNDARY}--\r\n` };
};

export interface Made {
  /** A token of the mock. */
  readonly token: string;
  /** A group that was imported, and an API of it. */
  readonly groupId: string;
  readonly apiId: string;
  /** A snapshot. */
  readonly state: string;
}

export const USER = {
  auth: {
    identity: {
      methods: ['password'],
      password: { user: { name: 'u', password: 'x', domain: { name: 'd' } } },
    },
    scope: { project: { name: 'cn-north-7' } },
  },
};
/** Moves when it is stepped, and is there for the calls of one task. */
export const STEPPED = 'stepped';
export const NEW_TASK = { project_id: 'p1', instance_id: 'i1', task_type: 'import_api' };
const FAULT = { operation: 'ListApisV2', project_id: 'nobody', action: { type: 'error', status: 500 } };
export const FAULT_ID = ':fault';

/** Requests that read nothing that the mock must have made before stand as they are. */
export function requestsOf(made: Made): Readonly<Record<string, GoodRequest>> {
  const admin = '/__admin';
  return {
    'POST /v3/auth/tokens': json('/v3/auth/tokens', USER, 201),
    'GET /v3/auth/tokens': {
      ...get('/v3/auth/tokens'),
      headers: { ...token, 'x-subject-token': made.token },
    },
    'GET /v3/projects': get('/v3/projects'),
    'GET /v3/auth/projects': get('/v3/auth/projects'),
    'GET /v3/auth/domains': get('/v3/auth/domains'),
    'GET /v3/auth/catalog': get('/v3/auth/catalog'),
    'GET /v3/regions': get('/v3/regions'),
    // With a query, since a plain poll takes the fast path.
    [`GET ${INSTANCE}/async-tasks/:task_id`]: get(`${HERE}/async-tasks/${SEED}?long=1`),
    [`GET ${INSTANCE}/async-tasks`]: get(`${HERE}/async-tasks`, 400),
    [`GET ${INSTANCE}/async-tasks/`]: get(`${HERE}/async-tasks/`, 400),
    [`POST ${INSTANCE}/openapi/async-import`]: form(`${HERE}/openapi/async-import`, 'later', 202),
    [`POST ${INSTANCE}/openapi/async-export`]: json(
      `${HERE}/openapi/async-export`,
      { group_id: made.groupId, env_id: RELEASE },
      202,
    ),
    [`POST ${INSTANCE}/openapi/import`]: form(`${HERE}/openapi/import`, 'at_once', 200),
    [`POST ${INSTANCE}/openapi/export`]: json(`${HERE}/openapi/export`, {
      group_id: made.groupId,
      env_id: RELEASE,
    }),
    [`GET ${INSTANCE}/api-groups`]: get(`${HERE}/api-groups`),
    [`GET ${INSTANCE}/apis`]: get(`${HERE}/apis`),
    [`GET ${INSTANCE}/envs`]: get(`${HERE}/envs`),
    [`POST ${INSTANCE}/apis/publish`]: json(`${HERE}/apis/publish?action=online`, {
      env_id: RELEASE,
      apis: [made.apiId],
    }),
    [`POST ${INSTANCE}/api-groups`]: json(`${HERE}/api-groups`, { name: 'made' }, 201),
    [`GET ${INSTANCE}/api-groups/:group_id`]: get(`${HERE}/api-groups/${made.groupId}`),
    [`PUT ${INSTANCE}/api-groups/:group_id`]: json(`${HERE}/api-groups/${made.groupId}`, { name: 'named' }),
    // What is in use is not deleted: these may be sent in any order.
    [`DELETE ${INSTANCE}/api-groups/:group_id`]: get(`${HERE}/api-groups/${made.groupId}`, 412),
    [`PUT ${INSTANCE}/api-groups/:group_id/sl-domain-access-settings`]: json(
      `${HERE}/api-groups/${made.groupId}/sl-domain-access-settings`,
      { sl_domain_access_enabled: false },
      204,
    ),
    [`GET ${INSTANCE}/apis/:api_id`]: get(`${HERE}/apis/${made.apiId}`),
    [`DELETE ${INSTANCE}/apis/:api_id`]: get(`${HERE}/apis/${made.apiId}`, 409),
    [`POST ${INSTANCE}/apis/action`]: json(
      `${HERE}/apis/action`,
      { action: 'online', env_id: RELEASE, api_id: made.apiId },
      201,
    ),
    [`GET ${INSTANCE}/apis/publish/:api_id`]: get(`${HERE}/apis/publish/${made.apiId}`),
    [`POST ${INSTANCE}/envs`]: json(`${HERE}/envs`, { name: 'made' }, 201),
    [`PUT ${INSTANCE}/envs/:env_id`]: json(`${HERE}/envs/${RELEASE}`, { name: 'other' }, 400),
    [`DELETE ${INSTANCE}/envs/:env_id`]: get(`${HERE}/envs/${RELEASE}`, 400),
    [`GET ${INSTANCE}/env-variables`]: get(`${HERE}/env-variables?group_id=${made.groupId}`),
    'GET /v2/:project_id/apigw/instances': get('/v2/p1/apigw/instances'),
    [`GET ${INSTANCE}`]: get(HERE),
    [`GET ${INSTANCE}/features`]: get(`${HERE}/features`),
    'GET /__admin/health': get(`${admin}/health`),
    'GET /__admin/ready': get(`${admin}/ready`),
    'GET /__admin/tasks': get(`${admin}/tasks`),
    'POST /__admin/tasks': json(`${admin}/tasks`, NEW_TASK, 201),
    'GET /__admin/tasks/:task_id': get(`${admin}/tasks/${STEPPED}`),
    'POST /__admin/tasks/:task_id/step': json(`${admin}/tasks/${STEPPED}/step`, {}),
    'GET /__admin/tasks/:task_id/wait': get(`${admin}/tasks/${STEPPED}/wait?until=waiting`),
    'GET /__admin/idle': get(`${admin}/idle?project_id=nobody`),
    'GET /__admin/plan': get(`${admin}/plan`),
    'PUT /__admin/plan': json(`${admin}/plan`, { project_id: 'nobody', plan: { mode: 'manual' } }),
    'GET /__admin/clock': get(`${admin}/clock`),
    'PUT /__admin/clock': json(`${admin}/clock`, { mode: 'manual' }),
    'POST /__admin/clock/advance': json(`${admin}/clock/advance`, { ms: 1 }),
    'GET /__admin/faults': get(`${admin}/faults`),
    'POST /__admin/faults': json(`${admin}/faults`, FAULT, 201),
    'DELETE /__admin/faults': remove(`${admin}/faults`),
    'DELETE /__admin/faults/:fault_id': remove(`${admin}/faults/${FAULT_ID}`),
    'GET /__admin/overview': get(`${admin}/overview`),
    'GET /__admin/groups': get(`${admin}/groups`),
    'GET /__admin/groups/:group_id': get(`${admin}/groups/${made.groupId}`),
    'GET /__admin/groups/:group_id/apis': get(
      `${admin}/groups/${made.groupId}/apis?project_id=p1&instance_id=i1`,
    ),
    // One that is there would be missed by the others.
    'DELETE /__admin/groups/:group_id': { ...remove(`${admin}/groups/nobody`), status: 404 },
    'GET /__admin/apis': get(`${admin}/apis`),
    'POST /__admin/tokens': json(`${admin}/tokens`, { project: 'p1' }, 201),
    'POST /__admin/tokens/expire': json(`${admin}/tokens/expire`, { token: 'foreign' }, 400),
    'DELETE /__admin/plan': remove(`${admin}/plan?project_id=nobody`),
    'GET /__admin/requests': get(`${admin}/requests`),
    'DELETE /__admin/requests': remove(`${admin}/requests`),
    'POST /__admin/requests/count': json(`${admin}/requests/count`, {}),
    'POST /__admin/requests/verify': json(`${admin}/requests/verify`, {
      operation: 'ListApisV2',
      at_least: 0,
    }),
    'POST /__admin/sign-check': json(`${admin}/sign-check`, { method: 'GET', target: '/a', headers: {} }),
    'POST /__admin/reset': json(`${admin}/reset`, { project_id: 'nobody' }, 204),
    'GET /__admin/state': get(`${admin}/state`),
    'PUT /__admin/state': { ...json(`${admin}/state`, {}, 204), body: made.state },
    'GET /__admin/events': get(`${admin}/events`),
    'GET /': { ...get('/', 302), headers: { accept: 'text/html' } },
    'GET /__admin': get(admin, 302),
    'GET /__admin/': get(`${admin}/`),
    'GET /__admin/docs': get(`${admin}/docs`),
    'GET /__admin/openapi.json': get(`${admin}/openapi.json`),
  };
}
