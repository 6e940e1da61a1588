/** A terminal that remembers what a client command wrote. */
import type { Terminal } from '../../src/cli/terminal.ts';

export interface Recorded extends Terminal {
  /** What went to stdout. */
  readonly written: () => string;
  readonly notes: string[];
  readonly shown: string[];
}

export function recorded({ isWatched = false, colours = false } = {}): Recorded {
  let out = '';
  const notes: string[] = [];
  const shown: string[] = [];
  return {
    isWatched,
    out: (text) => {
      out += text;
    },
    note: (line) => void notes.push(line),
    show: (line) => void shown.push(line),
    clear: () => {},
    paint: (text, paint) => (colours ? `<${paint}>${text}</>` : text),
    written: () => out,
    notes,
    shown,
  };
}
