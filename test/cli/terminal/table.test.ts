import { describe, expect, it } from 'vitest';
import { cut, pad, widthOf } from '../../../src/cli/terminal/columns.ts';
import { formatTable } from '../../../src/cli/terminal/table.ts';
import { harmless } from '../../../src/cli/terminal/terminal.ts';

describe('the columns of a text', () => {
  it.each([
    ['图书', 4],
    ['（）', 4],
    ['ｱｲ', 2],
    ['한글', 4],
    ['e\u0301', 1],
    ['a\u20dd', 1],
    ['\u0e2a\u0e27\u0e31\u0e2a\u0e14\u0e35', 4],
    ['🚀', 2],
    ['👍🏽', 2],
    ['🇨🇳', 2],
    ['👨‍👩‍👧', 2],
    ['⚠️', 2],
    ['1️⃣', 2],
    ['⭐⌚', 4],
    ['▶ · ✓ ✗ █░ ■□ … © ™ ✔ ☎ →', 25],
    ['', 0],
  ])('are those of a terminal: %s', (text, columns) => {
    expect(widthOf(text)).toBe(columns);
  });

  it.each([
    ['图书馆', 6, '图书馆'],
    ['图书馆', 5, '图书…'],
    ['图书馆', 4, '图…'],
    ['图书馆', 1, '…'],
    ['图书馆', 0, ''],
    ['a👍🏽b', 3, 'a…'],
    ['e\u0301e\u0301e\u0301', 2, 'e\u0301…'],
    ['abc', 3, 'abc'],
    ['abcd', 3, 'ab…'],
  ])('are respected when it is cut: %s to %i', (text, columns, shown) => {
    expect(cut(text, columns)).toBe(shown);
    expect(widthOf(pad(shown, 8))).toBe(8);
  });
});

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

  it('passes nothing through that a terminal would interpret', () => {
    expect(formatTable([['a\nb'], ['\u001b[2Jc'], ['\u202ed']])).toBe('a\ufffdb\n\ufffd[2Jc\n\ufffdd\n');
    expect(harmless('图书 é {id} 🚀')).toBe('图书 é {id} 🚀');
  });
});
