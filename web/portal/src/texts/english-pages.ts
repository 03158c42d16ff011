/** What the pages say that the server writes: they need no scripts, and the app does not carry them. */
export const englishPages = {
  how: { title: 'How it works' },
};
