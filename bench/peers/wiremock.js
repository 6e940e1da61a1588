/** WireMock standalone: the jar that its npm package carries, with three stubs; needs Java. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NOT_FOUND, pollPath, RESPONSE, UNAUTHORIZED } from '../job.js';
import { has } from '../machine.js';

const stub = (priority, request, [status, jsonBody]) => ({
  priority,
  request: { method: 'GET', ...request },
  response: { status, jsonBody, headers: { 'Content-Type': 'application/json' } },
});
const anyPoll = { urlPathPattern: '/v2/[^/]+/apigw/instances/[^/]+/async-tasks/[^/]+' };
const MAPPINGS = [
  stub(1, { ...anyPoll, headers: { 'X-Auth-Token': { absent: true } } }, [401, UNAUTHORIZED]),
  stub(2, { urlPath: pollPath() }, [200, RESPONSE]),
  stub(3, anyPoll, [404, NOT_FOUND]),
];

const described = (name, label, flags) => ({
  ...{ name, label, package: 'wiremock', version: '3.13.2' },
  // The Java machine compiles while it runs: it is measured when that is over.
  warmupSeconds: 30,
  async prepare(folder) {
    if (!has('java', ['-version'])) throw new Error('there is no Java on this machine');
    mkdirSync(join(folder, 'stubs', 'mappings'), { recursive: true });
    writeFileSync(join(folder, 'stubs', 'mappings', 'tasks.json'), JSON.stringify({ mappings: MAPPINGS }));
    const build = join(folder, 'node_modules', 'wiremock', 'build');
    const jar = readdirSync(build).find((file) => file.endsWith('.jar'));
    if (jar === undefined) throw new Error('the package brought no jar');
    const at = ['--port', '{port}', '--bind-address', '127.0.0.1', '--root-dir', join(folder, 'stubs')];
    return { command: ['java', '-jar', join(build, jar), ...at, '--disable-banner', ...flags] };
  },
});

export const wiremock = described('wiremock', 'WireMock, as it comes', []);
export const wiremockTuned = described('wiremock-tuned', 'WireMock, tuned: no journal, no log', [
  '--no-request-journal',
  '--disable-request-logging',
]);
