/** Texts, keys and values that are hard to write, and names, for documents made up for properties. */
import fc from 'fast-check';

/** Texts that YAML could take for something else, and any other. */
export const hardText = fc.oneof(
  fc.string({ maxLength: 24 }),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.constantFrom(
    'yes',
    'null',
    '~',
    '2023-07-11',
    '0x1f',
    '1e3',
    ' a',
    'a: b',
    'a #b',
    '- x',
    '\n',
    'a\n b\n',
    '\u2028',
    '\u0085',
    '\t',
    '图书',
    '<<',
    '=',
    '.inf',
    '12:30:45',
    '|',
    '&a',
    '*a',
    '!!str',
    '%',
    '@',
    '`',
    '"',
    "'",
    '{}',
    '[]',
    '',
  ),
);
/** Keys, those of prototypes and references among them. */
export const hardKey = fc.oneof(
  { weight: 4, arbitrary: fc.stringMatching(/^[a-z][a-z-]{0,8}$/) },
  { weight: 1, arbitrary: hardText },
  { weight: 1, arbitrary: fc.constantFrom('__proto__', 'constructor', 'toString', '1', '007', '$ref', '<<') },
);
const scalar = fc.oneof(hardText, fc.integer(), fc.double(), fc.boolean(), fc.constant(null));
/** Anything an extension may hold. */
export const value: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(hardKey, tie('value'), { maxKeys: 3 }),
  ),
})).value;

/** A name that the service takes. */
export const name = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_./:()-]{2,20}$/);
