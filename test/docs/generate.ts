/** Makes the parts of the documentation that follow from tables and types of the source. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TSchema } from '@sinclair/typebox';
import type { AdminOperation } from '../../src/admin/control-call.ts';
import { adminOperations } from '../../src/admin/operations.ts';
import { SETTINGS, type Setting } from '../../src/config/settings.ts';
import { SCENARIOS } from '../../src/conformance/scenarios/all.ts';
import { CHECKED, SOURCES as PAGES_OF_SERVICE } from '../../src/conformance/sources.ts';
import { ROOT, textOf } from './pages.ts';

/** A cell of a table. */
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const code = (text: string): string => (text === '' ? '' : `\`${text}\``);

/** A page whose generated parts, between `<!-- generated: NAME -->` and `<!-- end -->`, are made anew. */
export function withGenerated(page: string, parts: Readonly<Record<string, string>>): string {
  const used = new Set<string>();
  const text = textOf(page).replace(
    /(<!-- generated: (\S+) -->\n)[\s\S]*?(<!-- end -->)/g,
    (_all, begin: string, name: string, end: string) => {
      used.add(name);
      return `${begin}\n${parts[name] ?? `nothing is called ${name}`}\n\n${end}`;
    },
  );
  const missing = Object.keys(parts).filter((name) => !used.has(name));
  if (missing.length > 0) throw new Error(`${page} has no place for ${missing.join(', ')}`);
  return text;
}

function takes(setting: Setting): string {
  if (setting.kind === 'number') return `${setting.min} to ${setting.max}`;
  if (setting.kind === 'choice') return setting.choices.map(code).join(', ');
  if (setting.kind === 'switch') return 'true, false';
  if (setting.kind === 'json') return 'a JSON array';
  return setting.takes ?? 'text';
}

/** How a setting is written as a flag. */
export const flagOf = ({ kind, flag, value }: Setting): string =>
  kind === 'switch' ? `--[no-]${flag}` : `--${flag} <${value}>`;

/** The first three cells of the row of a setting, which every language has the same. */
export const spellingsOf = (setting: Setting): string[] => {
  const value = setting.default === undefined ? '' : String(setting.default);
  return [flagOf(setting), setting.env, value].map(code);
};

/** The table of settings. */
export function settingsTable(): string {
  const rows = SETTINGS.map((setting) => {
    const repeat = setting.kind === 'list' ? ' Repeatable; comma-separated in the variable.' : '';
    const help = `${setting.help[0]?.toUpperCase()}${setting.help.slice(1)}.${repeat}`;
    return [...spellingsOf(setting), cell(help), cell(takes(setting)), code(setting.name)];
  });
  const head = ['Flag', 'Variable', 'Default', 'Meaning', 'Takes', 'In the library'];
  return table(head, rows);
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

/** The table of what conform checks, and when it was last done against the real service. */
export function conformTable(): string {
  const last = CHECKED.at(-1);
  const checked = last === undefined ? 'never' : `${last.on}, by ${last.by}`;
  const rows = SCENARIOS.map(({ id, title, steps, readOnly, leaves }) => {
    const sources = [...new Set(steps.map(({ source }) => PAGES_OF_SERVICE[source]))].join('; ');
    const where =
      leaves === undefined ? (readOnly === true ? 'anywhere' : 'without `--read-only`') : 'in a mock';
    return [code(id), cell(title), String(steps.length), where, cell(sources)];
  });
  const head = ['Scenario', 'What is promised', 'Steps', 'Runs', 'Promised by'];
  return `Last checked against the real service: ${checked}.\n\n${table(head, rows)}`;
}

const pathOf = (path: string): string => path.replace(/:(\w+)/g, '{$1}');

/** The table of control calls. */
export const controlTable = (): string =>
  table(
    ['Call', 'What it does', 'In the library', 'Succeeds with'],
    adminOperations.map(({ method, path, summary, call, status = 200 }) => [
      code(`${method} ${pathOf(path)}`),
      cell(summary),
      call === undefined ? '' : code(`mock.${call}`),
      String(status),
    ]),
  );

const membersTable = (schema: TSchema): string => {
  const properties = (schema['properties'] ?? {}) as Record<string, TSchema>;
  const required = new Set((schema['required'] ?? []) as string[]);
  return table(
    ['Field', 'Required', 'Takes'],
    Object.entries(properties).map(([name, member]) => [
      code(name),
      required.has(name) ? 'yes' : '',
      cell(member.description ?? typeText(member, '')),
    ]),
  );
};

/** What each control call takes, with its example. */
export function controlBodies(): string {
  const fieldsOf = ({ query, body, described }: AdminOperation) =>
    [
      ['Query', described?.query ?? query],
      ['Body', described?.body ?? body],
    ] as const;
  const sections = adminOperations.flatMap((operation) => {
    const { method, path, id } = operation;
    const fields = fieldsOf(operation).flatMap(([where, schema]) => {
      const isEmpty = schema === undefined || Object.keys(schema['properties'] ?? {}).length === 0;
      return isEmpty || id === 'restore' ? [] : [`${where}:\n\n${membersTable(schema)}`];
    });
    const body = operation.example?.body;
    const example = body === undefined ? [] : [`\`\`\`json\n${JSON.stringify(body, null, 2)}\n\`\`\``];
    return fields.length === 0 ? [] : [[`### ${method} ${pathOf(path)}`, ...fields, ...example].join('\n\n')];
  });
  return sections.join('\n\n');
}

/** A schema as TypeScript writes its type. */
export function typeText(schema: TSchema, indent: string): string {
  const inner = `${indent}  `;
  if (schema['const'] !== undefined) return JSON.stringify(schema['const']);
  if (Array.isArray(schema['anyOf']))
    return schema['anyOf'].map((one: TSchema) => typeText(one, indent)).join(' | ');
  if (schema['type'] === 'array') return `(${typeText(schema['items'] as TSchema, indent)})[]`;
  if (schema['patternProperties'] !== undefined) {
    const [values] = Object.values(schema['patternProperties'] as Record<string, TSchema>);
    return `Record<string, ${values === undefined ? 'unknown' : typeText(values, indent)}>`;
  }
  if (schema['type'] === 'object') {
    const required = new Set((schema['required'] ?? []) as string[]);
    const members = Object.entries((schema['properties'] ?? {}) as Record<string, TSchema>).map(
      ([name, member]) => {
        const note = member.description === undefined ? '' : `${inner}/** ${member.description} */\n`;
        return `${note}${inner}${name}${required.has(name) ? '' : '?'}: ${typeText(member, inner)};\n`;
      },
    );
    return `{\n${members.join('')}${indent}}`;
  }
  const words = /^\^\(([\w|]+)\)\$$/.exec(String(schema['pattern'] ?? ''))?.[1]?.split('|');
  if (words !== undefined)
    return words.length > 12 ? 'OperationName' : words.map((word) => JSON.stringify(word)).join(' | ');
  return { integer: 'number' }[String(schema['type'])] ?? String(schema['type'] ?? 'unknown');
}

interface Declaration {
  readonly name: string;
  readonly kind: string;
  /** The text of its doc comment. */
  readonly doc: string;
  readonly text: string;
}

const commentText = (comment: string): string =>
  comment
    .replace(/^\/\*\*|\*\/$/g, '')
    .replace(/^ *\* ?/gm, '')
    .replace(/@throws \{(\w+)\}/g, '\nThrows `$1`:')
    .trim();

/** The declarations of the types of the package, by name. */
function declarations(types: string): Map<string, Declaration> {
  const found = new Map<string, Declaration>();
  const pattern =
    /(\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n)?^((?:declare )?(?:abstract )?(interface|type|class|function|const) (\w+)[\s\S]*?)(?=\n(?:\/\*\*|declare |interface |type |export |\/\/#))/gm;
  for (const [, comment = '', text = '', kind = '', name = ''] of types.matchAll(pattern))
    found.set(name, { name, kind, doc: commentText(comment.trim()), text: text.trim() });
  return found;
}

const SOURCES = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => join(ROOT, 'src', name));

/** The type of a schema that is named in the sources. */
async function schemaType(name: string): Promise<string> {
  const source = SOURCES.find((file) => readFileSync(file, 'utf8').includes(`export const ${name} =`));
  if (source === undefined) return 'unknown';
  const module = (await import(source)) as Record<string, TSchema>;
  const schema = module[name];
  return schema === undefined ? 'unknown' : typeText(schema, '');
}

/** Each doc comment on a line of its own: the tool that collects the types runs some into the line before. */
const spacedComments = (text: string): string =>
  text
    .replace(/([;{]) (\/\*\*[^\n]*\*\/)\n( *)/g, '$1\n$3$2\n$3')
    .replace(/^( *)(\/\*\*[^\n]*?\*\/)(?=\S)/gm, '$1$2\n$1');

const LONGEST_LINES = 60;

/** One declaration as a section; a type that follows from a schema is written out. */
async function section({ name, doc, text }: Declaration): Promise<string> {
  const [, schema] = /= Static<typeof (\w+)>;$/.exec(text) ?? [];
  const shown = schema === undefined ? text : `type ${name} = ${await schemaType(schema)};`;
  const isLong = shown.split('\n').length > LONGEST_LINES && schema !== undefined;
  const block = isLong
    ? 'A JSON value; `GET /__admin/openapi.json` has its schema.'
    : `\`\`\`typescript\n${spacedComments(shown.replace(/^declare /, ''))}\n\`\`\``;
  return [`### ${name}`, ...(doc === '' ? [] : [doc]), block].join('\n\n');
}

/** The reference of the library, from the types that the package ships. */
export async function libraryReference(types: string): Promise<string> {
  const all = declarations(types);
  const [, list = ''] = /^export \{([^}]*)\};?$/m.exec(types) ?? [];
  const exported = list.split(',').map((name) => name.trim().replace(/^type /, ''));
  const isOwn = ({ text, kind }: Declaration) =>
    kind !== 'const' && !/\bTSchema\b|\bunique symbol\b/.test(text);
  const names = new Set(exported);
  for (const name of names)
    for (const [word] of (all.get(name)?.text ?? '')
      .replace(/\/\*\*[\s\S]*?\*\//g, '')
      .matchAll(/\b[A-Z]\w+/g)) {
      const other = all.get(word);
      if (other !== undefined && isOwn(other) && !/^T[A-Z]|^Static$/.test(word)) names.add(word);
    }
  const of = (...kinds: string[]) =>
    [...names]
      .flatMap((name) => all.get(name) ?? [])
      .filter(({ kind }) => kinds.includes(kind))
      .toSorted(
        (a, b) =>
          Number(exported.includes(b.name)) - Number(exported.includes(a.name)) ||
          a.name.localeCompare(b.name),
      );
  const OBJECTS = ['ApigMock', 'MockControl', 'Project'];
  const groups: [string, Declaration[]][] = [
    ['Functions', of('function')],
    ['The object', OBJECTS.flatMap((name) => (names.has(name) ? (all.get(name) ?? []) : []))],
    ['Errors', of('class')],
    ['Types', of('interface', 'type').filter(({ name }) => !OBJECTS.includes(name))],
  ];
  const texts = await Promise.all(
    groups.map(async ([title, members]) =>
      [`## ${title}`, ...(await Promise.all(members.map(section)))].join('\n\n'),
    ),
  );
  return texts.join('\n\n');
}
