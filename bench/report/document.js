/** Writes a run into docs: the figures between their markers in performance.md, and the charts. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { ROOT } from '../job.js';
import { chartsOf } from './chart.js';
import { tablesOf } from './tables.js';

const BEGIN = '<!-- figures: begin (written by npm run bench) -->';
const END = '<!-- figures: end -->';

/** What a reader needs to judge the figures, in words. */
export function preambleOf({ date, command, machine, generator, connections, versions, pinnedCores, plan }) {
  const where = pinnedCores
    ? 'the servers pinned to one core, the load generator to another'
    : 'nothing pinned: the machine has one core or no taskset, so these figures are rough';
  return `Measured on ${date} with \`${command}\`: ${machine.cpu}, ${machine.cores} cores, ${machine.system}, Node ${machine.node.slice(1)}; \
apig-mock ${versions.mock}, Fastify ${versions.fastify}; load by ${generator} over ${connections} connections, one request at a time on each; ${where}. \
The poll: ${plan.poll.rounds} interleaved rounds of ${plan.poll.seconds} s after ${plan.poll.warmupSeconds} s of warm-up. Figures are medians, ratios are medians of the ratios of each round.`;
}

/** Puts the figures between the markers of a text; throws when they are not there. */
export function fill(text, figures) {
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`the document lacks the markers ${BEGIN} and ${END}`);
  return `${text.slice(0, begin + BEGIN.length)}\n\n${figures.trim()}\n\n${text.slice(end)}`;
}

/** Takes the results of a run; the charts stand before the tables. */
export function writeDocument(results) {
  const charts = Object.entries(chartsOf(results));
  const images = `${ROOT}docs/images`;
  mkdirSync(images, { recursive: true });
  for (const [name, { svg }] of charts) writeFileSync(`${images}/${name}`, svg);
  const shown = charts.map(([name, { title }]) => `![${title}](images/${name})`).join('\n\n');
  const path = `${ROOT}docs/performance.md`;
  const figures = [preambleOf(results.about), shown, tablesOf(results)].join('\n\n');
  writeFileSync(path, fill(readFileSync(path, 'utf8'), figures));
}
