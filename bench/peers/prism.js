/** Prism: an OpenAPI file with the example and a key as security. It knows no 404 for another id: it returns any. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RESPONSE } from '../job.js';

const parameter = (name) => ({ name, in: 'path', required: true, schema: { type: 'string' } });
const text = { type: 'string' };
const DOCUMENT = {
  openapi: '3.0.3',
  info: { title: 'async tasks', version: '1' },
  security: [{ token: [] }],
  components: { securitySchemes: { token: { type: 'apiKey', in: 'header', name: 'X-Auth-Token' } } },
  paths: {
    '/v2/{project_id}/apigw/instances/{instance_id}/async-tasks/{task_id}': {
      get: {
        parameters: ['project_id', 'instance_id', 'task_id'].map(parameter),
        responses: {
          200: {
            description: 'the task',
            content: {
              'application/json': {
                schema: {
                  type: 'object',
                  properties: { task_id: text, task_status: text, task_type: text, task_result: text },
                },
                example: RESPONSE,
              },
            },
          },
        },
      },
    },
  },
};

const described = (name, label, flags) => ({
  ...{ name, label, package: '@stoplight/prism-cli', version: '5.14.2' },
  async prepare(folder) {
    writeFileSync(join(folder, 'tasks.json'), JSON.stringify(DOCUMENT));
    const bin = join(folder, 'node_modules', '@stoplight', 'prism-cli', 'dist', 'index.js');
    return {
      command: [process.execPath, bin, 'mock', 'tasks.json', '-h', '127.0.0.1', '-p', '{port}', ...flags],
    };
  },
});

export const prism = described('prism', 'Prism', []);
export const prismSilent = described('prism-silent', 'Prism, silent', ['--verboseLevel', 'silent']);
