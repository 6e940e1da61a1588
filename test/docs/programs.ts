/** Makes the programs of a page from its blocks, and puts them where the package is installed. */
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { transform } from 'esbuild';
import { COMMAND } from '../support/command.ts';
import { type Block, ROOT } from './pages.ts';

export type Runner = 'node' | 'vitest' | 'jest';

export interface Program {
  readonly page: string;
  readonly line: number;
  readonly language: 'js' | 'ts';
  readonly text: string;
  readonly runner: Runner;
}

const RUNNERS: readonly [runner: Runner, sign: RegExp][] = [
  ['vitest', /from 'vitest'/],
  ['jest', /require\('apig-mock'\)/],
];

/** Where a block uses `mock` and `project` without making them: a mock of its own on a manual clock. */
const PRELUDE = `import { startApigMock } from 'apig-mock';
await using mock = await startApigMock({ clock: 'manual' });
`;

/** One program a block. */
export function programOf({ page, line, language, text }: Block): Program {
  const [runner = 'node'] = RUNNERS.find(([, sign]) => sign.test(text)) ?? [];
  const isWhole = runner !== 'node' || /\bmock = |let mock\b/.test(text) || !/\bmock\./.test(text);
  return { page, line, language: language as 'js' | 'ts', text: isWhole ? text : PRELUDE + text, runner };
}

/** The name of its file; the runners find their own by it. */
export const nameOf = ({ page, line, language, runner }: Program): string => {
  const base = `${page.replace(/\.md$/, '').replace(/[^A-Za-z0-9]+/g, '-')}-${line}`;
  const ends = { vitest: `.vitest.test.${language}`, jest: '.jest.test.cjs', node: `.m${language}` };
  return base + ends[runner];
};

/** A project with the package and everything that is installed here. */
export function makeProject(folder: string): void {
  mkdirSync(join(folder, 'node_modules'), { recursive: true });
  for (const name of readdirSync(join(ROOT, 'node_modules')))
    if (!name.startsWith('.vite'))
      symlinkSync(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name));
  symlinkSync(dirname(dirname(COMMAND)), join(folder, 'node_modules', 'apig-mock'));
  for (const name of ['fixtures', 'examples']) symlinkSync(join(ROOT, name), join(folder, name));
  const compilerOptions = {
    ...{ module: 'nodenext', target: 'es2022', lib: ['ES2022', 'ESNext.Disposable'] },
    ...{ strict: true, noEmit: true, types: ['node'], skipLibCheck: true },
  };
  const files = {
    'tsconfig.json': { compilerOptions, include: ['*.ts', '*.mts'] },
    'package.json': { type: 'module' },
  };
  // As in a terminal, where curl shows no progress beside what it prints.
  writeFileSync(join(folder, '.curlrc'), 'silent\nshow-error\n');
  for (const [name, content] of Object.entries(files))
    writeFileSync(join(folder, name), JSON.stringify(content));
}

/** Writes a program, and what Node runs of it. */
export async function writeProgram(folder: string, program: Program): Promise<string> {
  const name = nameOf(program);
  writeFileSync(
    join(folder, name),
    `${program.text}\nexport {};\n`.replace(/export \{\};\n$/, program.language === 'ts' ? '$&' : ''),
  );
  if (program.runner !== 'node') return name;
  const { code } = await transform(program.text, {
    ...{ loader: program.language, format: 'esm', target: 'node20' },
  });
  const made = name.replace(/\.m[jt]s$/, '.run.mjs');
  writeFileSync(join(folder, made), code);
  return made;
}
