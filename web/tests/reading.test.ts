/**
 * English that a child of nine can read. The Flesch–Kincaid grade (0.39 · words a sentence + 11.8 · syllables a word −
 * 15.59) of all sentences together is at most 4, which is age nine to ten; no sentence is long, few words are.
 */

import { fleschKincaid } from 'flesch-kincaid';
import { syllable } from 'syllable';
import { describe, expect, test } from 'vitest';
import { sentences } from '../languages/texts';

const MOST_GRADE = 4;
const MOST_WORDS_ON_AVERAGE = 12;
const MOST_WORDS = 20;
const MOST_SYLLABLES = 4;
/** Long words that have no shorter one, and that everybody meets elsewhere. */
const KNOWN_LONG = new Set(['javascript', 'university']);
/** What we never call it. `report` is allowed where it is the name of somebody else's door. */
const NEVER =
  /\b(?:signals?|submissions?|submit|victims?|report(?:s|ed)?|upload(?:s|ed)?|hash(?:es|ed)?|cannot be reversed)\b/i;
const DOORS = ['notice.', 'doors.'];

interface Read {
  key: string;
  text: string;
  words: string[];
}

/** What is written to a company has the words of its law. */
const LETTERS = 'notice.letter.';

/** Every sentence by itself, with values in place of `{names}`. */
const read: Read[] = sentences.flatMap(([key, sentence]) => {
  if (key.startsWith(LETTERS)) return [];
  const forms = typeof sentence === 'string' ? [sentence] : Object.values(sentence);
  return forms
    .flatMap((form) => form.replace(/\{\w+\}/g, '7').match(/[^.?!…:]+[.?!…:]*/g) ?? [])
    .map((text) => ({ key, text: text.trim(), words: text.match(/[\p{L}\d][\p{L}\d’'.-]*/gu) ?? [] }))
    .filter(({ words }) => words.length > 0);
});
/** Titles, labels and buttons are no sentences: they would make the text look easier than it is. */
const full = read.filter(({ text, words }) => /[.?!…:]$/.test(text) && words.length > 2);

describe('English', () => {
  test('is easy for a child of nine', () => {
    const words = full.flatMap((one) => one.words);
    const counts = {
      sentence: full.length,
      word: words.length,
      syllable: words.reduce((n, word) => n + syllable(word), 0),
    };
    expect(counts.word / counts.sentence).toBeLessThanOrEqual(MOST_WORDS_ON_AVERAGE);
    expect(fleschKincaid(counts)).toBeLessThanOrEqual(MOST_GRADE);
  });

  test('has no long sentence', () => {
    const long = read.filter(({ words }) => words.length > MOST_WORDS);
    expect(long.map(({ key, text }) => `${key}: ${text}`)).toEqual([]);
  });

  test('has no long word', () => {
    const long = read.flatMap(({ key, words }) =>
      words
        .filter((word) => syllable(word) > MOST_SYLLABLES && !KNOWN_LONG.has(word.toLowerCase()))
        .map((word) => `${key}: ${word}`),
    );
    expect(long).toEqual([]);
  });

  test('has none of the words that hurt or that nobody knows', () => {
    const found = read.filter(({ key, text }) => NEVER.test(text) && !DOORS.some((door) => key.startsWith(door)));
    expect(found.map(({ key, text }) => `${key}: ${text}`)).toEqual([]);
  });

  test('the check itself sees what it looks for', () => {
    expect(NEVER.test('Your submission was sent.')).toBe(true);
    expect(syllable('unbelievability')).toBeGreaterThan(MOST_SYLLABLES);
    expect(full.length).toBeGreaterThan(50);
  });
});
