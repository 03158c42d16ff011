/** The sentences in the person's language, and how names and numbers are put into them. */

import type { english } from './english';
import { filled, type Values } from './fill';

/** Plural forms by the categories of Unicode's CLDR; English has `one` and `other`. */
export type Plural = { other: string } & Partial<Record<Intl.LDMLPluralRule, string>>;

/** What the page says. The sentences of its language stand in the page itself (web/languages/page.ts puts them there). */
export const texts = JSON.parse(document.getElementById('texts')?.textContent ?? '') as typeof english;

/** Gives the BCP 47 tag of the language that the page speaks. */
export const language = (): string => document.documentElement.lang;

/** Puts values where a sentence has `{names}`; numbers are written as the language writes them. */
export const fill = (sentence: string, values: Values): string => filled(sentence, values, language());

const rules = new Intl.PluralRules(language());

/** Gives the form for `n` things, filled with `{n}` and other values. */
export function plural(forms: Plural, n: number, values: Values = {}): string {
  return fill(forms[rules.select(n)] ?? forms.other, { n, ...values });
}
