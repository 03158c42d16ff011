/**
 * PO files, as translators have them. A message's context is its key path; its text is the English sentence, so that a
 * translation counts only as long as the English is the same.
 */

import { type GetTextTranslation, po } from 'gettext-parser';
import type { Plural } from '../portal/src/texts';
import type { Language } from './languages';
import { namesIn, type Sentence } from './sentences';

type Messages = Map<string, GetTextTranslation>;

/** Gives what a PO file has for these sentences. What is marked as fuzzy, half done or out of date is not taken. */
export function catalogueOf(
  file: string,
  english: readonly [string, Sentence][],
  { plurals }: Language,
): Map<string, Sentence> {
  const messages = messagesIn(file);
  const found = new Map<string, Sentence>();
  for (const [key, sentence] of english) {
    const message = messages.get(key);
    if (!message || isFuzzy(message) || !isFor(message, sentence) || !fits(message, sentence, plurals)) continue;
    found.set(key, typeof sentence === 'string' ? (message.msgstr[0] ?? '') : formsOf(message.msgstr, plurals));
  }
  return found;
}

/**
 * Gives the file anew for these sentences: new ones are empty, those that are gone are gone. Where the English has
 * changed, the old translation stays, marked as fuzzy, until somebody has looked.
 */
export function updated(file: string, english: readonly [string, Sentence][], tag: string, language: Language): string {
  const before = messagesIn(file);
  const translations: Record<string, Record<string, GetTextTranslation>> = {};
  for (const [key, sentence] of english) {
    const old = before.get(key);
    const { msgid, msgid_plural } = idsOf(sentence);
    const count = msgid_plural === undefined ? 1 : language.plurals.length;
    const message: GetTextTranslation = { msgctxt: key, msgid, msgstr: Array.from({ length: count }, () => '') };
    if (msgid_plural !== undefined) message.msgid_plural = msgid_plural;
    if (old?.msgstr.some(Boolean) && old.msgstr.length === count) {
      message.msgstr = old.msgstr;
      if (isFuzzy(old) || !isFor(old, sentence)) Object.assign(message, { comments: { flag: 'fuzzy' } });
    }
    translations[key] = { [msgid]: message };
  }
  const headers = {
    Language: tag,
    'MIME-Version': '1.0',
    'Content-Type': 'text/plain; charset=UTF-8',
    'Content-Transfer-Encoding': '8bit',
    'Plural-Forms': `nplurals=${language.plurals.length}; plural=(${language.rule});`,
  };
  return `${po.compile({ charset: 'utf-8', headers, translations }, { foldLength: 0 }).toString('utf8').trimEnd()}\n`;
}

function messagesIn(file: string): Messages {
  const { translations } = po.parse(file);
  const messages = Object.values(translations).flatMap((context) => Object.values(context));
  return new Map(messages.flatMap((message) => (message.msgctxt ? [[message.msgctxt, message]] : [])));
}

function idsOf(sentence: Sentence): { msgid: string; msgid_plural?: string } {
  if (typeof sentence === 'string') return { msgid: sentence };
  return { msgid: sentence.one ?? sentence.other, msgid_plural: sentence.other };
}

function isFor(message: GetTextTranslation, sentence: Sentence): boolean {
  const { msgid, msgid_plural } = idsOf(sentence);
  return message.msgid === msgid && (message.msgid_plural || undefined) === msgid_plural;
}

function isFuzzy(message: GetTextTranslation): boolean {
  return (message.comments?.flag ?? '').includes('fuzzy');
}

/** A translation fits when every form is there and is filled with no other names than English is. */
function fits({ msgstr }: GetTextTranslation, sentence: Sentence, plurals: string[]): boolean {
  const wanted = typeof sentence === 'string' ? 1 : plurals.length;
  if (msgstr.length !== wanted || !msgstr.every((form) => form.trim())) return false;
  if (typeof sentence === 'string') return String(namesIn(msgstr[0] ?? '')) === String(namesIn(sentence));
  const names = namesIn(`${sentence.one ?? ''}${sentence.other}{n}`);
  return msgstr.every((form) => namesIn(form).every((name) => names.includes(name)));
}

/** The last form stands for every category that the language's file does not tell apart. */
function formsOf(forms: string[], plurals: string[]): Plural {
  const named = Object.fromEntries(plurals.map((category, at) => [category, forms[at] ?? '']));
  return { ...named, other: named.other ?? forms.at(-1) ?? '' };
}
