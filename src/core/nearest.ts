/** What a misspelt word was meant to be: the nearest of those that there are. */

/** Whether a rejection may repeat what was written: a short word, since anything else may be a secret in the wrong place. */
export const mayRepeat = (written: unknown, longest = 40): written is string =>
  typeof written === 'string' && written.length <= longest && /^[A-Za-z][A-Za-z_-]*\d?$/.test(written);

/** Shorter beginnings of a word mean too many. */
const LEAST_BEGINNING = 4;
/** Longer words are no misspelling of any here, and take too long to hold against them. */
const LONGEST = 100;

/** The nearest of some words to what was written; undefined when none is near. */
export function nearestOf(written: string, words: Iterable<string>): string | undefined {
  const given = written.toLowerCase();
  if (given.length > LONGEST) return undefined;
  let best: { word: string; score: number } | undefined;
  for (const word of words) {
    const score = farness(given, word.toLowerCase());
    if (score !== undefined && score < (best?.score ?? Number.POSITIVE_INFINITY)) best = { word, score };
  }
  return best?.word;
}

/** `; did you mean port?`, or `otherwise` when no word is near. */
export function didYouMean(written: string, words: Iterable<string>, otherwise: string): string {
  const near = nearestOf(written, words);
  return near === undefined ? otherwise : `; did you mean ${near}?`;
}

/** How far a word is from what was written, from 0 on; undefined = too far. The beginning of a word is near to it. */
function farness(given: string, word: string): number | undefined {
  if (given.length >= LEAST_BEGINNING && word.startsWith(given)) return 1 - given.length / word.length;
  const most = Math.max(1, Math.floor(Math.max(given.length, word.length) / 3));
  const edits = editsBetween(given, word);
  return edits <= most ? edits : undefined;
}

/** How many letters must be put in, left out, changed, or swapped with their neighbour. */
function editsBetween(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1];
      let least = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      if (a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, (beforeLast[j - 2] ?? 0) + 1);
      row.push(least);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
