/** Texts by the columns that a terminal gives them: Chinese and emoji take two, combining characters none. */
import stringWidth from 'string-width';

/** How many columns a text takes. */
export const widthOf = (text: string): number => stringWidth(text);

const graphemes = new Intl.Segmenter();

/** The text when it fits, else as much of it as leaves a column for the dots. Never half of a character. */
export function cut(text: string, columns: number): string {
  if (text.length <= columns / 2 || widthOf(text) <= columns) return text;
  let left = columns - 1;
  let end = 0;
  for (const { segment, index } of graphemes.segment(text)) {
    left -= widthOf(segment);
    if (left < 0) break;
    end = index + segment.length;
  }
  return columns < 1 ? '' : `${text.slice(0, end)}…`;
}

/** The text with spaces up to so many columns. */
export const pad = (text: string, columns: number): string =>
  text + ' '.repeat(Math.max(columns - widthOf(text), 0));
