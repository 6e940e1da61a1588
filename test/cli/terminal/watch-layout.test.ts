/** The screen of `apig-mock watch` on terminals of every width, and the plain lines. */
import { describe, expect, it } from 'vitest';
import { widthOf } from '../../../src/cli/terminal/columns.ts';
import { harmless } from '../../../src/cli/terminal/terminal.ts';
import {
  layout,
  moveLine,
  taskLine,
  type WatchedTask,
  type WatchView,
} from '../../../src/cli/terminal/watch-layout.ts';

const NOW = '2026-01-01T00:00:06.000Z';
const ID = '3933d0aeff8359be3b19754a7c0aacfa';
const task = (more: Partial<WatchedTask> = {}): WatchedTask => ({
  task_id: ID,
  task_type: 'import_api',
  task_status: 'processing',
  project_id: 'shop',
  instance_id: 'gateway-1',
  mode: 'time',
  hold: false,
  entered_at: '2026-01-01T00:00:01.000Z',
  due_at: '2026-01-01T00:00:11.000Z',
  ...more,
});
const view = (more: Partial<WatchView> = {}): WatchView => ({
  counts: { waiting: 1, processing: 1, succeed: 2, failed: 0 },
  scopes: [{ project_id: 'shop', instance_id: 'gateway-1', busy: 2, queued: 3 }],
  clocks: [{ mode: 'manual', now: NOW }],
  settings: { workers: 4 },
  cards: { processing: [task()], waiting: [task({ task_status: 'waiting', queued: true })] },
  ...more,
});
const screen = (columns: number, rows = 24, of: WatchView | undefined = view()): string[] =>
  layout({ url: 'http://127.0.0.1:8080', view: of, isLive: true, ageMs: 0, columns, rows });

describe('the screen', () => {
  it.each([1, 5, 20, 40, 60, 80, 99, 100, 120, 200, 500])('fits %i columns', (columns) => {
    for (const line of screen(columns)) expect([...line].length).toBeLessThanOrEqual(columns);
  });

  it.each([5, 20, 40, 61, 80, 100, 121])(
    'fits %i columns with names that take two columns a letter',
    (columns) => {
      const of = (name: string) => {
        const place = { project_id: name, instance_id: name };
        const tasks = [task(place), task({ ...place, task_status: 'failed', reason: name.repeat(9) })];
        return screen(
          columns,
          24,
          view({ scopes: [{ ...place, busy: 1, queued: 0 }], cards: { processing: tasks } }),
        );
      };
      for (const name of ['图书馆系统', '🚀🚀🚀', 'e\u0301'.repeat(9)])
        for (const line of of(name)) expect(widthOf(line)).toBeLessThanOrEqual(columns);
      const barAt = (name: string) => widthOf(of(name)[4]?.split('█')[0] ?? '');
      expect(barAt('图书')).toBe(barAt('abcd'));
    },
  );

  it.each([1, 2, 5, 8, 24])('fits %i rows', (rows) => {
    const many = view({
      cards: { processing: Array.from({ length: 60 }, () => task()) },
      counts: { processing: 100_000 },
    });
    expect(screen(80, rows, many).length).toBeLessThanOrEqual(rows);
  });

  it.each([40, 80, 200])('draws a bar where %i columns leave space for one', (columns) => {
    const [, , , , line = ''] = screen(columns);
    expect(line).toMatch(/^▶ import 3933d0a\S* .*█+░+ 5\.0 s left$/);
    expect(line.length).toBeLessThanOrEqual(columns);
    const count = (part: string): number => line.split(part).length - 1;
    expect(Math.abs(count('█') - count('░'))).toBeLessThanOrEqual(1);
  });

  it('shows the whole id and place on a wide one, neither bar nor place on a very narrow one', () => {
    expect(screen(200)[4]).toContain(`${ID} shop/gateway-1`);
    expect(screen(28)[4]).toBe('▶ import 3933d0a… 5.0 s left');
  });

  it('shows why a task failed, as far as there is space', () => {
    const reason = 'line 3, column 5: not YAML: duplicated mapping key';
    const failed = view({ cards: { failed: [task({ task_status: 'failed', reason })] } });
    expect(screen(200, 24, failed)[4]).toMatch(
      / failed: line 3, column 5: not YAML: duplicated mapping key$/,
    );
    expect(screen(80, 24, failed)[4]).toMatch(/ failed: line 3, column .*…$/);
    expect(moveLine({ ...task(), at: NOW, from: 'processing', to: 'failed', reason })).toMatch(
      /processing -> failed: line 3, column 5: /,
    );
  });

  it('shows counts, the time, the workers and who is in line', () => {
    const [head, clock, workers] = screen(120);
    expect(head).toBe('apig-mock http://127.0.0.1:8080 · live');
    expect(clock).toBe('00:00:06 (still) · waiting 1 · processing 1 · succeeded 2 · failed 0');
    expect(workers).toBe('shop/gateway-1 ■■□□ +3');
    expect(screen(40)[1]).toBe('00:00:06 · 1 ▶ 1 ✓ 2 ✗ 0');
  });

  it('shows how many tasks it leaves out', () => {
    const many = view({
      cards: { waiting: Array.from({ length: 60 }, () => task({ task_status: 'waiting' })) },
      counts: { waiting: 1000 },
    });
    const lines = screen(80, 12, many);
    expect(lines.length).toBe(11);
    expect(lines.at(-1)).toBe('… and 994 more');
  });

  it('shows something before the mock was ever reached, and that the line is gone', () => {
    const lines = layout({
      url: 'http://x',
      view: undefined,
      isLive: false,
      ageMs: 0,
      columns: 80,
      rows: 24,
    });
    expect(lines).toEqual(['apig-mock http://x · not connected, trying again']);
  });

  it('lets a running clock go on, and a scope have its own', () => {
    const running = view({
      clocks: [
        { mode: 'system', now: NOW },
        { project_id: 'shop', mode: 'manual', now: '2026-01-01T00:00:10.000Z' },
      ],
    });
    const lines = layout({ url: 'x', view: running, isLive: true, ageMs: 2000, columns: 80, rows: 24 });
    expect(lines[1]).toMatch(/^00:00:08 ·/);
    expect(lines[4]).toMatch(/1\.0 s left$/);
  });
});

describe('a task', () => {
  it.each<[Partial<WatchedTask>, RegExp]>([
    [{}, /5\.0 s left$/],
    [{ task_status: 'waiting', queued: true, due_at: undefined as never }, /in line$/],
    [{ hold: true }, /held$/],
    [{ mode: 'manual' }, /step by hand$/],
    [{ mode: 'polls', reads: 1, reads_wanted: 4 }, /█+░+ 1 of 4 reads$/],
    [{ task_status: 'succeed' }, /^✓ import .* succeeded$/],
    [{ task_status: 'failed', task_type: 'export_api' }, /^✗ export .* failed$/],
    [{ due_at: '2026-01-01T00:00:01.000Z' }, /0\.0 s left$/],
  ])('%j is shown as it is', (more, line) => {
    const made = task(more);
    expect(taskLine(made, Date.parse(NOW), 100)).toMatch(line);
  });
});

describe('texts of elsewhere', () => {
  it.each(['\u001b[31mred', '\u009b2J', 'a\r\nb', '\u202eevil', '\u0007', '\u2028', '\u061c'])(
    '%j obeys nobody',
    (text) => {
      const hostile = task({ task_id: text, project_id: text });
      const lines = [harmless(text), ...screen(200, 24, view({ cards: { processing: [hostile] } }))];
      lines.push(
        moveLine({
          at: NOW,
          task_id: text,
          task_type: 'import_api',
          from: 'waiting',
          to: 'processing',
          project_id: text,
        }),
      );
      for (const line of lines) expect(line).not.toMatch(/[\p{Cc}\u061c\u2028-\u202e]/u);
    },
  );

  it('leaves good ones as they are, in one line per move', () => {
    const move = {
      at: NOW,
      task_id: ID,
      task_type: 'import_api',
      from: 'waiting',
      to: 'processing',
      project_id: 'p1',
      instance_id: 'i1',
    };
    expect(moveLine(move)).toBe(`${NOW} import_api ${ID} p1/i1 waiting -> processing`);
    expect(moveLine({ ...move, from: null, to: 'waiting' })).toBe(`${NOW} import_api ${ID} p1/i1 waiting`);
    expect(harmless('图书馆 shop_1')).toBe('图书馆 shop_1');
  });
});
