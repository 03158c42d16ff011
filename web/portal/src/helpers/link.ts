/**
 * The link with which a counsellor starts a case. All of it stands after the `#`, which no browser sends to a server: which
 * questions are answered already, its last day, and a number drawn by chance, which makes it work once
 * (docs/adr/0015-a-link-that-starts-a-case.md).
 */

import { digestOf, hex } from '../../../receipt/bytes';
import type { Age } from '../notice/file';

/** Days for which a link works, as in src/takeback/model/link.py. */
export const LINK_DAYS = 14;
const NUMBER_BYTES = 16;
const DAY_MS = 86_400_000;

export const HAVES = ['file', 'link', 'neither'] as const;
export type Have = (typeof HAVES)[number];

/** What a link has answered already. */
export interface Start {
  age: Age;
  have: Have;
}

/** What the page was opened with. */
export interface Opened {
  start: Start | null;
  /** What makes the link work once, in hexadecimal. Links of version 1 have none, and work always. */
  number: string | null;
  /** Its last day is over. */
  over: boolean;
}

const AGE_LETTERS: Record<string, Age> = { u: 'under-18', n: 'unsure', o: 'over-18' };
const HAVE_LETTERS: Record<string, Have> = { f: 'file', l: 'link', s: 'neither' };
const letterOf = (letters: Record<string, string>, value: string) =>
  Object.keys(letters).find((letter) => letters[letter] === value);

/** Gives a link that nobody has seen, and its last day (UTC), like 2026-12-10. `page` is the page's address, in the language it should open in. */
export function newLink(page: string, { age, have }: Start): { link: string; lastDay: string } {
  const lastDay = dayOf(Date.now() + LINK_DAYS * DAY_MS);
  const number = hex(crypto.getRandomValues(new Uint8Array(NUMBER_BYTES)));
  const link = new URL(page);
  link.search = '';
  link.hash = `2${letterOf(AGE_LETTERS, age)}${letterOf(HAVE_LETTERS, have)}${lastDay}${number}`;
  return { link: link.href, lastDay };
}

/** Gives what the page was opened with and forgets it: the address is plain again, in the tab and in its history. */
export function takeLink(): Opened {
  const [, version, age, have, lastDay, number] =
    /^#(\d)([a-z])([a-z])(?:(\d{4}-\d\d-\d\d)([\da-f]{32}))?$/.exec(location.hash) ?? [];
  if (location.hash) history.replaceState(null, '', location.pathname);
  const start = { age: AGE_LETTERS[age ?? ''], have: HAVE_LETTERS[have ?? ''] };
  const whole = version === (number ? '2' : '1') && start.age && start.have;
  const over = Boolean(whole && lastDay && lastDay < dayOf(Date.now()));
  if (!whole || over) return { start: null, number: null, over };
  return { start: start as Start, number: number ?? null, over };
}

/** Gives what a service is told of a link: the SHA-256 of its number, and nothing else. */
export async function digestOfNumber(number: string): Promise<string> {
  const bytes = Uint8Array.from(number.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  return hex(await digestOf(bytes));
}

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
