/** Pixels to PDQ, strip by strip. */

import { EDIT_SIDE, editsOf } from './edits';
import type { Look } from './moments';
import { RGBX8, StreamingPdq } from './pdq';
import { type Pixels, STRIP_ROWS } from './pixels';
import type { EditPdq, Pdq } from './protocol';

/** EXIF orientations from here on lay the picture on its side. */
const SWAPPED = 5;
const quietly = () => undefined;

/** The longest side of what a card is told by, and from how many smooth pixels of a thousand on it is one. */
const CARD_SIDE = 96;
const SMOOTH_PER_THOUSAND = 750;

/** Gives the hash of a film's frame turned upright, and whether it is a card (spec/film.md); lets the pixels go. */
export async function pdqOfFrame(pixels: Pixels, orientation: number): Promise<Look> {
  const hash = await hashed(pixels, orientation, CARD_SIDE, quietly);
  return { ...hash.finish(), card: hash.smooth() >= SMOOTH_PER_THOUSAND };
}

/** Gives the hash of a picture turned upright, and those of its simulated edits; lets the pixels go. */
export async function pdqAndEditsOf(
  pixels: Pixels,
  orientation: number,
  progress: (done: number) => void,
): Promise<{ pdq: Pdq; edits: EditPdq[] }> {
  const { width, height } = pixels;
  const hash = await hashed(pixels, orientation, EDIT_SIDE, progress);
  const pdq = hash.finish();
  const edits = orientation >= SWAPPED ? editsOf(height, width) : editsOf(width, height);
  return { pdq, edits: edits.map((edit) => ({ edit: edit.name, ...hash.part(edit) })) };
}

async function hashed(
  pixels: Pixels,
  orientation: number,
  side: number,
  progress: (done: number) => void,
): Promise<StreamingPdq> {
  try {
    const { width, height, layout = RGBX8, stride = width * 4 } = pixels;
    const hash = await StreamingPdq.begin({ width, height, orientation, layout, stride }, side);
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
