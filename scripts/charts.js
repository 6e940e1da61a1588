/**
 * Draws the charts of the documents from the real thing: the states of a task from the rules of its life, the
 * parts of the house from who imports whom. Both follow the reader's light or dark colours.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';

const root = new URL('..', import.meta.url);
const STYLE = `<style>
.ink{fill:#17202f}.soft{fill:#566175}.box{fill:#fff;stroke:#c9d0dc}.line{stroke:#8490a4;fill:none}.tip{fill:#8490a4}.accent{fill:#2b5bd7}.ok{fill:#12734a}.bad{fill:#b42335}.wait{fill:#8a7217}
text{font-family:Inter,"Segoe UI",Roboto,"Helvetica Neue",Arial,"PingFang SC","Microsoft YaHei",sans-serif}
@media (prefers-color-scheme:dark){.ink{fill:#e7ebf3}.soft{fill:#9eabc0}.box{fill:#161c25;stroke:#39455a}.line{stroke:#6f7c92}.tip{fill:#6f7c92}.accent{fill:#8fb0ff}.ok{fill:#63d09c}.bad{fill:#ff8f9a}.wait{fill:#dfc46a}}
</style><defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="9" markerHeight="9" markerUnits="userSpaceOnUse" orient="auto"><path class="tip" d="M0 0L8 4L0 8z"/></marker></defs>`;

const quoted = (text) => String(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const text = (x, y, words, { size = 13, kind = 'ink', anchor = 'middle', weight = 400 } = {}) =>
  `<text x="${x}" y="${y}" font-size="${size}" class="${kind}" text-anchor="${anchor}" font-weight="${weight}">${quoted(words)}</text>`;
const box = (x, y, width, height) =>
  `<rect class="box" x="${x}" y="${y}" width="${width}" height="${height}" rx="12" stroke-width="1.2"/>`;
const arrow = (path, width = 1.4) =>
  `<path class="line" d="${path}" stroke-width="${width}" marker-end="url(#tip)"/>`;

function save(name, { width, height, label, body }) {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${quoted(label)}">${STYLE}${body}</svg>\n`;
  writeFileSync(new URL(`docs/images/${name}.svg`, root), svg);
}

/** The rules as the sources have them now. */
async function loadRules() {
  const entry = `export { mayFollow } from './src/tasks/lifecycle.ts';
    export { TASK_STATUSES } from './src/tasks/task.ts';
    export { SETTINGS } from './src/config/settings.ts';`;
  const built = await build({
    stdin: { contents: entry, resolveDir: root.pathname, loader: 'ts' },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    logLevel: 'warning',
  });
  const code = Buffer.from(built.outputFiles[0].contents).toString('base64');
  return import(`data:text/javascript;base64,${code}`);
}

const PLACES = { waiting: [40, 100], processing: [330, 100], succeed: [640, 40], failed: [640, 160] };
const KINDS = { waiting: 'wait', processing: 'accent', succeed: 'ok', failed: 'bad' };

function drawStates({ mayFollow, TASK_STATUSES, SETTINGS }) {
  const otherwise = (name) => SETTINGS.find((setting) => setting.name === name).default;
  const boxes = TASK_STATUSES.map((status) => {
    const [x, y] = PLACES[status];
    return `${box(x, y, 160, 56)}<circle class="${KINDS[status]}" cx="${x + 26}" cy="${y + 28}" r="5"/>${text(x + 42, y + 33, status, { size: 15, anchor: 'start', weight: 600 })}`;
  });
  const arrows = TASK_STATUSES.flatMap((from) =>
    TASK_STATUSES.filter((to) => mayFollow(from, to)).map((to) => {
      const [fx, fy] = PLACES[from];
      const [tx, ty] = PLACES[to];
      const [x, y, endX, endY] = [fx + 160, fy + 28, tx - 4, ty + 28];
      return arrow(`M${x} ${y}C${x + 60} ${y} ${endX - 60} ${endY} ${endX} ${endY}`);
    }),
  );
  const notes = [
    text(265, 96, 'time passed,', { kind: 'soft', size: 12 }),
    text(265, 112, 'and a worker is free', { kind: 'soft', size: 12 }),
    text(566, 60, 'the work is done', { kind: 'soft', size: 12 }),
    text(566, 202, 'it went wrong', { kind: 'soft', size: 12 }),
    text(120, 178, `time: ${otherwise('waitingMs')} ms`, { kind: 'soft', size: 12 }),
    text(120, 195, `polls: ${otherwise('waitingPolls')} read`, { kind: 'soft', size: 12 }),
    text(410, 178, `time: ${otherwise('processingMs')} ms, ${otherwise('workers')} workers per instance`, {
      kind: 'soft',
      size: 12,
    }),
    text(410, 195, `polls: ${otherwise('processingPolls')} read`, { kind: 'soft', size: 12 }),
    text(40, 40, 'The life of a task', { size: 17, anchor: 'start', weight: 650 }),
    text(40, 62, 'By time, by reads, by hand, or at once: the plan says which.', {
      kind: 'soft',
      anchor: 'start',
    }),
  ];
  save('states', {
    width: 840,
    height: 240,
    label: 'The life of a task: waiting, processing, then succeed or failed',
    body: [...arrows, ...boxes, ...notes].join(''),
  });
}

/** What a part is for, and where it stands: column, row. */
const PARTS = {
  cli: ['the command line', 0, 0],
  index: ['the library', 0, 2],
  server: ['puts it together', 1, 1],
  http: ['plugins, in order', 2, 1],
  dashboard: ['pages, description', 3, 1],
  control: ['what only a mock can', 4, 1],
  apis: ['import and export', 5, 1],
  tasks: ['states, worker', 6, 1],
  auth: ['tokens, signatures', 5, 2],
};
const LEAVES = 'leaves: clock, ids, errors, schemas, settings';

function partOf(path) {
  const [first, second] = path.split('/');
  if (second !== undefined) return first;
  const name = first.replace(/\.ts$/, '');
  return name === 'parts' ? 'server' : name === 'server' || name === 'index' ? name : 'leaf';
}

/** Lines per part, and how many imports lead from one to another. */
function readHouse() {
  const lines = new Map();
  const links = new Map();
  const names = readdirSync(new URL('src', root), { recursive: true, encoding: 'utf8' });
  for (const name of names.filter((one) => one.endsWith('.ts'))) {
    const code = readFileSync(new URL(`src/${name}`, root), 'utf8');
    const from = partOf(name);
    lines.set(from, (lines.get(from) ?? 0) + code.split('\n').length);
    for (const [, specifier] of code.matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)) {
      const target = new URL(specifier, new URL(`src/${name}`, root)).pathname.slice(root.pathname.length);
      if (!target.startsWith('src/')) continue;
      const to = partOf(target.slice(4));
      if (to !== from) links.set(`${from} ${to}`, (links.get(`${from} ${to}`) ?? 0) + 1);
    }
  }
  return { lines, links };
}

/** Whether a way leads from one part to another, over at least one third. */
function leadsOver(links, from, to, seen = new Set()) {
  return Object.keys(PARTS).some((third) => {
    if (third === to || third === from || seen.has(third) || !links.has(`${from} ${third}`)) return false;
    seen.add(third);
    return links.has(`${third} ${to}`) || leadsOver(links, third, to, seen);
  });
}

function drawHouse({ lines, links }) {
  const place = (part) => ({ x: 30 + PARTS[part][1] * 158, y: 84 + PARTS[part][2] * 74 });
  const boxes = Object.entries(PARTS).map(([part, [about]]) => {
    const { x, y } = place(part);
    const words = [
      text(x + 62, y + 24, part, { size: 14, weight: 600 }),
      text(x + 62, y + 41, about, { kind: 'soft', size: 11 }),
      text(x + 62, y + 55, `${lines.get(part) ?? 0} lines`, { kind: 'soft', size: 10 }),
    ];
    return box(x, y, 124, 62) + words.join('');
  });
  const arrows = Array.from(links.keys(), (key) => {
    const [from, to] = key.split(' ');
    if (!(from in PARTS) || !(to in PARTS) || leadsOver(links, from, to)) return '';
    const [a, b] = [place(from), place(to)];
    const [x, y, endX, endY] = [a.x + 124, a.y + 31, b.x - 3, b.y + 31];
    return arrow(`M${x} ${y}C${x + 22} ${y} ${endX - 22} ${endY} ${endX} ${endY}`);
  });
  const about = `${lines.get('leaf') ?? 0} lines; everything may use them, they use nothing`;
  const leaf = [
    box(30, 326, 1072, 44),
    text(566, 346, LEAVES),
    text(566, 362, about, { kind: 'soft', size: 10 }),
  ];
  const say =
    'Drawn from the imports of the sources. Whoever stands left may use whoever an arrow leads to, near or far; never back.';
  const title = [
    text(30, 38, 'Who may use whom', { size: 17, anchor: 'start', weight: 650 }),
    text(30, 60, say, { kind: 'soft', anchor: 'start' }),
  ];
  save('architecture', {
    width: 1132,
    height: 390,
    label: 'The parts of the program and who imports whom',
    body: [...arrows, ...boxes, ...leaf, ...title].join(''),
  });
}

drawStates(await loadRules());
drawHouse(readHouse());
