/** json-server: the task as a resource found by its id, the poll's path rewritten, a middleware for the token. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RESPONSE, UNAUTHORIZED } from '../job.js';

export const jsonServer = {
  name: 'json-server',
  label: 'json-server',
  package: 'json-server',
  version: '0.17.4',
  async prepare(folder) {
    writeFileSync(join(folder, 'db.json'), JSON.stringify({ tasks: [RESPONSE] }));
    const rewritten = { '/v2/:project/apigw/instances/:instance/async-tasks/:id': '/tasks/:id' };
    writeFileSync(join(folder, 'routes.json'), JSON.stringify(rewritten));
    writeFileSync(
      join(folder, 'token.js'),
      `module.exports = (request, response, next) =>
        request.headers['x-auth-token'] === undefined
          ? response.status(401).json(${JSON.stringify(UNAUTHORIZED)})
          : next();\n`,
    );
    const bin = join(folder, 'node_modules', 'json-server', 'lib', 'cli', 'bin.js');
    const files = ['db.json', '--routes', 'routes.json', '--middlewares', 'token.js'];
    return {
      command: [
        process.execPath,
        bin,
        ...files,
        '--id',
        'task_id',
        '--quiet',
        '--host',
        '127.0.0.1',
        '--port',
        '{port}',
      ],
    };
  },
};
