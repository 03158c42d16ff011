/** Which frames of what moves are fingerprinted (spec/film.md): at every whole second the one that is shown. */

import { saysEnough } from './pdq';
import type { Frame, Pdq } from './protocol';

/** Frames of one film that may be sent; longer films are thinned. */
const MOST = 600;
/** A time that a file rounds still counts as its second. */
export const TOLERANCE = 1e-6;

/** Gives the moments of what lasts until `last`, the second at which its last frame begins, and how far apart. */
export function momentsUntil(last: number): { moments: number[]; step: number } {
  const end = Math.floor(last + TOLERANCE);
  let step = 1;
  while (Math.floor(end / step) + 1 > MOST) step *= 2;
  return { moments: Array.from({ length: Math.floor(end / step) + 1 }, (_, at) => at * step), step };
}

/** Frames that say enough, each value once: when it is first shown. */
export function listed(found: readonly (Pdq & { at: number })[]): Frame[] {
  const frames = new Map<string, Frame>();
  for (const { value, quality, at } of found) {
    if (saysEnough({ value, quality }) && !frames.has(value)) frames.set(value, { value, quality, at });
  }
  return [...frames.values()];
}
