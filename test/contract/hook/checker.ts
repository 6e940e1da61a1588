/** Checks a response against the OpenAPI description: its status, its headers, the type and the shape of its body. */
import { Ajv, type ValidateFunction } from 'ajv';

interface Header {
  readonly required?: boolean;
  readonly schema?: { readonly pattern?: string };
}
interface Response {
  readonly 'x-status'?: number;
  readonly headers?: Readonly<Record<string, Header>>;
  readonly content?: Readonly<Record<string, { readonly schema: object }>>;
}
// biome-ignore lint/suspicious/noExplicitAny: schemas are walked whatever they are
export type Schema = any;
export interface DescribedParameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly allowEmptyValue?: boolean;
  readonly schema: Schema;
}
export interface DescribedOperation {
  readonly operationId: string;
  readonly parameters?: readonly DescribedParameter[];
  readonly requestBody?: {
    readonly required?: boolean;
    readonly content: Readonly<Record<string, { readonly schema: Schema; readonly example?: unknown }>>;
  };
  readonly security?: readonly object[];
  readonly responses: Readonly<Record<string, Response>>;
}
/** The description, as far as it is read here. */
export interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DescribedOperation>>>>;
  readonly components: { readonly responses: Readonly<Record<string, Response>> };
}

/** A response as it was sent. */
export interface SeenResponse {
  /** Absent: the bytes never became a request. */
  readonly method?: string;
  /** As it was sent. */
  readonly target?: string;
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Absent: it was too long to be recorded, and only status and headers are checked. */
  readonly text?: string;
}

/** Returns what in a response contradicts the description; undefined = nothing. */
export type Checker = (seen: SeenResponse) => string | undefined;

/** Schemas are compiled when a response first needs them. */
export function checkerOf(description: Description): Checker {
  const ajv = new Ajv({ strict: false, validateFormats: false });
  const compiled = new WeakMap<object, ValidateFunction>();
  const fits = (schema: object, value: unknown): string | undefined => {
    const validate = compiled.get(schema) ?? ajv.compile(schema);
    compiled.set(schema, validate);
    return validate(value) ? undefined : ajv.errorsText(validate.errors, { dataVar: 'body' });
  };
  const find = finderOf(description);
  const common = Object.values(description.components.responses);

  return (seen) => {
    const own = find(seen.method, seen.target)?.responses[seen.status];
    const shared = common.filter((one) => one['x-status'] === seen.status);
    let problem: string | undefined;
    for (const response of own === undefined ? shared : [own, ...shared]) {
      const wrong = mismatchOf(response, seen, fits);
      if (wrong === undefined) return undefined;
      problem ??= wrong;
    }
    const what = problem ?? 'this status is not described';
    return `${seen.method ?? 'no request'} ${seen.target ?? ''} ${seen.status}: ${what}`;
  };
}

/** The operation of a method and target; a HEAD is a GET without its body. */
export function finderOf({ paths }: Description) {
  // As OpenAPI has it: `apis/publish/{api_id}` before a path that has a parameter in place of `publish`.
  const routes = Object.entries(paths)
    .map(([path, methods]) => ({
      methods,
      parameters: path.split('{').length,
      pattern: new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]*')}$`),
    }))
    .sort((a, b) => a.parameters - b.parameters);
  return (method = '', target = ''): DescribedOperation | undefined => {
    const raw = target.replace(/^https?:\/\/[^/?#]*/i, '').split('?', 1)[0] ?? '';
    const path = raw.split('/').map(readable).join('/');
    const as = method === 'HEAD' ? 'get' : method.toLowerCase();
    return routes.find(({ methods, pattern }) => as in methods && pattern.test(path))?.methods[as];
  };
}

/** A step of a path as routes see it: what is encoded without need is the same as what is not. */
function readable(step: string): string {
  try {
    const text = decodeURIComponent(step);
    return text.includes('/') ? step : text;
  } catch {
    return step;
  }
}

function mismatchOf(
  { headers = {}, content }: Response,
  seen: SeenResponse,
  fits: (schema: object, value: unknown) => string | undefined,
): string | undefined {
  for (const [name, { required, schema }] of Object.entries(headers)) {
    const value = seen.headers[name.toLowerCase()];
    if (value === undefined && required === true) return `the header ${name} is missing`;
    if (
      value !== undefined &&
      schema?.pattern !== undefined &&
      !new RegExp(schema.pattern).test(String(value))
    )
      return `the header ${name} is '${value}'`;
  }
  if (content === undefined) return (seen.text ?? '') === '' ? undefined : 'a body that is not described';
  const type = String(seen.headers['content-type'] ?? 'none');
  const media = content[type] ?? content[type.replace(/; charset=utf-8$/, '')];
  if (media === undefined || (type !== 'application/json' && /json/.test(type)))
    return `the content type is '${type}'`;
  if (type !== 'application/json' || seen.text === undefined || seen.method === 'HEAD') return undefined;
  try {
    return fits(media.schema, JSON.parse(seen.text));
  } catch {
    return `no JSON: ${seen.text.slice(0, 100)}`;
  }
}
