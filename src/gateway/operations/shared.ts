/** What the operations on groups, APIs, environments and instances have in common. */
import { errors } from '../../core/errors.ts';
import { declare, documented, invalid } from '../../core/operation.ts';
import { scopeKey } from '../../core/scope.ts';
import { INSTANCE_ERRORS } from '../../tasks/operations.ts';
import { checkPage } from '../lists.ts';
import { Paging } from '../schemas.ts';
import type { ApiCore } from '../submit.ts';

export const operation = declare<ApiCore>();

const EXAMPLE_GROUP = '8d0443832a194eaa84244e0c1c1912ac';
export const unknownGroup = documented(errors.groupNotFound(EXAMPLE_GROUP));
export const unknownEnvironment = documented(errors.environmentNotFound('e1'));

/** A list of an instance: its handler has the page as `checked`. */
export const listing = {
  method: 'GET',
  tag: 'Groups and APIs',
  security: 'credentials',
  described: { query: Paging },
  errors: [invalid('limit'), ...INSTANCE_ERRORS],
  check: ({ query }: { readonly query: Parameters<typeof checkPage>[0] }) => checkPage(query),
} as const;

/** The state of the instance that a path names. */
export const stateOf = ({ apis }: ApiCore, at: { project_id: string; instance_id: string }) =>
  apis.get(scopeKey(at.project_id, at.instance_id));
