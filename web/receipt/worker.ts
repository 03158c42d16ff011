/** The worker in which words become secrets: Argon2id takes a moment, and the page must not freeze. */

import { digestOf, hex } from './bytes';
import { rootOf, secretOf } from './derive';
import { areDigits, digitsOf, wordsOf } from './digits';
import { drawWords, readWords } from './words';

export interface Receipt {
  words: string;
  /** The same as three numbers. */
  digits: string;
  /** 64 hex digits each: what opens an entry, */
  secrets: string[];
  /** and what is sent with it. */
  digests: string[];
}

/** Without `typed`, new words are drawn; what is typed are the words, or the numbers. */
export type Ask = { typed?: string; count: number };
export type Answer = { receipt: Receipt | null }; // null: what was typed are not six words of the list

addEventListener('message', async ({ data }: MessageEvent<Ask>) => {
  const words = data.typed === undefined ? drawWords() : read(data.typed);
  if (words === null) {
    postMessage({ receipt: null } satisfies Answer);
    return;
  }
  const root = await rootOf(words);
  const secrets = await Promise.all(Array.from({ length: data.count }, (_, at) => secretOf(root, at)));
  const digests = await Promise.all(secrets.map(digestOf));
  const receipt = { words, digits: digitsOf(words), secrets: secrets.map(hex), digests: digests.map(hex) };
  postMessage({ receipt } satisfies Answer);
});

function read(typed: string): string | null {
  return areDigits(typed) ? wordsOf(typed) : readWords(typed);
}
