import { describe, expect, it } from 'vitest';
import { formatTable, widthOf } from '../../src/cli/table.ts';
import { harmless } from '../../src/cli/terminal.ts';

describe('a table', () => {
  it('has columns as wide as their widest cell, the last one not filled up', () => {
    const rows = [
      ['A', 'LONGER', 'C'],
      ['abc', 'x', 'some words'],
    ];
    expect(formatTable(rows)).toBe('A    LONGER  C\nabc  x       some words\n');
  });

  it('counts Chinese, emoji and accents as a terminal shows them', () => {
    expect(['图书', 'ab', '（）', '🚀', 'e\u0301', ''].map(widthOf)).toEqual([4, 2, 4, 2, 1, 0]);
    expect(
      formatTable([
        ['图书', 'x'],
        ['abcd', 'y'],
      ]),
    ).toBe('图书  x\nabcd  y\n');
  });

  it('stays straight when its cells are painted', () => {
    const paint = (cell: string, row: number) => (row === 0 ? cell : `<b>${cell}</b>`);
    const text = formatTable(
      [
        ['A', 'B'],
        ['abc', 'd'],
      ],
      { paint },
    );
    expect(text.replaceAll(/<\/?b>/g, '')).toBe('A    B\nabc  d\n');
  });

  it('lets nothing through that a terminal would obey', () => {
    expect(formatTable([['a\nb'], ['\u001b[2Jc'], ['\u202ed']])).toBe('a\ufffdb\n\ufffd[2Jc\n\ufffdd\n');
    expect(harmless('图书 é {id} 🚀')).toBe('图书 é {id} 🚀');
  });
});
