/** Mockoon: one route with three responses, chosen by rules on the header and the id. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NOT_FOUND, RESPONSE, TASK_ID, UNAUTHORIZED } from '../job.js';

const response = (statusCode, body, { rules = [], isDefault = false } = {}) => ({
  uuid: `response-${statusCode}`,
  body: JSON.stringify(body),
  statusCode,
  rules,
  default: isDefault,
  rulesOperator: 'AND',
  headers: [{ key: 'Content-Type', value: 'application/json' }],
  bodyType: 'INLINE',
  latency: 0,
  label: '',
  filePath: '',
  sendFileAsBody: false,
  disableTemplating: true,
  fallbackTo404: false,
  databucketID: '',
  crudKey: 'id',
  callbacks: [],
});
const rule = (target, modifier, rest) => ({
  target,
  modifier,
  value: '',
  invert: false,
  operator: 'equals',
  ...rest,
});

const ENVIRONMENT = {
  uuid: 'environment',
  lastMigration: 33,
  name: 'async tasks',
  endpointPrefix: '',
  latency: 0,
  port: 0,
  hostname: '127.0.0.1',
  folders: [],
  routes: [
    {
      uuid: 'poll',
      type: 'http',
      documentation: '',
      method: 'get',
      endpoint: 'v2/:project_id/apigw/instances/:instance_id/async-tasks/:task_id',
      responses: [
        response(401, UNAUTHORIZED, { rules: [rule('header', 'X-Auth-Token', { operator: 'null' })] }),
        response(200, RESPONSE, { rules: [rule('params', 'task_id', { value: TASK_ID })] }),
        response(404, NOT_FOUND, { isDefault: true }),
      ],
      responseMode: null,
      streamingMode: null,
      streamingInterval: 0,
    },
  ],
  rootChildren: [{ type: 'route', uuid: 'poll' }],
  proxyMode: false,
  proxyHost: '',
  proxyRemovePrefix: false,
  tlsOptions: {
    enabled: false,
    type: 'CERT',
    pfxPath: '',
    certPath: '',
    keyPath: '',
    caPath: '',
    passphrase: '',
  },
  cors: false,
  headers: [],
  proxyReqHeaders: [],
  proxyResHeaders: [],
  data: [],
  callbacks: [],
};

export const mockoon = {
  name: 'mockoon',
  label: 'Mockoon CLI',
  package: '@mockoon/cli',
  version: '9.9.0',
  async prepare(folder) {
    writeFileSync(join(folder, 'tasks.json'), JSON.stringify(ENVIRONMENT));
    const bin = join(folder, 'node_modules', '@mockoon', 'cli', 'bin', 'run.js');
    return {
      command: [
        process.execPath,
        bin,
        'start',
        '--data',
        'tasks.json',
        '--port',
        '{port}',
        '--disable-log-to-file',
      ],
    };
  },
};
