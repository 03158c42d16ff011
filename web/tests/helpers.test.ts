/** A counsellor's link: what it says, that it works once, and that the page forgets it. */

import { afterEach, expect, test, vi } from 'vitest';
import { type Clearinghouse, clearinghouse } from '../portal/src/api';
import { digestOfNumber, HAVES, LINK_DAYS, newLink, takeLink } from '../portal/src/helpers/link';
import { afterUsing, LinkUsedError, use } from '../portal/src/helpers/once';
import { AGES } from '../portal/src/notice/file';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const NUMBER = '00112233445566778899aabbccddeeff';
const NONE = { start: null, number: null, over: false };
const FOR_A_FILE = { age: 'under-18', have: 'file' } as const;

function opened(address: string) {
  const replaced: unknown[] = [];
  vi.stubGlobal('location', new URL(address));
  vi.stubGlobal('history', { replaceState: (...words: unknown[]) => replaced.push(words[2]) });
  return { ...takeLink(), replaced };
}

test('what a link says is what the page begins with, and then the address is plain', () => {
  for (const age of AGES) {
    for (const have of HAVES) {
      const { link, lastDay } = newLink('https://help.example/es?from=chat#old', { age, have });
      expect(link).toMatch(/^https:\/\/help\.example\/es#2[uno][fls]\d{4}-\d\d-\d\d[0-9a-f]{32}$/);
      expect(link).toContain(lastDay);
      expect(opened(link)).toEqual({ start: { age, have }, number: link.slice(-32), over: false, replaced: ['/es'] });
    }
  }
});

test('each link has a number of its own, which says nothing', () => {
  const numbers = Array.from({ length: 50 }, () => newLink('https://help.example/', FOR_A_FILE).link.slice(-32));
  expect(new Set(numbers).size).toBe(50);
});

test('links of before work as they did', () => {
  expect(opened('https://help.example/#1nf')).toEqual({
    start: { age: 'unsure', have: 'file' },
    number: null,
    over: false,
    replaced: ['/'],
  });
});

test('it works to the end of its last day, everywhere', () => {
  vi.useFakeTimers();
  vi.setSystemTime(new Date('2026-11-24T23:59Z'));
  const { link, lastDay } = newLink('https://help.example/', FOR_A_FILE);
  expect(lastDay).toBe('2026-12-08');
  expect(LINK_DAYS).toBe(14);
  vi.setSystemTime(new Date('2026-12-08T23:59Z'));
  expect(opened(link).start).toEqual(FOR_A_FILE);
  vi.setSystemTime(new Date('2026-12-09T00:00Z'));
  expect(opened(link)).toMatchObject({ ...NONE, over: true });
});

test.each([
  ...['', '#', '#2uf', '#1xf', '#1uff', '#1u', '#help', `#1uf2026-12-10${NUMBER}`, `#2uf${NUMBER}`],
  ...[`#2uf2026-12-10${NUMBER}0`, `#3uf2026-12-10${NUMBER}`, `#2uf2026-12-10${NUMBER.toUpperCase()}`],
])('%j begins nothing', (hash) => {
  const { replaced, ...found } = opened(`https://help.example/${hash}`);
  expect(found).toEqual(NONE);
  expect(replaced).toHaveLength(hash.length > 1 ? 1 : 0);
});

test('a service is told the digest of the number alone', async () => {
  const bodies: unknown[] = [];
  vi.stubGlobal('fetch', async (path: string, { body }: { body: string }) => {
    bodies.push([path, JSON.parse(body)]);
    return new Response(null, { status: 204 });
  });
  await use(NUMBER);
  expect(bodies).toEqual([['/v1/links/use', { digest: await digestOfNumber(NUMBER) }]]);
  // printf 00112233445566778899aabbccddeeff | xxd -r -p | sha256sum
  expect(await digestOfNumber(NUMBER)).toBe('a8faed6abbf35c12a4b26e40f6feb19d736d90045c83b9f9a31f638d323e6811');
});

test('what could not be asked at the beginning is asked before anything is sent', async () => {
  const answers = [500, 409];
  const asked: string[] = [];
  vi.stubGlobal('fetch', async (path: string) => {
    asked.push(path);
    return new Response(null, { status: answers.shift() ?? 204 });
  });
  const to: Clearinghouse = afterUsing(NUMBER, clearinghouse);
  const submission = { age: 'unsure' as const, entries: [] };
  await expect(to.take(submission)).rejects.toThrow('not answered');
  await expect(to.take(submission)).rejects.toBeInstanceOf(LinkUsedError);
  expect(asked).toEqual(['/v1/links/use', '/v1/links/use']);
  await to.take(submission);
  await to.take(submission);
  expect(asked.slice(2)).toEqual(['/v1/submissions', '/v1/submissions']);
});
