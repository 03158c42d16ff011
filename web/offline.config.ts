/** Builds the page as one file, which needs no network and has none. */

import { createHash } from 'node:crypto';
import { defineConfig, type Plugin } from 'vite';
import { laterTexts } from './languages/plugin';
import { english } from './portal/src/texts/english';
import { here, toml, wasmAsBase64 } from './vite.shared';

/** Nothing may be fetched or sent: what runs is what stands in the file, by its digest, and workers made of it. */
const policyFor = (script: string, style: string) =>
  `default-src 'none'; script-src '${script}' 'wasm-unsafe-eval'; style-src '${style}'; worker-src blob:; ` +
  "media-src blob:; connect-src 'none'; base-uri 'none'; form-action 'none'";

/** Other workers are started in this build, by the same name. */
function startedInside(): Plugin {
  return {
    name: 'takeback-started-inside',
    enforce: 'pre',
    resolveId: (id) => (id === './starting' ? here('offline/starting.ts') : null),
  };
}

/** Puts script and style into the file, and their digests into its policy. */
function oneFile(): Plugin {
  return {
    name: 'takeback-one-file',
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        const page = bundle['index.html'];
        if (page?.type !== 'asset') return;
        const parts = Object.values(bundle);
        const script = parts.map((part) => (part.type === 'chunk' ? part.code : '')).join('');
        const style = parts.map((p) => (p.type === 'asset' && p.fileName.endsWith('.css') ? String(p.source) : ''));
        const code = script.replaceAll('</script', '<\\/script');
        page.source = String(page.source)
          .replace(/\s*<script type="module"[^>]*><\/script>/, '')
          .replace(/<link rel="stylesheet"[^>]*>/, () => `<style>${style.join('')}</style>`)
          .replace('</body>', () => `<script type="module">${code}</script></body>`)
          .replace('id="texts">', () => `id="texts">${JSON.stringify(english).replaceAll('<', '\\u003c')}`)
          .replace('content=""', `content="${policyFor(digest(code), digest(style.join('')))}"`);
        for (const name of Object.keys(bundle)) if (name !== 'index.html') delete bundle[name];
      },
    },
  };
}

function digest(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

export default defineConfig({
  root: here('offline'),
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact', legalComments: 'none' },
  build: {
    outDir: here('offline/generated'),
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: false,
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    rollupOptions: { output: { inlineDynamicImports: true } },
  },
  // Scripts, not modules: of a page that is opened from a disk, browsers load no module.
  worker: { format: 'iife', plugins: () => [wasmAsBase64()] },
  plugins: [startedInside(), wasmAsBase64(), toml(), laterTexts(), oneFile()],
});
