/** Secrets go out of whatever a run writes, in every spelling. */
import { describe, expect, it } from 'vitest';
import { redactor } from '../../src/conformance/redact.ts';

const SECRET = 'a"b\\c/d+e=f.g*h(i';
const redact = redactor([
  { text: SECRET, name: 'secret key' },
  { text: 'p1', name: 'project' },
  { text: '77b6a44cba5143ab91d13ab9a8ff44fd', name: 'tenant' },
  { text: '', name: 'nothing' },
]);

describe('a redactor', () => {
  it.each([
    ['as it is', SECRET],
    ['in JSON', JSON.stringify({ a: SECRET })],
    ['in JSON in JSON', JSON.stringify({ a: JSON.stringify({ b: SECRET }) })],
    ['in a URL', `http://x/?a=${encodeURIComponent(SECRET)}`],
    ['in base64', Buffer.from(SECRET).toString('base64')],
  ])('finds a secret %s', (_where, text) => {
    const clean = redact(text);
    expect(clean).toContain('<secret key>');
    expect(clean).not.toMatch(/a.{0,3}b.{0,6}c/);
  });

  it.each([
    ['/v2/p1/apigw', '/v2/<project>/apigw'],
    ['p1', '<project>'],
    ['app1 p12 p1_x', 'app1 p12 <project>_x'],
    ['x77b6a44cba5143ab91d13ab9a8ff44fdx', 'x<tenant>x'],
    ['', ''],
  ])('writes %j as %j', (text, clean) => {
    expect(redact(text)).toBe(clean);
  });

  it('looks into lists, members and their names', () => {
    expect(redact({ p1: [{ a: 'p1' }, null, 1, true] })).toEqual({
      '<project>': [{ a: '<project>' }, null, 1, true],
    });
  });

  it('does nothing without secrets', () => {
    expect(redactor([])('p1')).toBe('p1');
  });
});
