/** Which languages there are: locale/languages.json says it for the page, for translators and for the server. */

import list from '../../locale/languages.json';

export interface Language {
  /** As people who speak it call it. */
  name: string;
  direction: 'ltr' | 'rtl';
  /** Only a finished language is offered; it must lack no sentence. */
  finished: boolean;
  /** Unicode's plural categories in the order of the PO file's `msgstr[0]`, `msgstr[1]`, … */
  plurals: string[];
  /** Gettext's rule for that order, an expression in C over `n`. */
  rule: string;
}

export const LANGUAGES = list as Record<string, Language>;

/** Gives the languages that people are offered. */
export const offered = (): [string, Language][] => Object.entries(LANGUAGES).filter(([, { finished }]) => finished);
