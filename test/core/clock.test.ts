/** The clock: what is scheduled fires in order, at its own time, on a clock that is moved by hand. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Clock } from '../../src/core/clock.ts';

const START_MS = Date.UTC(2026, 0, 1);

const manual = () => {
  const clock = new Clock('manual', START_MS);
  const fired: [name: string, atMs: number, nowMs: number][] = [];
  const note = (name: string, atMs: number): void =>
    void fired.push([name, atMs - START_MS, clock.now() - START_MS]);
  return { clock, fired, note };
};

describe('a manual clock', () => {
  it('makes no move that was asked for before it was started anew, and lets later ones wait for none', async () => {
    const { clock } = manual();
    clock.schedule(START_MS + 1, () => new Promise<void>(() => {}), 'never over');
    void clock.advance(10);
    const inLine = [clock.advance(100), clock.turn('system'), clock.set(START_MS + 1000)];
    await Promise.resolve();
    clock.restart('manual', START_MS);
    await clock.advance(5);
    expect([clock.mode, clock.now() - START_MS]).toEqual(['manual', 5]);
    void inLine;
  });

  it('stands still until it is advanced', async () => {
    const { clock, fired, note } = manual();
    clock.schedule(START_MS + 1, note, 'a');
    await new Promise((resolve) => setImmediate(resolve));
    expect(clock.now()).toBe(START_MS);
    expect(clock.mode).toBe('manual');
    expect(fired).toEqual([]);
  });

  it('fires by due time, then by order of scheduling, and shows each call its own time', async () => {
    const { clock, fired, note } = manual();
    for (const [name, atMs] of [
      ['c', 30],
      ['a', 10],
      ['b', 20],
      ['a2', 10],
      ['late', 51],
    ] as const)
      clock.schedule(START_MS + atMs, note, name);
    await clock.advance(50);
    expect(fired).toEqual([
      ['a', 10, 10],
      ['a2', 10, 10],
      ['b', 20, 20],
      ['c', 30, 30],
    ]);
    expect(clock.now()).toBe(START_MS + 50);
    expect(clock.scheduledCount).toBe(1);
  });

  it('fires exactly at the due ms and not one before', async () => {
    const { clock, fired, note } = manual();
    clock.schedule(START_MS + 100, note, 'a');
    await clock.advance(99);
    expect(fired).toEqual([]);
    await clock.advance(1);
    expect(fired).toEqual([['a', 100, 100]]);
  });

  it('fires what a fired call schedules within the same move', async () => {
    const { clock, fired, note } = manual();
    clock.schedule(
      START_MS + 10,
      (_: undefined, atMs) => void clock.schedule(atMs + 10, note, 'second'),
      undefined,
    );
    await clock.advance(20);
    expect(fired).toEqual([['second', 20, 20]]);
  });

  it('waits for what a fired call is still doing before the next one', async () => {
    const { clock } = manual();
    const order: string[] = [];
    const slow = async (name: string): Promise<void> => {
      order.push(`${name} begins`);
      await new Promise((resolve) => setImmediate(resolve));
      order.push(`${name} ends`);
    };
    clock.schedule(START_MS + 1, slow, 'a');
    clock.schedule(START_MS + 2, slow, 'b');
    await clock.advance(5);
    expect(order).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
  });

  it('makes concurrent moves one after the other', async () => {
    const { clock, fired, note } = manual();
    clock.schedule(START_MS + 15, note, 'a');
    await Promise.all([clock.advance(10), clock.advance(10), clock.advance(10)]);
    expect(clock.now()).toBe(START_MS + 30);
    expect(fired).toEqual([['a', 15, 15]]);
  });

  it('jumps back without firing anything, and forth again', async () => {
    const { clock, fired, note } = manual();
    clock.schedule(START_MS + 10, note, 'a');
    await clock.set(START_MS - 1000);
    expect(clock.now()).toBe(START_MS - 1000);
    expect(fired).toEqual([]);
    await clock.set(START_MS + 10);
    expect(fired).toEqual([['a', 10, 10]]);
  });

  it('moves on when one move failed', async () => {
    const { clock, fired, note } = manual();
    clock.schedule(
      START_MS + 1,
      () => {
        throw new Error('broken');
      },
      undefined,
    );
    clock.schedule(START_MS + 2, note, 'a');
    await expect(clock.advance(1)).rejects.toThrow('broken');
    await clock.advance(5);
    expect(fired.map(([name]) => name)).toEqual(['a']);
  });

  it('never fires what was cancelled, and lets cancel be called again and late', async () => {
    const { clock, fired, note } = manual();
    const a = clock.schedule(START_MS + 1, note, 'a');
    const b = clock.schedule(START_MS + 1, note, 'b');
    a.cancel();
    a.cancel();
    expect(clock.scheduledCount).toBe(1);
    await clock.advance(1);
    b.cancel();
    expect(fired.map(([name]) => name)).toEqual(['b']);
    expect(clock.scheduledCount).toBe(0);
  });

  it('keeps order and count when most of a large queue is cancelled', async () => {
    const { clock, fired, note } = manual();
    const all = Array.from({ length: 5000 }, (_, at) => clock.schedule(START_MS + 5000 - at, note, `${at}`));
    for (const [at, entry] of all.entries()) if (at % 10 !== 0) entry.cancel();
    expect(clock.scheduledCount).toBe(500);
    await clock.advance(5000);
    expect(fired.map(([, atMs]) => atMs)).toEqual(Array.from({ length: 500 }, (_, at) => 10 + at * 10));
  });

  it('fires nothing after stop', async () => {
    const { clock, fired, note } = manual();
    clock.schedule(START_MS + 1, note, 'a');
    clock.stop();
    await clock.advance(10);
    expect(fired).toEqual([]);
  });

  it('fires everything due, in order, whatever is scheduled and cancelled (property)', async () => {
    const plan = fc.array(fc.record({ atMs: fc.nat(100), cancelled: fc.boolean() }), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(plan, fc.nat(120), async (entries, untilMs) => {
        const { clock, fired, note } = manual();
        for (const [at, { atMs, cancelled }] of entries.entries()) {
          const scheduled = clock.schedule(START_MS + atMs, note, `${at}`);
          if (cancelled) scheduled.cancel();
        }
        await clock.advance(untilMs);
        const expected = entries
          .map(({ atMs, cancelled }, at) => ({ atMs, cancelled, at }))
          .filter(({ atMs, cancelled }) => !cancelled && atMs <= untilMs)
          .sort((a, b) => a.atMs - b.atMs || a.at - b.at)
          .map(({ atMs, at }) => [`${at}`, atMs, atMs]);
        expect(fired).toEqual(expected);
      }),
    );
  });
});

describe('sleep', () => {
  it('resolves with true once the clock has moved on far enough', async () => {
    const { clock } = manual();
    let slept: boolean | undefined;
    const sleeping = clock.sleep(100).then((whole) => {
      slept = whole;
    });
    await clock.advance(99);
    expect(slept).toBeUndefined();
    await clock.advance(1);
    await sleeping;
    expect(slept).toBe(true);
  });

  it('resolves with false when its signal ends it, before or during', async () => {
    const { clock } = manual();
    const ending = new AbortController();
    const sleeping = clock.sleep(100, ending.signal);
    ending.abort();
    expect(await sleeping).toBe(false);
    expect(await clock.sleep(100, ending.signal)).toBe(false);
    expect(clock.scheduledCount).toBe(0);
  });
});
