/** spec/vectors/receipt.json, and how words are drawn and read. */

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { digestOf, hex } from '../receipt/bytes';
import { rootOf, secretOf } from '../receipt/derive';
import { areDigits, digitsOf, wordsOf } from '../receipt/digits';
import { drawWords, readWords } from '../receipt/words';

interface Case {
  digits: string;
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

test.each(cases)('$words as numbers', ({ words, digits }) => {
  expect(digitsOf(words)).toBe(digits);
  expect(wordsOf(digits)).toBe(words);
  expect([areDigits(digits), areDigits(words)]).toEqual([true, false]);
});

test('numbers are read as people type them, in the digits of their script', () => {
  const { words, digits } = cases[1] as Case;
  expect(wordsOf(`+${digits.replaceAll(' ', '-').replaceAll('\n', ' / ')}`)).toBe(words);
  for (const zero of [0x660, 0x6f0, 0x966]) {
    const theirs = digits.replace(/\d/g, (digit) => String.fromCodePoint(zero + Number(digit)));
    expect([areDigits(theirs), wordsOf(theirs)]).toEqual([true, words]);
  }
});

test('each wrong digit, each swap of neighbours and each swap of two numbers is found', () => {
  const { digits } = cases[1] as Case;
  const plain = digits.replace(/\D/g, '');
  for (let at = 0; at < plain.length; at++) {
    for (const digit of '0123456789') {
      if (digit !== plain[at]) expect(wordsOf(plain.slice(0, at) + digit + plain.slice(at + 1))).toBeNull();
    }
    const swapped =
      plain.slice(0, at) +
      plain
        .slice(at, at + 2)
        .split('')
        .reverse()
        .join('') +
      plain.slice(at + 2);
    if (at % 9 !== 8 && swapped !== plain) expect(wordsOf(swapped)).toBeNull();
  }
  const [one, two, three] = digits.split('\n');
  expect(wordsOf(`${two} ${one} ${three}`)).toBeNull();
  expect(wordsOf(`${one} ${three} ${two}`)).toBeNull();
  expect(wordsOf(plain.slice(1))).toBeNull();
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
