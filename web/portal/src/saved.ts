/** Fingerprints in a file: made without a network on one device, sent from another. */

import type { Clearinghouse, Submission } from './api';
import { texts } from './texts';

const FILE_NAME = 'fingerprints.json';
const MOST_BYTES = 4_000_000;

export function download(content: string, type: string, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

/** Saves the page as a file, in the language that this page speaks. */
export async function savePage(address: string, name: string): Promise<void> {
  const answer = await fetch(address, { credentials: 'omit', referrerPolicy: 'no-referrer' });
  if (!answer.ok) throw new Error('it did not come');
  const { lang, dir } = document.documentElement;
  const sentences = JSON.stringify(texts).replaceAll('<', '\\u003c');
  const page = (await answer.text())
    .replace(/<html[^>]*>/, () => `<html lang="${lang}" dir="${dir}">`)
    .replace(/(id="texts">)[^<]*/, (_, begin: string) => begin + sentences);
  download(page, 'text/html', name);
}

/** A clearinghouse that only writes down what would be sent. */
export const toFile: Clearinghouse = {
  take: async (submission) => download(JSON.stringify(submission), 'application/json', FILE_NAME),
  statusOf: async () => [],
  withdraw: async () => undefined,
  keep: async () => undefined,
  renew: async () => undefined,
};

/** Gives what the file says is to be sent, or null. The service checks every field again. */
export async function fromFile(file: Blob): Promise<Submission | null> {
  if (file.size > MOST_BYTES) return null;
  try {
    const { age, entries } = JSON.parse(await file.text()) as Submission;
    const known = age === 'under-18' || age === 'unsure';
    const whole = entries.every(({ receipt, kind, fingerprints }) => receipt && kind && fingerprints.length > 1);
    return known && entries.length > 0 && whole ? { age, entries } : null;
  } catch {
    return null;
  }
}
