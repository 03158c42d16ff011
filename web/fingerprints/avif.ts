/**
 * AVIF, whose decoders differ in two things. Chromium colours an animation's first frame otherwise than the still picture
 * that such a file holds, too; and it stretches the transparency of a still picture as if it ended at 16 and 235.
 */

import { drawn, overWhite, type Pixels, STRIP_ROWS } from './pixels';
import { UnknownKindError } from './unknown-kind';

const TURNED = { alpha: false, turned: true, profile: true };

export async function decodeAvif(bytes: Uint8Array<ArrayBuffer>): Promise<Pixels> {
  const still = asStill(bytes);
  const whole = await drawn(fileOf(still), TURNED);
  const parts = partsOf(still);
  if (!parts) return whole;
  // What the picture's transparency is, is seen where it is decoded as a picture of its own.
  const alpha = await drawn(fileOf(parts.alpha), TURNED);
  if (isAlphaOf(whole, alpha)) return { ...whole, strip: (top, rows) => overWhite(clamped(whole.strip(top, rows))) };
  whole.close();
  const colours = await drawn(fileOf(parts.colours), TURNED);
  if (colours.width !== alpha.width || colours.height !== alpha.height) throw new UnknownKindError();
  return {
    ...colours,
    strip(top, rows) {
      const rgba = clamped(colours.strip(top, rows));
      const grey = alpha.strip(top, rows);
      for (let at = 0; at < rgba.length; at += 4) rgba[at + 3] = grey[at] as number;
      return overWhite(rgba);
    },
    close() {
      colours.close();
      alpha.close();
    },
  };
}

function fileOf(bytes: Uint8Array<ArrayBuffer>): Blob {
  return new Blob([bytes], { type: 'image/avif' });
}

function clamped(pixels: Uint8Array | Uint8ClampedArray): Uint8ClampedArray {
  return pixels instanceof Uint8ClampedArray ? pixels : new Uint8ClampedArray(pixels);
}

/** Whether the transparency that a browser gives the whole picture is the one that the file holds. */
function isAlphaOf(whole: Pixels, alpha: Pixels): boolean {
  if (whole.width !== alpha.width || whole.height !== alpha.height) return false;
  for (let top = 0; top < whole.height; top += STRIP_ROWS) {
    const rows = Math.min(STRIP_ROWS, whole.height - top);
    const [rgba, grey] = [whole.strip(top, rows), alpha.strip(top, rows)];
    for (let at = 0; at < rgba.length; at += 4) if (rgba[at + 3] !== grey[at]) return false;
  }
  return true;
}

/** The same file, called a still picture: then its picture is decoded and not its first frame. */
function asStill(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  if (bytes[11] !== 0x73) return bytes; // it is not `avis`
  const still = bytes.slice();
  still[11] = 0x66;
  return still;
}

/**
 * The file without its transparency, and with its transparency as its picture (ISO/IEC 23008-12: `auxl` names both items,
 * `pitm` the picture). null where it has none; throws for what cannot be told apart.
 */
function partsOf(bytes: Uint8Array<ArrayBuffer>): Record<'colours' | 'alpha', Uint8Array<ArrayBuffer>> | null {
  const [begin, end] = metaOf(bytes);
  const auxiliary = find(bytes, 'auxl', begin, end);
  if (auxiliary < 0) return null;
  const [references, primary] = [find(bytes, 'iref', begin, end), find(bytes, 'pitm', begin, end)];
  const several = find(bytes, 'auxl', auxiliary + 1, end) >= 0 || find(bytes, 'prem', begin, end) >= 0;
  if (several || references < 0 || primary < 0) throw new UnknownKindError();
  if (bytes[references + 4] !== 0 || bytes[primary + 4] !== 0) throw new UnknownKindError(); // ids of four bytes
  const colours = bytes.slice();
  colours[auxiliary] = 0x78; // a kind of reference that there is not
  const alpha = colours.slice();
  alpha.copyWithin(primary + 8, auxiliary + 4, auxiliary + 6);
  return { colours, alpha };
}

/** Where the first box of the file that is called `meta` begins and ends. */
function metaOf(bytes: Uint8Array): [number, number] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + 8 <= bytes.length; ) {
    const size = view.getUint32(at);
    if (find(bytes, 'meta', at + 4, at + 8) >= 0) return [at, Math.min(at + size, bytes.length)];
    if (size < 8) break;
    at += size;
  }
  return [0, 0];
}

/** Gives where four letters stand, or -1. */
function find(bytes: Uint8Array, name: string, begin: number, end: number): number {
  const [a, b, c, d] = Array.from(name, (letter) => letter.charCodeAt(0)) as [number, number, number, number];
  for (let at = bytes.indexOf(a, begin); at >= 0 && at + 4 <= end; at = bytes.indexOf(a, at + 1)) {
    if (bytes[at + 1] === b && bytes[at + 2] === c && bytes[at + 3] === d) return at;
  }
  return -1;
}
