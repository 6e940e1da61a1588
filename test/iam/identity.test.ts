/** Who may do what where: the rules of permission as a table. */
import { describe, expect, it } from 'vitest';
import { ApigError } from '../../src/core/errors.ts';
import { forbiddenTo, type Identity } from '../../src/iam/identity.ts';

const caller = (more: Partial<Identity>): Identity => ({
  kind: 'token',
  projectId: 'p1',
  domainScoped: false,
  domainId: 'd1',
  domainName: 'd',
  userId: 'u1',
  userName: 'u',
  readOnly: false,
  expiresMs: Number.POSITIVE_INFINITY,
  ...more,
});
const EVERY: Partial<Identity> = { projectId: undefined };
const DOMAIN: Partial<Identity> = { projectId: undefined, domainScoped: true };
const READER: Partial<Identity> = { readOnly: true };

describe('a caller', () => {
  it.each<[string, Partial<Identity>, string, boolean, RegExp | undefined]>([
    ['of the project reads', {}, 'p1', false, undefined],
    ['of the project changes', {}, 'p1', true, undefined],
    ['of another project reads', {}, 'p2', false, /scoped to project p1, not p2/],
    ['of a project with a like name reads', {}, 'p11', false, /scoped to project p1, not p11/],
    ['of every project changes', EVERY, 'p2', true, undefined],
    ['of a domain reads', DOMAIN, 'p1', false, /domain scope/],
    ['who may only read, reads', READER, 'p1', false, undefined],
    ['who may only read, changes', READER, 'p1', true, /user u may only read/],
    ['who may only read, of every project, changes', { ...EVERY, ...READER }, 'p2', true, /may only read/],
  ])('%s', (_what, more, projectId, changes, rejected) => {
    const error = forbiddenTo(caller(more), { projectId, changes });
    if (rejected === undefined) {
      expect(error).toBeUndefined();
      return;
    }
    expect(error).toBeInstanceOf(ApigError);
    expect(error).toMatchObject({
      statusCode: 403,
      body: { error_code: 'APIG.1005', error_msg: 'No permissions to request this method' },
      reason: expect.stringMatching(rejected),
    });
  });
});
