import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import { parse } from 'smol-toml';
import { defineConfig, type Plugin } from 'vite';
import { languages, laterTexts } from './languages/plugin';

/** Adds Subresource Integrity to every script and style of index.html, from the bytes that are written. */
function integrity(): Plugin {
  return {
    name: 'takeback-integrity',
    generateBundle: {
      order: 'post', // Vite itself still changes scripts that import others, after every other plugin
      handler(_, bundle) {
        const page = bundle['index.html'];
        if (page?.type !== 'asset') return;
        page.source = String(page.source).replace(
          /<(script|link)([^>]*?)(src|href)="\/([^"]+)"/g,
          (tag, name, rest, attribute, file) => {
            const built = bundle[file];
            if (!built) return tag;
            const bytes = built.type === 'chunk' ? built.code : built.source;
            const digest = createHash('sha384').update(bytes).digest('base64');
            return `<${name}${rest}integrity="sha384-${digest}" ${attribute}="/${file}"`;
          },
        );
      },
    },
  };
}

/** Puts the way out before everything else, as a file of its own: pages without the app have it, too. */
function quickExit(): Plugin {
  return {
    name: 'takeback-quick-exit',
    transformIndexHtml: {
      order: 'post',
      handler(_, { bundle }) {
        const file = Object.values(bundle ?? {}).find(({ name }) => name === 'quick-exit')?.fileName;
        return [{ tag: 'script', attrs: { type: 'module', src: `/${file}` }, injectTo: 'head-prepend' }];
      },
    },
  };
}

/** Puts a .wasm file into the script that imports it with `?base64`: a caged worker could not fetch it. */
function wasmAsBase64(): Plugin {
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
function toml(): Plugin {
  return {
    name: 'takeback-toml',
    transform(text, id) {
      return id.endsWith('.toml') ? { code: `export default ${JSON.stringify(parse(text))}`, map: null } : null;
    },
  };
}

/** Writes what is asked for by its name once more, compressed as well as it can be: no server has to do it again. */
function compressed(): Plugin {
  return {
    name: 'takeback-compressed',
    async writeBundle({ dir = '' }, bundle) {
      const names = Object.keys(bundle).filter((name) => name.startsWith('assets/'));
      await Promise.all(names.map((name) => compress(join(dir, name))));
    },
  };
}

async function compress(file: string): Promise<void> {
  const bytes = await readFile(file);
  await writeFile(`${file}.br`, await promisify(brotliCompress)(bytes));
  await writeFile(`${file}.gz`, await promisify(gzip)(bytes, { level: 9 }));
}

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here('portal'),
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact', legalComments: 'none' },
  build: {
    outDir: here('../src/takeback/apps/static/portal'),
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: false,
    // Everything is a file of its own under /assets, but what is asked for inline: a data: address would break the policy.
    assetsInlineLimit: 0,
    rollupOptions: {
      input: { index: here('portal/index.html'), 'quick-exit': here('portal/src/quick-exit.ts') },
      output: { hashCharacters: 'hex' },
    },
  },
  worker: {
    format: 'es',
    plugins: () => [wasmAsBase64()],
    rollupOptions: { output: { hashCharacters: 'hex' } }, // as above: what both builds emit has one name
  },
  plugins: [wasmAsBase64(), toml(), laterTexts(), quickExit(), integrity(), languages(), compressed()],
  test: { root: here('.'), include: ['tests/**/*.test.ts'], setupFiles: ['tests/setup.ts'] },
} as Parameters<typeof defineConfig>[0]);
