/** JSON of elsewhere: the object in a text, or where and why the text is none, in one line for the person who wrote it. */

/** The JSON object in a text; undefined when it holds something else. */
export function jsonObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Formats it as `line 3, column 17: not JSON: Unexpected token '}'`, from what `JSON.parse` threw. */
export function jsonFault(text: string, cause: Error): string {
  // Newer engines add the place, older ones a piece of the text with its line breaks: neither reads as well.
  const what = cause.message.replace(/(?: in JSON)? at position.*|, (?:\.\.\.)?".*/s, '');
  const position = positionIn(cause.message) ?? firstBadPosition(text);
  if (position === undefined) return `not JSON: ${what}`;
  const before = text.slice(0, position);
  const line = before.split('\n').length;
  return `line ${line}, column ${position - before.lastIndexOf('\n')}: not JSON: ${what}`;
}

function positionIn(message: string): number | undefined {
  const digits = / at position (\d+)/.exec(message)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** Longer texts are not searched: each step of the search reads half of one. */
const MAX_SEARCHED = 1_000_000;

/** An unexpected token comes without its place: it stands after the longest beginning that could go on. */
function firstBadPosition(text: string): number | undefined {
  if (text.length > MAX_SEARCHED) return undefined;
  let good = 0;
  let bad = text.length + 1;
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (couldGoOn(text.slice(0, middle))) good = middle;
    else bad = middle;
  }
  return good === text.length ? undefined : good;
}

function couldGoOn(beginning: string): boolean {
  try {
    JSON.parse(beginning);
    return true;
  } catch (cause) {
    const { message } = cause as Error;
    return message.includes('end of JSON input') || (positionIn(message) ?? -1) >= beginning.length;
  }
}
