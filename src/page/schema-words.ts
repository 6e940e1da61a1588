/** A schema in words: what kind of value, what it is for, its members one below the other. */
import { type Child, el } from './dom.ts';
import { t } from './language.ts';

/** What of a schema is read here. */
export interface Schema {
  readonly type?: string;
  readonly format?: string;
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly nullable?: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

/** The kind of a value, such as `integer`, `string[]`, `"time" | "polls"`. */
export function kindOf(schema: Schema): string {
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  if (schema.anyOf !== undefined) return [...new Set(schema.anyOf.map(kindOf))].join(' | ');
  if (schema.items !== undefined) return `${kindOf(schema.items)}[]`;
  const kind = schema.type ?? 'any';
  return schema.nullable === true ? `${kind} | null` : kind;
}

function boundsOf({ minimum, maximum, format, default: otherwise }: Schema): string {
  const least = minimum === undefined ? '' : `≥ ${minimum}`;
  const most = maximum === undefined ? '' : `≤ ${maximum}`;
  const fallback = otherwise === undefined ? '' : `= ${JSON.stringify(otherwise)}`;
  return [format ?? '', least, most, fallback].filter((part) => part !== '').join(' ');
}

interface Row {
  readonly name: string;
  readonly schema: Schema;
  readonly required: boolean;
}

const MAX_DEPTH = 5;

/** The members of a schema, those of members below them. */
function rowsOf(schema: Schema, path: string, depth: number): Row[] {
  if (depth > MAX_DEPTH) return [];
  if (schema.items !== undefined) return rowsOf(schema.items, `${path}[]`, depth);
  if (schema.anyOf !== undefined) return schema.anyOf.flatMap((one) => rowsOf(one, path, depth + 1));
  return Object.entries(schema.properties ?? {}).flatMap(([name, member]) => {
    const at = path === '' ? name : `${path}.${name}`;
    const row = { name: at, schema: member, required: schema.required?.includes(name) === true };
    return [row, ...rowsOf(member, at, depth + 1)];
  });
}

/** A table of members; nothing for a value that has none. */
export function schemaTable(schema: Schema): HTMLElement | undefined {
  const seen = new Set<string>();
  const rows = rowsOf(schema, '', 0).filter(({ name, schema: member }) => {
    const key = `${name} ${kindOf(member)}`;
    return !seen.has(key) && seen.add(key) !== undefined;
  });
  return rows.length === 0 ? undefined : rowTable(rows.map((row) => [row.name, row] as const));
}

/** A table of named values with their kinds. */
export function rowTable(rows: readonly (readonly [string, Omit<Row, 'name'>])[]): HTMLElement {
  const heads = [t('member'), t('kind'), t('meaning')].map((head) => el('th', { scope: 'col' }, head));
  const lines = rows.map(([name, { schema, required }]) => {
    const meaning: Child[] = [schema.description ?? '', ' ', el('span', { class: 'soft' }, boundsOf(schema))];
    return el(
      'tr',
      {},
      el('td', { class: 'mono' }, name, required && el('span', { class: 'soft' }, ` ${t('required')}`)),
      el('td', { class: 'mono soft kind' }, kindOf(schema)),
      el('td', {}, ...meaning),
    );
  });
  return el(
    'div',
    { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': t('member') },
    el('table', {}, el('thead', {}, el('tr', {}, ...heads)), el('tbody', {}, ...lines)),
  );
}
