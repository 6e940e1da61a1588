/**
 * Holds a value against what is expected of it, and names every difference by its place. What is expected is JSON: an
 * object has exactly these members in this order, a list exactly these items. Where a value may vary, a named matcher
 * stands in its place. Pure.
 */

/** A value that may vary: which ones will do, and how that is called in a report. */
export interface Matcher {
  readonly matcher: string;
  compare(received: unknown, place: Place): Difference[];
  /** What a recorded value makes of it: a matcher that goes into a value goes into the recorded one. */
  recorded?(value: unknown): Expected;
}

export type Expected =
  | Matcher
  | string
  | number
  | boolean
  | null
  | readonly Expected[]
  | { readonly [name: string]: Expected };

/** What differs in one place. */
export interface Difference {
  /** Such as `body/task_result/success/0/id`, `status` or `header content-type`. */
  readonly at: string;
  readonly expected: string;
  readonly received: string;
}

/** Where a value stands, and the variables that texts may name. */
export interface Place {
  readonly at: string;
  readonly variables: ReadonlyMap<string, string>;
}

/** How a value looks in a report, which cuts it once secrets are out of it. */
export const shown = (value: unknown): string =>
  value === undefined ? 'nothing' : (JSON.stringify(value) ?? String(value));

/** The text with the values of its variables; undefined when it names one that has none. */
export function filledIn(text: string, variables: ReadonlyMap<string, string>): string | undefined {
  let isWhole = true;
  const filled = text.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = variables.get(name);
    if (value === undefined) isWhole = false;
    return value ?? '';
  });
  return isWhole ? filled : undefined;
}

export const isMatcher = (expected: Expected): expected is Matcher =>
  isObject(expected) && typeof expected['matcher'] === 'string' && typeof expected['compare'] === 'function';

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isList = (value: Expected): value is readonly Expected[] => Array.isArray(value);

const under = ({ at, variables }: Place, step: string | number): Place => ({
  at: `${at}/${step}`,
  variables,
});
const differs = (at: string, expected: string, received: unknown): Difference[] => [
  { at, expected, received: shown(received) },
];

/** Everything in which a value differs from what is expected. */
export function compare(expected: Expected, received: unknown, place: Place): Difference[] {
  if (isMatcher(expected)) return expected.compare(received, place);
  if (isList(expected)) return compareLists(expected, received, place);
  if (typeof expected === 'object' && expected !== null) {
    const members = compareMembers(expected, received, place);
    return isObject(received) ? [...members, ...compareNames(expected, received, place)] : members;
  }
  const wanted = typeof expected === 'string' ? filledIn(expected, place.variables) : expected;
  return Object.is(wanted, received) ? [] : differs(place.at, shown(wanted), received);
}

type Members = { readonly [name: string]: Expected };

/** The members that are expected, each by its value. */
function compareMembers(expected: Members, received: unknown, place: Place): Difference[] {
  if (!isObject(received))
    return differs(place.at, `an object with ${Object.keys(expected).join(', ')}`, received);
  return Object.entries(expected).flatMap(([name, value]) =>
    Object.hasOwn(received, name)
      ? compare(value, received[name], under(place, name))
      : differs(`${place.at}/${name}`, isMatcher(value) ? value.matcher : shown(value), undefined),
  );
}

/** Members that are not promised, and the order of those that are. */
function compareNames(expected: Members, received: Record<string, unknown>, { at }: Place): Difference[] {
  const more = Object.keys(received).filter((name) => !Object.hasOwn(expected, name));
  const extra = more.flatMap((name) => differs(`${at}/${name}`, 'no such member', received[name]));
  const wanted = Object.keys(expected).filter((name) => Object.hasOwn(received, name));
  const order = Object.keys(received).filter((name) => Object.hasOwn(expected, name));
  if (wanted.join() === order.join()) return extra;
  return [
    ...extra,
    { at, expected: `members in the order ${wanted.join(', ')}`, received: order.join(', ') },
  ];
}

function compareLists(expected: readonly Expected[], received: unknown, place: Place): Difference[] {
  if (!Array.isArray(received)) return differs(place.at, 'a list', received);
  if (received.length !== expected.length) return differs(place.at, `a list of ${expected.length}`, received);
  return expected.flatMap((item, at) => compare(item, received[at], under(place, at)));
}

/** A matcher of single values. */
function matching(matcher: string, test: (value: unknown) => boolean): Matcher {
  return {
    matcher,
    compare: (received, { at }) => (test(received) ? [] : differs(at, matcher, received)),
  };
}
const textLike = (matcher: string, pattern: RegExp): Matcher =>
  matching(matcher, (value) => typeof value === 'string' && pattern.test(value));

/** 32 hex digits. */
export const anId = textLike('an id of 32 hex digits', /^[0-9a-f]{32}$/);
export const someText = matching('a text', (value) => typeof value === 'string');
export const someCount = matching('a count', (value) => Number.isInteger(value) && Number(value) >= 0);
export const someNumber = matching('a number', (value) => typeof value === 'number');
export const aFlag = matching('true or false', (value) => typeof value === 'boolean');
export const aTime = textLike(
  'a time such as 2026-01-02T03:04:05Z',
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/,
);
export const someList = matching('a list', Array.isArray);
export const oneOf = (...values: readonly (string | number)[]): Matcher =>
  matching(`one of ${values.map(shown).join(', ')}`, (value) => values.includes(value as never));
/** A text of this form; `name` describes it. */
export const likeText = (name: string, pattern: RegExp): Matcher => textLike(name, pattern);
/** No body, as of a 204. */
export const nothing = matching('nothing', (value) => value === undefined);

/** An object with at least these members, in any order; what it `may` have besides, a recording does not promise. */
export function holding(expected: Members, may: readonly string[] = []): Matcher {
  return {
    matcher: `an object with ${Object.keys(expected).join(', ')}`,
    compare: (received, place) => compareMembers(expected, received, place),
    recorded: (value) =>
      holding(isObject(value) ? without(membersOf(expected, value, Object.keys(value)), may) : expected, may),
  };
}

/** These members in any order, and no others. */
export function unordered(expected: Members): Matcher & { readonly members: Members } {
  return {
    members: expected,
    matcher: `an object with ${Object.keys(expected).join(', ')}`,
    compare: (received, place) =>
      compareMembers(expected, received, place).concat(
        isObject(received) ? compareNames(expected, received, place).filter(({ at }) => at !== place.at) : [],
      ),
    recorded: (value) =>
      unordered(isObject(value) ? membersOf(expected, value, Object.keys(value)) : expected),
  };
}

/** A text that holds JSON. */
export function jsonText(expected: Expected): Matcher {
  return {
    matcher: 'a text that holds JSON',
    compare: (received, place) => {
      const parsed = typeof received === 'string' ? parseJson(received) : undefined;
      return parsed === undefined
        ? differs(place.at, 'a text that holds JSON', received)
        : compare(expected, parsed.value, place);
    },
    recorded: (value) => {
      const parsed = typeof value === 'string' ? parseJson(value) : undefined;
      return jsonText(parsed === undefined ? expected : withRecorded(expected, parsed.value));
    },
  };
}

/** The value of a JSON text; undefined when it is none. */
export function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

/** A list with these items in any order. */
export function inAnyOrder(...expected: readonly Expected[]): Matcher {
  return {
    matcher: `a list of ${expected.length}`,
    compare: (received, place) => {
      if (!Array.isArray(received) || received.length !== expected.length)
        return compareLists(expected, received, place);
      const left = [...received];
      return expected.flatMap((item, at) => takeNearest(item, left, under(place, at)));
    },
    recorded: (value) =>
      Array.isArray(value) && value.length === expected.length
        ? inAnyOrder(...recordedItems(expected, value))
        : inAnyOrder(...(Array.isArray(value) ? value.map(shapeOf) : expected)),
  };
}

/** Takes the item that differs least out of the list; returns how it differs. */
function takeNearest(expected: Expected, left: unknown[], place: Place): Difference[] {
  const candidates = left.map((item, at) => ({ at, differences: compare(expected, item, place) }));
  const [nearest] = candidates.sort((a, b) => a.differences.length - b.differences.length);
  if (nearest === undefined) return [];
  left.splice(nearest.at, 1);
  return nearest.differences;
}

/** The recorded items in the order of the expected ones that they fit best. */
function recordedItems(expected: readonly Expected[], values: readonly unknown[]): Expected[] {
  const left = [...values];
  return expected.map((item) => {
    const before = [...left];
    takeNearest(item, left, { at: '', variables: new Map() });
    return withRecorded(item, before.find((one) => !left.includes(one)) ?? before[0]);
  });
}

/** A list whose every item fits. */
export const each = (expected: Expected): Matcher => ({
  matcher: 'a list',
  compare: (received, place) =>
    Array.isArray(received)
      ? received.flatMap((item, at) => compare(expected, item, under(place, at)))
      : differs(place.at, 'a list', received),
});

/** A list in which one item, at least, fits. */
export const including = (expected: Expected): Matcher => ({
  matcher: 'a list with an item that fits',
  compare: (received, place) => {
    if (!Array.isArray(received)) return differs(place.at, 'a list', received);
    const found = received.map((item, at) => compare(expected, item, under(place, at)));
    if (found.some((differences) => differences.length === 0)) return [];
    const [nearest] = found.sort((a, b) => a.length - b.length);
    return nearest ?? differs(place.at, 'an item that fits', received);
  },
});

/** Both: the second is looked at when the first fits. */
export const both = (first: Matcher, second: Matcher): Matcher => ({
  matcher: second.matcher,
  compare: (received, place) => {
    const differences = first.compare(received, place);
    return differences.length > 0 ? differences : second.compare(received, place);
  },
});

/** What a recorded value promises beyond what is expected: its fixed values; where a matcher stands, that. */
export function withRecorded(expected: Expected, value: unknown): Expected {
  if (isMatcher(expected)) return expected.recorded?.(value) ?? expected;
  if (isList(expected))
    return Array.isArray(value)
      ? value.map((item, at) =>
          at < expected.length ? withRecorded(expected[at] ?? null, item) : shapeOf(item),
        )
      : shapeOf(value);
  if (typeof expected === 'object' && expected !== null)
    return isObject(value) ? membersOf(expected, value, Object.keys(value)) : shapeOf(value);
  // A text that names a variable varies with it.
  if (typeof expected === 'string' && /\{\{\w+\}\}/.test(expected)) return expected;
  return value as Expected;
}

const without = (members: Members, names: readonly string[]): Members =>
  Object.fromEntries(Object.entries(members).filter(([name]) => !names.includes(name)));

const membersOf = (expected: Members, value: Record<string, unknown>, names: readonly string[]): Members =>
  Object.fromEntries(
    names.map((name) => [
      name,
      Object.hasOwn(expected, name)
        ? withRecorded(expected[name] ?? null, value[name])
        : shapeOf(value[name]),
    ]),
  );

/** What a value looks like: its members and types, not what they hold. */
export function shapeOf(value: unknown): Expected {
  if (Array.isArray(value)) return value.length === 0 ? someList : each(shapeOf(value[0]));
  if (isObject(value))
    return unordered(
      Object.fromEntries(Object.entries(value).map(([name, member]) => [name, shapeOf(member)])),
    );
  if (typeof value === 'string') return someText;
  if (typeof value === 'number') return someNumber;
  return typeof value === 'boolean' ? aFlag : matching('null or a value', () => true);
}

/** The value at a place such as `/success/0/id`; undefined when there is none. */
export function valueAt(value: unknown, pointer: string): unknown {
  return pointer
    .split('/')
    .filter((step) => step !== '')
    .reduce<unknown>(
      (at, step) =>
        typeof at === 'object' && at !== null ? (at as Readonly<Record<string, unknown>>)[step] : undefined,
      value,
    );
}
