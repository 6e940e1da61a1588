/** The workflows take nothing on trust: every action by its full commit, no more rights than reading, no secrets. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const FOLDER = new URL('../../.github/workflows/', import.meta.url);
const FILES = readdirSync(FOLDER).map((name) => [name, readFileSync(new URL(name, FOLDER), 'utf8')] as const);

interface Step {
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
}
interface Workflow {
  on: unknown;
  permissions?: unknown;
  jobs: Record<string, { permissions?: unknown; uses?: string; steps?: Step[]; 'timeout-minutes'?: number }>;
}

/** Each action that is used but not named by a full commit, with the version beside it for a reader. */
const loose = (text: string): string[] =>
  text
    .split('\n')
    .filter((line) => /^\s*(?:-\s+)?uses:/.test(line))
    .filter((line) => !/uses: [\w.-]+(?:\/[\w.-]+)+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line));

/** What the author of a pull request or an issue can write, put into a shell's text. */
const injected = (text: string): string[] =>
  (parse(text) as Workflow).jobs === undefined
    ? []
    : Object.values((parse(text) as Workflow).jobs)
        .flatMap(({ steps = [] }) => steps.flatMap(({ run }) => run ?? []))
        .flatMap((run) => run.match(/\$\{\{(?!\s*github\.(?:sha|run_id)\s*\}\})[^}]*\}\}/g) ?? []);

/** What the jobs of a release write: to npm with provenance, to the registry of images with a signature, and its notes. */
const RELEASE = {
  npm: { contents: 'read', 'id-token': 'write' },
  image: { contents: 'read', packages: 'write', 'id-token': 'write' },
  release: { contents: 'write' },
};

describe.each(FILES)('%s', (name, text) => {
  const workflow = parse(text) as Workflow;

  it('names every action by its full commit, with its version beside it', () => {
    expect(loose(text)).toEqual([]);
  });

  it('may read the code and nothing more, but for the jobs of a release', () => {
    expect(workflow.permissions).toEqual({ contents: 'read' });
    const permissions = Object.entries(workflow.jobs).flatMap(([id, job]) =>
      job.permissions === undefined ? [] : [[id, job.permissions] as const],
    );
    expect(Object.fromEntries(permissions)).toEqual(name === 'release.yml' ? RELEASE : {});
    const secrets = [...text.matchAll(/secrets\.(\w+)/g)].map(([, secret]) => secret);
    expect([...new Set(secrets)].sort()).toEqual(name === 'release.yml' ? ['GITHUB_TOKEN', 'NPM_TOKEN'] : []);
    expect(text).not.toMatch(/pull_request_target|workflow_run|write-all/);
  });

  it('leaves no credentials in the checkout, puts no text of others into a shell, and ends in time', () => {
    for (const { steps = [], 'timeout-minutes': minutes } of Object.values(workflow.jobs)) {
      expect(minutes).toBeLessThanOrEqual(30);
      for (const step of steps.filter(({ uses }) => uses?.startsWith('actions/checkout@')))
        expect(step.with).toMatchObject({ 'persist-credentials': false });
    }
    expect(injected(text)).toEqual([]);
  });
});

describe('the rule', () => {
  it.each([
    '- uses: actions/checkout@v4',
    '  uses: actions/checkout@08eba0b # v4.3.0',
    '- uses: a/b@main',
    `- uses: a/b@${'0'.repeat(40)}`,
  ])('finds what is loose: %s', (line) => {
    expect(loose(line)).toHaveLength(1);
  });

  it('finds what is put into a shell', () => {
    const run = (text: string) => `jobs: {a: {steps: [{run: 'echo ${text}'}]}}`;
    const put = (name: string) => run(`$\{{ ${name} }}`);
    expect(injected(put('github.event.issue.title'))).toHaveLength(1);
    expect(injected(put('github.sha'))).toEqual([]);
  });
});
