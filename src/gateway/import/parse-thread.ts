/**
 * The worker thread that prepares large files. Built as a file of its own (`dist/parse-thread.cjs`); nothing
 * imports it. Its result goes out as JSON texts of limited size, each on request, so that the other side
 * never has more than a few milliseconds of reading to do at once.
 */
import { parentPort } from 'node:worker_threads';
import type { DocumentContent } from '../openapi/read.ts';
import { type PrepareInput, prepareImport } from './prepare.ts';

/** `input` begins a file, `more` asks for the next part of the one in hand. */
export type ThreadRequest = { readonly input: PrepareInput } | { readonly more: true };

/**
 * The first part holds a `PreparedImport`, without its APIs when it is a good one; each further part a list of
 * APIs. Empty text: there are no more.
 */
export type ThreadReply = { readonly part: string };

/** Characters of one part, as far as single APIs allow. */
const PART_CHARS = 200_000;

let parts: Iterator<string> = [''].values();

parentPort?.on('message', (request: ThreadRequest) => {
  // What throws here ends the thread, which fails the file in hand and no other.
  if ('input' in request) parts = partsOf(request.input);
  const { value, done } = parts.next();
  parentPort?.postMessage({ part: done === true ? '' : value } satisfies ThreadReply);
});

function* partsOf(input: PrepareInput): Iterator<string> {
  const prepared = prepareImport(input);
  if (!prepared.ok) return yield JSON.stringify(prepared);
  const { apis, ...rest } = prepared.content;
  const content: DocumentContent = { ...rest, apis: [] };
  yield JSON.stringify({ ok: true, content });
  let texts: string[] = [];
  let chars = 0;
  for (const api of apis) {
    const text = JSON.stringify(api);
    texts.push(text);
    chars += text.length;
    if (chars < PART_CHARS) continue;
    yield `[${texts.join(',')}]`;
    texts = [];
    chars = 0;
  }
  if (texts.length > 0) yield `[${texts.join(',')}]`;
}
