/** What the operations on groups, APIs, environments and instances have in common. */
import type { TObject } from '@sinclair/typebox';
import { errors } from '../../core/errors.ts';
import { declare, documented, invalid, missing, notJson } from '../../core/operation.ts';
import { scopeKey } from '../../core/scope.ts';
import { rejectUnknown } from '../../core/validation.ts';
import { INSTANCE_ERRORS } from '../../tasks/operations.ts';
import { checkPage } from '../lists.ts';
import { Paging } from '../schemas.ts';
import type { ApiCore } from '../submit.ts';

export const operation = declare<ApiCore>();

const EXAMPLE_GROUP = '8d0443832a194eaa84244e0c1c1912ac';
export const unknownGroup = documented(errors.groupNotFound(EXAMPLE_GROUP));
export const unknownApi = documented(errors.apiNotFound(EXAMPLE_GROUP));
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

/** Of one thing of an instance. */
export const one = { tag: 'Groups and APIs', security: 'credentials', errors: INSTANCE_ERRORS } as const;
/** A change of it. */
export const changing = { ...one, changes: true } as const;
/** What a change with a body may be rejected with. */
export const bodyErrors = (name: string) => [missing(name), invalid(name), notJson, ...INSTANCE_ERRORS];

/** A body; with `--strict`, one that has no members but those of its schema. */
export function known({ settings }: ApiCore, body: unknown, { properties }: TObject): unknown {
  rejectUnknown(body, Object.keys(properties), settings.strict);
  return body;
}
