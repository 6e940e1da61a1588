/** The rules of the house that a source file can be held against: who imports whom, who touches time, chance and the process, how long. */
import { dirname, join } from 'node:path/posix';

export interface SourceFile {
  /** From the root of the project, such as `src/tasks/store.ts`. */
  readonly path: string;
  readonly text: string;
}

export interface Import {
  /** A path in the project, or the name of a package. */
  readonly target: string;
  /** Gone once the types are: no dependency when it runs. */
  readonly typeOnly: boolean;
}

const MAX_LINES = 400;
/** Longer files, each with its reason. */
const LONG_FILES: Readonly<Record<string, string>> = {
  'src/config/settings.ts': 'the one table of settings',
  'src/core/error-codes.ts': "the provider's table of error codes",
};

/** Data flows one way: what each part may import besides itself, types included. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: [],
  config: ['core'],
  tasks: ['core', 'config'],
  iam: ['core', 'config'],
  gateway: ['core', 'config', 'tasks', 'iam'],
  admin: ['core', 'config', 'tasks', 'iam', 'gateway'],
  page: ['core', 'config', 'tasks', 'iam', 'gateway', 'admin'],
  http: ['core', 'config', 'tasks', 'iam', 'gateway', 'admin', 'page'],
  mock: ['core', 'config', 'tasks', 'iam', 'gateway', 'admin', 'page', 'http'],
  index: ['core', 'config', 'tasks', 'iam', 'gateway', 'admin', 'mock'],
  conformance: ['core', 'config', 'tasks'],
  // It reads forms and documents, signs, and lets no web page in, by the rules of the mock.
  recorder: ['core', 'config', 'tasks', 'iam', 'gateway', 'admin', 'conformance'],
  // Client commands sign their calls with the rules that verify them, and know the control calls by their table.
  cli: ['core', 'config', 'iam', 'admin', 'mock', 'conformance', 'recorder'],
};

/** What there is in a mock: code that needs a few of its parts takes a `Pick` of it. */
const CORE = 'src/mock.ts';

/** Types that go against the stream, each with its reason; a type is gone when it runs. */
const BACKWARD_TYPES: Readonly<Record<string, string>> = {
  // The setting `faults` takes what the control call of that name takes, and the library's users see it so.
  'src/config/settings.ts': 'src/admin/faults/schema.ts',
};

/** Words that belong to one place each. */
const RULES: readonly { what: string; pattern: RegExp; in: RegExp }[] = [
  {
    what: 'the process',
    pattern: /(?<![\w.$'])process\s*\.\s*\w|['"](?:node:)?process['"]/,
    in: /^src\/cli\//,
  },
  {
    what: "the system's time",
    pattern:
      /\bDate\s*\.\s*now\b|\bnew\s+Date\s*(?:\(\s*\)|(?![\s(\w]))|\bperformance\s*\.\s*now\b|\bhrtime\b/,
    in: /^src\/core\/clock\.ts$/,
  },
  {
    what: 'timers',
    pattern: /\bset(?:Timeout|Interval|Immediate)\b|['"](?:node:)?timers(?:\/promises)?['"]/,
    in: /^src\/core\/clock\.ts$/,
  },
  {
    // Code that sends requests must read or drop every body, and report in one line what has gone wrong.
    what: 'HTTP to a mock elsewhere',
    pattern: /(?<![\w.])fetch\s*\(|['"]undici['"]/,
    in: /^src\/(?:core\/remote|recorder\/proxy|cli\/client\/(?:api-client|task-reason))\.ts$/,
  },
  {
    // Under Jest, what it makes is of another realm: no `instanceof Object`.
    what: 'objects of another realm',
    pattern: /\bstructuredClone\b/,
    in: /^$/,
  },
  {
    // On Node 20, what it makes is held for as long as one of its sources lives.
    what: 'signals that outlive their use',
    pattern: /\bAbortSignal\s*\.\s*any\b/,
    in: /^$/,
  },
  {
    what: 'chance',
    pattern: /\bMath\s*\.\s*random\b|\brandom(?:UUID|Int|Fill|FillSync)\b|\bgetRandomValues\b/,
    in: /^src\/core\/ids\.ts$/,
  },
  // Code that needs a time names its purpose: `clocks.now('journal', …)`. These own clocks, show them, or move tasks by them.
  {
    what: 'the time of a clock',
    pattern: /(?<!\b(?:Date|performance)\s*)\.\s*(?:now|credentialsNow)\s*\(\s*\)/,
    in: /^src\/(?:core\/clocks?\.ts|tasks\/worker\.ts|admin\/(?:state\/state|clock-calls|overview|overview-clocks)\.ts)$/,
  },
  // Code that stores a promise of its own stores its failure, too: `once` tries again.
  {
    what: 'a stored promise, where once() belongs',
    pattern: /^let \w+: [^=;]*\bPromise<|\?\?=\s*(?:import|load)\w*\(/m,
    in: /^src\/core\/once\.ts$/,
  },
  // The secret of tokens is no id: the composition root draws it.
  { what: 'chance', pattern: /\brandomBytes\b/, in: /^src\/(?:core\/ids|mock)\.ts$/ },
];

/** What runs in the browser has a clock and timers of its own. */
const IN_BROWSER = /^src\/page\//;

/** Fastify itself and its plugins; the form parser of that name knows nothing of it. */
const FASTIFY = /^(?:fastify(?:-plugin)?|@fastify\/(?!busboy$).*)$/;
const MAY_USE_FASTIFY = /^src\/http\/.*$/;

/** The part of the house that a file belongs to: its folder, or the composition root. */
export function partOf(path: string): string {
  const [, first = '', second] = path.split('/');
  if (second !== undefined) return first;
  const name = first.replace(/\.ts$/, '');
  return name === 'full' ? 'mock' : name;
}

/** Everything that a file imports, dynamic imports included. */
export function importsOf({ path, text }: SourceFile): Import[] {
  const found: Import[] = [];
  const add = (specifier: string, typeOnly: boolean): void => {
    const target = specifier.startsWith('.') ? join(dirname(path), specifier) : specifier;
    found.push({ target, typeOnly });
  };
  const code = withoutComments(text);
  for (const [, type, names = '', specifier = ''] of code.matchAll(
    /^(?:import|export)\s+(type\s)?([\w\s{},*$]*?)\s*from\s*['"]([^'"]+)['"]/gm,
  )) {
    const inBraces = /^\{(.*)\}$/s.exec(names.trim())?.[1];
    const each = inBraces?.split(',').filter((name) => name.trim() !== '');
    add(specifier, type !== undefined || (each?.every((name) => /^\s*type\s/.test(name)) ?? false));
  }
  for (const [, specifier = ''] of code.matchAll(/^import\s*['"]([^'"]+)['"]/gm)) add(specifier, false);
  for (const [, specifier = ''] of code.matchAll(/\bimport\(\s*['"]([^'"]+)['"]\s*\)/g))
    add(specifier, false);
  return found;
}

/** Each way in which a file breaks the rules. */
export function violations(file: SourceFile): string[] {
  const { path, text } = file;
  const part = partOf(path);
  const may = MAY_IMPORT[part];
  if (may === undefined) return [`${path}: '${part}' is no part of the house`];
  const broken: string[] = [];
  for (const { target, typeOnly } of importsOf(file)) {
    if (target.startsWith('src/')) {
      const other = partOf(target);
      const excepted = typeOnly && (target === CORE || BACKWARD_TYPES[path] === target);
      if (other !== part && !may.includes(other) && !excepted)
        broken.push(`${path}: imports ${target}: ${part} may not import ${other}`);
    }
    // A type leaves no trace when it runs, so code that is handed a request or an app may name its type.
    if (FASTIFY.test(target) && !typeOnly && !MAY_USE_FASTIFY.test(path))
      broken.push(`${path}: imports ${target}`);
  }
  if (!IN_BROWSER.test(path)) {
    const code = withoutTexts(withoutComments(text));
    for (const { what, pattern, in: allowed } of RULES) {
      const found = allowed.test(path) ? null : pattern.exec(code);
      if (found !== null) broken.push(`${path}: touches ${what}: ${found[0]}`);
    }
  }
  const lines = text.trimEnd().split('\n').length;
  if (lines > MAX_LINES && !(path in LONG_FILES))
    broken.push(`${path}: ${lines} lines, more than ${MAX_LINES}`);
  if (!/^(?:#!.*\n)?\/\*\*/.test(text)) broken.push(`${path}: no line at its head states what it owns`);
  return broken;
}

/** A circle of imports, as paths, or undefined. Types are left out: they are gone when it runs. */
export function circleIn(files: readonly SourceFile[]): string[] | undefined {
  const imports = new Map(
    files.map((file) => [file.path, importsOf(file).filter(({ typeOnly }) => !typeOnly)]),
  );
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): string[] | undefined => {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path];
    if (done.has(path)) return undefined;
    for (const { target } of imports.get(path) ?? []) {
      const circle = visit(target, [...trail, path]);
      if (circle !== undefined) return circle;
    }
    done.add(path);
    return undefined;
  };
  for (const path of imports.keys()) {
    const circle = visit(path, []);
    if (circle !== undefined) return circle;
  }
  return undefined;
}

const TEXT = String.raw`'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"`;
const COMMENT = String.raw`\/\/[^\n]*|\/\*[^]*?\*\/`;

/** Comments become blanks; texts are skipped over, so that what looks like a comment in one stays. */
function withoutComments(text: string): string {
  return text.replace(new RegExp(`${TEXT}|${COMMENT}`, 'g'), (found) =>
    found.startsWith('/') ? ' ' : found,
  );
}

/** Texts become empty, but for names of modules. What stands in backquotes may be code, and stays. */
function withoutTexts(code: string): string {
  return code.replace(new RegExp(TEXT, 'g'), (found) => (/^.(?:node:)?[a-z/]+.$/.test(found) ? found : "''"));
}
