/** The time that is left, as people say it. */

import { expect, test } from 'vitest';
import { secondsLeft, share } from '../portal/src/time-left';

test.each([
  [2_000, 0.5, null], // too early to say
  [10_000, 0, null],
  [10_000, 0.5, 10],
  [10_000, 0.9, null], // nearly done
  [10_000, 0.25, 30],
  [10_000, 0.1, 120],
  [60_000, 0.5, 60],
  [600_000, 0.25, 1800],
])('after %i ms with %f done: %s seconds', (elapsed, done, left) => {
  expect(secondsLeft(elapsed, done)).toBe(left);
});

test('a film counts for more than a picture', () => {
  const items = [
    { bytes: 1000, done: 1 },
    { bytes: 9000, done: 0 },
  ];
  expect(share(items)).toBeCloseTo(0.1);
  expect(share([])).toBe(0);
});
