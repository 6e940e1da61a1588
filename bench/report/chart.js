/** A bar chart as SVG, small enough to be read in a diff; it follows the reader's light or dark scheme. */

const WIDTH = 760;
const LABEL = 270;
const BAR = 18;
const GAP = 8;
const TOP = 44;

const escapeText = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

const STYLE = `text{font:13px system-ui,sans-serif;fill:#1f2328}.title{font-weight:600;font-size:15px}
.value{fill:#59636e}.bar{fill:#8c959f}.own{fill:#0969da}
@media (prefers-color-scheme:dark){text{fill:#e6edf3}.value{fill:#9198a1}.bar{fill:#6e7681}.own{fill:#4493f8}}`;

/** `bars` are `{label, value, own}`; values are written with `unit`. The longest bar is the largest value. */
export function barChart({ title, bars, unit }) {
  const height = TOP + bars.length * (BAR + GAP) + GAP;
  const space = WIDTH - LABEL - 110;
  const largest = Math.max(...bars.map(({ value }) => value));
  const rows = bars.map(({ label, value, own }, at) => {
    const y = TOP + at * (BAR + GAP);
    const width = Math.max(1, Math.round((value / largest) * space));
    const written = `${value.toLocaleString('en')} ${unit}`;
    return [
      `<text x="${LABEL - 10}" y="${y + 14}" text-anchor="end">${escapeText(label)}</text>`,
      `<rect class="${own ? 'own' : 'bar'}" x="${LABEL}" y="${y}" width="${width}" height="${BAR}" rx="2"/>`,
      `<text class="value" x="${LABEL + width + 8}" y="${y + 14}">${written}</text>`,
    ].join('\n');
  });
  const summary = bars
    .map(({ label, value }) => `${label}: ${value.toLocaleString('en')} ${unit}`)
    .join('; ');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="title summary">
<title id="title">${escapeText(title)}</title>
<desc id="summary">${escapeText(summary)}</desc>
<style>${STYLE}</style>
<text class="title" x="12" y="24">${escapeText(title)}</text>
${rows.join('\n')}
</svg>
`;
}

const barsOf = (rows, key, order) =>
  [...rows]
    .sort((a, b) => order * (a[key] - b[key]))
    .map((row) => ({
      label: row.label,
      value: Math.round(row[key]),
      own: ['mock', 'mockLogged', 'installed'].includes(row.name),
    }));

const chart = (title, bars, unit) => ({ title, svg: barChart({ title, bars, unit }) });

/** The charts of a run, by file name: `{title, svg}`. */
export function chartsOf({ poll, starts }) {
  return {
    'benchmark.svg': chart('Polls per second, one core', barsOf(poll.rows, 'perSecond', -1), '/s'),
    'benchmark-start.svg': chart('Cold start to the first response', barsOf(starts.rows, 'ms', 1), 'ms'),
  };
}
