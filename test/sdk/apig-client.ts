/**
 * The provider's APIG client as its Node SDK builds it: the core's `HcClient` with the same option objects (method,
 * path, type, form). The generated package itself is not on npm.
 */
import { createRequire } from 'node:module';
import type { BasicCredentials as Credentials } from '@huaweicloud/huaweicloud-sdk-core/auth/BasicCredentials.js';
import type { HcClient, HttpRequestOptions } from '@huaweicloud/huaweicloud-sdk-core/HcClient.js';
import type { Region } from '@huaweicloud/huaweicloud-sdk-core/region/region.js';
import type { IamClient as Iam } from '@huaweicloud/huaweicloud-sdk-iam/v3/IamClient.js';

const require = createRequire(import.meta.url);
const coreRequire = createRequire(require.resolve('@huaweicloud/huaweicloud-sdk-core/ClientBuilder'));
const { BasicCredentials } = require('@huaweicloud/huaweicloud-sdk-core/auth/BasicCredentials') as {
  BasicCredentials: typeof Credentials;
};
const { ClientBuilder } =
  require('@huaweicloud/huaweicloud-sdk-core/ClientBuilder') as typeof import('@huaweicloud/huaweicloud-sdk-core/ClientBuilder.js');
const { Region: SdkRegion } = require('@huaweicloud/huaweicloud-sdk-core/region/region') as {
  Region: new (id: string, endpoints: string[]) => Region;
};
const { IamClient } = require('@huaweicloud/huaweicloud-sdk-iam/v3/IamClient') as { IamClient: typeof Iam };
// The core writes every error it meets to the terminal: not here.
(coreRequire('log4js') as { configure(options: object): void }).configure({
  appenders: { nowhere: { type: 'recording' } },
  categories: { default: { appenders: ['nowhere'], level: 'off' } },
});

/** What the SDK's forms are made of. */
export const FormData = coreRequire('form-data') as new () => {
  append(name: string, value: unknown, options?: unknown): void;
};

/** A response: the body's members and its status. */
// biome-ignore lint/suspicious/noExplicitAny: tests read responses of every shape
export type SdkResponse = Record<string, any> & { httpStatusCode: number };

export interface ClientOptions {
  endpoint: string;
  ak?: string;
  sk?: string;
  projectId?: string | undefined;
  /** Given: the project is looked up in IAM, at the same endpoint. */
  region?: string;
}

/** The three operations, and any other request, with nothing configured but an endpoint and keys. */
export function apigClient({ endpoint, ak = 'dev-ak', sk = 'dev-sk', projectId, region }: ClientOptions) {
  const credentials = new BasicCredentials({ ak, sk, ...(projectId === undefined ? {} : { projectId }) });
  const builder = new ClientBuilder((client: HcClient) => client).withCredential(
    region === undefined ? credentials : credentials.withIamEndpoint(endpoint),
  );
  const client =
    region === undefined
      ? builder.withEndpoint(endpoint).build()
      : builder.withRegion(new SdkRegion(region, [endpoint])).build();
  const send = (options: Partial<HttpRequestOptions>): Promise<SdkResponse> =>
    client.sendRequest({
      method: 'GET',
      url: '/',
      contentType: 'application/json',
      queryParams: {},
      pathParams: {},
      headers: {},
      ...options,
    }) as unknown as Promise<SdkResponse>;
  return { send, ...operations(send) };
}

const INSTANCE = '/v2/{project_id}/apigw/instances/{instance_id}';

function operations(send: (options: Partial<HttpRequestOptions>) => Promise<SdkResponse>) {
  return {
    importApiDefinitionsAsync(instanceId: string, body: Record<string, unknown>) {
      const form = new FormData();
      for (const [name, value] of Object.entries(body)) {
        if (value !== undefined) form.append(name, value);
      }
      return send({
        method: 'POST',
        url: `${INSTANCE}/openapi/async-import`,
        contentType: 'multipart/form-data',
        pathParams: { instance_id: instanceId },
        headers: { 'Content-Type': 'multipart/form-data' },
        data: form as unknown as Record<string, unknown>,
      });
    },
    exportApiDefinitionsAsync(instanceId: string, body: Record<string, unknown>, oasVersion?: string) {
      return send({
        method: 'POST',
        url: `${INSTANCE}/openapi/async-export`,
        contentType: 'application/json;charset=UTF-8',
        queryParams: oasVersion === undefined ? {} : { oas_version: oasVersion },
        pathParams: { instance_id: instanceId },
        headers: { 'Content-Type': 'application/json;charset=UTF-8' },
        data: body,
      });
    },
    showAsyncTaskResult(instanceId: string, taskId: string, headers: Record<string, string> = {}) {
      return send({
        url: `${INSTANCE}/async-tasks/{task_id}`,
        pathParams: { instance_id: instanceId, task_id: taskId },
        headers,
      });
    },
  };
}

/** IAM's own generated client. */
export function iamClient(endpoint: string, keys = { ak: 'dev-ak', sk: 'dev-sk' }): Iam {
  return IamClient.newBuilder()
    .withCredential(new BasicCredentials(keys))
    .withEndpoint(endpoint)
    .build() as Iam;
}

/** What the SDK throws, and what it read from the response. */
export interface SdkError {
  name: string;
  httpStatusCode: number;
  errorCode: string;
  errorMsg: string;
  requestId: string;
}

/** The exception of a call that must fail. */
export async function failureOf(call: Promise<unknown>): Promise<SdkError> {
  try {
    await call;
  } catch (cause) {
    return cause as SdkError;
  }
  throw new Error('the call did not fail');
}
