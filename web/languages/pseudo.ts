/**
 * Languages that nobody speaks, for tests: every letter with an accent and every sentence longer, from left to right
 * (`en-XA`) and from right to left (`ar-XB`). A sentence that comes out plain does not come from a catalogue.
 *
 * `vite-node languages/pseudo.ts FOLDER` writes their pages beside those of a folder that the page was built into.
 */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { po } from 'gettext-parser';
import { type Language, offered } from './languages';
import { files } from './plugin';
import { catalogueOf, updated } from './po';
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

const folder = process.argv[2];
if (folder && process.argv[1]?.endsWith('pseudo.ts')) {
  const template = readFileSync(join(folder, 'index.html'), 'utf8');
  const catalogue = (tag: string, language: Language) =>
    tag === 'en' ? new Map(sentences) : catalogueOf(filledFile(tag, language), sentences, language);
  for (const [name, content] of files(template, [...offered(), ...PSEUDO], catalogue)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  const build = JSON.parse(readFileSync(join(folder, 'build.json'), 'utf8'));
  build.languages = [...offered(), ...PSEUDO].map(([tag]) => tag);
  writeFileSync(join(folder, 'build.json'), JSON.stringify(build));
}
