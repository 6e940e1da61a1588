import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkExportBody, exportFile } from '../../src/gateway/export.ts';
import { applyImport, prepareImport } from '../../src/gateway/import/apply.ts';
import { checkImportFields } from '../../src/gateway/import/fields.ts';
import { EMPTY_INSTANCE, RELEASE_ID } from '../../src/gateway/model.ts';
import { outcomeOf } from '../../src/tasks/task.ts';
import { countingIds } from './harness.ts';

const content = readFileSync(new URL('../../fixtures/openapi/test8.json', import.meta.url));
/** The text of example 2 is the fixture without its last line break. */
const documented = content.toString('utf8').trimEnd();
const GROUP_OF_EXAMPLE = '9100ae30705947cc9543d37cd7fb388c';
const deps = { nowMs: 1_689_105_262_000, ids: countingIds(), autoPublish: true, region: 'cn-north-7' };

function importInto(state = EMPTY_INSTANCE, fields: Record<string, unknown> = {}) {
  const prepared = prepareImport({ content, mockMode: false, simpleMode: false });
  let next = state;
  const outcome = outcomeOf(() => {
    const imported = applyImport(prepared, checkImportFields(fields), { state, deps });
    next = imported.state;
    return imported.report;
  });
  return { outcome, state: next };
}

describe('the scenario of the documented examples 1 to 3', () => {
  const first = importInto();
  const report = JSON.parse(first.outcome.status === 'succeed' ? first.outcome.result : '{}');

  it('responds to an import as in example 1', () => {
    expect(Object.keys(report)).toEqual(['success', 'failure', 'swagger', 'group_id']);
    expect(Object.keys(report.success[0])).toEqual(['id', 'action', 'method', 'path']);
    expect(report.success[0]).toMatchObject({ action: 'create', method: 'GET', path: '/test1' });
    expect(report.swagger.result).toBe('Success');
  });

  it('exports the text of example 2, byte for byte', () => {
    const body = {
      env_id: RELEASE_ID,
      group_id: report.group_id,
      define: 'all',
      version: '2023-07-11-19:54:22',
    };
    const outcome = outcomeOf(() => exportFile(checkExportBody(body), first.state, deps));
    const file = JSON.parse(outcome.status === 'succeed' ? outcome.result : '{}');
    expect(Object.keys(file)).toEqual(['FileName', 'FileType', 'Comment']);
    expect(file.FileName).toBe('test8-RELEASE-all-2023-07-11-19:54:22');
    expect(file.FileType).toBe('.json');
    expect(file.Comment).toBe(documented.replace(GROUP_OF_EXAMPLE, report.group_id));
  });

  it('rejects the same file on a second import, as in example 3', () => {
    const again = importInto(first.state);
    expect(again.outcome).toEqual({
      status: 'failed',
      error_code: 'APIG.3201',
      error_msg: 'The API group name already exists',
      reason: expect.any(String),
    });
    expect(again.state).toBe(first.state);
  });

  it('ignores every API when the file goes into the group again with merge', () => {
    const fields = { is_create_group: 'false', group_id: report.group_id };
    const { outcome } = importInto(first.state, fields);
    const merged = JSON.parse(outcome.status === 'succeed' ? outcome.result : '{}');
    expect(Object.keys(merged)).toEqual(['success', 'failure', 'swagger', 'ignore', 'group_id']);
    expect(merged.ignore).toEqual([{ method: 'GET', path: '/test1' }]);
    expect(merged.success).toEqual([]);
  });

  it('updates every API with override', () => {
    const fields = { is_create_group: false, group_id: report.group_id, api_mode: 'override' };
    const { outcome } = importInto(first.state, fields);
    const updated = JSON.parse(outcome.status === 'succeed' ? outcome.result : '{}');
    expect(updated.success).toEqual([{ ...report.success[0], action: 'update' }]);
  });
});
