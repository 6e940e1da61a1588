/** Which operation a request is, by the tables of those that the mock emulates. */

import type { OperationName } from '../core/operation-names.ts';
import { isOperation } from '../core/operation-names.ts';
import { apiOperations } from '../gateway/operations.ts';
import { iamOperations } from '../iam/operations.ts';
import { taskOperations } from '../tasks/operations.ts';

/** A request as it is known. */
export interface Call {
  readonly operation: OperationName;
  /** What it names in its path, such as `project_id`. */
  readonly params: Readonly<Record<string, string>>;
}

interface Route {
  readonly method: string;
  readonly pattern: RegExp;
  readonly operation: OperationName;
}

const ROUTES: readonly Route[] = [...taskOperations, ...apiOperations, ...iamOperations].flatMap(
  ({ method, path, id }) => {
    const pattern = new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/:(\w+)/g, '(?<$1>[^/]+)')}$`);
    return isOperation(id) ? [{ method, pattern, operation: id }] : [];
  },
);

/** The operation of a method and a target; undefined for one that the mock does not emulate. */
export function callOf(method: string, target: string): Call | undefined {
  const [path = ''] = target.split('?', 1);
  for (const route of ROUTES) {
    const found = route.method === method ? route.pattern.exec(path) : null;
    if (found !== null) return { operation: route.operation, params: { ...found.groups } };
  }
  return undefined;
}
