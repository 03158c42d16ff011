/**
 * The link with which a counsellor starts a case. All of it stands after the `#`, which no browser sends to a server, and
 * it says only which questions are answered already (docs/adr/0015-a-link-that-starts-a-case.md).
 */

import type { Age } from '../notice/file';

export const HAVES = ['file', 'link', 'neither'] as const;
export type Have = (typeof HAVES)[number];

export interface Start {
  age: Age;
  have: Have;
}

const AGE_LETTERS: Record<string, Age> = { u: 'under-18', n: 'unsure', o: 'over-18' };
const HAVE_LETTERS: Record<string, Have> = { f: 'file', l: 'link', s: 'neither' };
const letterOf = (letters: Record<string, string>, value: string) =>
  Object.keys(letters).find((letter) => letters[letter] === value);

/** Gives the link. `page` is the address of the page, in the language that it should open in. */
export function linkFor(page: string, { age, have }: Start): string {
  const link = new URL(page);
  link.search = '';
  link.hash = `1${letterOf(AGE_LETTERS, age)}${letterOf(HAVE_LETTERS, have)}`;
  return link.href;
}

/** Gives what the page was opened with and forgets it: the address is plain again, in the tab and in its history. */
export function takeStart(): Start | null {
  const [, version, age, have] = /^#(\d)([a-z])([a-z])$/.exec(location.hash) ?? [];
  if (location.hash) history.replaceState(null, '', location.pathname);
  const start = { age: AGE_LETTERS[age ?? ''], have: HAVE_LETTERS[have ?? ''] };
  return version === '1' && start.age && start.have ? { age: start.age, have: start.have } : null;
}
