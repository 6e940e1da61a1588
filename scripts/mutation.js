/**
 * Mutation test of the rules that users rely on: `node scripts/mutation.js [PART…]`. Works in a clone of the last
 * commit, where Stryker is installed for the run (it is no dependency of the project), and prints the table of
 * docs/mutation.md and each mutant that survived. Takes about a quarter of an hour; one process, so that time-outs mean
 * something. Exit code 1 when a file's score is under its floor.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The last that runs on every Node of package.json. */
const STRYKER = '9.6.1';
/** Percent of its mutants that the tests of a file must notice. */
const FLOOR = 80;
/** By part, since a mutant of what is made at load is run against all of its part's tests. */
const PARTS = {
  tasks: ['lifecycle', 'new-task', 'slots', 'work', 'worker'],
  iam: ['canonical-request', 'signature'],
  gateway: ['import/apply', 'export'],
};

const root = fileURLToPath(new URL('..', import.meta.url));

function run(command, args, cwd, env = {}) {
  const { status, error } = spawnSync(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}`);
}

function prepare(folder) {
  run('git', ['clone', '--quiet', root, folder], root);
  run('npm', ['ci', '--silent', '--no-audit', '--no-fund'], folder);
  const packages = ['core', 'vitest-runner'].map((name) => `@stryker-mutator/${name}@${STRYKER}`);
  run('npm', ['install', '--silent', '--no-save', '--no-audit', '--no-fund', ...packages], folder);
  run('npm', ['run', '--silent', 'build'], folder);
}

/** Runs the mutants of one part; the path of its report. */
function mutate(folder, part) {
  const reportName = `mutation-${part}.json`;
  const settings = {
    testRunner: 'vitest',
    vitest: { configFile: 'scripts/mutation.vitest.js' },
    plugins: ['@stryker-mutator/vitest-runner'],
    mutate: PARTS[part].map((name) => `src/${part}/${name}.ts`),
    concurrency: 1,
    reporters: ['json', 'progress-append-only'],
    jsonReporter: { fileName: reportName },
    ignorePatterns: ['docs', 'bench'],
    // Left alone: Stryker rewrites it with calls that TypeScript 7 no longer has.
    tsconfigFile: 'none',
    warnings: { slow: false },
    maxTestRunnerReuse: 50,
  };
  writeFileSync(join(folder, 'stryker.config.json'), JSON.stringify(settings));
  run(process.execPath, ['node_modules/@stryker-mutator/core/bin/stryker.js', 'run'], folder, {
    APIG_MOCK_MUTATED: part,
  });
  return join(folder, reportName);
}

const NOTICED = ['Killed', 'Timeout'];
const UNNOTICED = ['Survived', 'NoCoverage'];

function scoreOf(mutants) {
  const count = (statuses) => mutants.filter(({ status }) => statuses.includes(status)).length;
  const noticed = count(NOTICED);
  const unnoticed = count(UNNOTICED);
  return {
    mutants: noticed + unnoticed,
    killed: count(['Killed']),
    timeout: count(['Timeout']),
    survived: count(['Survived']),
    uncovered: count(['NoCoverage']),
    percent: (100 * noticed) / Math.max(1, noticed + unnoticed),
  };
}

function row(name, score) {
  const { mutants, killed, timeout, survived, uncovered, percent } = score;
  return `| ${name} | ${mutants} | ${killed} | ${timeout} | ${survived} | ${uncovered} | ${percent.toFixed(1)} % |`;
}

function printSurvivors(files) {
  for (const [name, { mutants, source }] of files) {
    const lines = source.split('\n');
    for (const mutant of mutants.filter(({ status }) => UNNOTICED.includes(status))) {
      const { start, end } = mutant.location;
      const was =
        start.line === end.line
          ? lines[start.line - 1].slice(start.column - 1, end.column - 1)
          : lines[start.line - 1].trim();
      console.log(
        `${name}:${start.line}:${start.column} ${mutant.mutatorName} (${mutant.status}): ${was} -> ${mutant.replacement}`,
      );
    }
  }
}

function report(paths) {
  const files = paths.flatMap((path) => Object.entries(JSON.parse(readFileSync(path, 'utf8')).files));
  printSurvivors(files);
  const scores = files.map(([name, { mutants }]) => [`\`${name.replace('src/', '')}\``, scoreOf(mutants)]);
  const all = scoreOf(files.flatMap(([, { mutants }]) => mutants));
  console.log(
    '\n| file | mutants | killed | timed out | survived | not reached | score |\n|---|---|---|---|---|---|---|',
  );
  for (const [name, score] of [...scores, ['all', all]]) console.log(row(name, score));
  const low = scores.filter(([, { percent }]) => percent < FLOOR);
  for (const [name] of low) console.error(`${name} is under ${FLOOR} %`);
  return low.length === 0;
}

const folder = mkdtempSync(join(tmpdir(), 'apig-mock-mutation-'));
try {
  prepare(folder);
  const parts = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(PARTS);
  process.exitCode = report(parts.map((part) => mutate(folder, part))) ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
