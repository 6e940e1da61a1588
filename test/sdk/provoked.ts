/** How each error of the catalogue is provoked with the SDK. The compiler asks for every one of them. */
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { type ApigError, errors } from '../../src/core/errors.ts';
import { until } from '../admin/scene.ts';
import { testMock } from '../support/mock.ts';
import { apigClient, FormData, failureOf, type SdkError } from './apig-client.ts';

const RELEASE = 'DEFAULT_ENVIRONMENT_RELEASE_ID';
const INSTANCE = '/v2/{project_id}/apigw/instances/i1';
const TASK = '/v2/p1/apigw/instances/i1/async-tasks/unknown';

/** The settings that make every error possible. */
export const SETTINGS = {
  clock: 'manual' as const,
  maxBodyMb: 1,
  maxTasks: 6,
  readOnlyUsers: ['reader'],
  accessKeys: ['dev-ak:dev-sk', 'reader:dev-sk'],
};

export interface Scene {
  url: string;
  apig: ReturnType<typeof apigClient>;
}

const exportBody = (rest: object): object => ({ env_id: RELEASE, group_id: 'g1', ...rest });
const sync = ({ apig }: Scene, body: object) =>
  apig.send({ method: 'POST', url: `${INSTANCE}/openapi/export`, data: body as never });

const change = ({ apig }: Scene, method: 'POST' | 'PUT' | 'DELETE', path: string, data?: object) =>
  apig.send({ method, url: `${INSTANCE}/${path}`, ...(data && { data: data as never }) });

let made = 0;
/** A group with one API, made by the synchronous twin. */
async function madeGroup({ apig }: Scene): Promise<{ group_id: string; success: { id: string }[] }> {
  const form = new FormData();
  const text = readFileSync(new URL('../../fixtures/openapi/hello.yaml', import.meta.url), 'utf8');
  made += 1;
  form.append('file_name', text.replace('title: hello', `title: hello-${made}`));
  return (await apig.send({
    method: 'POST',
    url: `${INSTANCE}/openapi/import`,
    contentType: 'multipart/form-data',
    data: form as never,
  })) as never;
}

/** A document, or fields beside it, that the synchronous import rejects as a whole. */
const rejected = (
  text: string,
  error: ApigError,
  fields: Readonly<Record<string, string>> = {},
): Provoked => ({
  provoke: ({ apig }) => {
    const form = new FormData();
    form.append('file_name', text);
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    const request = {
      method: 'POST',
      url: `${INSTANCE}/openapi/import`,
      contentType: 'multipart/form-data',
      data: form as never,
    } as const;
    return failureOf(apig.send(request));
  },
  error,
});
const withTitle = (title: string, paths = '{}'): string =>
  `{"swagger":"2.0","info":{"title":"${title}","version":"1"},"paths":${paths}}`;
const manyPaths = JSON.stringify(
  Object.fromEntries(Array.from({ length: 301 }, (_, at) => [`/a${at}`, { get: {} }])),
);

export interface Provoked {
  provoke: (scene: Scene) => Promise<SdkError>;
  error: ApigError | ((failure: SdkError) => ApigError);
}

/** How each error of the catalogue is provoked; undefined = not by a request of this SDK. */
export const PROVOKED: Record<keyof typeof errors, Provoked | undefined> = {
  routeNotFound: {
    provoke: (scene) => failureOf(scene.apig.send({ url: '/nowhere' })),
    error: errors.routeNotFound(),
  },
  methodNotAllowed: {
    provoke: (scene) => failureOf(scene.apig.send({ url: TASK, method: 'PATCH', data: {} })),
    error: errors.methodNotAllowed(),
  },
  badRequest: {
    provoke: (scene) =>
      failureOf(
        scene.apig.send({
          method: 'POST',
          url: `${INSTANCE}/openapi/async-import`,
          contentType: 'multipart/form-data; boundary=none',
          data: Buffer.from('x') as never,
        }),
      ),
    error: errors.badRequest(),
  },
  bodyTooLarge: {
    provoke: (scene) =>
      failureOf(
        scene.apig.exportApiDefinitionsAsync('i1', exportBody({ apis: ['x'.repeat(2_000_000)] }) as never),
      ),
    error: errors.bodyTooLarge(),
  },
  // A URL that long is more than Node's HTTP parser takes in headers: 431 comes first.
  uriTooLong: undefined,
  headersTooLarge: {
    provoke: (scene) => failureOf(scene.apig.send({ url: TASK, headers: { 'X-Big': 'x'.repeat(40_000) } })),
    error: errors.headersTooLarge(),
  },
  unsupportedMediaType: {
    provoke: (scene) =>
      failureOf(
        scene.apig.send({
          method: 'POST',
          url: `${INSTANCE}/openapi/async-import`,
          data: { file_name: 'x' },
        }),
      ),
    error: errors.unsupportedMediaType(),
  },
  expectationFailed: {
    provoke: (scene) => failureOf(scene.apig.send({ url: TASK, headers: { Expect: 'wonders' } })),
    error: errors.expectationFailed(),
  },
  requestTimeout: undefined,
  notAcceptedHere: {
    provoke: (scene) =>
      failureOf(scene.apig.send({ url: '/__admin/clock', headers: { host: 'example.com' } })),
    error: errors.notAcceptedHere(),
  },
  tokenInvalid: {
    provoke: (scene) =>
      failureOf(scene.apig.showAsyncTaskResult('i1', 'unknown', { 'X-Auth-Token': 'no such token' })),
    error: errors.tokenInvalid(),
  },
  signatureInvalid: {
    provoke: (scene) =>
      failureOf(
        apigClient({ endpoint: scene.url, projectId: 'p1', sk: 'wrong' }).showAsyncTaskResult('i1', 't1'),
      ),
    error: (failure) => {
      expect(failure.errorMsg).toMatch(
        /: verify aksk signature fail, canonicalRequest:GET\|\/v2\/p1\/apigw\/instances\/i1\/async-tasks\/t1\/\|\|content-type:application\/json\|host:127\.0\.0\.1:\d+\|x-project-id:p1\|x-sdk-date:\d{8}T\d{6}Z\|\|content-type;host;x-project-id;x-sdk-date\|e3b0c442/,
      );
      return errors.signatureInvalid(failure.errorMsg.replace(/^[^:]+: /, ''));
    },
  },
  throttled: undefined,
  forbidden: {
    provoke: (scene) =>
      failureOf(
        apigClient({ endpoint: scene.url, projectId: 'p1', ak: 'reader' }).exportApiDefinitionsAsync(
          'i1',
          exportBody({}) as never,
        ),
      ),
    error: errors.forbidden(),
  },
  parameterMissing: {
    provoke: (scene) => failureOf(scene.apig.exportApiDefinitionsAsync('i1', { group_id: 'g1' })),
    error: errors.parameterMissing('env_id'),
  },
  parameterInvalid: {
    provoke: (scene) =>
      failureOf(scene.apig.importApiDefinitionsAsync('i1', { api_mode: 'replace', file_name: 'x' })),
    error: errors.parameterInvalid('api_mode'),
  },
  inputTooLong: {
    provoke: (scene) =>
      failureOf(scene.apig.importApiDefinitionsAsync('i1', { file_name: Buffer.alloc(1_048_577, 'x') })),
    error: errors.inputTooLong(),
  },
  inputEmpty: {
    provoke: (scene) => failureOf(scene.apig.importApiDefinitionsAsync('i1', { file_name: '' })),
    error: errors.inputEmpty(),
  },
  formatError: rejected('{', errors.formatError()),
  versionUnsupported: rejected('{"swagger":"1.2"}', errors.versionUnsupported()),
  syntaxError: rejected('{"info":{}}', errors.syntaxError()),
  titleInvalid: rejected(withTitle('?'), errors.titleInvalid()),
  groupNameExists: {
    async provoke(scene) {
      const twice = rejected(withTitle('twice'), errors.groupNameExists());
      await twice.provoke(scene).catch(() => {});
      return twice.provoke(scene);
    },
    error: errors.groupNameExists(),
  },
  notEmulated: {
    provoke: (scene) => failureOf(scene.apig.send({ url: `${INSTANCE}/apps` })),
    error: errors.notEmulated('ListAppsV2'),
  },
  instanceNotFound: {
    provoke: async () => {
      await using mock = await testMock({ instances: ['i2'] });
      return await failureOf(
        apigClient({ endpoint: mock.url, projectId: 'p1' }).showAsyncTaskResult('i1', 'unknown'),
      );
    },
    error: errors.instanceNotFound('i1'),
  },
  valueInvalid: {
    provoke: (scene) => failureOf(change(scene, 'POST', 'api-groups', { name: '?' })),
    error: errors.valueInvalid('name'),
  },
  domainNotFound: {
    provoke: (scene) =>
      failureOf(
        change(scene, 'PUT', 'api-groups/g1/sl-domain-access-settings', { sl_domain_access_enabled: true }),
      ),
    error: errors.domainNotFound(),
  },
  groupNotEmpty: {
    async provoke(scene) {
      const { group_id } = await madeGroup(scene);
      return await failureOf(change(scene, 'DELETE', `api-groups/${group_id}`));
    },
    error: (failure) => errors.groupNotEmpty(/[0-9a-f]{32}$/.exec(failure.errorMsg)?.[0] ?? ''),
  },
  apiPublished: {
    async provoke(scene) {
      const { success } = await madeGroup(scene);
      return await failureOf(change(scene, 'DELETE', `apis/${success[0]?.id}`));
    },
    error: errors.apiPublished(),
  },
  publicationNotFound: {
    async provoke(scene) {
      const { success } = await madeGroup(scene);
      const offline = { action: 'offline', env_id: RELEASE, api_id: success[0]?.id };
      await change(scene, 'POST', 'apis/action', offline);
      return await failureOf(change(scene, 'POST', 'apis/action', offline));
    },
    error: errors.publicationNotFound(),
  },
  environmentNameExists: {
    provoke: (scene) => failureOf(change(scene, 'POST', 'envs', { name: 'RELEASE' })),
    error: errors.environmentNameExists(),
  },
  environmentInUse: {
    async provoke(scene) {
      const { success } = await madeGroup(scene);
      const { id: env_id } = await change(scene, 'POST', 'envs', { name: `env_${made}` });
      await change(scene, 'POST', 'apis/action', { action: 'online', env_id, api_id: success[0]?.id });
      return await failureOf(change(scene, 'DELETE', `envs/${env_id}`));
    },
    error: errors.environmentInUse(),
  },
  tooManyApis: rejected(withTitle('many', manyPaths), errors.tooManyApis()),
  // These stand in the list of failures of an import, or of a publication.
  tooManyParameters: undefined,
  pathParametersUndefined: undefined,
  backendPathParametersUndefined: undefined,
  mappedParametersUndefined: undefined,
  apiNameExists: undefined,
  authorizerNotFound: undefined,
  authorizerTimeoutInvalid: undefined,
  authorizerRetriesInvalid: undefined,
  apiExists: undefined,
  taskNotFound: {
    provoke: (scene) => failureOf(scene.apig.showAsyncTaskResult('i1', 'unknown')),
    error: errors.taskNotFound('unknown'),
  },
  groupNotFound: {
    provoke: (scene) => failureOf(sync(scene, exportBody({}))),
    error: errors.groupNotFound('g1'),
  },
  apiNotFound: {
    provoke: async (scene) =>
      failureOf(sync(scene, exportBody({ ...(await madeGroup(scene)), apis: ['a1'] }))),
    error: errors.apiNotFound('a1'),
  },
  environmentNotFound: {
    provoke: async (scene) =>
      failureOf(sync(scene, exportBody({ ...(await madeGroup(scene)), env_id: 'e1' }))),
    error: errors.environmentNotFound('e1'),
  },
  groupOfImportNotFound: rejected(withTitle('into'), errors.groupOfImportNotFound(), {
    is_create_group: 'false',
    group_id: 'g1',
  }),
  actionInvalid: {
    provoke: ({ apig }) =>
      failureOf(
        apig.send({
          method: 'POST',
          url: `${INSTANCE}/apis/publish`,
          queryParams: { action: 'sideways' },
          data: { env_id: RELEASE, group_id: 'g1' },
        }),
      ),
    error: errors.actionInvalid(),
  },
  apiOfBatchNotFound: undefined,
  waitTimeout: {
    provoke: async () => {
      await using running = await testMock({ progression: 'polls', waitingPolls: 2 });
      const { task_id } = await running.control.tasks.create({
        project_id: 'p1',
        instance_id: 'i1',
        task_type: 'import_api',
      });
      const client = apigClient({ endpoint: running.url, projectId: 'p1' });
      return await failureOf(
        client.send({ url: `/__admin/tasks/${task_id}/wait`, queryParams: { timeout_ms: '0' } }),
      );
    },
    error: errors.waitTimeout('the task is still waiting; it moves by reads: 2 more see waiting; poll it'),
  },
  neverSettles: {
    provoke: async () => {
      await using manual = await testMock({ progression: 'manual' });
      const { task_id } = await manual.control.tasks.create({
        project_id: 'p1',
        instance_id: 'i1',
        task_type: 'import_api',
      });
      const client = apigClient({ endpoint: manual.url, projectId: 'p1' });
      return await failureOf(client.send({ url: `/__admin/tasks/${task_id}/wait` }));
    },
    error: (failure) => {
      expect(failure.errorMsg).toMatch(/^This will not settle: ./);
      return errors.neverSettles(failure.errorMsg.replace('This will not settle: ', ''));
    },
  },
  notCounted: {
    provoke: async () => {
      await using forgetful = await testMock({ maxRequests: 0 });
      const client = apigClient({ endpoint: forgetful.url, projectId: 'p1' });
      await failureOf(client.send({ url: '/nowhere' }));
      await until(async () => (await forgetful.control.overview()).requests.last_id > 0, 'the entry');
      return await failureOf(
        client.send({ method: 'POST', url: '/__admin/requests/count', data: {} as never }),
      );
    },
    error: errors.notCounted(),
  },
  tooManyResources: {
    provoke: async (scene) => {
      for (;;) {
        const submit = scene.apig
          .exportApiDefinitionsAsync('many', exportBody({}) as never)
          .then(() => undefined);
        const failure = await failureOf(submit).catch(() => undefined);
        if (failure !== undefined) return failure;
      }
    },
    error: errors.tooManyResources(),
  },
  iamPropertyMissing: undefined,
  iamFieldInvalid: undefined,
  iamUnauthorized: undefined,
  systemError: undefined,
};
