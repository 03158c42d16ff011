/** A tree of sentences as a flat list by key paths (`welcome.title`, `welcome.how.0`), and the tree in another language. */

import type { Plural } from '../portal/src/texts';

export type Sentence = string | Plural;
export type Texts = Sentence | Texts[] | { [name: string]: Texts };

const CATEGORIES = ['zero', 'one', 'two', 'few', 'many', 'other'];

/** Gives every sentence with its key path, in the order in which they stand. */
export function sentencesOf(texts: Texts, path = ''): [string, Sentence][] {
  if (isSentence(texts)) return [[path, texts]];
  return Object.entries(texts).flatMap(([name, part]) => sentencesOf(part, path ? `${path}.${name}` : name));
}

/** Gives the tree with what a language has in place; a sentence that it lacks stays as it is. */
export function inPlace(texts: Texts, catalogue: ReadonlyMap<string, Sentence>, path = ''): Texts {
  if (isSentence(texts)) return catalogue.get(path) ?? texts;
  if (Array.isArray(texts)) return texts.map((part, at) => inPlace(part, catalogue, `${path}.${at}`));
  const parts = Object.entries(texts).map(([name, part]) => {
    return [name, inPlace(part, catalogue, path ? `${path}.${name}` : name)] as const;
  });
  return Object.fromEntries(parts);
}

/** Gives the `{names}` that a sentence is filled with, sorted. */
export function namesIn(sentence: string): string[] {
  return [...new Set(sentence.match(/\{\w+\}/g))].sort();
}

function isSentence(texts: Texts): texts is Sentence {
  if (typeof texts === 'string') return true;
  return !Array.isArray(texts) && 'other' in texts && Object.keys(texts).every((name) => CATEGORIES.includes(name));
}
