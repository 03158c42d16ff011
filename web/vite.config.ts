import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parse } from 'smol-toml';
import { defineConfig, type Plugin } from 'vite';

/** Adds Subresource Integrity to every script and style of index.html, from the bytes that are written. */
function integrity(): Plugin {
  return {
    name: 'takeback-integrity',
    enforce: 'post',
    generateBundle: {
      order: 'post', // Vite itself still writes into the scripts: the names of the styles that come with a later part
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

export default defineConfig({
  root: fileURLToPath(new URL('portal', import.meta.url)),
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact', legalComments: 'none' },
  build: {
    outDir: fileURLToPath(new URL('../src/takeback/apps/static/portal', import.meta.url)),
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: false,
    // Everything is a file of its own under /assets, but what is asked for inline: a data: address would break the policy.
    assetsInlineLimit: 0,
    rollupOptions: { output: { hashCharacters: 'hex' } },
  },
  worker: {
    format: 'es',
    plugins: () => [wasmAsBase64()],
    rollupOptions: { output: { hashCharacters: 'hex' } }, // as above: what both builds emit has one name
  },
  plugins: [wasmAsBase64(), toml(), integrity()],
  test: { root: fileURLToPath(new URL('.', import.meta.url)), include: ['tests/**/*.test.ts'] },
} as Parameters<typeof defineConfig>[0]);
