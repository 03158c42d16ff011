/** What the page holds when its script begins: the sentences of its language. */

import { vi } from 'vitest';
import { english } from '../portal/src/texts/english';

const texts = { textContent: JSON.stringify(english) };
vi.stubGlobal('document', {
  documentElement: { lang: 'en' },
  getElementById: (id: string) => (id === 'texts' ? texts : null),
});
