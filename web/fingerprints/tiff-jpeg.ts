/** JPEG inside TIFF: each strip or tile is a JPEG of its own whose tables stand elsewhere. The browser decodes it. */

import { isHonest, NoisyBrowserError } from './honesty';
import { drawn, STRIP_ROWS } from './pixels';
import { type Layout, YCBCR } from './tiff-layout';
import { UnknownKindError } from './unknown-kind';

/** Adobe's segment, but for its last byte: how colours are coded, 0 as they are, 1 as YCbCr. Decoders guess without. */
const ADOBE = [0xff, 0xee, 0, 14, 0x41, 0x64, 0x6f, 0x62, 0x65, 0, 100, 0, 0, 0, 0];

/** Gives the samples of one block of `width` × `height` pixels. */
export async function jpegSamples(
  packed: Uint8Array<ArrayBuffer>,
  tables: readonly number[],
  { samples, photometric }: Layout,
  width: number,
  height: number,
): Promise<Uint8Array> {
  if (!(await isHonest())) throw new NoisyBrowserError();
  const adobe = samples === 3 ? [...ADOBE, photometric === YCBCR ? 1 : 0] : [];
  // The tables come as a JPEG without a picture: they are what stands between its first and its last marker.
  const before = Uint8Array.from([0xff, 0xd8, ...adobe, ...tables.slice(2, -2)]);
  const file = new Blob([before, packed.subarray(2)], { type: 'image/jpeg' });
  const pixels = await drawn(file, { alpha: false, turned: false, profile: true });
  try {
    if (pixels.width !== width || pixels.height !== height) throw new UnknownKindError();
    const into = new Uint8Array(width * height * samples);
    for (let top = 0; top < height; top += STRIP_ROWS) {
      const rgba = pixels.strip(top, Math.min(STRIP_ROWS, height - top));
      for (let at = 0, to = top * width * samples; at < rgba.length; at += 4) {
        for (let sample = 0; sample < samples; sample++) into[to++] = rgba[at + sample] as number;
      }
    }
    return into;
  } finally {
    pixels.close();
  }
}
