/**
 * The whole sequence on a terminal: a mock, a token, an import that moves, its result, the export. Runs the built
 * files; looks the same in a log, without colours and the moving line.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startApigMock } from '../dist/index.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const fixture = join(root, 'fixtures', 'openapi', 'http-orders.yaml');
const SHOWN_LINES = 45;

const isTerminal = process.stdout.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb';
const paint = (text, code) => (isTerminal ? `\u001b[${code}m${text}\u001b[0m` : text);
const print = (text = '') => process.stdout.write(`${text}\n`);
let steps = 0;
const step = (text) => {
  steps += 1;
  print(`\n${paint(`${steps}. ${text}`, 1)}`);
};
const typed = (text) => print(paint(`$ ${text}`, 36));

/** Runs the command in a folder; `shown` is how a user would type it. */
async function apigMock(args, shown, cwd) {
  typed(`apig-mock ${shown.join(' ')}`);
  const child = spawn(process.execPath, [join(root, 'dist', 'cli.js'), ...args], { stdio: 'inherit', cwd });
  const code = await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (code !== 0) throw new Error(`apig-mock ${shown[0]} ended with ${code}`);
}

/** A token by password, as every client of the service gets it. */
async function getToken(url) {
  typed(`curl -i ${url}/v3/auth/tokens -d '{"auth": …password of "someone", project "demo"…}'`);
  const user = { name: 'someone', password: 'any', domain: { name: 'demo-domain' } };
  const response = await fetch(`${url}/v3/auth/tokens?nocatalog=true`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      auth: { identity: { methods: ['password'], password: { user } }, scope: { project: { id: 'demo' } } },
    }),
  });
  const token = response.headers.get('x-subject-token') ?? '';
  const { expires_at } = (await response.json()).token;
  print(`X-Subject-Token: ${token.slice(0, 32)}…   good until ${expires_at}`);
  return token;
}

async function showFile(path) {
  const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
  for (const line of lines.slice(0, SHOWN_LINES)) print(paint(line, 2));
  if (lines.length > SHOWN_LINES) print(paint(`… and ${lines.length - SHOWN_LINES} more lines`, 2));
}

async function demonstrate(mock, folder) {
  print(`${mock.url}   (the page with everything: ${mock.url}/__admin/)`);

  step('A token, from the IAM of the mock');
  const token = await getToken(mock.url);
  const where = ['--endpoint', mock.url, '--project', 'demo', '--token', token];
  const whereShown = ['--endpoint', mock.url, '--project', 'demo', '--token', '$TOKEN'];

  step('An OpenAPI file goes in: a task, polled until it has ended');
  const file = relative(process.cwd(), fixture);
  await apigMock(['import', fixture, ...where], ['import', file, ...whereShown], folder);

  step('The group comes out again, as the service would write it');
  const wanted = ['export', 'orders', '--define', 'all', '--type', 'yaml', '--out', 'orders.yaml'];
  await apigMock([...wanted, ...where], [...wanted, ...whereShown], folder);
  await showFile(join(folder, 'orders.yaml'));

  step('What the mock has seen');
  const { requests } = await mock.requests.list({ project_id: 'demo' });
  const counts = new Map();
  for (const { operation, status } of requests) {
    const line = `${operation ?? '?'} ${status}`;
    counts.set(line, (counts.get(line) ?? 0) + 1);
  }
  for (const [line, count] of counts) print(`${String(count).padStart(3)} × ${line}`);
}

const folder = await mkdtemp(join(tmpdir(), 'apig-mock-demo-'));
step('A mock of API Gateway, on a port of its own');
const mock = await startApigMock({ waitingMs: 500, processingMs: 1200 });
try {
  await demonstrate(mock, folder);
  print(`\n${paint('That was all. Start your own with: npm start', 1)}`);
} catch (cause) {
  process.stderr.write(`\ndemo: ${cause instanceof Error ? cause.message : cause}\n`);
  process.exitCode = 1;
} finally {
  await mock.close();
  await rm(folder, { recursive: true, force: true });
}
