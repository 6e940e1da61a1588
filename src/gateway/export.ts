/**
 * An export: the APIs of a group as they run in an environment, written as an OpenAPI file. Reads the state
 * and changes nothing.
 */

import { errors } from '../core/errors.ts';
import type { ExportOptions } from '../tasks/input.ts';
import {
  type Api,
  type ApiDefinition,
  type ApiGroup,
  type InstanceApis,
  NO_ENVIRONMENT,
  NO_GROUP,
  type PolicyKind,
  policyKey,
  subdomainOf,
} from './model.ts';
import { canonicalObject, isObject, type JsonObject } from './openapi/json.ts';
import { layOutJson } from './openapi/json-layout.ts';
import { ACCESS_CONTROL, RATE_LIMIT } from './openapi/operations.ts';
import { writeDocument } from './openapi/write.ts';
import { layOutYaml } from './openapi/yaml-layout.ts';

export { checkExportBody } from './export-body.ts';

/** What an export takes from outside. */
export interface ExportDeps {
  /** Milliseconds since 1970: the version of an export that names none. */
  readonly nowMs: number;
  /** Region in the host name, `cn-north-7`. */
  readonly region: string;
}

/** The object in `task_result` of an export; members in the order of the documented example. */
export interface ExportedFile {
  /** `<group>-<environment>-<define>-<version>` */
  FileName: string;
  /** `.json`, `.yaml` or `.yml` */
  FileType: string;
  /** The text of the file. */
  Comment: string;
}

/** The exported file. Throws `ApigError` where there is none. */
export function exportFile(options: ExportOptions, state: InstanceApis, deps: ExportDeps): ExportedFile {
  const group = state.groups.get(options.groupId);
  if (group === undefined) throw errors.groupNotFound(options.groupId, { reason: NO_GROUP });
  const environment = state.environments.get(options.envId);
  if (environment === undefined) throw errors.environmentNotFound(options.envId, { reason: NO_ENVIRONMENT });
  const unknown = options.apis?.findIndex((id) => !group.apis.has(id)) ?? -1;
  if (unknown >= 0)
    throw errors.apiNotFound(options.apis?.[unknown] ?? '', {
      reason: `entry ${unknown + 1} of apis is not an API of this group: see GET /apis?group_id=`,
    });
  const version = options.version ?? versionAt(deps.nowMs);
  const definitions = selectApis(group, options);
  const responses = canonicalObject(group.responses);
  const document = writeDocument({
    oasVersion: options.oasVersion,
    define: options.define,
    title: group.name,
    description: group.remark,
    version,
    host: subdomainOf(group.id, deps.region),
    apis: definitions,
    rateLimits: policiesFor('ratelimit', RATE_LIMIT, { state, group, definitions, options }),
    accessControls: policiesFor('access-control', ACCESS_CONTROL, { state, group, definitions, options }),
    authorizers: policiesFor('authorizer', undefined, { state, group, definitions, options }),
    extensions: group.extensions,
    responses,
  });
  const layOut = options.type === 'json' ? layOutJson : layOutYaml;
  return {
    FileName: `${group.name}-${environment.name}-${options.define}-${version}`,
    FileType: `.${options.type}`,
    Comment: layOut(document, options.oasVersion === '2.0' ? responses : undefined),
  };
}

/** `YYYY-MM-DD-HH:mm:ss` in UTC. */
function versionAt(nowMs: number): string {
  return new Date(nowMs).toISOString().slice(0, 19).replace('T', '-');
}

/** `dev` takes what is not published in the environment, the others what runs there. */
function selectApis(group: ApiGroup, options: ExportOptions): ApiDefinition[] {
  const wanted = options.apis && new Set(options.apis);
  const definitions: ApiDefinition[] = [];
  for (const api of group.apis.values()) {
    if (wanted !== undefined && !wanted.has(api.id)) continue;
    const definition = definitionFor(api, options);
    if (definition !== undefined) definitions.push(definition);
  }
  return definitions;
}

function definitionFor(api: Api, options: ExportOptions): ApiDefinition | undefined {
  const published = api.publications.get(options.envId);
  if (options.define === 'dev') return published === undefined ? api.definition : undefined;
  return published?.definition;
}

type Selection = {
  state: InstanceApis;
  group: ApiGroup;
  definitions: readonly ApiDefinition[];
  options: ExportOptions;
};

/** The policies the exported APIs name; of a whole group also those that were imported with it. */
function policiesFor(
  kind: PolicyKind,
  link: string | undefined,
  selection: Selection,
): Map<string, JsonObject> {
  const { state, group, definitions, options } = selection;
  const keys = new Set<string>();
  if (options.apis === undefined) for (const key of group.policies) keys.add(key);
  for (const { extensions, authentication } of definitions) {
    const name = link === undefined ? authentication.authorizer : extensions[link];
    if (typeof name === 'string') keys.add(policyKey(kind, name));
  }
  const policies = new Map<string, JsonObject>();
  for (const key of keys) {
    const policy = state.policies.get(key);
    if (policy?.kind === kind && isObject(policy.definition)) policies.set(policy.name, policy.definition);
  }
  return policies;
}
