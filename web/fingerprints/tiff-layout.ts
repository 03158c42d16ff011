/** What a TIFF file says of itself, checked: kinds that the server reads, and nothing in which readers differ. */

import { DEFLATE, DEFLATE_OLD, JPEG, LZW, RAW } from './tiff-codecs';
import { type Directory, Tag } from './tiff-directory';
import { UnknownKindError } from './unknown-kind';

/** Samples that are held in memory, one byte each; larger pictures get exact fingerprints only. */
const MAX_SAMPLES = 600_000_000;
export const [WHITE_IS_0, BLACK_IS_0, RGB, PALETTE, CMYK, YCBCR] = [0, 1, 2, 3, 5, 6];
/** What a sample beyond the colours is: to be left out, alpha that the colours are multiplied with, alpha alone. */
export const [IGNORED, MULTIPLIED, ALPHA] = [0, 1, 2];
const HORIZONTAL = 2;

export interface Layout {
  width: number;
  height: number;
  /** Of each sample: 1, 2, 4, 8 or 16. */
  bits: number;
  /** Of each pixel. */
  samples: number;
  compression: number;
  photometric: number;
  extra: number | undefined;
  /** Whether each sample has strips or tiles of its own. */
  planes: boolean;
  /** Whether each sample is kept as the difference to the one before. */
  differences: boolean;
  little: boolean;
}

/** Throws UnknownKindError for what is not read. */
export function layoutOf(directory: Directory): Layout {
  const samples = directory.one(Tag.SAMPLES, 1);
  const photometric = directory.one(Tag.PHOTOMETRIC, -1);
  const layout: Layout = {
    width: directory.one(Tag.WIDTH, 0),
    height: directory.one(Tag.HEIGHT, 0),
    bits: directory.one(Tag.BITS, 1),
    samples,
    compression: directory.one(Tag.COMPRESSION, RAW),
    photometric,
    extra: directory.all(Tag.EXTRA)[0] ?? (photometric === RGB && samples === 4 ? ALPHA : undefined),
    planes: directory.one(Tag.PLANES, 1) === 2 && samples > 1,
    differences: directory.one(Tag.PREDICTOR, 1) === HORIZONTAL,
    little: directory.little,
  };
  if (!isPlain(directory, layout) || !isCombined(layout)) throw new UnknownKindError();
  return layout;
}

/** Whether every sample is an unsigned number of the same size, in the usual order. */
function isPlain(directory: Directory, { width, height, bits, samples, compression }: Layout): boolean {
  const each = directory.all(Tag.BITS);
  return (
    width > 0 &&
    height > 0 &&
    width * height * samples <= MAX_SAMPLES &&
    (each.length === samples || (each.length === 0 && samples === 1)) &&
    each.every((one) => one === bits) &&
    directory.all(Tag.FORMAT).every((one) => one === 1) &&
    directory.one(Tag.FILL_ORDER, 1) === 1 &&
    directory.one(Tag.INKS, 1) === 1 &&
    directory.all(Tag.EXTRA).length <= 1 &&
    [1, HORIZONTAL].includes(directory.one(Tag.PREDICTOR, 1)) &&
    (compression !== JPEG || bits === 8)
  );
}

/** Whether kind, depth, alpha and packing go together in a way that is read. */
function isCombined({ bits, samples, compression, photometric, extra, planes, differences }: Layout): boolean {
  const kind = KINDS[photometric];
  if (!kind || samples !== kind.colours + (extra === undefined ? 0 : 1)) return false;
  if (!(extra === undefined ? kind.depths : kind.beside[extra])?.includes(bits)) return false;
  if (planes && (bits !== 8 || extra !== undefined)) return false;
  if (differences && (bits < 8 || ![LZW, DEFLATE, DEFLATE_OLD].includes(compression))) return false;
  if (compression === JPEG) return !planes && [1, 3].includes(samples) && photometric !== WHITE_IS_0;
  return photometric !== YCBCR;
}

interface Kind {
  colours: number;
  depths: readonly number[];
  /** Depths that are read beside what a further sample is. */
  beside: Record<number, readonly number[]>;
}

const KINDS: Record<number, Kind> = {
  [WHITE_IS_0]: { colours: 1, depths: [1, 2, 4, 8], beside: {} },
  [BLACK_IS_0]: { colours: 1, depths: [1, 2, 4, 8, 16], beside: { [IGNORED]: [8], [ALPHA]: [8] } },
  [RGB]: { colours: 3, depths: [8, 16], beside: { [IGNORED]: [8, 16], [MULTIPLIED]: [8, 16], [ALPHA]: [8, 16] } },
  [PALETTE]: { colours: 1, depths: [1, 2, 4, 8], beside: { [IGNORED]: [8] } },
  [CMYK]: { colours: 4, depths: [8, 16], beside: { [IGNORED]: [8] } },
  [YCBCR]: { colours: 3, depths: [8], beside: {} },
};
