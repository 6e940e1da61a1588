/** Tables for a terminal: columns as wide as what is in them, Chinese included; cells never break a line. */
import { widthOf } from './columns.ts';
import { harmless } from './terminal.ts';

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
