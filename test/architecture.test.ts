/** The house as it is drawn in docs: every source file is held against the rules, and the rules against made-up files. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { circleIn, importsOf, type SourceFile, violations } from './house-rules.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SOURCES: SourceFile[] = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name))
  .map((name) => ({ path: `src/${name}`, text: readFileSync(join(ROOT, 'src', name), 'utf8') }));

describe('the house', () => {
  it('is looked at whole', () => {
    const paths = SOURCES.map(({ path }) => path);
    for (const path of ['src/mock.ts', 'src/tasks/worker.ts', 'src/http/app.ts', 'src/cli/main.ts'])
      expect(paths).toContain(path);
  });

  it.each(SOURCES.map((file) => [file.path, file] as const))('keeps its rules in %s', (_path, file) => {
    expect(violations(file)).toEqual([]);
  });

  it('has no circle of imports', () => {
    expect(circleIn(SOURCES)).toBeUndefined();
  });

  it('imports only files that are there', () => {
    const paths = new Set(SOURCES.map(({ path }) => path));
    const missing = SOURCES.flatMap((file) => importsOf(file).map(({ target }) => target)).filter(
      (target) => target.startsWith('src/') && /\.tsx?$/.test(target) && !paths.has(target),
    );
    expect(missing).toEqual([]);
  });
});

const HEAD = '/** Made up. */\n';
const broken = (path: string, text: string): string[] => violations({ path, text: HEAD + text });

describe('a file that breaks a rule is found out', () => {
  it.each<[string, string]>([
    // Imports against the stream.
    ['src/core/errors.ts', "import { x } from '../tasks/task.ts';"],
    ['src/core/errors.ts', "import type { X } from '../tasks/task.ts';"],
    ['src/core/clock.ts', "import { x } from '../mock.ts';"],
    ['src/core/clock.ts', "import { x } from '../config/settings.ts';"],
    ['src/config/settings.ts', "import { x } from '../admin/faults/schema.ts';"],
    ['src/tasks/store.ts', "import { x } from '../gateway/store.ts';"],
    ['src/tasks/store.ts', "import { x } from '../iam/credentials.ts';"],
    ['src/tasks/store.ts', "const x = await import('../admin/control.ts');"],
    ['src/tasks/store.ts', "import '../admin/control.ts';"],
    ['src/tasks/store.ts', "export { x } from '../admin/control.ts';"],
    ['src/tasks/store.ts', "export * from '../admin/control.ts';"],
    ['src/tasks/store.ts', "import {\n  x,\n  y,\n} from '../admin/control.ts';"],
    ['src/iam/credentials.ts', "import { x } from '../tasks/store.ts';"],
    ['src/gateway/store.ts', "import { x } from '../admin/plans.ts';"],
    ['src/admin/control.ts', "import { x } from '../page/store.ts';"],
    ['src/admin/control.ts', "import { x } from '../http/app.ts';"],
    ['src/admin/pages/operations.ts', "import { x } from '../../http/app.ts';"],
    ['src/http/app.ts', "import { x } from '../mock.ts';"],
    ['src/mock.ts', "import { x } from './cli/config.ts';"],
    ['src/cli/main.ts', "import { x } from '../http/app.ts';"],
    ['src/manager/x.ts', 'export const x = 1;'],
    // Fastify where it has no business.
    ['src/tasks/store.ts', "import Fastify from 'fastify';"],
    ['src/mock.ts', "import Fastify, { type FastifyInstance } from 'fastify';"],
    ['src/gateway/import/form.ts', "import multipart from '@fastify/multipart';"],
    ['src/admin/events/stream.ts', "import fp from 'fastify-plugin';"],
    ['src/admin/operations.ts', "import Fastify from 'fastify';"],
    ['src/tasks/store.ts', "import { type A, b } from 'fastify';"],
    // The process.
    ['src/mock.ts', 'const x = process.env.HOME;'],
    ['src/http/app.ts', "process.on('exit', () => {});"],
    ['src/http/app.ts', "import { env } from 'node:process';"],
    // Time, timers and chance.
    ['src/tasks/worker.ts', 'const x = Date.now();'],
    ['src/http/faults.ts', 'const x = clocks.get({}).now();'],
    ['src/tasks/worker.ts', 'const x = new Date();'],
    ['src/tasks/worker.ts', 'const x = new Date().toISOString();'],
    ['src/tasks/worker.ts', 'const x = new Date;'],
    ['src/tasks/worker.ts', 'const x = performance.now();'],
    ['src/mock.ts', 'setTimeout(() => {}, 5);'],
    ['src/mock.ts', 'const later = setTimeout;'],
    ['src/mock.ts', 'setInterval(() => {}, 5);'],
    ['src/mock.ts', 'setImmediate(() => {});'],
    ['src/mock.ts', "import { scheduler } from 'node:timers/promises';"],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a piece of code
    ['src/mock.ts', 'const text = `${Date.now()}`;'],
    ['src/admin/faults/schema.ts', 'const x = Math.random();'],
    ['src/core/validation.ts', 'let loading: Promise<CheckerOf> | undefined;'],
    ['src/core/validation.ts', 'loading ??= load();'],
    ['src/admin/faults/schema.ts', "import { randomBytes } from 'node:crypto';"],
    ['src/mock.ts', "import { randomUUID } from 'node:crypto';"],
    ['src/admin/remote.ts', "import { request } from 'undici';"],
    ['src/cli/client/watch-feed.ts', "const x = await fetch('http://a');"],
    ['src/admin/events/stream.ts', 'const x = AbortSignal.any([a, b]);'],
    ['src/tasks/store.ts', 'const x = structuredClone(task);'],
    // Length.
    ['src/tasks/store.ts', 'const x = 1;\n'.repeat(400)],
  ])('%s: %j', (path, text) => {
    expect(broken(path, text)).toHaveLength(1);
  });

  it('without a line at its head', () => {
    expect(violations({ path: 'src/core/ids.ts', text: 'export const x = 1;\n' })).toHaveLength(1);
  });

  it('in a circle with others, however long', () => {
    const file = (name: string, imports: string): SourceFile => ({
      path: `src/tasks/${name}.ts`,
      text: `import { x } from './${imports}.ts';`,
    });
    expect(circleIn([file('a', 'b'), file('b', 'c'), file('c', 'a')])).toEqual(
      ['a', 'b', 'c', 'a'].map((name) => `src/tasks/${name}.ts`),
    );
    expect(circleIn([file('a', 'b'), file('b', 'c'), file('c', 'd')])).toBeUndefined();
    const typed = { path: 'src/tasks/b.ts', text: "import type { x } from './a.ts';" };
    expect(circleIn([file('a', 'b'), typed])).toBeUndefined();
  });
});

describe('a file that keeps the rules is left alone', () => {
  it.each<[string, string]>([
    ['src/tasks/store.ts', "import { x } from '../core/errors.ts';\nimport { y } from './task.ts';"],
    ['src/core/errors.ts', "import { x } from './error-codes.ts';"],
    ['src/core/version.ts', "import manifest from '../../package.json' with { type: 'json' };"],
    [
      'src/gateway/submit.ts',
      "import { x } from '../tasks/worker.ts';\nimport { y } from '../iam/identity.ts';",
    ],
    [
      'src/admin/pages/operations.ts',
      "import { x } from '../control.ts';\nimport type { FastifyReply } from 'fastify';",
    ],
    [
      'src/mock.ts',
      "import type { FastifyInstance } from 'fastify';\nimport { randomBytes } from 'node:crypto';",
    ],
    ['src/admin/events/stream.ts', "import { type FastifyReply, type FastifyRequest } from 'fastify';"],
    ['src/gateway/import/form.ts', "import { Busboy } from '@fastify/busboy';"],
    ['src/cli/main.ts', "import { x } from '../mock.ts';\nprocess.exitCode = 1;"],
    ['src/core/clock.ts', 'setTimeout(() => {}, Date.now());'],
    ['src/http/faults.ts', "const x = clocks.now('journal', project);"],
    ['src/core/ids.ts', "import { randomBytes } from 'node:crypto';"],
    ['src/tasks/wire.ts', 'const x = new Date(5).toISOString();'],
    ['src/tasks/wire.ts', '// Date.now() is read elsewhere\n/* setTimeout too */\nconst x = 1;'],
    ['src/tasks/wire.ts', "const x = 'process.env and Date.now()';"],
    ['src/tasks/wire.ts', "const x = 'http://a'; // import { x } from '../gateway/x.ts'"],
    ['src/tasks/wire.ts', 'const x = task.process.name;'],
    ['src/page/main.ts', 'setInterval(() => {}, 1000);'],
    ['src/config/settings.ts', 'const x = 1;\n'.repeat(430)],
    ['src/config/settings.ts', "import type { FaultRequest } from '../admin/faults/schema.ts';"],
  ])('%s: %j', (path, text) => {
    expect(broken(path, text)).toEqual([]);
  });
});

/** The glossary's list of retired words, each with its endings; `un-` may come before it. */
const GLOSSARY = /^Retired: [^.]*\./m;
const RETIRED = (readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8').match(GLOSSARY)?.[0] ?? '')
  .replace('Retired: ', '')
  .match(/[a-z]+/g);
const FORMS = (RETIRED ?? []).map((word) =>
  word.endsWith('e')
    ? `${word.slice(0, -1)}(?:e[ds]?|ing)`
    : `(?:${word}|${word.replace(/y$/, 'ie')})(?:s|ed|ing)?`,
);
const IS_RETIRED = new RegExp(`^(?:un)?(?:${FORMS.join('|')})$`, 'i');

/** The retired words in a text, one by one in identifiers: `aB`, `a_b` and `A_B` are two words. */
const retiredIn = (text: string): string[] =>
  (text.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])/g) ?? []).filter((word) => IS_RETIRED.test(word));

/** What people read. */
const WRITTEN = ['src', 'test', 'fixtures', 'scripts', 'bench', 'examples', 'docs', '.github']
  .flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`),
  )
  .concat(readdirSync(ROOT).filter((name) => name.endsWith('.md')))
  .filter(
    (path) =>
      /\.(?:[cm]?[jt]sx?|json|txt|md|ya?ml|sh|css|html|svg|cfg)$/.test(path) && !/node_modules/.test(path),
  );

describe('the words', () => {
  it('are those of the glossary', () => {
    expect(WRITTEN.length).toBeGreaterThan(500);
    const found = WRITTEN.flatMap((path) => {
      const text = readFileSync(join(ROOT, path), 'utf8').replace(GLOSSARY, '');
      return retiredIn(`${path}\n${text}`).map((word) => `${path}: ${word}`);
    });
    expect(found).toEqual([]);
  });

  it('that the glossary retires are found, in every form and in identifiers', () => {
    expect(RETIRED?.length).toBeGreaterThan(15);
    for (const word of RETIRED ?? []) {
      const title = word.replace(/^./, (letter) => letter.toUpperCase());
      for (const text of [
        `The ${word}.`,
        title,
        word.toUpperCase(),
        `${word}Of`,
        `is${title}`,
        `MAX_${word.toUpperCase()}_MS`,
      ])
        expect(retiredIn(text), text).toHaveLength(1);
    }
    const [first = ''] = RETIRED ?? [];
    for (const text of [`${first}s`, `${first}ed`, `${first}ing`, `un${first}ed`])
      expect(retiredIn(text), text).toHaveLength(1);
    expect(retiredIn('A cookbook, a plane and a space: recommended, essay, airplanes, mushrooms.')).toEqual(
      [],
    );
  });
});

describe('docs/architecture.md', () => {
  const text = readFileSync(join(ROOT, 'docs/architecture.md'), 'utf8');
  const drawn = text.slice(0, text.indexOf('## '));

  it('draws every folder of the sources', () => {
    const folders = new Set(
      SOURCES.map(({ path }) => path.split('/').at(-2)).filter((name) => name !== 'src'),
    );
    expect([...folders].filter((name) => !drawn.includes(` ${name}/`))).toEqual([]);
  });

  it('names only files that are there', () => {
    const named = [...text.matchAll(/`((?:[\w-]+\/)+[\w.-]+\.ts)`/g)].map(([, path = '']) => path);
    expect(named.length).toBeGreaterThan(8);
    const roots = [ROOT, join(ROOT, 'src')];
    expect(named.filter((path) => !roots.some((root) => existsSync(join(root, path))))).toEqual([]);
  });
});
