/** All operations of the emulated gateway: one table for each thing they are about, in `operations/`. */
import { apiTable } from './operations/apis.ts';
import { documentOperations } from './operations/documents.ts';
import { environmentOperations } from './operations/environments.ts';
import { groupOperations } from './operations/groups.ts';
import { instanceOperations } from './operations/instances.ts';

export const apiOperations = [
  ...documentOperations,
  ...groupOperations,
  ...apiTable,
  ...environmentOperations,
  ...instanceOperations,
];
