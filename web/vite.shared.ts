/** What the builds of the page and of the page as a file have in common. */

import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parse } from 'smol-toml';
import type { Plugin } from 'vite';

/** Gives the path of something in this folder. */
export const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Puts a .wasm file into the script that imports it with `?base64`: a caged worker could not fetch it. */
export function wasmAsBase64(): Plugin {
  const suffix = '.wasm?base64';
  return {
    name: 'takeback-wasm-as-base64',
    async load(id) {
      if (!id.endsWith(suffix)) return null;
      const bytes = await readFile(id.slice(0, -'?base64'.length));
      return `export default ${JSON.stringify(bytes.toString('base64'))}`;
    },
  };
}

/** Reads the .toml files that people edit by hand, when the page is built. */
export function toml(): Plugin {
  return {
    name: 'takeback-toml',
    transform(text, id) {
      return id.endsWith('.toml') ? { code: `export default ${JSON.stringify(parse(text))}`, map: null } : null;
    },
  };
}
