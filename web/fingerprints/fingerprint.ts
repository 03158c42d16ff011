/** One file's fingerprints. What cannot be read still gets its exact ones; a wrong one is never made. */

import { type ImageType, isFilm, type Picture, pictureIn, SNIFF_BYTES, UPRIGHT } from './container';
import { exactFingerprints } from './exact';
import { NoisyBrowserError } from './honesty';
import { StreamingPdq, saysEnough } from './pdq';
import { type Pixels, STRIP_ROWS } from './pixels';
import type { Fingerprints, Note, Pdq } from './protocol';

/** Larger files get exact fingerprints only: a picture is never so large, and memory is. */
const MAX_PICTURE_BYTES = 100 * 1024 * 1024;
/** What every browser decodes; where one of these fails, it is the file. */
const EVERYWHERE: ReadonlySet<ImageType> = new Set(['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/bmp']);
/** Share of the progress bar for the bytes; the rest is for the pixels. */
const SHARE_OF_BYTES = 0.4;

/** One way to get from a picture to its pixels. */
export type Decode = (picture: Picture) => Promise<Pixels>;

export async function fingerprint(file: Blob, decode: Decode, progress: (done: number) => void): Promise<Fingerprints> {
  if (file.size === 0) throw new Error("an empty file is nobody's picture");
  const exact = await exactFingerprints(file, (done) => progress(done * SHARE_OF_BYTES));
  const small = file.size <= MAX_PICTURE_BYTES;
  const bytes = new Uint8Array(await (small ? file : file.slice(0, SNIFF_BYTES)).arrayBuffer());
  const picture = pictureIn(bytes);
  if (!picture && isFilm(bytes)) return { ...exact, kind: 'video', note: 'film' };
  if (!picture || !small) return { ...exact, kind: 'image', note: 'cannot-read' };
  const image = { ...exact, kind: 'image' } as const;
  try {
    const pixels = await decode(picture);
    const pdq = await pdqOf(pixels, picture, (done) => progress(SHARE_OF_BYTES + done * (1 - SHARE_OF_BYTES)));
    return saysEnough(pdq) ? { ...image, pdq } : { ...image, note: 'low-detail' };
  } catch (error) {
    return { ...image, note: error instanceof NoisyBrowserError ? 'browser-noise' : noteFor(picture.type) };
  }
}

/** Where a picture of this type could not be decoded, what that says of the file. */
function noteFor(type: ImageType): Note {
  if (EVERYWHERE.has(type)) return 'damaged';
  return type === 'image/heic' ? 'needs-heic' : 'cannot-read';
}

async function pdqOf(pixels: Pixels, { orientation }: Picture, progress: (done: number) => void): Promise<Pdq> {
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
