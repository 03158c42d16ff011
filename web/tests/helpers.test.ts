/** A counsellor's link: what it says, and that the page forgets it. */

import { afterEach, expect, test, vi } from 'vitest';
import { HAVES, linkFor, takeStart } from '../portal/src/helpers/link';
import { AGES } from '../portal/src/notice/file';

afterEach(() => vi.unstubAllGlobals());

function opened(address: string) {
  const replaced: unknown[] = [];
  vi.stubGlobal('location', new URL(address));
  vi.stubGlobal('history', { replaceState: (...words: unknown[]) => replaced.push(words[2]) });
  return { start: takeStart(), replaced };
}

test('what a link says is what the page begins with, and then the address is plain', () => {
  for (const age of AGES) {
    for (const have of HAVES) {
      const link = linkFor('https://help.example/es?from=chat#old', { age, have });
      expect(link).toMatch(/^https:\/\/help\.example\/es#1[uno][fls]$/);
      expect(opened(link)).toEqual({ start: { age, have }, replaced: ['/es'] });
    }
  }
});

test('two links that say the same are the same: none can be told from another', () => {
  const start = { age: 'under-18', have: 'file' } as const;
  expect(linkFor('https://help.example/', start)).toBe(linkFor('https://help.example/', start));
});

test.each(['', '#', '#2uf', '#1xf', '#1uff', '#1u', '#help'])('%j begins nothing', (hash) => {
  const { start, replaced } = opened(`https://help.example/${hash}`);
  expect(start).toBeNull();
  expect(replaced).toHaveLength(hash.length > 1 ? 1 : 0);
});
