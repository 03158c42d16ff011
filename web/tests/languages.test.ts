/** Languages: what counts as translated, the order of plural forms, and the page that comes out. */

import { po } from 'gettext-parser';
import { expect, test } from 'vitest';
import { LANGUAGES, type Language } from '../languages/languages';
import { inLanguage } from '../languages/page';
import { catalogueOf, updated } from '../languages/po';
import { filledFile, PSEUDO } from '../languages/pseudo';
import { inPlace, type Sentence, sentencesOf, type Texts } from '../languages/sentences';
import { everything, sentences, translationsOf } from '../languages/texts';

const TREE = { greeting: 'Hello', lines: ['One', 'Two {name}'], count: { one: 'One file', other: '{n} files' } };
const ENGLISH = sentencesOf(TREE);
const [first, uk, de] = [PSEUDO[0]?.[1], LANGUAGES.uk, LANGUAGES.de];
if (!first || !uk || !de) throw new Error('languages are missing');

/** A German file in which these messages are translated. */
function german(translations: Record<string, string[]>, english: [string, Sentence][] = ENGLISH): string {
  const file = po.parse(updated('', english, 'de', de as NonNullable<typeof de>));
  for (const messages of Object.values(file.translations)) {
    for (const message of Object.values(messages)) {
      message.msgstr = translations[message.msgctxt ?? ''] ?? message.msgstr;
    }
  }
  return po.compile(file).toString('utf8');
}

test('a tree is a list by key paths, and the list is the tree', () => {
  expect(ENGLISH.map(([key]) => key)).toEqual(['greeting', 'lines.0', 'lines.1', 'count']);
  expect(inPlace(TREE, new Map(ENGLISH))).toEqual(TREE);
});

test('what is translated takes the place of English', () => {
  const file = german({ greeting: ['Hallo'], count: ['Eine Datei', '{n} Dateien'] });
  expect(inPlace(TREE, catalogueOf(file, ENGLISH, de))).toEqual({
    greeting: 'Hallo',
    lines: ['One', 'Two {name}'],
    count: { one: 'Eine Datei', other: '{n} Dateien' },
  });
});

test.each([
  ['half of the plural forms', { count: ['Eine Datei', ''] }],
  ['nothing', { greeting: [''] }],
  ['a name that the sentence does not have', { greeting: ['Hallo {name}'] }],
  ['a name lost', { 'lines.1': ['Zwei'] }],
  ['a name in a form that no form has', { count: ['Eine Datei', '{m} Dateien'] }],
])('%s is no translation', (_, translations) => {
  expect(catalogueOf(german(translations), ENGLISH, de).size).toBe(0);
});

test('when the English changes, the old translation waits, marked as fuzzy; what is gone is gone', () => {
  const before = german({ greeting: ['Hallo'], 'lines.0': ['Eins'] });
  const changed = sentencesOf({ greeting: 'Good evening', lines: ['One'] });
  const after = updated(before, changed, 'de', de);
  expect(catalogueOf(after, changed, de)).toEqual(new Map([['lines.0', 'Eins']]));
  expect(after).toContain('fuzzy');
  expect(after).toContain('Hallo');
  expect(after).not.toContain('Two');
  expect(updated(after, changed, 'de', de)).toBe(after);
});

test.each(Object.entries(LANGUAGES))('%s has its plural forms in the order of its rule', (tag, { plurals, rule }) => {
  const order = new Function('n', `return Number(${rule})`) as (n: number) => number;
  const categories = new Intl.PluralRules(tag);
  for (let n = 0; n <= 1_000; n++) expect(plurals[order(n)], `${n}`).toBe(categories.select(n));
});

test('every sentence of ours goes into a file and comes back from it', () => {
  const found = catalogueOf(filledFile('en-XA', first), sentences, first);
  expect([...found.keys()]).toEqual(sentences.map(([key]) => key));
  for (const [, text] of sentencesOf(inPlace(everything as Texts, found))) {
    for (const form of typeof text === 'string' ? [text] : Object.values(text)) expect(form).toMatch(/ ~+$/);
  }
});

test('the last form of a file stands for what it does not tell apart', () => {
  const count = sentencesOf({ count: TREE.count });
  const file = po.parse(updated('', count, 'uk', uk));
  const message = file.translations.count?.['One file'];
  if (message) message.msgstr = ['{n} файл', '{n} файли', '{n} файлів'];
  const found = catalogueOf(po.compile(file).toString('utf8'), count, uk).get('count');
  expect(found).toEqual({ one: '{n} файл', few: '{n} файли', many: '{n} файлів', other: '{n} файлів' });
});

test('a sentence cannot become markup', () => {
  const page =
    '<html lang="en"><title></title><script type="application/json" id="texts"></script><a id="leave"></a><nav id="languages"></nav><noscript></noscript>';
  const hostile = '</script></title></noscript><b>$1';
  const texts = structuredClone(everything);
  Object.assign(texts.frame, { title: hostile, leave: hostile });
  const spoken: [string, Language][] = [
    ['de', { ...de, name: hostile }],
    ['ar', { ...first, direction: 'rtl' }],
  ];
  const made = inLanguage(page, 'ar', spoken, texts);
  expect(made).not.toContain('<b>');
  expect(made).toContain('lang="ar" dir="rtl"');
  expect(made.match(/<\/script>/g)).toHaveLength(1);
  expect(made).toContain('<a href="/de/" lang="de" hreflang="de" dir="ltr">');
  expect(inLanguage(made, 'ar', spoken, texts)).toBe(made);
});

test('a language that is called finished lacks no sentence', () => {
  for (const [tag, language] of Object.entries(LANGUAGES)) {
    if (language.finished) expect(translationsOf(tag, language).size, tag).toBe(sentences.length);
  }
});
