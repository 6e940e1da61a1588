/** Takes secrets and ids of an account out of what a run writes: each becomes a name in angle brackets, the same everywhere. */

/** A text that nobody may see, and what stands in its place. */
export interface Secret {
  readonly text: string;
  readonly name: string;
  /** In place of the name in angle brackets. */
  readonly instead?: string;
}

/** Replaces them in every text of a value, names of members included. */
export type Redact = <T>(value: T) => T;

/** Shorter ones are replaced as whole words alone: `p1` stays a part of `app1`. */
const MIN_ANYWHERE = 8;

/** The spellings in which a text can stand in another: as it is, in JSON, in JSON within JSON, in a URL, in base64. */
function spellings(text: string): string[] {
  const inJson = JSON.stringify(text).slice(1, -1);
  const base64 = Buffer.from(text).toString('base64').replaceAll('=', '');
  return [text, inJson, JSON.stringify(inJson).slice(1, -1), encodeURIComponent(text), base64];
}

const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

export function redactor(secrets: readonly Secret[]): Redact {
  const names = new Map<string, string>();
  for (const { text, name, instead = `<${name}>` } of secrets)
    for (const spelling of text === '' ? [] : spellings(text)) names.set(spelling, instead);
  // The longest first: one may be part of another.
  const all = [...names.keys()].sort((a, b) => b.length - a.length);
  const patterns = all.map((one) =>
    one.length < MIN_ANYWHERE ? `(?<![A-Za-z0-9])${escaped(one)}(?![A-Za-z0-9])` : escaped(one),
  );
  const pattern = new RegExp(patterns.join('|') || '(?!)', 'g');
  const clean = (text: string): string => text.replaceAll(pattern, (one) => names.get(one) ?? '');
  const redact = (value: unknown): unknown => {
    if (typeof value === 'string') return clean(value);
    if (Array.isArray(value)) return value.map(redact);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [clean(name), redact(member)]));
  };
  return redact as Redact;
}
