/** One file's fingerprints. What cannot be read still gets its exact ones; a wrong one is never made. */

import { type Picture, pictureIn, UPRIGHT } from './container';
import { exactFingerprints } from './exact';
import { isHonest } from './honesty';
import { StreamingPdq, saysEnough } from './pdq';
import { decode, STRIP_ROWS } from './pixels';
import type { Fingerprints, Pdq } from './protocol';

/** Larger files get exact fingerprints only: a picture is never so large, and memory is. */
const MAX_PICTURE_BYTES = 100 * 1024 * 1024;
/** What every browser decodes; where one of these fails, it is the file. */
const EVERYWHERE: ReadonlySet<string> = new Set(['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/bmp']);
/** Share of the progress bar for the bytes; the rest is for the pixels. */
const SHARE_OF_BYTES = 0.4;

export async function fingerprint(file: Blob, progress: (done: number) => void): Promise<Fingerprints> {
  if (file.size === 0) throw new Error("an empty file is nobody's picture");
  const exact = await exactFingerprints(file, (done) => progress(done * SHARE_OF_BYTES));
  if (file.size > MAX_PICTURE_BYTES) return { ...exact, note: 'cannot-read' };
  const picture = pictureIn(new Uint8Array(await file.arrayBuffer()));
  if (!picture) return { ...exact, note: 'cannot-read' };

  if (!(await isHonest())) return { ...exact, note: 'browser-noise' };
  try {
    const pdq = await pdqOf(picture, (done) => progress(SHARE_OF_BYTES + done * (1 - SHARE_OF_BYTES)));
    return saysEnough(pdq) ? { ...exact, pdq } : { ...exact, note: 'low-detail' };
  } catch {
    return { ...exact, note: EVERYWHERE.has(picture.type) ? 'damaged' : 'cannot-read' };
  }
}

async function pdqOf({ bytes, type, alpha, orientation }: Picture, progress: (done: number) => void): Promise<Pdq> {
  const pixels = await decode(new Blob([bytes], { type }), { alpha, turned: orientation === null });
  try {
    const { width, height } = pixels;
    const hash = await StreamingPdq.begin(width, height, orientation ?? UPRIGHT, STRIP_ROWS);
    for (let top = 0; top < height; top += STRIP_ROWS) {
      const rows = Math.min(STRIP_ROWS, height - top);
      hash.rows(pixels.strip(top, rows));
      progress((top + rows) / height);
    }
    return hash.finish();
  } finally {
    pixels.close();
  }
}
