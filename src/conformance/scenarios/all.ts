/** Every scenario, in the order in which a run takes them. */
import type { Scenario } from '../scenario.ts';
import { CLEAN_UP, ENTITIES, STATES } from './ending.ts';
import { EXPORT_FAILURES, EXPORTING, PUBLISHING, UNPUBLISHED } from './exporting.ts';
import { CREATE, FAILURES, MODES, PARTIAL, SYNCHRONOUS } from './importing.ts';
import { LISTS, POLLS, REJECTIONS } from './reading.ts';

export const SCENARIOS: readonly Scenario[] = [
  ...[POLLS, LISTS, REJECTIONS],
  ...[CREATE, MODES, PARTIAL, FAILURES, SYNCHRONOUS],
  ...[UNPUBLISHED, PUBLISHING, EXPORTING, EXPORT_FAILURES],
  ...[ENTITIES, CLEAN_UP, STATES],
];
