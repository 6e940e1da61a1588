/** The blocks of the documentation: what is done with each, and the one table of those that the tests do not run, with the reason. */
import { type Block, blocksOf, PAGES } from './pages.ts';

interface NotRun {
  readonly page: RegExp;
  /** How the block begins; any block of the language without it. */
  readonly starts?: string;
  readonly language?: string;
  readonly why: string;
}

const BY_HAND = 'by hand: it installs, or serves until it is stopped; the tests start the built command';

export const NOT_RUN: readonly NotRun[] = [
  { page: /./, starts: 'npm ', why: BY_HAND },
  { page: /./, starts: 'go get ', why: BY_HAND },
  { page: /./, starts: 'pip install ', why: BY_HAND },
  { page: /./, starts: 'npx apig-mock &', why: BY_HAND },
  { page: /./, starts: 'npx apig-mock --', why: BY_HAND },
  { page: /./, starts: 'npx apig-mock watch', why: `${BY_HAND} (test/cli/commands/watch.test.ts)` },
  {
    page: /./,
    starts: 'docker ',
    why: 'needs a container engine; test/package/image.slow.test.ts builds the image',
  },
  { page: /^docs\/cookbook\/(?:curl|node-sdk)\.md$/, why: 'run by test/sdk/cookbook.test.ts' },
  {
    page: /conformance/,
    starts: 'export HUAWEICLOUD',
    why: 'needs an account; test/cli/commands/conform.slow.test.ts runs it against a proxy that looks like one',
  },
  {
    page: /conformance/,
    starts: 'npx apig-mock conform --save',
    why: 'follows 26 tasks in real time; test/cli/commands/conform.slow.test.ts does both in time that jumps',
  },
  { page: /terraform|koocli/, language: 'sh', why: 'needs the client' },
  { page: /^examples\/testcontainers\//, why: 'needs a container engine' },
];

/** What is done with a block of each language. */
export const KINDS: Readonly<Record<string, 'commands' | 'program' | 'text' | 'data' | 'foreign'>> = {
  ...{ sh: 'commands', console: 'commands', ts: 'program', js: 'program', json: 'data', yaml: 'data' },
  // A declaration of the library reference is `typescript`.
  ...{ text: 'text', typescript: 'text', mermaid: 'text', '': 'text' },
  // Languages of clients that are not installed where the tests run; docs/cookbook/README.md shows which.
  ...{ go: 'foreign', java: 'foreign', python: 'foreign', hcl: 'foreign' },
};

/** The row of the table that a block falls under. */
export const whyNot = ({ page, language, text }: Block) =>
  NOT_RUN.find(
    (row) =>
      row.page.test(page) &&
      (row.language ?? language) === language &&
      text.replace(/^\$ /, '').startsWith(row.starts ?? ''),
  );

/** Those of the Chinese pages are the same, which generated.test.ts holds. */
export const BLOCKS = PAGES.filter((page) => !/(?:^|\/)zh\/|zh-CN/.test(page)).flatMap((page) =>
  blocksOf(page),
);
export const isRun = (block: Block): boolean =>
  ['commands', 'program'].includes(KINDS[block.language] ?? '') && whyNot(block) === undefined;
/** The blocks to run, of one kind. */
export const runOf = (kind: 'commands' | 'program'): Block[] =>
  BLOCKS.filter((block) => isRun(block) && KINDS[block.language] === kind);
