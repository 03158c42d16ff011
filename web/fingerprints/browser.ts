/** Decoding by the browser itself, where it can be trusted. */

import type { Picture } from './container';
import { isHonest, NoisyBrowserError } from './honesty';
import { drawn, type Pixels } from './pixels';

export async function decodeByBrowser({ bytes, type, orientation, alpha }: Picture): Promise<Pixels> {
  if (!(await isHonest())) throw new NoisyBrowserError();
  return drawn(new Blob([bytes], { type }), { alpha, turned: orientation === null });
}
