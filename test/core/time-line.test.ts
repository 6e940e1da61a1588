/** Time that never goes back, by cases. */
import { expect, it } from 'vitest';
import { TimeLine } from '../../src/core/time-line.ts';

const HOUR = 3_600_000;

it.each<[what: string, readings: [systemMs: number, monotonicMs: number, shown: number][]]>([
  [
    'follows the system',
    [
      [1000, 0, 1000],
      [1010, 11, 1010],
      [1020, 19, 1020],
    ],
  ],
  [
    'goes with a leap forward',
    [
      [1000, 0, 1000],
      [1000 + HOUR, 1, 1000 + HOUR],
      [1001 + HOUR, 2, 1001 + HOUR],
    ],
  ],
  [
    'goes on by what has passed when the system is set back',
    [
      [1000 + HOUR, 0, 1000 + HOUR],
      [1010, 10, 1010 + HOUR],
      [1030, 30.6, 1030 + HOUR],
    ],
  ],
  [
    'follows the system again once it has caught up',
    [
      [1000, 0, 1000],
      [900, 10, 1010],
      [1050, 20, 1050],
      [1060, 30, 1060],
    ],
  ],
  [
    'takes a second step back as the first',
    [
      [5000, 0, 5000],
      [4000, 10, 5010],
      [3000, 20, 5020],
    ],
  ],
  [
    'adds up parts of a millisecond',
    [
      [1000, 0, 1000],
      [0, 0.4, 1000],
      [0, 0.8, 1000],
      [0, 1.2, 1001],
    ],
  ],
])('%s', (_what, readings) => {
  const line = new TimeLine();
  expect(readings.map(([systemMs, monotonicMs]) => line.at(systemMs, monotonicMs))).toEqual(
    readings.map(([, , shown]) => shown),
  );
});

it('goes back when the clock is set', () => {
  const line = new TimeLine();
  line.at(5000, 0);
  line.set(1000, 5000);
  expect([line.at(5000, 1), line.at(5010, 11), line.at(4000, 21)]).toEqual([1000, 1010, 1020]);
});
