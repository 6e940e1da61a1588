/** The journal asked for proof: each count it reports is true, or it reports that it cannot know. */
import fc from 'fast-check';
import { expect } from 'vitest';
import type { Verification, VerificationError } from '../../src/admin/journal/verify.ts';
import type { OperationName } from '../../src/core/operation-names.ts';
import { rejection } from '../admin/scene.ts';
import { commandOf, partOf } from './command.ts';
import type { Model } from './model.ts';

interface Asked {
  readonly part: number;
  readonly operation?: OperationName | undefined;
  readonly status?: number | undefined;
}

/** The filter, how many were sent that fit it, and how many of its part were dropped. */
function truthOf({ traffic }: Model, { part, operation, status }: Asked) {
  const { sent, dropped } = traffic.under(partOf(part));
  const fits = sent.filter(
    (note) => (operation ?? note.operation) === note.operation && (status ?? note.status) === note.status,
  );
  const filter = {
    ...partOf(part),
    ...(operation === undefined ? {} : { operation }),
    ...(status === undefined ? {} : { status }),
  };
  return { filter, count: fits.length, dropped };
}

const count = commandOf<Asked>('count', {
  async run(model, real, asked) {
    const truth = truthOf(model, asked);
    const counting = real.control.requests.count(truth.filter);
    if (truth.dropped === 0) expect(await counting).toBe(truth.count);
    else expect(await rejection(counting)).toMatchObject({ status: 409, code: 'APIG.3718' });
    expect((await real.control.requests.list(truth.filter)).dropped).toBe(truth.dropped);
  },
});

interface Expected extends Asked {
  readonly how: 'exactly' | 'at_least' | 'at_most';
  /** The number, or how far it is from what was sent. */
  readonly by: number;
}

const verify = commandOf<Expected>('verify', {
  async run(model, real, { how, by, ...asked }) {
    const truth = truthOf(model, asked);
    const number = Math.max(truth.count + by, 0);
    const isSo = { exactly: by === 0, at_least: by <= 0, at_most: by >= 0 }[how] || number === truth.count;
    const { satisfied, reason } = await real.control.requests
      .verify({ ...truth.filter, [how]: number })
      .catch((cause: VerificationError): Verification => cause.verification);
    if (truth.dropped === 0) expect([satisfied, reason]).toEqual([isSo, undefined]);
    else if (reason === undefined) expect(satisfied).toBe(isSo);
    else expect(satisfied).toBe(false);
  },
});

const asked = {
  part: fc.nat(5),
  operation: fc.constantFrom(undefined, 'ShowAsyncTaskResult', 'ImportApiDefinitionsAsync'),
  status: fc.constantFrom(undefined, 200, 429),
};

export const journal = [
  fc.record(asked).map(count),
  fc
    .record({
      ...asked,
      how: fc.constantFrom('exactly' as const, 'at_least' as const, 'at_most' as const),
      by: fc.integer({ min: -2, max: 2 }),
    })
    .map(verify),
];
