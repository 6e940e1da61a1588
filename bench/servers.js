/** The servers that are compared, without the peers: how each is started. */
import { fileURLToPath } from 'node:url';

const script = (name) => fileURLToPath(new URL(`servers/${name}`, import.meta.url));

/** The command of the mock in a checkout (or wherever `cli.js` lies), with more flags if wanted. */
export const mockCommand = (cli, ...flags) => [process.execPath, cli, '--port', '{port}', ...flags];

/** By short name; `label` is what the tables call it. */
export const servers = (folder) => ({
  mock: { name: 'mock', label: 'apig-mock, default settings', command: mockCommand(`${folder}dist/cli.js`) },
  fastify: {
    name: 'fastify',
    label: 'Fastify, bare route, response schema',
    command: [process.execPath, script('fastify.js')],
  },
  http: {
    name: 'http',
    label: 'plain node:http, body ready',
    command: [process.execPath, script('node-http.js')],
  },
  mockLogged: {
    name: 'mockLogged',
    label: 'apig-mock, one log line per request',
    command: mockCommand(`${folder}dist/cli.js`, '--log-level', 'debug'),
  },
  fastifyLogged: {
    name: 'fastifyLogged',
    label: 'Fastify, its logger on',
    command: [process.execPath, script('fastify.js'), '--log'],
  },
  library: {
    name: 'library',
    label: 'startApigMock() in a script of its own',
    command: [process.execPath, script('library.js'), `${folder}dist/index.js`],
  },
});
