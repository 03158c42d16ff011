/**
 * A film's own luma (spec/film.md): as the decoder hands it out, or found again in the colours that a browser made of it.
 *
 * Firefox hands out frames as colours alone, and does not say truly by which matrix they were made. Luma was a whole
 * number: of the right matrix the values land on whole numbers again, but for rounding, and of the others anywhere.
 */

import { GREY8, VIDEO8, VIDEO10 } from './pdq';
import { type Pixels, painted, STRIP_ROWS } from './pixels';

let copied = new Uint8Array();

/** So much of a frame's colours is cut off that its luma cannot be found again. */
export class CutOffError extends Error {}

/** A film's frame: its own luma where the decoder hands it out, otherwise found again in what a canvas shows. */
export async function lumaOf(frame: VideoFrame): Promise<Pixels> {
  const { format, visibleRect, colorSpace } = frame;
  const deep = format?.endsWith('P10') ?? false;
  const luma = format !== null && /^(I4|NV12)/.test(format) && !format.endsWith('P12');
  if (!luma || !visibleRect || (deep && colorSpace.fullRange)) {
    return lumaAgain(painted(frame, frame.displayWidth, frame.displayHeight, false));
  }
  const size = frame.allocationSize();
  if (copied.length < size) copied = new Uint8Array(size);
  const [plane] = await frame.copyTo(copied);
  if (!plane) throw new Error('no luma');
  const { width, height } = visibleRect;
  const { offset, stride } = plane;
  const layout = deep ? VIDEO10 : colorSpace.fullRange ? GREY8 : VIDEO8;
  const strip = (top: number, rows: number) => copied.subarray(offset + top * stride, offset + (top + rows) * stride);
  return { width, height, layout, stride, strip, close() {} };
}

/** Weights of red, green and blue: BT.709, BT.601, BT.2020; and what they are in libyuv, which counts in 64ths. */
const MATRICES = [
  [0.2126, 0.7152, 0.0722],
  [0.299, 0.587, 0.114],
  [0.2627, 0.678, 0.0593],
  [0.2104, 0.7117, 0.0779],
  [0.299, 0.5865, 0.1145],
  [0.2641, 0.6729, 0.063],
] as const;
type Matrix = (typeof MATRICES)[number];
/** From 0 to 255 back to 16 to 235. */
const [BLACK, SCALE] = [16, 219 / 255];
/** Mean distance to the next whole number: 0.13 to 0.15 with the right matrix, 0.25 with a wrong one. */
const MOST_APART = 0.19;
const STRIPS_LOOKED_AT = 8;
/** From this share of colours on that are cut off at 0 or 255, luma cannot be found again well enough: drawn patterns. */
const MOST_CUT_OFF = 0.9;

/** Gives the luma of a frame whose colours are given; the same pixels where they came from no luma that is known. */
export function lumaAgain(pixels: Pixels): Pixels {
  const matrix = matrixOf(pixels);
  if (!matrix) return pixels;
  const { width, height } = pixels;
  return {
    width,
    height,
    layout: VIDEO8,
    stride: width,
    strip(top, rows) {
      const rgbx = pixels.strip(top, rows);
      const luma = new Uint8Array(width * rows);
      for (let at = 0; at < luma.length; at++) luma[at] = Math.round(lumaAt(rgbx, at * 4, matrix));
      return luma;
    },
    close: () => pixels.close(),
  };
}

function matrixOf(pixels: Pixels): Matrix | null {
  const apart = MATRICES.map(() => 0);
  let seen = 0;
  let cutOff = 0;
  for (let part = 0; part < STRIPS_LOOKED_AT; part++) {
    const top = Math.floor((part * pixels.height) / STRIPS_LOOKED_AT);
    const rgbx = pixels.strip(top, Math.min(STRIP_ROWS, pixels.height - top));
    for (let at = 0; at < rgbx.length; at += 4 * 7) {
      const [r, g, b] = [rgbx[at] as number, rgbx[at + 1] as number, rgbx[at + 2] as number];
      if (Math.min(r, g, b) === 0 || Math.max(r, g, b) === 255) {
        cutOff++; // it says nothing
        continue;
      }
      seen++;
      MATRICES.forEach((matrix, index) => {
        const value = lumaAt(rgbx, at, matrix);
        apart[index] = (apart[index] as number) + Math.abs(value - Math.round(value));
      });
    }
  }
  if (seen > 0 && cutOff > MOST_CUT_OFF * (seen + cutOff)) throw new CutOffError();
  const least = Math.min(...apart);
  return seen > 0 && least / seen <= MOST_APART ? (MATRICES[apart.indexOf(least)] as Matrix) : null;
}

function lumaAt(rgbx: Uint8Array | Uint8ClampedArray, at: number, [r, g, b]: Matrix): number {
  return BLACK + SCALE * (r * (rgbx[at] as number) + g * (rgbx[at + 1] as number) + b * (rgbx[at + 2] as number));
}
