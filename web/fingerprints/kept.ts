/**
 * What somebody waits for. Chromium (156, and older) collects a stream to which only the promise of its next piece leads,
 * and that promise then never comes: one picture in some hundreds stood still for ever.
 */
const kept = new Set<object>();

/** Keeps something from being collected until the work with it has ended. */
export async function keeping<T>(what: object, work: () => Promise<T>): Promise<T> {
  kept.add(what);
  try {
    return await work();
  } finally {
    kept.delete(what);
  }
}
