/** The code of conform is loaded by its command alone: a start, the library and the other commands do not pay for it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runChild } from '../support/child.ts';
import { COMMAND, FOLDER, run, start } from '../support/command.ts';

/** Written at the exit: the files that were loaded and hold a piece of the scenarios. */
const SCRIPT = `
const { readFileSync, writeFileSync } = require('node:fs');
process.on('exit', () => {
  const holding = Object.keys(require.cache).filter((path) => readFileSync(path, 'utf8').includes('conform_' + 'greeting'));
  writeFileSync(process.env.LOADED, JSON.stringify([Object.keys(require.cache).length, holding.length]));
});
`;
const script = join(FOLDER, 'loaded.cjs');
writeFileSync(script, SCRIPT);

/** Commands that fail load all that they are made of; nothing listens at this address. */
const NOWHERE = 'http://127.0.0.1:9';
const LINE = { stderr: /^apig-mock: / };

let count = 0;
async function loaded(act: (options: { env: Record<string, string>; node: string[] }) => Promise<unknown>) {
  count += 1;
  const LOADED = join(FOLDER, `loaded-${count}.json`);
  await act({ env: { LOADED }, node: ['--require', script] });
  const [files, holding] = JSON.parse(readFileSync(LOADED, 'utf8')) as [number, number];
  return { files, holding };
}

describe('the code of conform', () => {
  it.each([
    ['a start', async (options: object) => (await start(options)).stop()],
    ['--help', (options: object) => run(['conform', '--help'], options)],
    ['--print-config', (options: object) => run(['--print-config'], options)],
    ['import', (options: object) => run(['import', '/nowhere'], { ...options, ...LINE })],
    ['health', (options: object) => run(['health', '--url', NOWHERE], { ...options, ...LINE })],
  ])('is not loaded by %s', async (_what, act) => {
    const { files, holding } = await loaded(act);
    expect(files).toBeGreaterThan(1);
    expect(holding).toBe(0);
  });

  it('is not loaded by the library', async () => {
    const { files, holding } = await loaded(({ env }) =>
      runChild(
        process.execPath,
        ['--require', script, '-e', `require(${JSON.stringify(join(dirname(COMMAND), 'index.cjs'))})`],
        {
          env: { ...process.env, ...env },
        },
      ),
    );
    expect(files).toBeGreaterThan(1);
    expect(holding).toBe(0);
  });

  it('is loaded by its command', async () => {
    const { holding } = await loaded((options) =>
      run(['conform', '--against', '/nowhere'], { ...options, ...LINE }),
    );
    expect(holding).toBeGreaterThan(0);
  });
});
