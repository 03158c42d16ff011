/** Pixels to PDQ, strip by strip. */

import { editsOf } from './edits';
import { RGBX8, StreamingPdq } from './pdq';
import { type Pixels, STRIP_ROWS } from './pixels';
import type { EditPdq, Pdq } from './protocol';

/** EXIF orientations from here on lay the picture on its side. */
const SWAPPED = 5;
const quietly = () => undefined;

/** Gives the hash of the picture turned upright, and lets the pixels go. */
export async function pdqOf(pixels: Pixels, orientation: number): Promise<Pdq> {
  return (await hashed(pixels, orientation, false, quietly)).finish();
}

/** Gives the same, and the hashes of its simulated edits. */
export async function pdqAndEditsOf(
  pixels: Pixels,
  orientation: number,
  progress: (done: number) => void,
): Promise<{ pdq: Pdq; edits: EditPdq[] }> {
  const { width, height } = pixels;
  const hash = await hashed(pixels, orientation, true, progress);
  const pdq = hash.finish();
  const edits = orientation >= SWAPPED ? editsOf(height, width) : editsOf(width, height);
  return { pdq, edits: edits.map((edit) => ({ edit: edit.name, ...hash.part(edit) })) };
}

async function hashed(
  pixels: Pixels,
  orientation: number,
  parts: boolean,
  progress: (done: number) => void,
): Promise<StreamingPdq> {
  try {
    const { width, height, layout = RGBX8, stride = width * 4 } = pixels;
    const hash = await StreamingPdq.begin({ width, height, orientation, layout, stride }, parts);
    for (let top = 0; top < height; top += STRIP_ROWS) {
      const rows = Math.min(STRIP_ROWS, height - top);
      hash.rows(pixels.strip(top, rows), rows);
      progress((top + rows) / height);
    }
    return hash;
  } finally {
    pixels.close();
  }
}
