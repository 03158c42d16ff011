/** Writes the page once for each language that is offered, and what the server needs to write pages of its own. */

import type { Plugin } from 'vite';
import { doorsIn } from './doors';
import { type Language, offered } from './languages';
import { inLanguage } from './page';
import { textsWith, translationsOf } from './texts';

export function languages(): Plugin {
  return {
    name: 'takeback-languages',
    enforce: 'post',
    generateBundle(_, bundle) {
      const page = bundle['index.html'];
      if (page?.type !== 'asset') return;
      const template = String(page.source);
      for (const [fileName, source] of files(template, offered())) {
        if (fileName === 'index.html') page.source = source;
        else this.emitFile({ type: 'asset', fileName, source });
      }
      const linked = (file: RegExp) => template.match(file)?.[0];
      const build = {
        languages: offered().map(([tag]) => tag),
        style: linked(/\/assets\/[^"]*\.css/),
        icon: linked(/\/assets\/[^"]*\.svg/),
        exit: linked(/\/assets\/quick-exit-[^"]*/),
      };
      this.emitFile({ type: 'asset', fileName: 'build.json', source: JSON.stringify(build) });
    },
  };
}

const LATER = 'virtual:later-texts';

/**
 * Gives `virtual:later-texts`: a script for each language but English with the sentences of what comes later, so that
 * the first screen does not carry them.
 */
export function laterTexts(): Plugin {
  const others = offered().filter(([tag]) => tag !== 'en');
  return {
    name: 'takeback-later-texts',
    resolveId: (id) => (id.startsWith(LATER) ? `\0${id}` : null),
    load(id) {
      if (id === `\0${LATER}`) {
        const entries = others.map(([tag]) => `${JSON.stringify(tag)}: () => import('${LATER}/${tag}')`);
        return `export default {${entries.join()}}`;
      }
      const found = others.find(([tag]) => id === `\0${LATER}/${tag}`);
      return found ? `export default ${JSON.stringify(textsWith(translationsOf(...found)).notice)}` : null;
    },
  };
}

/** Gives the files of these languages: `<tag>/index.html`, English as `index.html`, and `<tag>/pages.json`. */
export function files(template: string, spoken: [string, Language][], catalogue = translationsOf): [string, string][] {
  return spoken.flatMap(([tag, language]) => {
    const everything = textsWith(catalogue(tag, language));
    const { pages, notice: _, ...texts } = everything;
    const doors = doorsIn(tag, everything);
    const { name, direction } = language;
    return [
      [tag === 'en' ? 'index.html' : `${tag}/index.html`, inLanguage(template, tag, spoken, texts)],
      [`${tag}/pages.json`, JSON.stringify({ name, direction, frame: texts.frame, pages, doors })],
    ];
  });
}
