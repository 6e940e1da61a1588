/** The clock that runs with the system, and the few calls in real time beside it. */
import { describe, expect, it } from 'vitest';
import { afterSystemMs, Clock, everySystemMs, monotonicMs, systemNowMs } from '../../src/core/clock.ts';

const START_MS = Date.UTC(2026, 0, 1);

describe('a system clock', () => {
  it('runs with the system and fires by itself, in order', async () => {
    const clock = new Clock('system');
    expect(Math.abs(clock.now() - systemNowMs())).toBeLessThan(50);
    const order: string[] = [];
    await new Promise<void>((resolve) => {
      const base = clock.now();
      clock.schedule(base + 15, () => resolve(), undefined);
      clock.schedule(base + 10, (name: string) => void order.push(name), 'b');
      clock.schedule(base - 5, (name: string) => void order.push(name), 'a');
    });
    expect(order).toEqual(['a', 'b']);
    clock.stop();
  });

  it('starts at the given time', () => {
    const clock = new Clock('system', START_MS);
    expect(clock.now() - START_MS).toBeGreaterThanOrEqual(0);
    expect(clock.now() - START_MS).toBeLessThan(5000);
  });

  it('fires at once what an advance makes due, and keeps what is beyond setTimeout', async () => {
    const clock = new Clock('system');
    const fired: number[] = [];
    const farMs = 40 * 24 * 3600 * 1000;
    clock.schedule(clock.now() + farMs, (name: number) => void fired.push(name), 1);
    await new Promise((resolve) => setImmediate(resolve));
    expect(fired).toEqual([]);
    await clock.advance(farMs + 1);
    expect(fired).toEqual([1]);
    clock.stop();
  });

  it('freezes and resumes without a jump', async () => {
    const clock = new Clock('system');
    const before = clock.now();
    clock.freeze();
    clock.freeze();
    const stands = clock.now();
    expect(stands - before).toBeLessThan(1000);
    await clock.advance(3_600_000);
    expect(clock.now()).toBe(stands + 3_600_000);
    clock.resume();
    clock.resume();
    expect(clock.mode).toBe('system');
    expect(clock.now() - (stands + 3_600_000)).toBeLessThan(1000);
    clock.stop();
  });

  it('fires by itself, once resumed, what fell due while it stood still', async () => {
    const clock = new Clock('manual', START_MS);
    const fired = new Promise<void>(
      (resolve) => void clock.schedule(START_MS + 5, () => resolve(), undefined),
    );
    clock.resume();
    await fired;
    clock.stop();
  });
});

describe('real time', () => {
  it('stops what repeats and what is still to come', async () => {
    let late = false;
    afterSystemMs(1, () => {
      late = true;
    }).stop();
    let count = 0;
    await new Promise<void>((resolve) => {
      const every = everySystemMs(1, () => {
        count += 1;
        if (count < 3) return;
        every.stop();
        resolve();
      });
    });
    expect(late).toBe(false);
    expect(monotonicMs()).toBeLessThanOrEqual(monotonicMs());
  });
});
