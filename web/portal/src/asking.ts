/** A worker, and who waits for what from it. */

import type { Ready } from '../../fingerprints/protocol';

/**
 * A worker that says nothing for so many ticks has hung: the largest picture on an old phone takes less. Ticks, because a
 * device that sleeps makes none.
 */
const LONGEST_SILENCE_TICKS = 180;
const TICK_MS = 1_000;

export class Asking<To extends { id: number }, From extends { id: number }> {
  /** Holds once the worker has come; fails where it does not. */
  readonly ready: Promise<void>;
  /** It has come. */
  came = false;
  /** It did not come, or broke: it answers nothing any more. */
  broken = false;
  private readonly waiting = new Map<number, (answer: From | null) => void>();
  private readonly ticking = new Set<ReturnType<typeof setInterval>>();
  private next = 0;

  constructor(private readonly worker: Worker) {
    this.ready = new Promise((resolve, reject) => {
      worker.addEventListener('message', ({ data }: MessageEvent<From | Ready>) => {
        this.came = true;
        if ('id' in data) this.waiting.get(data.id)?.(data);
        else resolve();
      });
      worker.addEventListener('error', () => {
        reject(new Error('the worker did not come'));
        this.giveUp();
      });
    });
    this.ready.catch(() => undefined); // whoever asks is told; nobody need wait for it
  }

  newId(): number {
    return this.next++;
  }

  /** Gives the last answer to a message, or null where the worker broke or hung; `more` takes those before. */
  ask(message: To, more: (answer: From) => boolean, given: Transferable[] = []): Promise<From | null> {
    if (this.broken) return Promise.resolve(null);
    return new Promise((resolve) => {
      let silence = 0;
      const ticking = setInterval(() => {
        silence += 1;
        if (silence >= LONGEST_SILENCE_TICKS) this.giveUp();
      }, TICK_MS);
      this.ticking.add(ticking);
      this.waiting.set(message.id, (answer) => {
        silence = 0;
        if (answer && more(answer)) return;
        clearInterval(ticking);
        this.ticking.delete(ticking);
        this.waiting.delete(message.id);
        resolve(answer);
      });
      this.worker.postMessage(message, given);
    });
  }

  /** Nobody is told: who ends it does not want the answers any more. */
  end(): void {
    this.worker.terminate();
    for (const stop of this.ticking) clearInterval(stop);
    this.waiting.clear();
  }

  private giveUp(): void {
    this.broken = true;
    const waiting = [...this.waiting.values()];
    this.end();
    for (const tell of waiting) tell(null);
  }
}
