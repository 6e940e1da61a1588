/** Checks against schemas: the first problem, its place, and the words for what the place takes. */
import { Type } from '@sinclair/typebox';
import { describe, expect, it } from 'vitest';
import { loadCheckers, placeOf } from '../../src/core/validation.ts';
import { PlanSchema } from '../../src/tasks/task.ts';

const checkerOf = await loadCheckers();

describe('a problem', () => {
  const schema = Type.Object(
    {
      name: Type.String({ description: 'a name' }),
      list: Type.Optional(
        Type.Array(Type.Object({ n: Type.Integer({ minimum: 1 }) }, { additionalProperties: false })),
      ),
    },
    { additionalProperties: false, description: 'a thing' },
  );

  it.each([
    [{ name: 'x' }, undefined],
    [{ name: 'x', list: [{ n: 1 }] }, undefined],
    [{}, { at: '/name', message: 'takes a name', missing: true }],
    [{ name: 5 }, { at: '/name', message: 'takes a name', missing: false }],
    ['text', { at: '', message: 'takes a thing', missing: false }],
    [null, { at: '', message: 'takes a thing', missing: false }],
    [
      { name: 'x', list: [{ n: 1 }, { n: 0 }] },
      { at: '/list/1/n', message: expect.stringMatching(/^takes .*1$/), missing: false },
    ],
    [
      { name: 'x', list: [{}] },
      { at: '/list/0/n', message: 'is missing', missing: true },
    ],
    [
      { name: 'x', more: 1 },
      { at: '/more', message: expect.any(String), missing: false },
    ],
  ])('of %j is %j', (value, expected) => {
    expect(checkerOf(schema).problem(value)).toEqual(expected);
  });

  it.each([
    [
      { mode: 'time', waiting_ms: -1 },
      '/waiting_ms',
      'takes how long the task waits, a whole number of ms from 0 to 2592000000',
    ],
    [
      { mode: 'polls', waiting_polls: 'x' },
      '/waiting_polls',
      'takes how many reads see waiting, a whole number from 0 to 1000000',
    ],
    [{ mode: 'manual', outcome: { status: 'failed', error_msg: 'x' } }, '/outcome/error_code', 'is missing'],
    [{ mode: 'soon' }, '', /^takes a plan: /],
    [{}, '', /^takes a plan: /],
  ])('of the union in %j is that of the variant it means to be', (value, at, expected) => {
    const problem = checkerOf(PlanSchema).problem(value);
    expect(problem?.at).toBe(at);
    if (typeof expected === 'string') expect(problem?.message).toBe(expected);
    else expect(problem?.message).toMatch(expected);
  });
});

describe('a checker', () => {
  it('makes numbers of texts where the schema wants them, and leaves others alone', () => {
    const query = Type.Object({ limit: Type.Integer(), name: Type.String() });
    expect(checkerOf(query).convert({ limit: '5', name: 'a' })).toEqual({ limit: 5, name: 'a' });
    expect(checkerOf(query).convert({ limit: 'five', name: 'a' })).toEqual({ limit: 'five', name: 'a' });
  });

  it.each(['1e2', '01', ' 5', '5 ', '+5', '-0', '5.0', '0x5', '5n', '', '٥'])(
    "takes the text '%s' for no whole number",
    (limit) => {
      const query = Type.Object({ limit: Type.Integer() });
      expect(checkerOf(query).convert({ limit })).toEqual({ limit });
      expect(checkerOf(query).problem({ limit })).toMatchObject({ at: '/limit' });
    },
  );

  it('takes a member that appears twice for no number', () => {
    const query = Type.Object({ limit: Type.Integer() });
    expect(checkerOf(query).convert({ limit: ['5', '6'] })).toEqual({ limit: ['5', '6'] });
    expect(checkerOf(query).convert({ limit: ['5'] })).toEqual({ limit: ['5'] });
  });

  it('is made once per schema', async () => {
    const schema = Type.String();
    expect(checkerOf(schema)).toBe(checkerOf(schema));
    expect(await loadCheckers()).toBe(checkerOf);
  });
});

describe('a place', () => {
  it.each([
    ['', ''],
    ['/a', 'a'],
    ['/tasks/3/task_status', 'tasks[3].task_status'],
    ['/0/a', '[0].a'],
    ['/a~1b/~0c', 'a/b.~c'],
    ['/auth/identity/methods/0', 'auth.identity.methods[0]'],
  ])("of '%s' is written '%s'", (pointer, place) => {
    expect(placeOf(pointer)).toBe(place);
  });
});
