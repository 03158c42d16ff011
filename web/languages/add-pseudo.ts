/** `vite-node languages/add-pseudo.ts FOLDER` adds the pseudo-languages to a folder that the page was built into. */

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Language, offered } from './languages';
import { files } from './plugin';
import { catalogueOf } from './po';
import { filledFile, PSEUDO } from './pseudo';
import { sentences, textsWith, translationsOf } from './texts';

const folder = process.argv.at(-1) ?? '';
const spoken = [...offered(), ...PSEUDO];
const template = readFileSync(join(folder, 'index.html'), 'utf8');
const build = JSON.parse(readFileSync(join(folder, 'build.json'), 'utf8'));

function catalogue(tag: string, language: Language) {
  const pseudo = PSEUDO.some(([one]) => one === tag);
  return pseudo ? catalogueOf(filledFile(tag, language), sentences, language) : translationsOf(tag, language);
}

for (const [name, content] of files(template, spoken, catalogue)) {
  mkdirSync(join(folder, name, '..'), { recursive: true });
  writeFileSync(join(folder, name), content);
}
writeFileSync(join(folder, 'build.json'), JSON.stringify({ ...build, languages: spoken.map(([tag]) => tag) }));

// What comes later is a script for each language, which one script names: the new ones are named there beside the first.
const FIRST_LATER = /(?<=[{,])es:(.*?import\("\.\/)es-[\da-f]+(\.js".*?),(?=fr:)/;
const assets = join(folder, 'assets');
const scripts = readdirSync(assets).filter((name) => name.endsWith('.js'));
const [naming, ...more] = scripts.filter((name) => FIRST_LATER.test(readFileSync(join(assets, name), 'utf8')));
if (!naming || more.length > 0) throw new Error('not one script names the sentences that come later');
const named = readFileSync(join(assets, naming), 'utf8');
const beside = (first: string, before: string, after: string) =>
  PSEUDO.map(([tag]) => `${JSON.stringify(tag)}:${before}${tag}${after},`).join('') + first;
writeFileSync(join(assets, naming), named.replace(FIRST_LATER, beside));
for (const compressed of ['.br', '.gz']) rmSync(join(assets, naming + compressed));
for (const [tag, language] of PSEUDO) {
  const { notice } = textsWith(catalogue(tag, language));
  writeFileSync(join(assets, `${tag}.js`), `export default ${JSON.stringify(notice)}`);
}
