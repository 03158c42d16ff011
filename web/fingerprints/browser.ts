/** Decoding by the browser itself, where it can be trusted. */

import { decodeAvif } from './avif';
import type { Picture } from './container';
import { isHonest, NoisyBrowserError } from './honesty';
import { drawn, letGo, type Pixels } from './pixels';

export async function decodeByBrowser({ bytes, type, orientation, alpha, profile }: Picture): Promise<Pixels> {
  // Safari alone reads TIFF, and in its own way: ours reads it everywhere alike.
  if (type === 'image/tiff') throw new Error('another worker reads it');
  if (!(await isHonest())) throw new NoisyBrowserError();
  if (type === 'image/avif') return decodeAvif(bytes);
  const file = new Blob([bytes], { type });
  letGo(bytes);
  return drawn(file, { alpha, turned: orientation === null, profile });
}
