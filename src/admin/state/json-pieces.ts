/**
 * JSON text in pieces of bounded length, so that a state of any size is written without holding up anybody else.
 * A list may be an iterable: its items are made as they are written.
 */

/** What weighs less, in characters, is one piece. */
const PIECE_CHARS = 64 * 1024;

/** A value as JSON, piece by piece; members that are undefined are left out, as JSON does. */
export function* jsonPieces(value: unknown): Generator<string> {
  if (weigh(value, PIECE_CHARS) <= PIECE_CHARS) yield JSON.stringify(value);
  else if (typeof value === 'string') yield* longText(value);
  else if (isIterable(value)) yield* list(value);
  else yield* members(value as object);
}

const isIterable = (value: unknown): value is Iterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.iterator in value;

/** About how many characters a value takes; counting ends past the limit. */
function weigh(value: unknown, limit: number): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 8;
  if (isIterable(value) && !Array.isArray(value)) return Number.POSITIVE_INFINITY;
  let sum = 2;
  for (const key in value) {
    sum += 8 + weigh((value as Record<string, unknown>)[key], limit - sum);
    if (sum > limit) break;
  }
  return sum;
}

/** A pair of surrogates that is cut in two is written as two escapes, which are read as the same text. */
function* longText(text: string): Generator<string> {
  yield '"';
  for (let at = 0; at < text.length; at += PIECE_CHARS)
    yield JSON.stringify(text.slice(at, at + PIECE_CHARS)).slice(1, -1);
  yield '"';
}

function* list(items: Iterable<unknown>): Generator<string> {
  let before = '[';
  for (const item of items) {
    yield before;
    yield* jsonPieces(item ?? null);
    before = ',';
  }
  yield before === '[' ? '[]' : ']';
}

function* members(object: object): Generator<string> {
  let before = '{';
  for (const [name, value] of Object.entries(object)) {
    if (value === undefined) continue;
    yield `${before}${JSON.stringify(name)}:`;
    yield* jsonPieces(value);
    before = ',';
  }
  yield before === '{' ? '{}' : '}';
}

/** What `make` makes of each item, one at a time. */
export function* each<A, B>(items: Iterable<A>, make: (item: A) => B): Generator<B> {
  for (const item of items) yield make(item);
}
