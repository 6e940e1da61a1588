/** Every regular expression of the sources against texts made to hold it up; none may take more than linear time. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../src', import.meta.url));
const SOURCES = readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => ({ name, text: readFileSync(join(ROOT, name), 'utf8') }));

interface Pattern {
  readonly where: string;
  readonly source: string;
  readonly flags: string;
}

const TEXT = String.raw`'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"`;
const COMMENT = String.raw`(?<=^|\s)\/\/[^\n]*|\/\*[^]*?\*\/`;
const LITERAL = String.raw`(?<=[(,=:[!&|?{};+>\n]\s*|return\s+)\/(?![*/])((?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+)\/([dgimsuvy]*)`;

/** The literals of a source, and the patterns that its schemas give as texts. */
function patternsIn({ name, text }: { name: string; text: string }): Pattern[] {
  const found: Pattern[] = [];
  for (const match of text.matchAll(new RegExp(`${COMMENT}|${LITERAL}|${TEXT}`, 'g'))) {
    const [, source, flags = ''] = match;
    if (source !== undefined) found.push({ where: name, source, flags });
  }
  for (const [, quoted = ''] of text.matchAll(/\b(?:pattern|HEADER_NAME)\s*[:=]\s*'((?:\\.|[^'\\\n])*)'/g))
    found.push({ where: name, source: quoted.replaceAll('\\\\', '\\'), flags: '' });
  return found;
}

const PATTERNS = SOURCES.flatMap(patternsIn);

/** Runs in a thread of its own: gives each pattern its attacks, and reports those that took long, three times out of three. */
const ATTACK = String.raw`
  const { parentPort, workerData } = require('node:worker_threads');
  const LENGTH = 20000;
  const BOUND_MS = 100;
  const REPEATED = ['a', 'A', '0', ' ', '\t', '\n', '.', '/', '-', ':', '"', "'", '%', '{', '=', ';', ',', '_', '\\', '<', 'a ', 'a.', 'a,', '%7', '0a', '..', '/:'];
  const ENDS = ['', '\0', '\n!'];
  const cpuMs = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1000; };
  const fragments = (source) => [...new Set(['', ...source
    .replace(/\\[dwsDWSbB]|\(\?[:=!<]*|\[(?:\\.|[^\]])*\]|\{[\d,]+\}/g, '\0')
    .split(/[\0()|^$*+?.]+/).map((piece) => piece.replace(/\\(.)/g, '$1')).filter((piece) => piece !== '')])].slice(0, 8);
  const slow = [];
  for (const { where, source, flags } of workerData) {
    const pattern = new RegExp(source, flags);
    const pieces = fragments(source);
    attacks: for (const start of pieces)
      for (const unit of [...REPEATED, ...pieces.filter((piece) => piece !== '')])
        for (const end of ENDS) {
          const text = start + unit.repeat(Math.ceil(LENGTH / unit.length)) + end;
          const took = () => { const began = cpuMs(); text.replace(pattern, ''); return cpuMs() - began; };
          if (took() > BOUND_MS && took() > BOUND_MS && took() > BOUND_MS) {
            slow.push(where + ': /' + source + '/' + flags + ' on ' + JSON.stringify([start, unit, end]));
            break attacks;
          }
        }
    parentPort.postMessage({ done: where + ' ' + source });
  }
  parentPort.postMessage({ slow });
`;

/** The patterns that were held up; one that never comes back is named as well. */
function heldUp(patterns: readonly Pattern[], boundMs = 120_000): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(ATTACK, { eval: true, workerData: patterns });
    let done = 0;
    const late = setTimeout(() => {
      void thread.terminate();
      resolve([`never came back: /${patterns[done]?.source}/`]);
    }, boundMs);
    thread.on('message', ({ slow }: { slow?: string[] }) => {
      done += 1;
      if (slow === undefined) return;
      clearTimeout(late);
      resolve(slow);
    });
    thread.on('error', reject);
  });
}

/** Those whose texts are short whatever comes: each with what bounds them. */
const BOUNDED: readonly string[] = ['index.ts'].map(
  // The address that a user gives to a command or to the library of their own.
  (name) => `${name}: /\\/+$/ on`,
);

describe('the regular expressions', { timeout: 150_000 }, () => {
  it('are all looked at', () => {
    expect(PATTERNS.length).toBeGreaterThan(80);
    for (const known of ['^\\s*(SDK-|V11-)', '^[A-Za-z0-9-]{1,100}$', '\\/async-tasks\\/([^/?]+)'])
      expect(PATTERNS.map(({ source }) => source)).toContain(known);
  });

  it('take no more than linear time, whatever the text', async () => {
    const found = await heldUp(PATTERNS);
    expect(found.filter((slow) => !BOUNDED.some((known) => slow.startsWith(known)))).toEqual([]);
  });

  it('that hang are found: squares and worse', async () => {
    const bad = ['^(a+)+$', '\\s+$', '(\\w+\\s?)*:'].map((source) => ({
      where: 'made up',
      source,
      flags: '',
    }));
    expect(await heldUp(bad.slice(1, 2))).toHaveLength(1);
    expect(await heldUp(bad.slice(0, 1), 2000)).toEqual(['never came back: /^(a+)+$/']);
  });

  it('are never made of what a user sends', () => {
    const made = SOURCES.flatMap(({ name, text }) =>
      [...text.matchAll(/\bnew\s+RegExp\(([^\n]*)|\bRegExp\(([^\n]*)/g)].map(
        (match) => `${name}: ${(match[1] ?? match[2] ?? '').trim()}`,
      ),
    );
    expect(made.sort()).toEqual([
      // The name of a tag of our own pages; the patterns of our own schemas; the paths of our own tables.
      expect.stringMatching(/^admin\/pages\/assets\.ts: `<\$\{tag\}>/),
      // In a command: texts of a recording and of one's own secrets, each with its special characters escaped.
      expect.stringMatching(/^conformance\/against\.ts: `\^\$\{pattern\}\$`/),
      expect.stringMatching(/^conformance\/redact\.ts: patterns\.join/),
      expect.stringMatching(/^core\/schemas\.ts: String\(pattern/),
      expect.stringMatching(/^gateway\/service-operations\.ts: `\^\$\{operation\.path/),
      expect.stringMatching(/^http\/unmatched\.ts: `\^\$\{source\}\$`\)/),
      expect.stringMatching(/^recorder\/calls\.ts: `\^\$\{path\.replaceAll/),
    ]);
  });
});
