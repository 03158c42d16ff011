/**
 * What TIFF packs strips and tiles with. Each gives exactly the bytes that are wanted: memory is bounded by them,
 * whatever the file holds, and a strip that ends early is damage.
 */

import { keeping } from './kept';
import { UnknownKindError } from './unknown-kind';

export const [RAW, LZW, JPEG, DEFLATE, DEFLATE_OLD, PACKBITS] = [1, 5, 7, 8, 32946, 32773];

/** Fills the array and gives how many bytes it had for it. */
type Unpack = (packed: Uint8Array<ArrayBuffer>, into: Uint8Array) => number | Promise<number>;

const WAYS: Record<number, Unpack> = {
  [RAW]: raw,
  [LZW]: lzw,
  [DEFLATE]: inflate,
  [DEFLATE_OLD]: inflate,
  [PACKBITS]: packbits,
};

/** Gives `size` bytes of a strip or tile that is packed in one of these ways, JPEG aside. */
export async function unpacked(compression: number, packed: Uint8Array<ArrayBuffer>, size: number) {
  const unpack = WAYS[compression];
  if (!unpack) throw new UnknownKindError();
  const into = new Uint8Array(size);
  if ((await unpack(packed, into)) < size) throw new Error('it ends early');
  return into;
}

function raw(packed: Uint8Array, into: Uint8Array): number {
  into.set(packed.subarray(0, into.length));
  return packed.length;
}

function packbits(packed: Uint8Array, into: Uint8Array): number {
  let at = 0;
  for (let from = 0; from < packed.length && at < into.length; ) {
    const head = packed[from++] as number;
    if (head < 128) {
      const run = packed.subarray(from, Math.min(from + head + 1, from + into.length - at));
      into.set(run, at);
      at += run.length;
      from += head + 1;
    } else if (head > 128) {
      const end = Math.min(at + 257 - head, into.length);
      if (from === packed.length) return at;
      into.fill(packed[from++] as number, at, end);
      at = end;
    } // 128 says nothing
  }
  return at;
}

const [CLEAR, END, FIRST, MOST] = [256, 257, 258, 4096];

/** Codes of 9 to 12 bits, high bit first; each width ends one code early. */
function lzw(packed: Uint8Array, into: Uint8Array): number {
  if (packed[0] !== 0x80) throw new UnknownKindError(); // before TIFF 5 the bits stood the other way round
  // What a code means stands in the output already: where, and how many bytes.
  const where = new Uint32Array(MOST);
  const length = new Uint32Array(MOST);
  let [next, width, held, bits, at] = [FIRST, 9, 0, 0, 0];
  let before = -1; // where what the code before meant stands
  for (const byte of packed) {
    held = ((held << 8) | byte) & 0xffffff;
    bits += 8;
    if (bits < width) continue;
    bits -= width;
    const code = (held >>> bits) & ((1 << width) - 1);
    if (code === END || at === into.length) break;
    if (code === CLEAR) {
      [next, width, before] = [FIRST, 9, -1];
      continue;
    }
    if (code > next || (code >= FIRST && before < 0)) throw new Error('no such code');
    if (before >= 0 && next < MOST) {
      where[next] = before; // what was before, and one byte more: the first of what comes now
      length[next] = at - before + 1;
      next++;
    }
    const begin = at;
    if (code < CLEAR) {
      into[at++] = code;
    } else {
      const end = Math.min(at + (length[code] as number), into.length);
      for (let from = where[code] as number; at < end; ) into[at++] = into[from++] as number;
    }
    before = begin;
    if (next + 1 >= 1 << width && width < 12) width++;
  }
  return at;
}

async function inflate(packed: Uint8Array<ArrayBuffer>, into: Uint8Array): Promise<number> {
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate'));
  const reader = stream.getReader();
  let at = 0;
  await keeping(reader, async () => {
    while (at < into.length) {
      const { done, value } = await reader.read();
      if (done) break;
      const taken = value.subarray(0, into.length - at);
      into.set(taken, at);
      at += taken.length;
    }
  });
  await reader.cancel().catch(() => undefined);
  return at;
}

/** Undoes horizontal differencing, in place: `width` pixels a row of `samples` numbers of 8 or 16 bits. */
export function undoDifferences(
  bytes: Uint8Array,
  { width, samples, deep, little }: { width: number; samples: number; deep: boolean; little: boolean },
): void {
  const step = samples * (deep ? 2 : 1);
  const row = width * step;
  const low = little ? 0 : 1;
  for (let begin = 0; begin < bytes.length; begin += row) {
    for (let at = begin + step; at < begin + row; at += deep ? 2 : 1) {
      if (!deep) {
        bytes[at] = (bytes[at] as number) + (bytes[at - step] as number);
        continue;
      }
      const [one, other] = [at + low, at + 1 - low];
      const sum = (bytes[one] as number) + (bytes[one - step] as number);
      bytes[one] = sum;
      bytes[other] = (bytes[other] as number) + (bytes[other - step] as number) + (sum >> 8);
    }
  }
}
