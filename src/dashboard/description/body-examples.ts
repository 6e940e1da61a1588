/** One example of each body that a call takes, by the operation's id; a form's stand as its parts. */
const HERE = { project_id: 'p1', instance_id: 'i1' };
const FILE = '{"swagger":"2.0","info":{"title":"hello","version":"1"},"paths":{}}';
const FORM = { file_name: FILE, is_create_group: 'true', api_mode: 'merge' };
const EXPORT = {
  env_id: 'DEFAULT_ENVIRONMENT_RELEASE_ID',
  group_id: '9100ae30705947cc9543d37cd7fb388c',
  define: 'all',
  type: 'json',
};
const CALLS = { ...HERE, operation: 'ShowAsyncTaskResult' };

export const BODY_EXAMPLES: Readonly<Record<string, unknown>> = {
  ImportApiDefinitionsAsync: FORM,
  ImportApiDefinitionsV2: FORM,
  ExportApiDefinitionsAsync: EXPORT,
  ExportApiDefinitionsV2: EXPORT,
  BatchPublishOrOfflineApiV2: { env_id: EXPORT.env_id, group_id: EXPORT.group_id, remark: 'first' },
  KeystoneCreateUserTokenByPassword: {
    auth: {
      identity: {
        methods: ['password'],
        password: { user: { name: 'dev', password: 'any', domain: { name: 'mock-domain' } } },
      },
      scope: { project: { name: 'cn-north-7' } },
    },
  },
  createTask: {
    ...HERE,
    task_type: 'import_api',
    plan: { mode: 'polls', waiting_polls: 1, processing_polls: 2 },
  },
  stepTask: {},
  setPlan: { ...HERE, task_type: 'export_api', times: 1, plan: { mode: 'immediate' } },
  setClock: { mode: 'manual', now: '2026-03-02T09:30:00.000Z' },
  advanceClock: { ms: 500 },
  addFault: { ...CALLS, after: 1, times: 1, action: { type: 'error', status: 429 } },
  countRequests: { ...CALLS, status: 200 },
  verifyRequests: { ...CALLS, exactly: 4 },
  checkSignature: {
    method: 'GET',
    target: '/v3/projects',
    headers: { host: 'localhost:8080', 'x-sdk-date': '20260302T093000Z' },
  },
  reset: { ...HERE, only: ['tasks', 'journal'] },
};
