/** `vite-node languages/add-pseudo.ts FOLDER` adds the pseudo-languages to a folder that the page was built into. */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Language, offered } from './languages';
import { files } from './plugin';
import { catalogueOf } from './po';
import { filledFile, PSEUDO } from './pseudo';
import { sentences, translationsOf } from './texts';

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
