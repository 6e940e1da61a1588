/**
 * Scalars of which JavaScript would lose something: integers beyond 2^53, decimals such as `1.10`, and what YAML
 * takes for a number or a switch though it may be meant as a name (`00123`, `True`). They are stored by their spelling,
 * as plain JSON, so that threads, snapshots and state files carry them like anything else.
 */
/** No document has a key like this: NUL is in no text file. */
const MARK = '\u0000spelled';

/** A scalar by its spelling. After `plainValue` it is a number of JSON. */
export interface Spelled {
  readonly [MARK]: string;
}

export const isSpelled = (value: unknown): value is Spelled =>
  typeof value === 'object' &&
  value !== null &&
  MARK in value &&
  typeof (value as Record<string, unknown>)[MARK] === 'string';

/** How the document wrote it. */
export const spellingOf = (value: Spelled): string => value[MARK];

export const spelled = (spelling: string): Spelled => ({ [MARK]: spelling });

/** The parts of a decimal number. */
export const DECIMAL = /^([-+]?)(\d*)(?:\.(\d*))?(?:e([-+]?\d+))?$/i;
const RADIX = /^([-+]?)(0[xob][\da-f]+)$/i;
/** Longer ones would take their time to be written out. */
const MAX_RADIX_CHARS = 400;
/** A power of ten that can be counted with. */
const MAX_EXPONENT_CHARS = 15;

/** The value of JSON that a spelling stands for, still spelled where JavaScript has no such number; else null. */
export function plainValue(value: Spelled): Spelled | number | boolean | null {
  const spelling = spellingOf(value);
  const lower = spelling.toLowerCase();
  if (lower === 'true' || lower === 'false') return lower === 'true';
  const text = jsonNumber(spelling);
  if (text === undefined) return null;
  const number = Number(text);
  const isSame = /e/.test(text) ? sameAmount(text, String(number)) : JSON.stringify(number) === text;
  // A sign before nothing means nothing.
  return isSame || text === '-0' ? number + 0 : spelled(text);
}

/** A number as JSON writes it, digits and all; undefined for what is none. */
function jsonNumber(spelling: string): string | undefined {
  const [, sign = '', whole = ''] = RADIX.exec(spelling) ?? [];
  if (whole !== '')
    return whole.length > MAX_RADIX_CHARS ? undefined : `${sign.replace('+', '')}${BigInt(whole)}`;
  const parts = DECIMAL.exec(spelling);
  if (parts === null) return undefined;
  const [, minus = '', left = '', right = '', exponent] = parts;
  if (left === '' && right === '') return undefined;
  const fraction = exponent === undefined ? right : withoutEndZeros(right);
  const head = `${minus.replace('+', '')}${left.replace(/^0+(?=\d)/, '') || '0'}`;
  const power = exponent === undefined ? '' : `e${exponent.replace(/^\+?(-?)0*(?=\d)/, '$1')}`;
  return `${head}${fraction === '' ? '' : `.${fraction}`}${power}`;
}

/** By hand: a pattern takes the square of the digits. */
function withoutEndZeros(digits: string): string {
  let end = digits.length;
  while (digits[end - 1] === '0') end -= 1;
  return digits.slice(0, end);
}

/** Whether two numbers of JSON are the same amount, however many zeros and powers they are written with. */
function sameAmount(left: string, right: string): boolean {
  const [a, b] = [amountOf(left), amountOf(right)];
  return a !== undefined && a === b;
}

function amountOf(text: string): string | undefined {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = DECIMAL.exec(text) ?? [];
  if (exponent.length > MAX_EXPONENT_CHARS) return undefined;
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const short = withoutEndZeros(digits);
  if (short === '') return whole === '' ? undefined : '0';
  return `${sign}${short}e${Number(exponent) - fraction.length + digits.length - short.length}`;
}

/** A number of a document: spelled when its digits would not come back. */
const keepDigits = (token: string): Spelled | number => {
  const number = Number(token);
  return JSON.stringify(number) === token ? number : spelled(token);
};

/** What may be a number whose digits would be lost, where a value stands. */
const SUSPECT = /[:[,]\s*(-?(?:\d{16}|\d+[.e])[\d.e+-]*)/gi;

/** As `JSON.parse`, with numbers spelled where JavaScript has not their like. Throws what that throws. */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  for (const [, token = ''] of text.matchAll(SUSPECT))
    if (typeof keepDigits(token) === 'object') return JSON.parse(withSpellings(text));
  return value;
}

/** The text of a JSON document with such numbers written as the mappings that stand for them. */
function withSpellings(text: string): string {
  let inText = false;
  return text.replace(/\\.|"|-?\d[\d.e+-]*/gis, (token) => {
    if (token === '"') inText = !inText;
    return inText || token.startsWith('\\') || token === '"' ? token : JSON.stringify(keepDigits(token));
  });
}

/** A spelled number as `JSON.stringify` has written it, with or without indentation. */
const WRITTEN = /\{\s*"\\u0000spelled":\s*"([^"]*)"\s*\}/g;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[-+]?\d+)?$/i;

/** A spelled number as JSON has it; one that came from elsewhere and is none is nothing. */
export const numberText = (spelling: string): string => (NUMBER.test(spelling) ? spelling : 'null');

/** As `JSON.stringify`, with spelled numbers as they are. */
export const writeJson = (value: unknown, indent?: string): string =>
  JSON.stringify(value, null, indent).replace(WRITTEN, (_whole, spelling: string) => numberText(spelling));
