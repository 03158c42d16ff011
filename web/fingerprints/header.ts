/** What a picture's header claims, before a decoder believes it: how many pixels, and of which kind. */

import type { Picture } from './container';

/** As on the server: larger pictures get exact fingerprints only. */
export const MAX_PIXELS = 200_000_000;

/** Gives width × height, or 0 where the header does not say, or says it elsewhere: then the decoder finds out. */
export function pixelsIn({ bytes, type }: Picture): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    if (type === 'image/png') return view.getUint32(16) * view.getUint32(20);
    if (type === 'image/gif') return view.getUint16(6, true) * view.getUint16(8, true);
    if (type === 'image/bmp') return Math.abs(view.getInt32(18, true) * view.getInt32(22, true));
    if (type === 'image/jpeg') return frameIn(view)?.pixels ?? 0;
    if (type === 'image/avif' || type === 'image/heic') return inBoxes(bytes, view);
  } catch {
    return 0; // it ends before
  }
  return 0; // WebP has at most 16,383 pixels a side and is decoded strictly; TIFF has a limit of its own
}

/**
 * Whether it is a JPEG of a kind that no camera makes (arithmetic coding, lossless): decoders do not show damage in
 * those, and differ.
 */
export function isUnusual({ bytes, type }: Picture): boolean {
  if (type !== 'image/jpeg') return false;
  try {
    return (frameIn(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength))?.kind ?? 0) > PROGRESSIVE;
  } catch {
    return false; // it ends before: the decoder finds out
  }
}

/** Frame headers are SOF0 to SOF15, but for three markers among them; up to SOF2 are baseline, extended, progressive. */
const [SOF0, SOF15, NONE] = [0xc0, 0xcf, [0xc4, 0xc8, 0xcc]];
const [PROGRESSIVE, SCAN] = [2, 0xda];

function frameIn(view: DataView): { kind: number; pixels: number } | null {
  for (let at = 2; view.getUint8(at) === 0xff; at += 2 + view.getUint16(at + 2)) {
    const marker = view.getUint8(at + 1);
    if (marker === SCAN) return null;
    if (marker < SOF0 || marker > SOF15 || NONE.includes(marker)) continue;
    return { kind: marker - SOF0, pixels: view.getUint16(at + 5) * view.getUint16(at + 7) };
  }
  return null;
}

const HEAD_BYTES = 65_536;

/** The largest that an `ispe` box in the file's head names: of the picture, or of a part of it. */
function inBoxes(bytes: Uint8Array, view: DataView): number {
  let most = 0;
  const end = Math.min(bytes.length, HEAD_BYTES) - 16;
  for (let at = bytes.indexOf(0x69); at > 0 && at < end; at = bytes.indexOf(0x69, at + 1)) {
    if (view.getUint32(at) === 0x69737065) most = Math.max(most, view.getUint32(at + 8) * view.getUint32(at + 12));
  }
  return most;
}
