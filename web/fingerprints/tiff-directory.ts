/** The first directory of a TIFF file (TIFF 6.0, and BigTIFF): tags and their numbers. Offsets are bytes from the start. */

import { UnknownKindError } from './unknown-kind';

/** Bytes of one value by the type of its field, from 1 (BYTE) to 18 (IFD8); 0 where there is none. */
const BYTES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8];
/** Types of whole numbers without a sign, and of bytes: BYTE, SHORT, LONG, UNDEFINED, LONG8. */
const WHOLE = [1, 3, 4, 7, 16];
const BIG = 43;

/** The tags that are looked at. */
export const Tag = {
  WIDTH: 256,
  HEIGHT: 257,
  BITS: 258,
  COMPRESSION: 259,
  PHOTOMETRIC: 262,
  FILL_ORDER: 266,
  STRIPS: 273,
  ORIENTATION: 274,
  SAMPLES: 277,
  STRIP_ROWS: 278,
  STRIP_BYTES: 279,
  PLANES: 284,
  PREDICTOR: 317,
  COLOURS: 320,
  TILE_WIDTH: 322,
  TILE_HEIGHT: 323,
  TILES: 324,
  TILE_BYTES: 325,
  INKS: 332,
  EXTRA: 338,
  FORMAT: 339,
  JPEG_TABLES: 347,
} as const;
const LOOKED_AT: ReadonlySet<number> = new Set(Object.values(Tag));

export class Directory {
  private constructor(
    readonly little: boolean,
    private readonly tags: ReadonlyMap<number, readonly number[]>,
  ) {}

  /** Throws for a file that ends before its directory does. */
  static of(bytes: Uint8Array): Directory {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const little = bytes[0] === 0x49;
    const big = view.getUint16(2, little) === BIG;
    const number = (at: number, size: number): number => {
      if (size === 1) return view.getUint8(at);
      if (size === 2) return view.getUint16(at, little);
      return size === 4 ? view.getUint32(at, little) : Number(view.getBigUint64(at, little));
    };
    const word = big ? 8 : 4; // bytes of counts and offsets
    const directory = number(word, word);
    const entries = directory + (big ? 8 : 2);
    const tags = new Map<number, number[]>();
    for (let i = 0; i < number(directory, big ? 8 : 2); i++) {
      const entry = entries + i * (4 + 2 * word);
      const tag = view.getUint16(entry, little);
      const type = view.getUint16(entry + 2, little);
      const size = BYTES[type] ?? 0;
      const count = number(entry + 4, word);
      const inside = size * count <= word;
      const at = inside ? entry + 4 + word : number(entry + 4 + word, word);
      // Whatever the field is for: at such a one other readers stop, and see a picture of fewer tags.
      if (at + size * count > bytes.length) throw new RangeError('a field points outside');
      if (!LOOKED_AT.has(tag)) continue;
      if (!WHOLE.includes(type) || tags.has(tag)) throw new UnknownKindError(); // of two, readers differ on which counts
      const values = Array.from({ length: count }, (_, index) => number(at + index * size, size));
      tags.set(tag, values);
    }
    return new Directory(little, tags);
  }

  all(tag: number): readonly number[] {
    return this.tags.get(tag) ?? [];
  }

  one(tag: number, otherwise: number): number {
    return this.tags.get(tag)?.[0] ?? otherwise;
  }
}
