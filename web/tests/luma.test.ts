import { expect, test } from 'vitest';
import { CutOffError, lumaAgain } from '../fingerprints/luma';

const [WIDTH, HEIGHT] = [64, 128];

/** Luma of a film, from 60 to 179. */
const lumaAt = (pixel: number) => 60 + ((pixel * 7) % 120);

/** Colours that BT.709 makes of it, as a browser hands them out; of each hundred pixels so many are pure red. */
function frame(red: number) {
  const rgba = new Uint8ClampedArray(WIDTH * HEIGHT * 4);
  for (let at = 0; at < rgba.length; at += 4) {
    const pixel = at / 4;
    const [y, cb, cr] = [((lumaAt(pixel) - 16) * 255) / 219, (pixel % 23) - 11, (pixel % 17) - 8];
    const colours = [y + 1.5748 * cr, y - 0.1873 * cb - 0.4681 * cr, y + 1.8556 * cb];
    rgba.set((pixel * 37) % 100 < red ? [255, 0, 0, 255] : [...colours.map(Math.round), 255], at);
  }
  const strip = (top: number, rows: number) => rgba.subarray(top * WIDTH * 4, (top + rows) * WIDTH * 4);
  return { width: WIDTH, height: HEIGHT, strip, close() {} };
}

test('luma is found again where some colours are cut off', () => {
  const again = lumaAgain(frame(20));
  expect(again.stride).toBe(WIDTH);
  const found = again.strip(0, 1);
  for (let pixel = 0; pixel < WIDTH; pixel++) {
    if ((pixel * 37) % 100 >= 20) expect(found[pixel]).toBe(lumaAt(pixel));
  }
});

test('a frame of which nearly all is cut off is refused, and not guessed', () => {
  expect(() => lumaAgain(frame(97))).toThrow(CutOffError);
});
