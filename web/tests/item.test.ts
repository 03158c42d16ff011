/** Pictures that come in several goes. */

import { expect, test } from 'vitest';
import { type Item, together } from '../portal/src/item';

function item(number: number, sha256?: string): Item {
  const fingerprints = sha256 ? { kind: 'image' as const, md5: '', sha256 } : null;
  return { file: new File([], ''), number, bytes: 1, size: '', date: '', done: 1, fingerprints };
}

test('what is made again takes its old place', () => {
  const both = together([item(1, 'a'), item(2), item(3, 'c')], [item(2, 'b')]);
  expect(both.map(({ number, fingerprints }) => [number, fingerprints?.sha256])).toEqual([
    [1, 'a'],
    [2, 'b'],
    [3, 'c'],
  ]);
});

test('a file that is there already is not taken again, and one that did not open stays to be tried', () => {
  expect(together([item(1, 'a')], [item(2, 'a'), item(3)]).map(({ number }) => number)).toEqual([1, 3]);
});
