/** The pages of the documentation, and the blocks of code on them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const FOLDERS = ['.', 'docs', 'examples', 'fixtures', 'clients'];

/** Every page that a reader is sent to, from the root of the project. */
export const PAGES: readonly string[] = FOLDERS.filter((folder) => existsSync(join(ROOT, folder)))
  .flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: folder !== '.', encoding: 'utf8' }).map((name) =>
      join(folder, name),
    ),
  )
  .filter((page) => page.endsWith('.md') && !/node_modules|\.vitepress/.test(page))
  .toSorted();

export interface Block {
  readonly page: string;
  /** Of its first line. */
  readonly line: number;
  /** `sh`, `console`, `ts`, …; empty for none. */
  readonly language: string;
  /** Without the fences. */
  readonly text: string;
  /** The heading above it. */
  readonly section: string;
}

export const textOf = (page: string): string => readFileSync(join(ROOT, page), 'utf8');

/** The fenced blocks of a page, in order. */
export function blocksOf(page: string, text: string = textOf(page)): Block[] {
  const blocks: Block[] = [];
  let section = '';
  let open: { line: number; language: string; indent: string; lines: string[] } | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    const [, indent = '', language = ''] = /^( *)```(\S*)/.exec(line) ?? [];
    if (open !== undefined && line.trim() === '```') {
      const { language, line: first, lines } = open;
      blocks.push({ page, line: first, language, text: lines.join('\n'), section });
      open = undefined;
    } else if (open !== undefined) open.lines.push(line.slice(open.indent.length));
    else if (/^ *```/.test(line)) open = { line: index + 2, language, indent, lines: [] };
    else if (/^#+ /.test(line)) section = line.replace(/^#+ /, '');
  }
  return blocks;
}

/** The text of a page without its code. */
export const proseOf = (text: string): string => text.replace(/^ *```[\s\S]*?^ *```$/gm, '');

/** The anchor of a heading, as GitHub makes it. */
const anchorOf = (heading: string): string =>
  heading
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
    .trim()
    .replaceAll(' ', '-');

/** The anchors of a page. */
export const anchorsOf = (text: string): Set<string> =>
  new Set([...proseOf(text).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => anchorOf(heading)));
