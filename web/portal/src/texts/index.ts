/** The sentences in the person's language, and how names and numbers are put into them. */

import { english } from './english';

/** Plural forms by the categories of Unicode's CLDR; English has `one` and `other`. */
export type Plural = { other: string } & Partial<Record<Intl.LDMLPluralRule, string>>;
export type Values = Record<string, string | number>;

/** A language's sentences by their keys (`welcome.title`, `welcome.how.0`); a Plural where English has one. */
export type Catalogue = Record<string, string | Plural>;

/** What the page says. Whoever keeps a part of it sees it change: `speak` puts the sentences in place. */
export const texts = structuredClone(english);
let spoken = 'en';
let spokenCatalogue: Catalogue = {};

/** Gives the BCP 47 tag of the language that the page speaks. */
export const language = (): string => spoken;

/** Puts a catalogue in place of English, before anything is shown. A sentence that it lacks stays English. */
export function speak(tag: string, catalogue: Catalogue): void {
  spoken = tag;
  spokenCatalogue = catalogue;
  replace(texts, catalogue, '');
}

/** Gives sentences that come later than the first screen, in the language that the page speaks (`notice.law.title`). */
export function later<Part extends object>(name: string, english: Part): Part {
  const part = structuredClone(english);
  replace(part, spokenCatalogue, `${name}.`);
  return part;
}

/** Puts values where a sentence has `{names}`; numbers are written as the language writes them. */
export function fill(sentence: string, values: Values): string {
  return sentence.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name] ?? '';
    return typeof value === 'number' ? new Intl.NumberFormat(spoken).format(value) : value;
  });
}

/** Gives the form for `n` things, filled with `{n}` and other values. */
export function plural(forms: Plural, n: number, values: Values = {}): string {
  return fill(forms[new Intl.PluralRules(spoken).select(n)] ?? forms.other, { n, ...values });
}

function replace(part: object, catalogue: Catalogue, path: string): void {
  const sentences = part as Record<string, unknown>;
  for (const [name, here] of Object.entries(sentences)) {
    const translated = catalogue[path + name];
    if (translated !== undefined) sentences[name] = translated;
    else if (typeof here === 'object' && here) replace(here, catalogue, `${path}${name}.`);
  }
}
