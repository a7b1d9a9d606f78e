import { defineConfig } from 'vite';

/**
 * Builds the worker's inbox: no inline script or style, so that a strict CSP can serve it. `npm start` has further builds
 * in `dist`, which it may be serving.
 */
export default defineConfig({
  root: import.meta.dirname,
  base: '/',
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact', legalComments: 'none' },
  build: {
    outDir: 'dist/latest',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
  },
});
