/** Requests with one thing wrong, each made of a good one: what the description does not allow. */
import type { Ajv } from 'ajv';
import type { DescribedParameter, Schema } from '../hook/checker.ts';
import { bodyOf, FORM, type Operation, parametersIn, type Sent, type Values } from './requests.ts';
import { tried, triedTexts } from './values.ts';

export type Mismatch = readonly [what: string, sent: Sent, status: number];
type Change = (copy: Sent) => void;

/** Every request with one thing wrong. */
export function mismatches(operation: Operation, good: Sent, ajv: Ajv): Mismatch[] {
  const altered = (what: string, change: Change, status = 400): Mismatch => {
    const copy = structuredClone(good);
    change(copy);
    return [what, copy, status];
  };
  return [
    ...parametersIn(operation, 'query').flatMap((one) =>
      wrongQuery(one, ajv).map((args) => altered(...args)),
    ),
    ...parametersIn(operation, 'path').flatMap((one) => wrongId(one, ajv).map((args) => altered(...args))),
    ...parametersIn(operation, 'header')
      .filter(({ required }) => required === true)
      .map(({ name }) => altered(`without the header ${name}`, ({ headers }) => delete headers[name])),
    ...wrongBody(operation, good, ajv).map((args) => altered(...args)),
    ...wrongType(operation).map((args) => altered(...args)),
  ];
}

type Args = [what: string, change: Change, status?: number];
const shown = (value: unknown): string => JSON.stringify(value)?.slice(0, 40) ?? 'nothing';

const WHOLE = /^(0|-?[1-9]\d*)$/;
/** A text of a URL as the value that it is. */
const read = (text: string, { type }: Schema): unknown =>
  type === 'integer' && WHOLE.test(text) ? Number(text) : text;

function wrongQuery({ name, schema, allowEmptyValue }: DescribedParameter, ajv: Ajv): Args[] {
  const fits = ajv.compile(schema);
  const wrong = triedTexts(schema).filter(
    (text) => !fits(read(text, schema)) && !(text === '' && allowEmptyValue === true),
  );
  return [...wrong, ['1', '1']].map((value) => [
    `query ${name}=${shown(value)}`,
    ({ query }) => {
      query[name] = value;
      if (name === 'instance_id') query['project_id'] = 'p1';
    },
  ]);
}

function wrongId({ name, schema }: DescribedParameter, ajv: Ajv): Args[] {
  const fits = ajv.compile(schema);
  // Nothing at all makes another path.
  const wrong = triedTexts(schema).filter((text) => text !== '' && !fits(text));
  return wrong.map((value) => [
    `path ${name}=${shown(value)}`,
    ({ path }) => {
      path[name] = value;
    },
  ]);
}

function wrongBody(operation: Operation, good: Sent, ajv: Ajv): Args[] {
  const [type, schema] = bodyOf(operation) ?? [];
  if (schema === undefined) return [];
  const fits = ajv.compile(schema);
  const values = type === FORM ? triedTexts : tried;
  const args: Args[] = [];
  const attempt = (what: string, body: unknown): void => {
    if (!fits(body)) args.push([`body ${what}`, (copy) => Object.assign(copy, { body })]);
  };
  // A member of a form that is left out is another matter: see wrongForm.
  if (type !== FORM) for (const value of tried(schema)) attempt(`= ${shown(value)}`, value);
  attempt('with a member that is not there', { ...(good.body as Values), nobody_knows: 1 });
  for (const [name, member] of Object.entries<Schema>(schema.properties ?? {})) {
    if (member.format === 'binary') {
      attempt(`with an empty ${name}`, { ...(good.body as Values), [name]: '' });
    } else
      for (const value of values(member))
        attempt(`${name} = ${shown(value)}`, { ...(good.body as Values), [name]: value });
    const { [name]: _, ...rest } = (good.body ?? {}) as Values;
    attempt(`without ${name}`, rest);
    for (const [inner, below] of Object.entries<Schema>(member.properties ?? {}))
      for (const value of [...tried(below), undefined])
        attempt(`${name}.${inner} = ${shown(value)}`, {
          ...(good.body as Values),
          [name]: { ...((good.body as Values)?.[name] as Values), [inner]: value },
        });
  }
  return args;
}

/** Types of body that are not the described one. */
function wrongType(operation: Operation): Args[] {
  const [type] = bodyOf(operation) ?? [];
  if (type === undefined) return [];
  const others = [
    'text/plain',
    'application/xml',
    'application/x-www-form-urlencoded',
    'application/jsonx',
    'application/octet-stream',
  ];
  if (type !== FORM) others.push(`${FORM}; boundary=x`);
  else others.push('multipart/mixed; boundary=x', 'application/json');
  return others.map((other) => [
    `a body of ${other}`,
    (copy) => {
      copy.type = other;
      copy.body ??= {};
      if (type === FORM) copy.body = { file_name: 'x' };
    },
    415,
  ]);
}
