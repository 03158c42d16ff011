/** spec/vectors/pdq.json through both WebAssembly builds that the page may use. */

import { readFileSync } from 'node:fs';
import { afterEach, expect, test, vi } from 'vitest';
import { EDIT_SIDE, editsOf } from '../fingerprints/edits';
import { GREY8, RGBX8, StreamingPdq, saysEnough, VIDEO8, VIDEO10 } from '../fingerprints/pdq';

interface Case {
  width: number;
  height: number;
  cell: number;
  orientation: number;
  pdq: string;
  quality: number;
}
const vectors = new URL('../../spec/vectors/pdq.json', import.meta.url);
const cases = JSON.parse(readFileSync(vectors, 'utf8')) as Case[];
const edited = JSON.parse(readFileSync(new URL('edits.json', vectors), 'utf8')) as (Case & { edits: unknown[] })[];
const lumas = JSON.parse(readFileSync(new URL('luma.json', vectors), 'utf8')) as Case[];

/** The picture of spec/vectors/README.md, four bytes a pixel. */
function picture({ width, height, cell }: Case): Uint8Array {
  const rgbx = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < 3; c++) {
        const across = Math.imul(Math.floor(x / cell), 73856093);
        const down = Math.imul(Math.floor(y / cell), 19349663);
        const mixed = Math.imul(across ^ down ^ Math.imul(c, 83492791), 2654435761);
        const value = Math.imul(mixed ^ (mixed >>> 15), 2246822519) >>> 25;
        rgbx[(y * width + x) * 4 + c] = value + ((x + 2 * y + 40 * c) & 127);
      }
    }
  }
  return rgbx;
}

function rows(width: number, height: number, orientation = 1) {
  return { width, height, orientation, layout: RGBX8, stride: width * 4 };
}

/** Luma in four steps, as a layout keeps them, with a gap behind each row. */
function luma({ width, height, cell }: Case, layout: number): { plane: Uint8Array; stride: number } {
  const drawn = picture({ width, height, cell } as Case);
  const deep = layout === VIDEO10;
  const stride = (width + 3) * (deep ? 2 : 1);
  const plane = new Uint8Array(stride * height);
  for (let at = 0; at < width * height; at++) {
    const level = (drawn[at * 4] as number) >> 6;
    const value = layout === GREY8 ? 85 * level : (16 + 73 * level) * (deep ? 4 : 1);
    const place = Math.floor(at / width) * stride + (at % width) * (deep ? 2 : 1);
    plane[place] = value & 255;
    if (deep) plane[place + 1] = value >> 8;
  }
  return { plane, stride };
}

afterEach(() => vi.restoreAllMocks());

/** The hash with the build for this machine, or with that for phones without 128-bit instructions. */
async function built(simd: boolean): Promise<typeof StreamingPdq> {
  vi.resetModules();
  if (!simd) vi.spyOn(WebAssembly, 'validate').mockReturnValue(false);
  return (await import('../fingerprints/pdq')).StreamingPdq;
}

test('this machine has 128-bit instructions; otherwise half of this file shows nothing', async () => {
  const instantiate = vi.spyOn(WebAssembly, 'instantiate');
  for (const simd of [true, false]) await (await built(simd)).begin(rows(64, 64));
  const sizes = instantiate.mock.calls.map(([bytes]) => (bytes as Uint8Array).length);
  expect(new Set(sizes).size).toBe(2);
  expect(Math.max(...sizes)).toBeLessThan(12_000);
});

for (const simd of [true, false]) {
  for (const stripRows of [1, 7, 64]) {
    const name = `${simd ? 'SIMD' : 'plain'}: $width × $height as $orientation, ${stripRows} rows at a time`;
    test.each(cases)(name, async (one) => {
      const pixels = picture(one);
      const hash = await (await built(simd)).begin(rows(one.width, one.height, one.orientation));
      for (let top = 0; top < one.height; top += stripRows) {
        const count = Math.min(stripRows, one.height - top);
        hash.rows(pixels.subarray(top * one.width * 4, (top + count) * one.width * 4), count);
      }
      expect(hash.finish()).toEqual({ value: one.pdq, quality: one.quality });
    });
  }
}

for (const simd of [true, false]) {
  for (const layout of [GREY8, VIDEO8, VIDEO10]) {
    test.each(lumas)(`${simd ? 'SIMD' : 'plain'}: $width × $height, layout ${layout}`, async (one) => {
      const { plane, stride } = luma(one, layout);
      const size = { width: one.width, height: one.height, orientation: 1, layout, stride };
      const hash = await (await built(simd)).begin(size);
      hash.rows(plane, one.height);
      expect(hash.finish()).toEqual({ value: one.pdq, quality: one.quality });
    });
  }
}

for (const simd of [true, false]) {
  test.each(edited)(`${simd ? 'SIMD' : 'plain'}: edits of $width × $height as $orientation`, async (one) => {
    const pixels = picture(one);
    const hash = await (await built(simd)).begin(rows(one.width, one.height, one.orientation), EDIT_SIDE);
    hash.rows(pixels, one.height);
    hash.finish();
    const edits = one.orientation >= 5 ? editsOf(one.height, one.width) : editsOf(one.width, one.height);
    const made = edits.map((edit) => {
      const { value, quality } = hash.part(edit);
      return { edit: edit.name, pdq: value, quality };
    });
    expect(made).toEqual(one.edits);
  });
}

test('a part of a picture has one hash in both builds, however the picture is turned and fed', async () => {
  const one = cases.find(({ width, height }) => width > 100 && height > 100) as Case;
  const pixels = picture(one);
  const parts = [
    { left: 0.1, top: 0.2, right: 0.9, bottom: 0.8 },
    { left: 0.25, top: 0, right: 1, bottom: 1 },
  ];
  for (const orientation of [1, 6]) {
    const made = [];
    const smooth = [];
    for (const [simd, stripRows] of [
      [true, one.height],
      [false, one.height],
      [true, 7],
    ] as const) {
      const hash = await (await built(simd)).begin(rows(one.width, one.height, orientation), EDIT_SIDE);
      for (let top = 0; top < one.height; top += stripRows) {
        const count = Math.min(stripRows, one.height - top);
        hash.rows(pixels.subarray(top * one.width * 4, (top + count) * one.width * 4), count);
      }
      made.push([hash.finish(), ...parts.map((part) => hash.part(part))]);
      smooth.push(hash.smooth());
    }
    expect(made[1]).toEqual(made[0]);
    expect(made[2]).toEqual(made[0]);
    expect(new Set(smooth).size).toBe(1);
    expect(new Set(made[0]?.map(({ value }) => value)).size).toBe(3);
  }
});

test('rows that are missing or too many are refused', async () => {
  const missing = await StreamingPdq.begin(rows(10, 10));
  missing.rows(new Uint8Array(4 * 10 * 4), 4);
  expect(() => missing.finish()).toThrow();
  const over = await StreamingPdq.begin(rows(10, 2));
  expect(() => over.rows(new Uint8Array(4 * 10 * 3), 3)).toThrow();
});

test.each([
  [{ value: `${'0123456789abcdef'.repeat(4)}`, quality: 100 }, false], // four different words
  [{ value: '0'.repeat(64), quality: 100 }, false],
  [{ value: cases.find((one) => one.quality === 100)?.pdq ?? '', quality: 49 }, false],
  [{ value: cases.find((one) => one.quality === 100)?.pdq ?? '', quality: 50 }, true],
])('what says enough is listed: %o', (pdq, enough) => {
  expect(saysEnough(pdq)).toBe(enough);
});
