/** All sentences in a language: those of the app, those that come later, and those of the pages that the server writes. */

import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { english } from '../portal/src/texts/english';
import { englishNotice } from '../portal/src/texts/english-notice';
import { englishPages } from '../portal/src/texts/english-pages';
import type { Language } from './languages';
import { catalogueOf } from './po';
import { inPlace, type Sentence, sentencesOf, type Texts } from './sentences';

export const everything = { ...english, notice: englishNotice, pages: englishPages };
export type Everything = typeof everything;
export const sentences = sentencesOf(everything as Texts);

/** Gives where a language's PO file is. */
export const fileOf = (tag: string): string => fileURLToPath(new URL(`../../locale/${tag}.po`, import.meta.url));

/** Gives the sentences that a language has. English has them all. */
export function translationsOf(tag: string, language: Language): Map<string, Sentence> {
  if (tag === 'en') return new Map(sentences);
  return existsSync(fileOf(tag)) ? catalogueOf(readFileSync(fileOf(tag), 'utf8'), sentences, language) : new Map();
}

/** Gives the whole tree in a language; what its catalogue lacks stays English. */
export function textsWith(catalogue: ReadonlyMap<string, Sentence>): Everything {
  return inPlace(everything as Texts, catalogue) as Everything;
}
