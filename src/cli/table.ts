/** Tables for a terminal: columns as wide as what is in them, Chinese included; cells never break a line. */
import { harmless } from './terminal.ts';

/** Letters and signs that take two columns: East Asian ones, full-width forms, emoji. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;

/** How many columns a text takes. */
export function widthOf(text: string): number {
  let width = 0;
  for (const sign of text) {
    if (/\p{Mn}/u.test(sign)) continue;
    width += WIDE.test(sign) ? 2 : 1;
  }
  return width;
}

export interface TableOptions {
  /** Changes how a cell looks, not how wide it is; row 0 is the header. */
  readonly paint?: (cell: string, row: number, column: number) => string;
}

/** Rows of equal length as lines; the first is the header. The last column is not padded. */
export function formatTable(rows: readonly (readonly string[])[], { paint }: TableOptions = {}): string {
  const cells = rows.map((row) => row.map(harmless));
  const widths = (cells[0] ?? []).map((_, column) =>
    Math.max(...cells.map((row) => widthOf(row[column] ?? ''))),
  );
  const lines = cells.map((row, at) =>
    row
      .map((cell, column) => {
        const painted = paint === undefined ? cell : paint(cell, at, column);
        const padding = column === row.length - 1 ? 0 : (widths[column] ?? 0) - widthOf(cell);
        return painted + ' '.repeat(padding);
      })
      .join('  ')
      .trimEnd(),
  );
  return `${lines.join('\n')}\n`;
}
