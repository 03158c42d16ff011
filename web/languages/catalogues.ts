/**
 * `npm run texts` brings locale/*.po and locale/portal.pot up to the English sentences; `npm run texts -- --check` says
 * how many sentences each language lacks, and fails when one that is called finished lacks any.
 */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { LANGUAGES } from './languages';
import { updated } from './po';
import { fileOf, sentences, translationsOf } from './texts';

const check = process.argv.includes('--check');
if (!check) {
  const template = { name: '', direction: 'ltr', finished: false, plurals: ['one', 'other'], rule: 'n != 1' } as const;
  writeFileSync(`${fileOf('portal')}t`, updated('', sentences, '', { ...template, plurals: [...template.plurals] }));
}
for (const [tag, language] of Object.entries(LANGUAGES)) {
  if (tag === 'en') continue;
  if (!check) {
    const before = existsSync(fileOf(tag)) ? readFileSync(fileOf(tag), 'utf8') : '';
    writeFileSync(fileOf(tag), updated(before, sentences, tag, language));
  }
  const found = translationsOf(tag, language);
  const missing = sentences.filter(([key]) => !found.has(key)).map(([key]) => key);
  console.log(
    `${tag}  ${language.finished ? 'finished  ' : 'unfinished'}  ${missing.length} of ${sentences.length} missing`,
  );
  if (check && language.finished && missing.length > 0) {
    console.error(`  ${missing.join('\n  ')}`);
    process.exitCode = 1;
  }
}
