/** Pixels to PDQ, strip by strip. */

import { RGBX8, StreamingPdq } from './pdq';
import { type Pixels, STRIP_ROWS } from './pixels';
import type { Pdq } from './protocol';

/** Gives the hash of the picture turned upright, and lets the pixels go. */
export async function pdqOf(
  pixels: Pixels,
  orientation: number,
  progress: (done: number) => void = () => undefined,
): Promise<Pdq> {
  try {
    const { width, height, layout = RGBX8, stride = width * 4 } = pixels;
    const hash = await StreamingPdq.begin({ width, height, orientation, layout, stride }, STRIP_ROWS);
    for (let top = 0; top < height; top += STRIP_ROWS) {
      const rows = Math.min(STRIP_ROWS, height - top);
      hash.rows(pixels.strip(top, rows), rows);
      progress((top + rows) / height);
    }
    return hash.finish();
  } finally {
    pixels.close();
  }
}
