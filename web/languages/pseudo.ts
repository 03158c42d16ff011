/**
 * Languages that nobody speaks, for tests: every letter with an accent and every sentence longer, from left to right
 * (`en-XA`) and from right to left (`ar-XB`). A sentence that comes out plain does not come from a catalogue.
 */

import { po } from 'gettext-parser';
import type { Language } from './languages';
import { updated } from './po';
import { sentences } from './texts';

const PLAIN = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const ACCENTED = [...'åƀçðéƒĝĥîĵķļɱñöþɋŕšţûṽŵẋýžÅƁÇÐÉƑĜĤÎĴĶĻḾÑÖÞɊŔŠŢÛṼŴẊÝŽ'];
const TWO = { finished: true, plurals: ['one', 'other'], rule: 'n != 1' };
export const PSEUDO: [string, Language][] = [
  ['en-XA', { ...TWO, name: 'Åççéñţš', direction: 'ltr' }],
  ['ar-XB', { ...TWO, name: 'Ŕîĝĥţ ţö ļéƒţ', direction: 'rtl' }],
];

/** Gives a sentence with accents, about a third longer; `{names}` stay as they are. */
export function accented(sentence: string): string {
  const written = sentence.replace(/\{\w+\}|[a-zA-Z]/g, (found) => ACCENTED[PLAIN.indexOf(found)] ?? found);
  return `${written} ${'~'.repeat(Math.ceil(sentence.length / 3))}`;
}

/** Gives a whole PO file, filled in as a translator would. */
export function filledFile(tag: string, language: Language): string {
  const file = po.parse(updated('', sentences, tag, language));
  for (const message of Object.values(file.translations).flatMap((context) => Object.values(context))) {
    if (!message.msgctxt) continue;
    const forms = [message.msgid, message.msgid_plural ?? ''];
    message.msgstr = message.msgstr.map((_, at) => accented(forms[Math.min(at, forms.length - 1)] ?? ''));
  }
  return po.compile(file).toString('utf8');
}
