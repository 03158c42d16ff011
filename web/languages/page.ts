/** The page in one language: its sentences stand in it as data, so that no request is made for them. */

import type { english } from '../portal/src/texts/english';
import type { Language } from './languages';

/**
 * Gives the page in one of the languages that are spoken, with links to the others. It may be in another language
 * already: the same places are filled again.
 */
export function inLanguage(
  page: string,
  tag: string,
  spoken: readonly [string, Language][],
  texts: typeof english,
): string {
  const direction = spoken.find(([one]) => one === tag)?.[1].direction ?? 'ltr';
  const { title, leave, noScript } = texts.frame;
  const lines = [
    `<h1>${escaped(noScript.title)}</h1>`,
    ...noScript.lines.map((line) => `<p>${escaped(line)}</p>`),
    `<p><a class="button" href="/${tag}/help">${escaped(noScript.more)}</a></p>`,
  ];
  const places: [RegExp, string][] = [
    [/(?<=<html )[^>]*/, `lang="${tag}" dir="${direction}"`],
    [/(?<=<title>).*?(?=<\/title>)/s, escaped(title)],
    [/(?<=<script type="application\/json" id="texts">).*?(?=<\/script>)/s, asData(texts)],
    [/(?<=<a id="leave"[^>]*>).*?(?=<\/a>)/s, escaped(leave)],
    [/(?<=<nav id="languages")[^>]*>.*?(?=<\/nav>)/s, switchOf(tag, spoken, texts.frame.languages)],
    [/(?<=<noscript>).*?(?=<\/noscript>)/s, `<main>${lines.join('')}</main>`],
  ];
  return places.reduce((text, [place, content]) => {
    if (!place.test(text)) throw new Error(`the page has no place for ${place}`);
    return text.replace(place, () => content); // a function: a dollar sign in a sentence is only that
  }, page);
}

/** Other languages by the names that they give themselves; nothing where there is one language. */
function switchOf(tag: string, spoken: readonly [string, Language][], label: string): string {
  if (spoken.length < 2) return ' hidden>';
  const links = spoken.map(([one, { name, direction }]) => {
    const current = one === tag ? ' aria-current="true"' : '';
    return `<li><a href="/${one}/" lang="${one}" hreflang="${one}" dir="${direction}"${current}>${escaped(name)}</a></li>`;
  });
  return `><details><summary>${escaped(label)}</summary><ul class="row">${links.join('')}</ul></details>`;
}

/** JSON that cannot end the element that it stands in. */
function asData(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
