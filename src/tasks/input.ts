/**
 * What the job of an unfinished task works on, by the type of the task, as JSON values: one schema each, from which
 * the types are taken and by which a snapshot is checked.
 */
import { type Static, type TObject, Type } from '@sinclair/typebox';
import { DEFINES, FILE_TYPES, MODES, OAS_VERSIONS } from '../core/choices.ts';
import { oneOf, type TaskType } from './task.ts';

const text = Type.String({ description: 'a text' });
const flag = Type.Boolean({ description: 'true or false' });

export const TASK_INPUTS = {
  import_api: Type.Object({
    options: Type.Object({
      isCreateGroup: flag,
      /** The group to import into; empty when a new one is made. */
      groupId: text,
      /** What happens to a policy or gateway response that exists already. */
      extendMode: oneOf(MODES),
      /** What happens to an API that exists already. */
      apiMode: oneOf(MODES),
      mockMode: flag,
      simpleMode: flag,
    }),
    content: text,
    /** A file that is no UTF-8 text is held as base64. */
    encoding: oneOf(['utf8', 'base64']),
  }),
  export_api: Type.Object({
    options: Type.Object({
      envId: text,
      groupId: text,
      define: oneOf(DEFINES),
      type: oneOf(FILE_TYPES),
      /** Absent: the time of the export. */
      version: Type.Optional(text),
      /** Absent: every API of the group. */
      apis: Type.Optional(Type.Array(text, { description: 'a list of texts' })),
      oasVersion: oneOf(OAS_VERSIONS),
    }),
  }),
} satisfies Record<TaskType, TObject>;

export type TaskInputs = { [T in TaskType]: Static<(typeof TASK_INPUTS)[T]> };
export type ImportInput = TaskInputs['import_api'];
export type ImportOptions = ImportInput['options'];
export type ExportOptions = TaskInputs['export_api']['options'];
