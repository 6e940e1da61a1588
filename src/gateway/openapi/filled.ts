/**
 * What the service fills in when it writes an API out: defaults of its back end, the mappings of the back end by
 * name and in capitals. Source: the four back ends of importing_apis (Open Telekom Cloud, user guide), each as it was
 * written and as it was exported, and an export of cn-north-4 of June 2026 (`req_protocol`; the repository
 * 2511689622/gen-openapi), both read 2026-11-24. The default of `timeout` is that of the extensions' pages.
 */
import { byCodeUnit, isObject, type Json, type JsonObject, sortMembers, textMember } from './json.ts';

const TIMEOUT_MS = 5000;
const REACHED_BY_HTTP = {
  ...{ description: '', enableClientSsl: false, retryCount: '-1', timeout: TIMEOUT_MS },
};

const FILLED_IN: Readonly<Record<string, JsonObject>> = {
  httpEndpoints: REACHED_BY_HTTP,
  httpVpcEndpoints: { ...REACHED_BY_HTTP, cascade_flag: false },
  functionEndpoints: {
    ...{ 'alias-urn': '', description: '', 'network-type': 'V1', req_protocol: 'HTTPS', timeout: TIMEOUT_MS },
  },
  mockEndpoints: { description: '' },
};

/** A back end with its defaults. Filling in a second time changes nothing. */
export function filledBackend(backend: Json): Json {
  if (!isObject(backend)) return backend;
  const members = Object.entries(backend).map(([key, value]): [string, Json] => {
    if (key === 'parameters' && Array.isArray(value)) return [key, value.map(filledMapping).sort(byName)];
    const defaults = Object.hasOwn(FILLED_IN, key) ? FILLED_IN[key] : undefined;
    return [key, defaults !== undefined && isObject(value) ? filled(value, defaults) : value];
  });
  return sortMembers(members);
}

/** A member that is null is one that is missing. */
const filled = (source: JsonObject, defaults: JsonObject): JsonObject =>
  sortMembers([
    ...Object.entries(defaults),
    ...Object.entries(source).filter(([key, value]) => value !== null || !Object.hasOwn(defaults, key)),
  ]);

function filledMapping(mapping: Json): Json {
  if (!isObject(mapping)) return mapping;
  const inCapitals = ['in', 'origin'].flatMap((key): [string, Json][] => {
    const value = textMember(mapping, key);
    return value === undefined ? [] : [[key, value.toUpperCase()]];
  });
  return filled({ ...mapping, ...Object.fromEntries(inCapitals) }, { description: '' });
}

const nameOf = (mapping: Json): string => (isObject(mapping) ? (textMember(mapping, 'name') ?? '') : '');

const byName = (left: Json, right: Json): number => byCodeUnit(nameOf(left), nameOf(right));
