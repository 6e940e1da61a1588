/** The tables of a run, as Markdown that reads well on a terminal too. */

/** A table from a head line and rows of cells; undefined and null cells are a dash. */
export function table(head, rows) {
  const cells = [head, ...rows].map((row) => row.map((cell) => textOf(cell)));
  const widths = head.map((_, column) => Math.max(3, ...cells.map((row) => row[column].length)));
  const right = head.map((_, column) => column > 0 && rows.every((row) => typeof row[column] !== 'string'));
  const line = (row) =>
    `| ${row.map((cell, column) => (right[column] ? cell.padStart(widths[column]) : cell.padEnd(widths[column]))).join(' | ')} |`;
  const rule = widths.map((width, column) =>
    right[column] ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width),
  );
  return [line(cells[0]), line(rule), ...cells.slice(1).map(line)].join('\n');
}

function textOf(value) {
  if (value === undefined || value === null || Number.isNaN(value)) return '–';
  return typeof value === 'number' ? value.toLocaleString('en', { maximumFractionDigits: 2 }) : value;
}

const section = (title, text) => `### ${title}\n\n${text}\n`;

const PARTS = {
  against: ({ commit, rows }) =>
    section(
      `Against ${commit}`,
      table(
        ['case', 'now', 'before', 'ratio', 'middle half of the rounds', 'verdict'],
        rows.map(({ what, now, before, ratio, quartiles, verdict }) => [
          ...[what, now, before, ratio],
          ...[quartiles.map((value) => value.toFixed(2)).join(' to '), verdict],
        ]),
      ),
    ),
  targets: (rows) =>
    section(
      'Targets',
      table(
        ['case', 'target', 'measured', 'verdict'],
        rows.map(({ what, target, value, verdict }) => [what, target, value, verdict]),
      ),
    ),
  poll: ({ rows, missing }) =>
    section(
      'Poll of a task',
      table(
        [
          'server',
          'version',
          'polls/s',
          'of Fastify',
          'of node:http',
          'CPU s per 100 k',
          'p50 ms',
          'p99 ms',
          'MiB after',
        ],
        rows.map((row) => [
          ...[row.label, row.version ?? '', row.perSecond, row.ofFastify, row.ofHttp],
          ...[row.cpuPer100k, row.p50Ms, row.p99Ms, row.residentMib],
        ]),
      ) + missing.map(({ name, why }) => `\n\nNot measured: ${name}: ${why}`).join(''),
    ),
  kinds: (rows) =>
    section(
      'Other polls of the mock',
      table(
        ['poll', 'polls/s', 'of the first', 'CPU s per 100 k', 'p99 ms'],
        rows.map((row) => [row.label, row.perSecond, row.ofHit, row.cpuPer100k, row.p99Ms]),
      ),
    ),
  many: ({ rows, ratio, cpuRatio }) =>
    section(
      'Polls among many tasks',
      `${table(
        ['tasks', 'polls/s', 'CPU s per 100 k', 'MiB'],
        rows.map((row) => [row.tasks, row.perSecond, row.cpuPer100k, row.residentMib]),
      )}\n\nMany to few: ${ratio} of the throughput; by CPU seconds per poll: ${cpuRatio}.`,
    ),
  starts: ({ rows, warmMs }) =>
    section(
      'Cold start, spawn to first 200',
      `${table(
        ['way', 'ms', 'lowest', 'highest', 'of Fastify', 'of node:http'],
        rows.map((row) => [row.label, row.ms, ...row.spreadMs, row.ofFastify, row.ofHttp]),
      )}\n\nIn a process that has loaded the module, \`startApigMock()\` serves its first poll after ${warmMs} ms.`,
    ),
  memory: ({ rows, ratio, weights }) =>
    section(
      'Memory',
      `${table(
        ['server', 'MiB at first', 'polls', 'MiB after them'],
        rows.map((row) => [row.label, row.firstMib, row.polls, row.mib]),
      )}\n\nMock to bare route: ${ratio}. A task takes ${weights.bytesPerTask} bytes, a journal entry ${weights.bytesPerEntry}, an open connection ${weights.bytesPerConnection} (heap and buffers; the result of a task comes on top).`,
    ),
  imports: ({ firstMs, rows }) =>
    section(
      'Imports, sent until the poll that sees the end',
      `${table(
        ['APIs in the file', 'ms'],
        rows.map((row) => [row.apis, row.ms]),
      )}\n\nThe first import of a process takes ${firstMs} ms: it loads what only imports need.`,
    ),
  advance: ({ tasks, tookMs, longestPauseMs }) =>
    section(
      'Advance of a clock',
      `${tasks.toLocaleString('en')} due tasks end in ${tookMs} ms; the event loop pauses for ${longestPauseMs} ms at most.`,
    ),
  fleet: ({ rows, note }) =>
    section(
      'Several processes',
      `${table(
        ['set-up', 'polls/s', 'of one process'],
        rows.map((row) => [row.label, row.perSecond, row.ratio]),
      )}\n\n${note}`,
    ),
  soak: ({ polls, highestFirstHalfMib, highestSecondHalfMib }) =>
    section(
      'Growth',
      `Over ${polls.toLocaleString('en')} polls the resident memory peaked at ${highestFirstHalfMib} MiB in the first half and ${highestSecondHalfMib} MiB in the second.`,
    ),
};

/** Every part that was measured, in this order. */
export const tablesOf = (results) =>
  Object.entries(PARTS)
    .filter(([name]) => results[name] !== undefined)
    .map(([name, write]) => write(results[name]))
    .join('\n');
