/** How many pixels a picture claims to have, by its header: before a decoder believes it. */

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
    if (type === 'image/jpeg') return inJpeg(view);
    if (type === 'image/avif' || type === 'image/heic') return inBoxes(bytes, view);
  } catch {
    return 0; // it ends before
  }
  return 0; // WebP has at most 16,383 pixels a side and is decoded strictly; TIFF has a limit of its own
}

/** The first frame header (SOF0 to SOF15, but for the three markers among them that are none). */
function inJpeg(view: DataView): number {
  for (let at = 2; view.getUint8(at) === 0xff; at += 2 + view.getUint16(at + 2)) {
    const marker = view.getUint8(at + 1);
    const frame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (frame) return view.getUint16(at + 5) * view.getUint16(at + 7);
    if (marker === 0xda) break;
  }
  return 0;
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
