import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';
import { languages, laterTexts } from './languages/plugin';
import { here, toml, wasmAsBase64 } from './vite.shared';

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
