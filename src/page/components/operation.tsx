/** One operation of the API: its parameters, bodies and responses, each with members and examples. */
import { useSignal } from '@preact/signals';
import { curlOf } from '../api.ts';
import { joined, t } from '../text.ts';
import { CopyButton, Select } from './controls.tsx';
import { type Cell, SCROLLS, StatusChip, Table } from './layout.tsx';

/** What of a schema is read here. */
type Schema = Readonly<Partial<Record<'type' | 'format' | 'description', string>>> &
  Readonly<Partial<Record<'minimum' | 'maximum', number>>> & {
    readonly enum?: readonly unknown[];
    readonly default?: unknown;
    readonly nullable?: boolean;
    readonly items?: Schema;
    readonly anyOf?: readonly Schema[];
    readonly properties?: Readonly<Record<string, Schema>>;
    readonly required?: readonly string[];
  };
/** A parameter, or a member of a body. */
type Member = { readonly name: string; readonly schema: Schema; readonly required?: boolean };
type Examples = Readonly<Record<string, { readonly value: unknown }>>;
type Content = Readonly<Record<string, { readonly schema: Schema; readonly examples?: Examples }>>;
/** An operation as the description has it, with its method and path. */
export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly security?: readonly Readonly<Record<string, unknown>>[];
  readonly parameters?: readonly (Member & { readonly in: string; readonly description?: string })[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>;
}

export const Verb = ({ method }: { method: string }) => (
  <span class={`verb ${method.toLowerCase()}`}>{method}</span>
);

/** An operation that opens; its inside is drawn when it is first opened. */
export function OperationPanel({ operation }: { operation: Operation }) {
  const wasOpened = useSignal(false);
  const opened = () => {
    wasOpened.value = true;
  };
  return (
    <details id={operation.operationId} class="panel operation" onToggle={opened}>
      <summary>
        <Verb method={operation.method} />
        <code>{operation.path}</code>
        <strong>{operation.operationId}</strong>
        <span class="soft">{operation.summary}</span>
      </summary>
      <div>{wasOpened.value && <Inside operation={operation} />}</div>
    </details>
  );
}

function Inside({ operation }: { operation: Operation }) {
  const { parameters = [], security = [], requestBody, responses } = operation;
  const credentials = security.map((way) => Object.keys(way).join(' + ') || t('noCredentials')).join(', ');
  const members = parameters.map(({ description = '', in: where, schema, ...parameter }) => ({
    ...parameter,
    schema: { ...schema, description: `${description} (${where})` },
  }));
  return (
    <>
      <div class="row">
        <span class="soft">{`${t('credentials')}: ${credentials || t('noCredentials')}`}</span>
        <CopyButton command={() => commandOf(operation)} />
      </div>
      <Block title={t('parameters')} members={members} />
      {Object.entries(requestBody?.content ?? {}).map(([type, { schema }]) => (
        <Block key={type} title={`${t('body')} · ${type}`} members={membersOf(schema)} />
      ))}
      {Object.entries(responses).map(([status, response]) => (
        <div key={status} class="response">
          <div class="row">
            <StatusChip status={Number(status)} />
            {response.description}
          </div>
          {Object.entries(response.content ?? {}).map(([type, media]) => (
            <Body key={type} type={type} media={media} status={Number(status)} />
          ))}
        </div>
      ))}
    </>
  );
}

const Block = ({ title, members }: { title: string; members: readonly Member[] }) =>
  members.length === 0 ? null : (
    <div>
      <h3>{title}</h3>
      <MemberTable members={members} />
    </div>
  );

/** The body of a response: its members where it is no error, and its examples, one at a time. */
function Body({ type, media, status }: { type: string; media: Content[string]; status: number }) {
  const { schema, examples = {} } = media;
  const names = Object.keys(examples);
  const chosen = useSignal(names[0] ?? '');
  const value = examples[chosen.value]?.value;
  const hint = `${t('example')} ${status}`;
  return (
    <>
      <span class="mono soft">{type}</span>
      {status < 400 && <MemberTable members={membersOf(schema)} />}
      <div>
        {names.length > 1 && <Select hint={hint} options={names} bound={chosen} />}
        {names.length > 0 && (
          <pre {...SCROLLS}>{typeof value === 'string' ? value : JSON.stringify(value, null, 2)}</pre>
        )}
      </div>
    </>
  );
}

const PLACES: Readonly<Record<string, string>> = { project_id: 'p1', instance_id: 'i1' };

function commandOf({ method, path, requestBody, security = [] }: Operation): string {
  const types = Object.keys(requestBody?.content ?? {});
  return curlOf({
    method,
    path: path.replace(/\{(\w+)\}/g, (whole, name: string) => PLACES[name] ?? whole),
    headers: security.some((way) => 'token' in way) ? { 'X-Auth-Token': 'dev-token' } : {},
    ...(types.includes('multipart/form-data') ? { form: { file_name: '@openapi.json' } } : {}),
    ...(types.includes('application/json') ? { json: {} } : {}),
  });
}

const MAX_DEPTH = 5;

/** The type of a value, such as `integer`, `string[]`, `"time" | "polls"`. */
function typeOf(schema: Schema): string {
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  if (schema.anyOf !== undefined) return [...new Set(schema.anyOf.map(typeOf))].join(' | ');
  if (schema.items !== undefined) return `${typeOf(schema.items)}[]`;
  const type = schema.type ?? 'any';
  return schema.nullable === true ? `${type} | null` : type;
}

function limitsOf({ minimum, maximum, format, default: fallback }: Schema): string {
  const limits = [minimum === undefined ? '' : `≥ ${minimum}`, maximum === undefined ? '' : `≤ ${maximum}`];
  return joined(' ', format, ...limits, fallback === undefined ? '' : `= ${JSON.stringify(fallback)}`);
}

/** The members of a schema, those of members below them. */
function membersOf(schema: Schema, path = '', depth = 0): Member[] {
  if (depth > MAX_DEPTH) return [];
  if (schema.items !== undefined) return membersOf(schema.items, `${path}[]`, depth);
  if (schema.anyOf !== undefined) return schema.anyOf.flatMap((one) => membersOf(one, path, depth + 1));
  return Object.entries(schema.properties ?? {}).flatMap(([member, inner]) => {
    const name = path === '' ? member : `${path}.${member}`;
    const required = schema.required?.includes(member) === true;
    return [{ name, schema: inner, required }, ...membersOf(inner, name, depth + 1)];
  });
}

const keyOf = ({ name, schema }: Member): string => `${name} ${typeOf(schema)}`;

/** A table of named values with their types; nothing where there are none. */
function MemberTable({ members }: { members: readonly Member[] }) {
  // Alternatives often share members: each is listed once.
  const keys = members.map(keyOf);
  const rows = members.filter((_, at) => keys.indexOf(keys[at] ?? '') === at);
  if (rows.length === 0) return null;
  return <Table label={t('member')} heads={HEADS} rows={rows} keyOf={keyOf} cells={cellsOf} />;
}

const HEADS = ['member', 'type', 'meaning'] as const;
const soft = (text: string) => <span class="soft"> {text}</span>;
const cellsOf = ({ name, schema, required }: Member): Cell[] => [
  [[name, required && soft(t('required'))], 'mono'],
  [typeOf(schema), 'mono soft kind'],
  [[schema.description, soft(limitsOf(schema))]],
];
