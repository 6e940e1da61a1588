/**
 * Runs the tests on each Node that package.json promises: `node scripts/matrix.js [VERSION…]`. Each version comes from
 * npm's own `node` package and runs `npm ci`, `npm run build` and the tests in a clone of the last commit, so that
 * native parts are those of that version. Prints a table; exit code 1 when a version fails.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The oldest of `engines`, the newest of each maintained line, the newest there is. */
const VERSIONS = ['20.19.0', '20', '22', '24', 'latest'];
const root = fileURLToPath(new URL('..', import.meta.url));

function run(command, args, options) {
  const { status, error, stdout } = spawnSync(command, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    ...options,
  });
  if (error !== undefined) throw error;
  return { status, stdout };
}

function mustRun(command, args, options) {
  const { status, stdout } = run(command, args, options);
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}\n${stdout}`);
  return stdout.trim();
}

/** The folder of one Node's executable. */
function installNode(version, folder) {
  mustRun('npm', ['install', '--silent', '--no-audit', '--no-fund', '--prefix', folder, `node@${version}`], {
    cwd: folder,
  });
  return join(folder, 'node_modules', 'node', 'bin');
}

function countsOf(path) {
  const { numPassedTests, numFailedTests, numPendingTests, testResults } = JSON.parse(
    readFileSync(path, 'utf8'),
  );
  const broken = testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0);
  for (const { name, assertionResults, message } of testResults) {
    for (const { status, fullName } of assertionResults) {
      if (status === 'failed') console.error(`failed: ${name}: ${fullName}`);
    }
    if (message !== undefined && message !== '') console.error(`failed: ${name}: ${message.split('\n')[0]}`);
  }
  return { passed: numPassedTests, failed: numFailedTests + broken.length, skipped: numPendingTests };
}

function tryVersion(version) {
  const folder = mkdtempSync(join(tmpdir(), 'apig-mock-matrix-'));
  try {
    const bin = installNode(version, folder);
    const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` };
    const checkout = join(folder, 'checkout');
    mustRun('git', ['clone', '--quiet', root, checkout], { cwd: folder });
    const at = { cwd: checkout, env };
    const found = mustRun('node', ['--version'], at);
    mustRun('npm', ['ci', '--silent', '--no-audit', '--no-fund'], at);
    const results = ['test', 'test:slow'].map((script) => {
      const output = join(folder, `${script.replace(':', '-')}.json`);
      const args = ['run', script, '--', '--reporter=json', `--outputFile.json=${output}`];
      const { status } = run('npm', args, at);
      return { status, ...countsOf(output) };
    });
    const sum = (name) => results.reduce((total, one) => total + one[name], 0);
    return {
      found,
      status: results.every(({ status }) => status === 0) ? 0 : 1,
      ...{ passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const wanted = process.argv.length > 2 ? process.argv.slice(2) : VERSIONS;
const rows = wanted.map((version) => {
  console.error(`== Node ${version}`);
  try {
    return tryVersion(version);
  } catch (cause) {
    console.error(cause);
    return { found: version, status: 1, passed: 0, failed: 1, skipped: 0 };
  }
});
console.log('| Node | passed | failed | skipped |\n|---|---|---|---|');
for (const { found, passed, failed, skipped } of rows) {
  console.log(`| ${found} | ${passed} | ${failed} | ${skipped} |`);
}
process.exitCode = rows.every(({ status, passed }) => status === 0 && passed > 0) ? 0 : 1;
