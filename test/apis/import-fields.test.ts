import { describe, expect, it } from 'vitest';
import { checkImportFields, checkImportFile } from '../../src/apis/import-fields.ts';

const defaults = {
  isCreateGroup: true,
  groupId: '',
  apiMode: 'merge',
  extendMode: 'merge',
  mockMode: false,
  simpleMode: false,
};

describe('the form fields of an import', () => {
  it.each([
    [{}, {}],
    [{ is_create_group: '', group_id: '', api_mode: '' }, {}],
    [{ is_create_group: 'true', group_id: 'g' }, {}],
    [
      { is_create_group: 'false', group_id: 'g1' },
      { isCreateGroup: false, groupId: 'g1' },
    ],
    [
      { is_create_group: false, group_id: 'g1' },
      { isCreateGroup: false, groupId: 'g1' },
    ],
    [{ is_create_group: 'TRUE' }, {}],
    [
      { mock_mode: 'true', simple_mode: true },
      { mockMode: true, simpleMode: true },
    ],
    [
      { api_mode: 'override', extend_mode: 'override' },
      { apiMode: 'override', extendMode: 'override' },
    ],
    [{ file_name: 'x', unknown: 1 }, {}],
  ])('%j', (fields, expected) => {
    expect(checkImportFields(fields)).toEqual({ ...defaults, ...expected });
  });

  it.each([
    [{ is_create_group: 'false' }, 'APIG.2001', 'group_id'],
    [{ is_create_group: 'false', group_id: ' ' }, 'APIG.2001', 'group_id'],
    [{ is_create_group: 'false', group_id: 'a b' }, 'APIG.2012', 'group_id'],
    [{ group_id: 7 }, 'APIG.2012', 'group_id'],
    [{ is_create_group: 'yes' }, 'APIG.2012', 'is_create_group'],
    [{ is_create_group: 1 }, 'APIG.2012', 'is_create_group'],
    [{ mock_mode: 'on' }, 'APIG.2012', 'mock_mode'],
    [{ simple_mode: {} }, 'APIG.2012', 'simple_mode'],
    [{ api_mode: 'replace' }, 'APIG.2012', 'api_mode'],
    [{ extend_mode: true }, 'APIG.2012', 'extend_mode'],
  ])('%j is refused', (fields, code, name) => {
    expect(() => checkImportFields(fields)).toThrow(
      expect.objectContaining({
        statusCode: 400,
        code,
        message: expect.stringContaining(`parameterName:${name}.`),
      }),
    );
  });
});

describe('the file of an import', () => {
  it.each([
    [undefined, 'APIG.2001'],
    ['', 'APIG.3609'],
    [new Uint8Array(0), 'APIG.3609'],
    [new Uint8Array(11), 'APIG.3603'],
    ['图图图图', 'APIG.3603'],
  ])('%j is refused', (file, code) => {
    expect(() => checkImportFile(file, 10)).toThrow(expect.objectContaining({ statusCode: 400, code }));
  });

  it('is taken up to the last byte', () => {
    expect(checkImportFile(new Uint8Array(10), 10)).toHaveLength(10);
  });
});
