/** mockttp: three rules in a script, as its README shows them; it records every request by default. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NOT_FOUND, pollPath, RESPONSE, UNAUTHORIZED } from '../job.js';

const script = (options) => `
const { getLocal } = require('mockttp');
const server = getLocal(${options});
(async () => {
  await server.start(Number(process.env.PORT));
  await server.forGet(${JSON.stringify(pollPath())}).matching((request) => request.headers['x-auth-token'] !== undefined)
    .always().thenJson(200, ${JSON.stringify(RESPONSE)});
  await server.forGet(/async-tasks/).matching((request) => request.headers['x-auth-token'] === undefined)
    .always().thenJson(401, ${JSON.stringify(UNAUTHORIZED)});
  await server.forGet(/async-tasks/).matching((request) => request.headers['x-auth-token'] !== undefined)
    .always().asPriority(0).thenJson(404, ${JSON.stringify(NOT_FOUND)});
})();
`;

const described = (name, label, options) => ({
  ...{ name, label, package: 'mockttp', version: '4.6.5' },
  async prepare(folder) {
    writeFileSync(join(folder, `${name}.js`), script(options));
    return { command: [process.execPath, join(folder, `${name}.js`)] };
  },
});

export const mockttp = described('mockttp', 'mockttp', '{}');
export const mockttpQuiet = described(
  'mockttp-quiet',
  'mockttp, without recording',
  '{ recordTraffic: false }',
);
