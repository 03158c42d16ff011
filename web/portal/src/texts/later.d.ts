/** Language → its sentences of what comes later (web/languages/plugin.ts). */
declare module 'virtual:later-texts' {
  const others: Record<string, () => Promise<{ default: typeof import('./english-notice').englishNotice }>>;
  export default others;
}
