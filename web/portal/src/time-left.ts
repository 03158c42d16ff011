/** How long the rest of a long work will take, from how long the first part took. */

/** Before this, the first part says too little. */
const EARLIEST_MS = 3_000;
const SOON_SECONDS = 5;

/** Gives whole seconds, in steps that people say: 10, 20, …, then whole minutes. null: not known yet, or nearly done. */
export function secondsLeft(elapsedMs: number, done: number): number | null {
  if (elapsedMs < EARLIEST_MS || done <= 0) return null;
  const left = ((elapsedMs / 1000) * (1 - done)) / done;
  if (left < SOON_SECONDS) return null;
  const step = left < 60 ? 10 : 60;
  return Math.ceil(left / step) * step;
}

/** How much of all is done, by bytes: a film counts for more than a picture. */
export function share(items: readonly { bytes: number; done: number }[]): number {
  const all = items.reduce((sum, { bytes }) => sum + bytes, 0);
  return all === 0 ? 0 : items.reduce((sum, { bytes, done }) => sum + bytes * done, 0) / all;
}
