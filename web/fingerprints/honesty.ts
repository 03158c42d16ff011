/**
 * Whether this browser hands out the pixels that it decodes. Some change them to defeat tracking, without an error; a
 * fingerprint made from noise would match nothing, so none is made.
 */

import { drawn } from './pixels';

const SIDE = 16;
const HEADER = 54;

/** This browser changes the pixels that it hands out. */
export class NoisyBrowserError extends Error {}

let answer: Promise<boolean> | undefined;

/** Whether a picture whose every pixel we know comes back byte for byte. Asked once. */
export function isHonest(): Promise<boolean> {
  answer ??= compare().catch(() => false);
  return answer;
}

async function compare(): Promise<boolean> {
  const { bytes, rgb } = knownPicture();
  const pixels = await drawn(new Blob([bytes], { type: 'image/bmp' }), { alpha: false, turned: false, profile: false });
  try {
    if (pixels.width !== SIDE || pixels.height !== SIDE) return false;
    const got = pixels.strip(0, SIDE);
    return rgb.every((value, at) => got[Math.floor(at / 3) * 4 + (at % 3)] === value);
  } finally {
    pixels.close();
  }
}

/** A 16×16 BMP with 256 different colours, and its pixels. */
export function knownPicture(): { bytes: Uint8Array<ArrayBuffer>; rgb: number[] } {
  const bytes = new Uint8Array(HEADER + SIDE * SIDE * 3);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 0x424d);
  view.setUint32(2, bytes.length, true);
  view.setUint32(10, HEADER, true);
  view.setUint32(14, 40, true);
  view.setInt32(18, SIDE, true);
  view.setInt32(22, SIDE, true);
  view.setUint16(26, 1, true);
  view.setUint16(28, 24, true);
  view.setUint32(34, SIDE * SIDE * 3, true);
  const rgb: number[] = [];
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      const colour = [x * 17, y * 17, ((x * SIDE + y) * 73) & 255];
      rgb.push(...colour);
      const at = HEADER + ((SIDE - 1 - y) * SIDE + x) * 3; // rows from the bottom, blue first
      bytes.set([colour[2] as number, colour[1] as number, colour[0] as number], at);
    }
  }
  return { bytes, rgb };
}
