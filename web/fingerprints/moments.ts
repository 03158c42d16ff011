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

/** What one frame looks like. Many films show the same cards: titles, test pictures, blanks. */
export type Look = Pdq & { card: boolean };

/** A film keeps its cards where they are more than so many of so many of its moments. */
const HARDLY_ANYTHING_ELSE = { most: 2, of: 3 };

/** Frames that say enough, each value once: when it is first shown. Cards only where there is hardly anything else. */
export function listed(found: readonly (Look & { at: number })[]): Frame[] {
  const frames = new Map<string, Frame>();
  const { most, of } = HARDLY_ANYTHING_ELSE;
  const cards = found.filter(({ card }) => card).length * of > found.length * most;
  for (const { value, quality, at, card } of found) {
    if (card && !cards) continue;
    if (saysEnough({ value, quality }) && !frames.has(value)) frames.set(value, { value, quality, at });
  }
  return [...frames.values()];
}
