/** The workers of the page as a file: inside it, and caged by its policy, which they inherit. */

import Film from '../fingerprints/film-worker?worker&inline';
import Tiff from '../fingerprints/tiff-worker?worker&inline';
import Fingerprint from '../fingerprints/worker?worker&inline';
import type { Kind } from '../portal/src/starting';
import Receipt from '../receipt/worker?worker&inline';

const inside: Partial<Record<Kind, new () => Worker>> = {
  fingerprint: Fingerprint,
  film: Film,
  tiff: Tiff,
  receipt: Receipt,
};

export function start(kind: Kind): Worker {
  const Inside = inside[kind];
  if (!Inside) throw new Error('it is not in this file');
  return new Inside();
}

/** The large decoders are not in the file. */
export async function partsOf(): Promise<Record<string, ArrayBuffer>> {
  return {};
}
