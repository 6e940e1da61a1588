import { describe, expect, it } from 'vitest';
import { checkImportFields, checkImportFile } from '../../../src/gateway/import/fields.ts';

const defaults = {
  isCreateGroup: true,
  groupId: '',
  apiMode: 'merge',
  extendMode: 'merge',
  mockMode: false,
  simpleMode: false,
};

const NEEDED = 'group_id is needed when is_create_group is false';
const ID = 'group_id: takes an id: 1 to 64 of A-Z a-z 0-9 _ -';
const FLAG = 'is_create_group: takes true or false';
const CURL = 'takes multipart/form-data: curl -F file_name=@FILE';

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
    [{ is_create_group: 'false' }, 'APIG.2001', 'group_id', NEEDED],
    [{ is_create_group: 'false', group_id: ' ' }, 'APIG.2001', 'group_id', NEEDED],
    [{ is_create_group: 'false', group_id: 'a b' }, 'APIG.2012', 'group_id', ID],
    [{ group_id: 'a b' }, 'APIG.2012', 'group_id', ID],
    [{ group_id: 7 }, 'APIG.2012', 'group_id', 'group_id: takes a text'],
    [{ is_create_group: 'maybe' }, 'APIG.2012', 'is_create_group', `${FLAG}, not 'maybe'`],
    [{ is_create_group: 1 }, 'APIG.2012', 'is_create_group', FLAG],
    // What is no short word may be a secret in the wrong field.
    [{ is_create_group: 'f3a9c0' }, 'APIG.2012', 'is_create_group', FLAG],
    [{ is_create_group: 'correcthorsebattery' }, 'APIG.2012', 'is_create_group', FLAG],
    [{ mock_mode: 'on' }, 'APIG.2012', 'mock_mode', "mock_mode: takes true or false, not 'on'"],
    [{ simple_mode: {} }, 'APIG.2012', 'simple_mode', 'simple_mode: takes true or false'],
    [{ api_mode: 'replace' }, 'APIG.2012', 'api_mode', "api_mode: takes merge or override, not 'replace'"],
    [{ extend_mode: true }, 'APIG.2012', 'extend_mode', 'extend_mode: takes merge or override'],
  ])('%j is rejected with a reason', (fields, code, name, reason) => {
    expect(() => checkImportFields(fields)).toThrow(
      expect.objectContaining({
        statusCode: 400,
        code,
        reason,
        message: expect.stringContaining(`parameterName:${name}.`),
      }),
    );
  });
});

describe('the file of an import', () => {
  it.each([
    ['', 'APIG.3609', 'the part file_name is empty: it has 0 bytes'],
    [new Uint8Array(0), 'APIG.3609', 'the part file_name is empty: it has 0 bytes'],
    [new Uint8Array(11), 'APIG.3603', 'a file has at most 10 bytes'],
    ['图图图图', 'APIG.3603', 'a file has at most 10 bytes'],
  ])('%j is rejected with a reason', (file, code, reason) => {
    expect(() => checkImportFile(file, 10)).toThrow(
      expect.objectContaining({ statusCode: 400, code, reason }),
    );
  });

  it.each([
    [{}, `no part file_name: ${CURL}`],
    [{ file: 'x' }, 'no part file_name; there is: file'],
    [{ file: 'x', group_id: 'g', 'a=1&b': '' }, 'no part file_name; there is: file, group_id, (another)'],
    [
      Object.fromEntries([...'abcdefghij'].map((name) => [name, ''])),
      'no part file_name; there is: a, b, c, d, e, f, g, h, ...',
    ],
  ])('is missed among %j', (fields, reason) => {
    expect(() => checkImportFile(undefined, 10, fields)).toThrow(
      expect.objectContaining({ statusCode: 400, code: 'APIG.2001', reason }),
    );
  });

  it('is taken up to the last byte', () => {
    expect(checkImportFile(new Uint8Array(10), 10)).toHaveLength(10);
  });
});
