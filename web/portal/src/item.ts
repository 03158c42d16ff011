/** One chosen picture, as the page knows it: never by its name, and never by what it shows. */

import { type Protection, withProtection } from '../../fingerprints/edits';
import type { Fingerprints } from '../../fingerprints/protocol';
import { language } from './texts';

export interface Item {
  number: number;
  bytes: number;
  size: string;
  date: string;
  done: number; // 0 to 1
  fingerprints: Fingerprints | null;
  unreadable: boolean;
}

export function itemOf(file: File, number: number): Item {
  return {
    number,
    bytes: file.size,
    size: sizeOf(file.size),
    date: dateOf(file.lastModified),
    done: 0,
    fingerprints: null,
    unreadable: false,
  };
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

function sizeOf(bytes: number): string {
  const [value, unit] = bytes < 1_000_000 ? [bytes / 1_000, 'kilobyte'] : [bytes / 1_000_000, 'megabyte'];
  return new Intl.NumberFormat(language(), { style: 'unit', unit, maximumFractionDigits: 1 }).format(value);
}

function dateOf(time: number): string {
  return new Intl.DateTimeFormat(language(), { dateStyle: 'medium' }).format(new Date(time));
}
