/** PDQ by the C core (native/include/takeback.h), compiled to WebAssembly and kept inside this script. */

import plain from './generated/core.wasm?base64';
import simd from './generated/core-simd.wasm?base64';
import type { Pdq } from './protocol';

interface Core {
  memory: WebAssembly.Memory;
  __heap_base: WebAssembly.Global;
  tb_pdq_state_size(width: number, height: number, orientation: number): number;
  tb_pdq_begin(state: number, width: number, height: number, orientation: number): number;
  tb_pdq_rows(state: number, pixels: number, rows: number, stride: number, layout: number): number;
  tb_pdq_finish(state: number, hash: number): number;
  tb_plane_size(width: number, height: number, side: number): number;
  tb_plane_begin(plane: number, width: number, height: number, side: number, orientation: number): number;
  tb_pdq_keep(state: number, plane: number): void;
  tb_plane_pdq(plane: number, box: number, forms: number, hashes: number): number;
  tb_plane_smooth(plane: number): number;
}

/** Layouts of native/include/takeback.h. */
export const [GREY8, VIDEO8, RGBX8, VIDEO10] = [1, 2, 4, 5];

/** How the rows of a picture stand: size in pixels, EXIF orientation, layout, bytes from row to row. */
export interface Rows {
  width: number;
  height: number;
  orientation: number;
  layout: number;
  stride: number;
}

/** A part of an upright picture, in fractions of its sides from the left and the top. */
export interface Part {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

const HASH_BYTES = 32;
/** What crosses into the core at a time: it holds no more of the picture than it filters at once. */
const ROWS_AT_ONCE = 8;
/** Of the eight forms of a part's hash, the first. */
const AS_IT_STANDS = 1;
const BOX_BYTES = 4 * 4;
const PAGE_BYTES = 65_536;

let core: Promise<Core> | undefined;

function loaded(): Promise<Core> {
  core ??= (async () => {
    const base64 = hasSimd() ? simd : plain;
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const { instance } = await WebAssembly.instantiate(bytes);
    return instance.exports as unknown as Core;
  })();
  return core;
}

/** A hash that takes a picture strip by strip. One at a time: it owns the core's memory until it is finished. */
export class StreamingPdq {
  private constructor(
    private readonly core: Core,
    private readonly state: number,
    private readonly plane: number,
    private readonly strip: number,
    private readonly given: Rows,
  ) {}

  /** With a small plane, no side longer than `side` pixels, parts of the picture can be asked about afterwards. */
  static async begin(given: Rows, side = 0): Promise<StreamingPdq> {
    const { width, height, orientation, stride } = given;
    const core = await loaded();
    const size = core.tb_pdq_state_size(width, height, orientation);
    const planeSize = side ? core.tb_plane_size(width, height, side) : 0;
    if (size === 0 || (side && planeSize === 0)) throw new Error('a picture of this size cannot be hashed');
    const state = aligned(Number(core.__heap_base.value));
    const plane = aligned(state + size);
    const strip = aligned(plane + planeSize);
    const end = strip + Math.max(stride * ROWS_AT_ONCE, BOX_BYTES + HASH_BYTES);
    const missing = end - core.memory.buffer.byteLength;
    if (missing > 0) core.memory.grow(Math.ceil(missing / PAGE_BYTES));
    if (core.tb_pdq_begin(state, width, height, orientation) !== 0) throw new Error('refused by the core');
    if (side) {
      if (core.tb_plane_begin(plane, width, height, side, orientation) !== 0) throw new Error('refused by the core');
      core.tb_pdq_keep(state, plane);
    }
    return new StreamingPdq(core, state, plane, strip, given);
  }

  /** Takes whole rows; the last may end before its stride does. */
  rows(pixels: Uint8Array | Uint8ClampedArray, rows: number): void {
    const { stride, layout } = this.given;
    const strip = new Uint8Array(this.core.memory.buffer);
    for (let top = 0; top < rows; top += ROWS_AT_ONCE) {
      const some = Math.min(ROWS_AT_ONCE, rows - top);
      strip.set(pixels.subarray(top * stride, (top + some) * stride), this.strip);
      if (this.core.tb_pdq_rows(this.state, this.strip, some, stride, layout) !== 0) throw new Error('too many rows');
    }
  }

  finish(): Pdq {
    const hash = this.strip; // the strip is not needed any more
    return this.read(hash, this.core.tb_pdq_finish(this.state, hash));
  }

  /** Gives the hash of a part of the upright picture, after all rows. */
  part({ left, top, right, bottom }: Part): Pdq {
    const box = this.strip;
    new Float32Array(this.core.memory.buffer, box, 4).set([left, top, right, bottom]);
    const hash = box + BOX_BYTES;
    return this.read(hash, this.core.tb_plane_pdq(this.plane, box, AS_IT_STANDS, hash));
  }

  /** Gives how many of a thousand pixels of the small plane are smooth (spec/film.md), after all rows. */
  smooth(): number {
    return this.core.tb_plane_smooth(this.plane);
  }

  private read(hash: number, quality: number): Pdq {
    if (quality < 0) throw new Error('rows are missing');
    const bytes = new Uint8Array(this.core.memory.buffer, hash, HASH_BYTES);
    return { value: Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(''), quality };
  }
}

function aligned(address: number): number {
  return (address + 15) & ~15;
}

/** Whether this browser takes 128-bit instructions: tried with a module of one function that uses two. */
function hasSimd(): boolean {
  const body = [0x41, 0, 0xfd, 0x0f, 0xfd, 0x62, 0x0b]; // i32.const 0, i8x16.splat, i8x16.popcnt, end
  const type = [1, 5, 1, 0x60, 0, 1, 0x7b]; // () → v128
  const code = [0x0a, 0x0a, 1, 8, 0, ...body];
  return WebAssembly.validate(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...type, 3, 2, 1, 0, ...code));
}

const MIN_QUALITY = 50;
const MIN_BITS_SET = 96;
const MAX_BITS_SET = 160;
const MIN_DIFFERENT_WORDS = 5;

/** Whether a value says enough to be on a list: the rule of spec/intake.md, which the server keeps too. */
export function saysEnough({ value, quality }: Pdq): boolean {
  const words = value.match(/.{4}/g) ?? [];
  let bits = 0;
  for (const word of words) for (let w = Number.parseInt(word, 16); w > 0; w &= w - 1) bits += 1;
  const different = new Set(words).size;
  return quality >= MIN_QUALITY && bits >= MIN_BITS_SET && bits <= MAX_BITS_SET && different >= MIN_DIFFERENT_WORDS;
}
