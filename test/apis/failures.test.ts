import { describe, expect, it } from 'vitest';
import { type Failure, failures, refusalError } from '../../src/apis/failures.ts';

describe('a refusal as the answer of a synchronous call', () => {
  it.each<[Failure, number]>([
    [failures.formatError, 400],
    [failures.titleInvalid, 400],
    [failures.groupNameExists, 400],
    [failures.tooManyApis, 403],
    [failures.groupNotFound('g'), 404],
    [failures.apiNotFound('a'), 404],
    [failures.environmentNotFound('e'), 404],
    [failures.systemError, 500],
  ])('%j has status %i', (failure, statusCode) => {
    expect(refusalError(failure)).toMatchObject({ statusCode, body: failure });
  });
});
