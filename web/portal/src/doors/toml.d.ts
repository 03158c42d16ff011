/** A .toml file, read when the page is built (vite.config.ts). */
declare module '*.toml' {
  const content: unknown;
  export default content;
}
