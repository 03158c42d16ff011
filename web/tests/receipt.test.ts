/** spec/vectors/receipt.json, and how words are drawn and read. */

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { digestOf, hex, rootOf, secretOf } from '../receipt/derive';
import { drawWords, readWords } from '../receipt/words';

interface Case {
  words: string;
  root: string;
  entries: { at: number; secret: string; digest: string }[];
}
const vectors = new URL('../../spec/vectors/receipt.json', import.meta.url);
const cases = JSON.parse(readFileSync(vectors, 'utf8')) as Case[];

test.each(cases)('$words', async ({ words, root, entries }) => {
  const derived = await rootOf(words);
  expect(hex(derived)).toBe(root);
  for (const { at, secret, digest } of entries) {
    const made = await secretOf(derived, at);
    expect([hex(made), hex(await digestOf(made))]).toEqual([secret, digest]);
  }
});

test('words are read as people type them', () => {
  expect(readWords('  Abacus ABDOMEN,abide\nablaze. able  abrasive ')).toBe(
    'abacus abdomen abide ablaze able abrasive',
  );
  expect(readWords('yo-yo t-shirt drop-down felt-tip zoom zesty')).toBe('yo-yo t-shirt drop-down felt-tip zoom zesty');
});

test.each(['', 'abacus', 'abacus abdomen abide ablaze able', 'abacus abdomen abide ablaze able nosuchword'])(
  '"%s" is not a receipt',
  (typed) => {
    expect(readWords(typed)).toBeNull();
  },
);

test('the last values of 32 bits are drawn again, so that every word is as likely', () => {
  const biased = [2 ** 32 - 1, 2 ** 32 - (2 ** 32 % 7776), 0];
  const drawn = drawWords((into) => {
    into[0] = biased.shift() ?? 1;
  }).split(' ');
  expect(drawn).toEqual(['abacus', ...Array(5).fill('abdomen')]);
});

test('a drawn receipt can be read again', () => {
  for (let n = 0; n < 100; n++) {
    const words = drawWords();
    expect(readWords(words)).toBe(words);
  }
});
