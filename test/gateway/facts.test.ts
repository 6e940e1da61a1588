/** The facts of a document notice it when any member of it is lost, but for those that mean nothing to the service. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { factsOf, lostFacts, parsed } from './facts.ts';

const folder = new URL('../../fixtures/openapi/', import.meta.url);

/** Members, with their values, that may go without a loss: by the guide, or since they are the default. */
const MEANS_NOTHING: readonly RegExp[] = [
  /^(swagger|openapi|host|info version|servers \d+ url): /,
  /^(paths .* |)schemes \d+: "https"$/,
  /^(paths .* |)servers \d+ url: "https:/,
  /^(securityDefinitions|components securitySchemes) \S+ (type|name|in): /,
  // The service has these itself, and an authorizer by its own member.
  /^(securityDefinitions|components securitySchemes) apig-auth-\S+ x-apigateway-auth-(type|opt appcode-auth-type): /,
  / parameters \S+ (schema )?type: "string"/,
  / parameters \S+ required: true in path$/,
  // All three are the service's way to write that there is no limit.
  / parameters \S+ (schema )?(maxLength|maximum|minimum): 0/,
  / parameters \S+ example: "" in/,
  // It stands in the body.
  /^paths \/orders post parameters 0 /,
  /responses (\S+ )?x-apigateway-result-(normal|failure)-sample: ""$/,
  /responses \S+ (description|\$ref|headers .*): /,
  /x-apigateway-responses: {}$/,
];

/** Where each scalar, empty mapping and empty list of a tree stands. */
function* leaves(value: unknown, place: readonly string[] = []): Generator<readonly string[]> {
  const members = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  if (members.length === 0) yield place;
  for (const [key, member] of members) yield* leaves(member, [...place, key]);
}

/** A copy without what stands at a place. */
function without(tree: unknown, [key = '', ...rest]: readonly string[]): unknown {
  if (Array.isArray(tree))
    return rest.length === 0
      ? tree.filter((_, at) => String(at) !== key)
      : tree.map((item, at) => (String(at) === key ? without(item, rest) : item));
  const { [key]: member, ...others } = tree as Record<string, unknown>;
  return rest.length === 0 ? others : { ...others, [key]: without(member, rest) };
}

const valueAt = (tree: unknown, place: readonly string[]): unknown =>
  place.reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], tree);

/** A member and its value, and where it is a parameter's, in what. */
function shown(tree: unknown, place: readonly string[]): string {
  const { in: where } = valueAt(tree, place.slice(0, -1)) as { in?: unknown };
  return `${place.join(' ')}: ${JSON.stringify(valueAt(tree, place))}${where === undefined ? '' : ` in ${where}`}`;
}

it.each(readdirSync(folder).filter((name) => name !== 'every-failure.yaml'))(
  'notices any loss in %s',
  (name) => {
    const tree = parsed(readFileSync(new URL(name, folder), 'utf8'));
    const facts = factsOf(tree);
    const unnoticed = [...leaves(tree)]
      .filter((place) => lostFacts(facts, factsOf(without(tree, place) as typeof tree)).length === 0)
      .map((place) => shown(tree, place));
    expect(unnoticed.filter((place) => !MEANS_NOTHING.some((known) => known.test(place)))).toEqual([]);
  },
);
