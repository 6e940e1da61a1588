/** The description of the API as a page to read: every call with its parameters, its body and its answers. */
import { byId, el, put } from './dom.ts';

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema?: { readonly description?: string };
}
interface Operation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly description?: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content?: object };
  readonly responses?: Readonly<Record<string, { readonly description?: string; readonly content?: object }>>;
}
interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

const code = (value: object): HTMLElement => el('pre', {}, JSON.stringify(value, null, 2));

const folded = (title: string, value: object | undefined): HTMLElement | undefined =>
  value && el('details', {}, el('summary', {}, title), code(value));

const parameterRow = (parameter: Parameter): HTMLElement =>
  el(
    'li',
    {},
    el('code', {}, parameter.name),
    ` (${parameter.in}${parameter.required === true ? ', required' : ''}) `,
    parameter.description ?? parameter.schema?.description ?? '',
  );

/** One call. */
function section(path: string, method: string, operation: Operation): HTMLElement {
  const { operationId = '', summary, description, parameters = [], requestBody, responses = {} } = operation;
  return el(
    'section',
    { class: 'panel' },
    el('h2', {}, operationId),
    el('p', {}, el('code', {}, `${method.toUpperCase()} ${path}`)),
    (summary ?? description) !== undefined && el('p', {}, summary ?? description),
    parameters.length > 0 && el('ul', {}, ...parameters.map(parameterRow)),
    folded('Body', requestBody?.content),
    ...Object.entries(responses).map(([status, answer]) =>
      folded(`${status} ${answer.description ?? ''}`, answer.content ?? {}),
    ),
  );
}

/** Shows the description, or why there is none. */
async function show(): Promise<void> {
  const main = byId('calls');
  const answer = await fetch('/__admin/openapi.json');
  if (!answer.ok) {
    put(main, el('p', {}, `/__admin/openapi.json answered ${answer.status}`));
    return;
  }
  const { paths } = (await answer.json()) as Description;
  const sections = Object.entries(paths).flatMap(([path, calls]) =>
    Object.entries(calls).map(([method, operation]) => section(path, method, operation)),
  );
  put(main, ...sections);
}

void show();
