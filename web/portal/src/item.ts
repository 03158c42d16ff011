/**
 * One chosen picture, as the page knows it: never by its name, and never by what it shows. Its file is a handle, kept
 * until the fingerprints are sent, for another try.
 */

import { type Protection, withProtection } from '../../fingerprints/edits';
import type { Fingerprints } from '../../fingerprints/protocol';
import { language } from './texts';

/** Pictures in one submission, as spec/intake.md has it. */
export const MOST = 100;

export interface Item {
  file: File;
  number: number;
  bytes: number;
  size: string;
  date: string;
  done: number; // 0 to 1
  fingerprints: Fingerprints | null;
}

/** To learn a chosen file's size the page waits for the browser: of so many at once nobody feels it. */
const AT_ONCE = 20;

/** Gives the items of files, numbered from `first` on. */
export async function itemsOf(files: readonly File[], first: number): Promise<Item[]> {
  const items: Item[] = [];
  for (const file of files) {
    if (items.length % AT_ONCE === 0) await new Promise((resolve) => setTimeout(resolve));
    items.push(itemOf(file, first + items.length));
  }
  return items;
}

function itemOf(file: File, number: number): Item {
  return {
    file,
    number,
    bytes: file.size,
    size: sizeOf(file.size),
    date: dateOf(file.lastModified),
    done: 0,
    fingerprints: null,
  };
}

/**
 * Puts what was just made among what was there, by the numbers. A file that is there already, byte for byte, is not
 * taken a second time.
 */
export function together(before: readonly Item[], made: readonly Item[]): Item[] {
  const kept = before.filter(({ number }) => !made.some((one) => one.number === number));
  const known = new Set(kept.map(({ fingerprints }) => fingerprints?.sha256));
  const fresh = made.filter(({ fingerprints }) => !fingerprints || !known.has(fingerprints.sha256));
  return [...kept, ...fresh].sort((one, other) => one.number - other.number);
}

/** Gives what is sent of the pictures that could be opened. */
export function sentOf(items: readonly Item[], protection: Protection): Fingerprints[] {
  return items.flatMap(({ fingerprints }) => (fingerprints ? [withProtection(fingerprints, protection)] : []));
}

/** Gives how many fingerprints these are: two of each picture are exact. */
export function countOf(prints: readonly Fingerprints[]): number {
  return prints.reduce(
    (sum, { pdq, edits = [], frames = [] }) => sum + 2 + (pdq ? 1 : 0) + edits.length + frames.length,
    0,
  );
}

// Made once: to make one takes longer than to draw a tile.
const inUnit = (unit: string) => new Intl.NumberFormat(language(), { style: 'unit', unit, maximumFractionDigits: 1 });
const [kilobytes, megabytes] = [inUnit('kilobyte'), inUnit('megabyte')];
const days = new Intl.DateTimeFormat(language(), { dateStyle: 'medium' });

function sizeOf(bytes: number): string {
  return bytes < 1_000_000 ? kilobytes.format(bytes / 1_000) : megabytes.format(bytes / 1_000_000);
}

function dateOf(time: number): string {
  return days.format(new Date(time));
}
