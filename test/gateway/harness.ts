/** What the tests of `apis/` share: ids that count, and the import and export of a text in one call each. */

import type { IdSource } from '../../src/core/ids.ts';
import { checkExportBody, exportFile } from '../../src/gateway/export.ts';
import { applyImport, type ImportReport, prepareImport } from '../../src/gateway/import/apply.ts';
import { checkImportFields } from '../../src/gateway/import/fields.ts';
import { EMPTY_INSTANCE, type InstanceApis, RELEASE_ID } from '../../src/gateway/model.ts';
import { type Outcome, outcomeOf } from '../../src/tasks/task.ts';

/** 2023-07-11T19:54:22Z, the time of the documented example. */
export const NOW_MS = 1_689_105_262_000;

/** Ids 1, 2, 3 … in the form of the service's, and letters that differ each time. */
export function countingIds(): IdSource {
  let count = 0;
  const next = () => {
    count += 1;
    return count;
  };
  return {
    next: () => next().toString(16).padStart(32, '0'),
    letters: () =>
      Array.from(next().toString(26).padStart(4, '0'), (digit) =>
        'abcdefghijklmnopqrstuvwxyz'.charAt(Number.parseInt(digit, 26)),
      ).join(''),
    random: () => 0.5,
  };
}

export interface Imported {
  outcome: Outcome;
  state: InstanceApis;
  /** The parsed `task_result`; only when the import succeeded. */
  report: ImportReport;
  /** What is worth knowing beside it. */
  reason: string | undefined;
}

/** Imports a text with the given form fields. */
export function importText(
  content: string | Uint8Array,
  fields: Record<string, unknown> = {},
  given: { state?: InstanceApis; autoPublish?: boolean; ids?: IdSource } = {},
): Imported {
  const { state: before = EMPTY_INSTANCE, autoPublish = true, ids = countingIds() } = given;
  const options = checkImportFields(fields);
  const prepared = prepareImport({ content, mockMode: options.mockMode, simpleMode: options.simpleMode });
  const deps = { nowMs: NOW_MS, ids, autoPublish };
  let state = before;
  let reason: string | undefined;
  const outcome = outcomeOf(() => {
    const imported = applyImport(prepared, options, { state, deps });
    state = imported.state;
    reason = imported.reason;
    return imported.report;
  });
  const report = outcome.status === 'succeed' ? JSON.parse(outcome.result) : undefined;
  return { outcome, state, report, reason };
}

/** The text of an export of a group with everything in it. */
export function exportText(state: InstanceApis, groupId: string, body: Record<string, unknown> = {}): string {
  const { oas_version: oasVersion, ...rest } = body;
  const fields = { env_id: RELEASE_ID, group_id: groupId, define: 'all', version: 'v1', ...rest };
  return exportFile(checkExportBody(fields, oasVersion), state, {
    nowMs: NOW_MS,
    region: 'cn-north-7',
  }).Comment;
}
