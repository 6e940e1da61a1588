/**
 * What a document defines, as the user guide maps it to the service's objects, read without any code of `src`: one
 * fact for each member, under a name that is the same in Swagger 2.0 and OpenAPI 3.0. Every member is a fact unless
 * `NOT_USED` has it, so that what an import does not know is noticed when it is lost.
 * Source: restrictions_and_compatibility and extended_definition of Open Telekom Cloud's user guide, read 2026-11-24.
 */
import { CORE_SCHEMA, load, mergeTag } from 'js-yaml';

/** Name of a fact -> its value in JSON. */
export type Facts = ReadonlyMap<string, string>;
type Members = Record<string, unknown>;
type Add = (name: string, value: unknown) => void;

/** Members that the guide does not map to anything, or that stand in a fact of another name. */
const NOT_USED = {
  document: [
    ...[
      'swagger',
      'openapi',
      'info',
      'paths',
      'components',
      'host',
      'basePath',
      'schemes',
      'servers',
      'security',
    ],
    ...['consumes', 'produces', 'tags', 'externalDocs', 'definitions', 'parameters', 'responses'],
    ...['securityDefinitions', 'x-apigateway-responses'],
  ],
  operation: [
    ...['consumes', 'produces', 'externalDocs', 'deprecated', 'callbacks', 'schemes', 'servers', 'security'],
    ...['parameters', 'responses', 'x-apigateway-backend'],
  ],
  scheme: ['type', 'name', 'in', 'x-apigateway-auth-type'],
  parameter: ['name', 'in', 'schema', 'example', 'style', 'explode', 'collectionFormat', 'format', 'type'],
  schema: ['type', 'format', 'example', 'exclusiveMinimum', 'exclusiveMaximum', 'items', 'pattern'],
};
const SAMPLES = ['x-apigateway-result-normal-sample', 'x-apigateway-result-failure-sample'];
/** The service's own schemes, which a document may name without a definition. */
const OWN_SCHEMES: Members = {
  'apig-auth-app': { 'x-apigateway-auth-type': 'AppSigv1' },
  'apig-auth-app-header': {
    'x-apigateway-auth-type': 'AppSigv1',
    'x-apigateway-auth-opt': { 'appcode-auth-type': 'header' },
  },
  'apig-auth-iam': { 'x-apigateway-auth-type': 'IAM' },
};
/** By name; none is as good as no list. */
const POLICIES = ['x-apigateway-ratelimits', 'x-apigateway-access-controls'];
const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'x-apigateway-any-method'];
const NUMBERS = ['number', 'integer', 'long', 'float', 'double'];
const LIMITS = ['default', 'enum', 'maximum', 'minimum', 'maxLength', 'minLength'];
const LIMITS_OF = {
  number: ['default', 'enum', 'maximum', 'minimum'],
  string: ['default', 'enum', 'maxLength', 'minLength'],
};

const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const membersOf = (value: unknown): Members => (isMembers(value) ? value : {});
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const without = (source: Members, names: readonly string[]): Members =>
  Object.fromEntries(Object.entries(source).filter(([name]) => !names.includes(name)));

/** An empty list of these is as good as none. */
const unlessEmpty = (value: unknown): unknown =>
  typeof value === 'object' && Object.keys(value ?? {}).length === 0 ? undefined : value;

/** A text of JSON or YAML as a tree. */
export const parsed = (text: string): Members =>
  membersOf(load(text, { schema: CORE_SCHEMA.withTags(mergeTag) }));

/** The facts of a document. */
export function factsOf(root: Members): Facts {
  const facts = new Map<string, string>();
  const add: Add = (name, value) => addLeaves(facts, name, value);
  const info = membersOf(root['info']);
  add('title', info['title']);
  add('description', info['description'] || undefined);
  const components = membersOf(root['components']);
  add('responses', {
    ...membersOf(root['x-apigateway-responses']),
    ...membersOf(components['x-apigateway-responses']),
  });
  for (const [name, scheme] of Object.entries(schemesOf(root)).map(
    ([key, value]) => [key, membersOf(value)] as const,
  ))
    if (Object.hasOwn(scheme, 'x-apigateway-authorizer'))
      add(`authorizer ${name}`, without(scheme, NOT_USED.scheme));
  for (const [name, value] of Object.entries(without(root, NOT_USED.document)))
    add(`document ${name}`, POLICIES.includes(name) ? unlessEmpty(value) : value);
  const base = String(root['basePath'] ?? '').replace(/\/$/, '');
  for (const [path, source] of Object.entries(membersOf(root['paths']))) {
    const item = membersOf(resolved(root, source));
    for (const method of METHODS.filter((key) => Object.hasOwn(item, key)))
      addOperation({ root, item, operation: membersOf(item[method]) }, (name, value) =>
        add(`${method} ${base}${path} ${name}`, value),
      );
  }
  return facts;
}

/** The facts of one document that another has not, or has otherwise; `isDropped` by its name. */
export function lostFacts(before: Facts, after: Facts, isDropped = (_name: string) => false): string[] {
  return [...before].flatMap(([name, value]) =>
    after.get(name) === value || isDropped(name) ? [] : `${name}: ${value} -> ${after.get(name)}`,
  );
}

/** Swagger 2.0 has no request bodies that the service takes. */
export const droppedBy = (version: string | undefined) => (name: string) =>
  version === '2.0' && name.includes(' requestBody ');

/** A mapping and a list member by member; an empty one is a fact of its own. */
function addLeaves(facts: Map<string, string>, name: string, value: unknown): void {
  if (value === undefined) return;
  const members = Array.isArray(value) || isMembers(value) ? Object.entries(value) : [];
  if (members.length === 0) facts.set(name, JSON.stringify(value));
  for (const [key, member] of members) if (key !== '__proto__') addLeaves(facts, `${name} ${key}`, member);
}

interface Operation {
  readonly root: Members;
  readonly item: Members;
  readonly operation: Members;
}

function addOperation({ root, item, operation }: Operation, add: Add): void {
  add('security', securityOf(root, operation));
  add('protocols', protocolsOf(root, operation));
  for (const source of [...listOf(item['parameters']), ...listOf(operation['parameters'])])
    addParameter(root, membersOf(resolved(root, source)), add);
  const responses = membersOf(operation['responses']);
  const places = [
    operation,
    responses,
    ...Object.values(responses).map((one) => membersOf(resolved(root, one))),
  ];
  for (const sample of SAMPLES)
    add(sample, places.find((place) => place[sample] != null)?.[sample] || undefined);
  const rest = without(operation, [...NOT_USED.operation, ...SAMPLES, 'requestBody']);
  for (const [name, value] of Object.entries(rest)) add(name, name === 'tags' ? unlessEmpty(value) : value);
  if (root['openapi'] !== undefined) add('requestBody', writtenOut(root, operation['requestBody']));
  addBackend(membersOf(operation['x-apigateway-backend']), add);
}

/** Its mappings have no order, and their places and origins no case. */
function addBackend(backend: Members, add: Add): void {
  add('backend', without(backend, ['parameters']));
  for (const mapping of listOf(backend['parameters']).map(membersOf)) {
    const [place, origin] = [mapping['in'], mapping['origin']].map((text) => String(text).toUpperCase());
    add(`backend ${place} ${mapping['name']}`, { ...mapping, in: place, origin });
  }
}

/** The guide: there are no parameters in bodies and forms; limits by type; other types have none. */
function addParameter(root: Members, parameter: Members, add: Add): void {
  if (!['path', 'query', 'header'].includes(String(parameter['in']))) return;
  const { 'x-apigateway-sample': sample = parameter['example'], ...rest } = without(
    parameter,
    NOT_USED.parameter,
  );
  const schema = isMembers(parameter['schema']) ? membersOf(resolved(root, parameter['schema'])) : parameter;
  const written = String(schema['type'] ?? 'string');
  const type = NUMBERS.includes(written) ? 'number' : 'string';
  const limited = type === 'number' || written === 'string' ? LIMITS_OF[type] : [];
  const unlimited = ['maxLength', 'maximum', 'minimum'].every((name) => schema[name] === 0);
  const name = `${parameter['in']} ${parameter['name']}`;
  add(`${name} type`, type);
  add(`${name} sample`, sample === null || sample === '' ? undefined : sample);
  add(`${name} required`, parameter['in'] === 'path' || parameter['required'] === true ? true : undefined);
  for (const limit of limited)
    if (!(unlimited && ['maxLength', 'maximum', 'minimum'].includes(limit)))
      add(`${name} ${limit}`, schema[limit]);
  const others = isMembers(parameter['schema']) ? without(schema, [...NOT_USED.schema, ...LIMITS]) : {};
  for (const [key, value] of Object.entries({ ...without(rest, [...LIMITS, 'required']), ...others }))
    add(`${name} ${key}`, value);
}

/** What the schemes mean that an operation names: by whatever name the service has them. */
function securityOf(root: Members, operation: Members): string[] {
  const schemes = schemesOf(root);
  const names = listOf(operation['security'] ?? root['security']).flatMap((one) =>
    Object.keys(membersOf(one)),
  );
  const meanings = names.flatMap((name) => {
    const scheme = membersOf(resolved(root, schemes[name] ?? OWN_SCHEMES[name]));
    const type = String(scheme['x-apigateway-auth-type'] ?? '').toLowerCase();
    if (type === '') return [];
    if (type === 'authorizer' || type === 'custom') return `authorizer ${name}`;
    return `${type}${membersOf(scheme['x-apigateway-auth-opt'])['appcode-auth-type'] === 'header' ? ' code' : ''}`;
  });
  return [...new Set(meanings)].sort();
}

function schemesOf(root: Members): Members {
  const { securitySchemes } = membersOf(root['components']);
  return membersOf(root['swagger'] === undefined ? securitySchemes : root['securityDefinitions']);
}

/** `schemes`, or the schemes of the operation's own servers. */
function protocolsOf(root: Members, operation: Members): string[] {
  const written =
    root['swagger'] === undefined
      ? listOf(operation['servers']).map((server) => String(membersOf(server)['url']).replace(/:.*$/s, ''))
      : listOf(operation['schemes'] ?? root['schemes']).map(String);
  return written.length === 0 ? ['https'] : [...new Set(written)].sort();
}

function resolved(root: Members, source: unknown): unknown {
  const reference = membersOf(source)['$ref'];
  if (typeof reference !== 'string' || !reference.startsWith('#/')) return source;
  const names = reference.slice(2).split('/');
  return resolved(
    root,
    names.reduce<unknown>(
      (place, name) => membersOf(place)[name.replaceAll('~1', '/').replaceAll('~0', '~')],
      root,
    ),
  );
}

/** What a body is where a reference in it leads in a circle or nowhere. */
const ANY_OBJECT = { type: 'object' };

/** With its references written out. */
function writtenOut(root: Members, source: unknown, open: readonly unknown[] = []): unknown {
  if (Array.isArray(source)) return source.map((item) => writtenOut(root, item, open));
  if (!isMembers(source)) return source;
  if (typeof source['$ref'] === 'string') {
    const target = resolved(root, source);
    return target === source || open.includes(target) || !isMembers(target)
      ? ANY_OBJECT
      : writtenOut(root, target, [...open, target]);
  }
  return Object.fromEntries(
    Object.entries(source).map(([key, value]) => [key, writtenOut(root, value, open)]),
  );
}
