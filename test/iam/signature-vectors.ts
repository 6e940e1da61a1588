/**
 * The signing vectors: V1 from the provider's signing guide, V2 to V6 from the test suites of its Go and Java
 * SDKs, V7 to V9 computed for the requests of this service in the form the Node SDK sends them.
 */
import type { SignedRequest } from '../../src/iam/canonical-request.ts';

/** One vector: what is signed, with what, and what must come out. */
export interface Vector {
  name: string;
  request: SignedRequest;
  secret: string;
  signedHeaders: string;
  /** SHA-256 of the canonical request, where the source gives it. */
  canonicalHash?: string;
  signature: string;
}

const PROJECT = '77b6a44cba5143ab91d13ab9a8ff44fd';
const VPCS = `/v1/${PROJECT}/vpcs?limit=2&marker=13551d6b-755d-4757-b956-536f674975c0`;
const INSTANCE = `/v2/${PROJECT}/apigw/instances/eddc4d25480b4cd6b512f270a1b8b341`;
const LOCAL = {
  host: 'localhost:4010',
  'x-project-id': PROJECT,
  'x-sdk-date': '20240102T030405Z',
};
const JSON_TYPE = { 'content-type': 'application/json' };

function request(method: string, target: string, headers: Record<string, string>, body = ''): SignedRequest {
  return { method, target, headers, body: Buffer.from(body) };
}

/** The row of the documents each comes from is in its name. */
export const vectors: readonly Vector[] = [
  {
    name: 'V1, the signing guide',
    request: request('GET', VPCS, {
      ...JSON_TYPE,
      host: 'service.region.example.com',
      'x-sdk-date': '20191115T033655Z',
    }),
    secret: 'MFyfvK41ba2giqM7Uio6PznpdUKGpownRZlmVmHc',
    signedHeaders: 'content-type;host;x-sdk-date',
    canonicalHash: 'b25362e603ee30f4f25e7858e8a7160fd36e803bb2dfe206278659d71a9bcd7a',
    signature: '7be6668032f70418fcc22abc52071e57aff61b84a1d2381bb430d6870f4f6ebe',
  },
  {
    name: 'V2, a GET of the Go SDK',
    request: request('GET', '/path?limit=1', { 'x-sdk-date': '20060102T150405Z' }),
    secret: 'SecretKey',
    signedHeaders: 'x-sdk-date',
    canonicalHash: '85c3b7730f308aee452b16138a42a914397e43a8f0d732dfa521c0ef2afa98a4',
    signature: '5a2ce64c865e0e6046321c6f3d5a77ba8413eeaf355c3166c03d58d02ac79624',
  },
  {
    name: 'V3, a POST of the Go SDK, whose JSON ends in a newline',
    request: request(
      'POST',
      '/path?key=value',
      { 'x-sdk-date': '20060102T150405Z' },
      '{"Name":"test","Id":1}\n',
    ),
    secret: 'SecretKey',
    signedHeaders: 'x-sdk-date',
    canonicalHash: '13f75ff5f5216199f986c7e7f2f77834d5e160ad9e46f37319816dc72ba7eeab',
    signature: 'cecc2af119b18ab70b4d094c0750f3b42c02f254903179a0fc2cc72fc9db4f59',
  },
  {
    name: 'V4, a GET of the Java SDK',
    request: request('GET', VPCS, { host: 'service.region.example.com', 'x-sdk-date': '20191115T033655Z' }),
    secret: 'SecretKey',
    signedHeaders: 'host;x-sdk-date',
    signature: 'fd95e7da6f695cfb4cabbb9d6b0968aec155bc576b064835282473539ae9ea1d',
  },
  {
    name: 'V5, a POST of the Java SDK',
    request: request(
      'POST',
      `/v1/${PROJECT}/vpc/123`,
      { host: 'service.region.example.com', 'x-sdk-date': '20191115T033655Z' },
      '{"key":"value"}',
    ),
    secret: 'SecretKey',
    signedHeaders: 'host;x-sdk-date',
    signature: 'b5649aa774f6cac7437631662f08815fc65c70e40e486df6db2436ce68902771',
  },
  {
    name: 'V6, an empty path of the Java SDK',
    request: request('GET', '', { host: 'example.com', 'x-sdk-date': '20191115T033655Z' }),
    secret: 'SecretKey',
    signedHeaders: 'host;x-sdk-date',
    signature: '919ad8b75d4ad49da0d377e63ee21c4a7a54b752f6bf2878b4adbe9c19927da6',
  },
  {
    name: 'V7, a poll in the form of the Node SDK',
    request: request('GET', `${INSTANCE}/async-tasks/4b6a1c2d3e4f5061728394a5b6c7d8e9`, {
      ...LOCAL,
      ...JSON_TYPE,
    }),
    secret: 'SecretKey',
    signedHeaders: 'content-type;host;x-project-id;x-sdk-date',
    canonicalHash: '30c5aa98cd28d75083e33bace9993e75b716c05cd28ce8b9e68535f7dca69ac4',
    signature: '37ce54a0c6b6579237de1af9b6b89a6b35a2c9f87c9effd03db370dd666a4080',
  },
  {
    name: 'V8, an export in the form of the Node SDK',
    request: request(
      'POST',
      `${INSTANCE}/openapi/async-export?oas_version=3.0`,
      { ...LOCAL, ...JSON_TYPE },
      '{"env_id":"DEFAULT_ENVIRONMENT_RELEASE_ID","group_id":"g1","define":"all","type":"json"}',
    ),
    secret: 'SecretKey',
    signedHeaders: 'content-type;host;x-project-id;x-sdk-date',
    canonicalHash: 'eadd527ee7df3c18513fd6b3e4c72f8add249e8c01d5c047b463ec5b9210ca08',
    signature: '8142036ab4699e0802d0afa124a5ff053a9ee3323c14e6c9c7e1cf5b4acf3b48',
  },
  {
    name: 'V9, an import with an unsigned payload',
    request: request(
      'POST',
      `${INSTANCE}/openapi/async-import`,
      { ...LOCAL, 'x-sdk-content-sha256': 'UNSIGNED-PAYLOAD' },
      'any bytes',
    ),
    secret: 'SecretKey',
    signedHeaders: 'host;x-project-id;x-sdk-content-sha256;x-sdk-date',
    canonicalHash: '1f1d8af41fb444f93145e43e224f81151ecad2ea7b83359fdb9b3cb8e1fe8e5d',
    signature: '0db440e40049ac4abce93bfce0435abd7ef352097a0178574e0fe6ffee5f94e3',
  },
];
