/**
 * The rules that tie the parameters of an API together: what its path names is a request parameter, what the path of
 * a back end names is a parameter of the back end, and what that takes from the request is a request parameter.
 * Source: APIG.2026, 2027 and 2028 of the error codes (Open Telekom Cloud, API reference, read 2026-11-24); that names
 * of headers have no case: restrictions_and_compatibility of its user guide, same day.
 */
import { errors } from '../../core/errors.ts';
import { mayRepeat } from '../../core/nearest.ts';
import type { RequestParameter } from '../model.ts';
import { BACKEND, BACKEND_POLICIES } from './backend.ts';
import { isObject, type Json, type JsonObject, list, objectMember, textMember } from './json.ts';

const IN_BRACES = /\{([^{}]*)\}/g;

const namesIn = (path: string): string[] => Array.from(path.matchAll(IN_BRACES), ([, name = '']) => name);

/** A short word may be repeated; anything else may be a secret in the wrong place. */
const shown = (name: string, otherwise: string): string => (mayRepeat(name) ? name : otherwise);

/** Throws `APIG.2026` for a path that names what is no path parameter; a greedy `{proxy+}` is named with or without its sign. */
export function checkPathParameters(path: string, parameters: readonly RequestParameter[]): void {
  const defined = new Set(parameters.flatMap((parameter) => (parameter.in === 'path' ? parameter.name : [])));
  for (const name of namesIn(path)) {
    if (!defined.has(name) && !defined.has(name.replace(/\+$/, '')))
      throw errors.pathParametersUndefined({
        reason: `${shown(name, 'a name in braces')} of the path is no entry of parameters with in: path`,
      });
  }
}

/** Throws `APIG.2027` or `APIG.2028` for the back end and the policies of an operation, whose form has been checked. */
export function checkMappings(extensions: JsonObject, parameters: readonly RequestParameter[]): void {
  const names = new Set(parameters.map(({ name }) => name));
  const headers = new Set(
    parameters.flatMap(({ in: place, name }) => (place === 'header' ? name.toLowerCase() : [])),
  );
  const isDefined = (name: string) => names.has(name) || headers.has(name.toLowerCase());
  for (const backend of [extensions[BACKEND], ...list(extensions, BACKEND_POLICIES)])
    checkMappingsOf(backend, isDefined);
}

function checkMappingsOf(backend: Json | undefined, isDefined: (name: string) => boolean): void {
  if (!isObject(backend)) return;
  const inPath = new Set<string>();
  for (const parameter of list(backend, 'parameters').filter(isObject)) {
    const name = textMember(parameter, 'name') ?? '';
    if (textMember(parameter, 'in')?.toLowerCase() === 'path') inPath.add(name);
    if (textMember(parameter, 'origin')?.toUpperCase() !== 'REQUEST') continue;
    if (!isDefined(textMember(parameter, 'value') ?? ''))
      throw errors.mappedParametersUndefined({
        reason: `the value of ${shown(name, 'a back end parameter')} is the name of no request parameter`,
      });
  }
  const name = pathsOf(backend)
    .flatMap(namesIn)
    .find((one) => !inPath.has(one));
  if (name !== undefined)
    throw errors.backendPathParametersUndefined({
      reason: `${shown(name, 'a name in braces')} of the back end's path is no entry of its parameters with in: path`,
    });
}

const ENDPOINTS = ['httpEndpoints', 'httpVpcEndpoints', 'httpVpcMemberGroupEndpoints'];

/** The paths of the endpoints; a group of members has one for each. */
function pathsOf(backend: JsonObject): string[] {
  return ENDPOINTS.flatMap((key) => {
    const endpoints = objectMember(backend, key);
    if (endpoints === undefined) return [];
    const members = list(endpoints, 'memberGroupUrlInfos').filter(isObject);
    return [endpoints, ...members].flatMap((one) => textMember(one, 'path') ?? []);
  });
}
