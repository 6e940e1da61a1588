/** The word that was meant: slips of one letter or two, beginnings, other cases, and nothing where none is near. */
import { describe, expect, it } from 'vitest';
import { didYouMean, nearestOf } from '../../src/core/nearest.ts';
import { OPERATION_NAMES } from '../../src/core/operation-names.ts';

const COMMANDS = ['serve', 'health', 'watch', 'import', 'export'];

describe('the nearest word', () => {
  it.each([
    ['imprt', COMMANDS, 'import'],
    ['improt', COMMANDS, 'import'],
    ['exprot', COMMANDS, 'export'],
    ['Import', COMMANDS, 'import'],
    ['heal', COMMANDS, 'health'],
    ['import', COMMANDS, 'import'],
    ['dance', COMMANDS, undefined],
    ['', COMMANDS, undefined],
    ['x', ['y', 'xy'], 'y'],
    ['ShowAsyncTask', OPERATION_NAMES, 'ShowAsyncTaskResult'],
    ['ImportApiDefinitions', OPERATION_NAMES, 'ImportApiDefinitionsV2'],
    ['i'.repeat(100_000), ['i'.repeat(100_000)], undefined],
    ['import', [], undefined],
  ])('to %.30s', (written, words, meant) => {
    expect(nearestOf(written, words)).toBe(meant);
  });

  it('is named in a message, which ends otherwise when there is none', () => {
    expect(didYouMean('prot', ['port', 'host'], ' (see --help)')).toBe('; did you mean port?');
    expect(didYouMean('zzz', ['port', 'host'], ' (see --help)')).toBe(' (see --help)');
  });
});
