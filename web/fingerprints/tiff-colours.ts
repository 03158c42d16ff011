/** What colour a TIFF's samples are, as Pillow makes it of them. */

import { type Directory, Tag } from './tiff-directory';
import { CMYK, IGNORED, type Layout, MULTIPLIED, PALETTE, RGB, WHITE_IS_0, YCBCR } from './tiff-layout';

/** Writes the colour of the pixel whose samples begin `at` a place. */
export type Colour = (samples: Uint8Array, at: number, into: Uint8ClampedArray, to: number) => void;

export function colourOf(directory: Directory, { photometric, bits, samples, extra }: Layout): Colour {
  const alphaAt = extra === undefined || extra === IGNORED ? -1 : samples - 1;
  if (photometric === CMYK) {
    return (from, at, into, to) => {
      const rest = 255 - (from[at + 3] as number);
      for (let c = 0; c < 3; c++) into[to + c] = rest - multiplied(from[at + c] as number, rest);
      into[to + 3] = 255;
    };
  }
  if (photometric === RGB || photometric === YCBCR) {
    return (from, at, into, to) => {
      const alpha = alphaAt < 0 ? 255 : (from[at + alphaAt] as number);
      for (let c = 0; c < 3; c++) {
        const value = from[at + c] as number;
        const divided = extra === MULTIPLIED && alpha > 0 && alpha < 255;
        into[to + c] = divided ? Math.min(255, Math.floor((value * 255) / alpha)) : value;
      }
      into[to + 3] = alpha;
    };
  }
  const table = tableOf(directory, photometric, Math.min(bits, 8));
  return (from, at, into, to) => {
    const entry = (from[at] as number) * 3;
    for (let c = 0; c < 3; c++) into[to + c] = table[entry + c] as number;
    into[to + 3] = alphaAt < 0 ? 255 : (from[at + alphaAt] as number);
  };
}

/** The three channels of each value that a single sample can have. */
function tableOf(directory: Directory, photometric: number, bits: number): Uint8Array {
  const many = 1 << bits;
  const colours = directory.all(Tag.COLOURS);
  if (photometric === PALETTE && colours.length !== 3 * many) throw new Error('a palette of another size');
  return Uint8Array.from({ length: 3 * many }, (_, at) => {
    const value = Math.floor(at / 3);
    if (photometric === PALETTE) return (colours[(at % 3) * many + value] as number) >> 8;
    return ((photometric === WHITE_IS_0 ? many - 1 - value : value) * 255) / (many - 1);
  });
}

/** a · b / 255, rounded. */
function multiplied(a: number, b: number): number {
  const product = a * b + 128;
  return ((product >> 8) + product) >> 8;
}
