/** Where a text is no JSON: the place that a person looks for, and why, in one line. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonFault } from '../../src/core/json-error.ts';

const faultOf = (text: string): string => {
  try {
    JSON.parse(text);
  } catch (cause) {
    return jsonFault(text, cause as Error);
  }
  throw new Error('it is JSON');
};

describe('a JSON fault', () => {
  it.each([
    ['{\n  "tasks": [\n    {"task_id": }\n  ]\n}', "line 3, column 17: not JSON: Unexpected token '}'"],
    ['\n\n x', "line 3, column 2: not JSON: Unexpected token 'x'"],
    ['<html>', "line 1, column 1: not JSON: Unexpected token '<'"],
    ['{\n  a: 1\n}', "line 2, column 3: not JSON: Expected property name or '}'"],
    ['{"a": 1,\n "b" 2}', 'line 2, column 6: not JSON: '],
    ['{"a": 1}\nmore', 'line 2, column 1: not JSON: Unexpected non-whitespace character after JSON'],
    ['{"a": [', 'not JSON: Unexpected end of JSON input'],
    ['', 'not JSON: Unexpected end of JSON input'],
  ])('of %j is %s', (text, fault) => {
    // The engine's own words differ between versions of Node; the place does not.
    const message = faultOf(text);
    expect(message.startsWith(fault.replace(/(?<=not JSON: )Expected.*/, ''))).toBe(true);
    expect(message).not.toMatch(/\n| position /);
  });

  it('stands at a character put into sound JSON where none may be (property)', () => {
    const numbers = fc.array(fc.nat(9), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(numbers, fc.nat(), (list, pick) => {
        const at = pick % list.length;
        const before = `[${list
          .slice(0, at)
          .map((n) => `${n},\n`)
          .join('')}`;
        const text = `${before}?${list.slice(at).join(',')}]`;
        expect(faultOf(text)).toBe(
          `line ${at + 1}, column ${at === 0 ? 2 : 1}: not JSON: Unexpected token '?'`,
        );
      }),
    );
  });
});
