/** A worker, and who waits for what from it. */

import type { Ready } from '../../fingerprints/protocol';

export class Asking<To extends { id: number }, From extends { id: number }> {
  /** Holds once the worker has come; fails where it does not. */
  readonly ready: Promise<void>;
  /** It did not come, or broke: it answers nothing any more. */
  broken = false;
  private readonly waiting = new Map<number, (answer: From | null) => void>();
  private next = 0;

  constructor(private readonly worker: Worker) {
    this.ready = new Promise((resolve, reject) => {
      worker.addEventListener('message', ({ data }: MessageEvent<From | Ready>) => {
        if ('id' in data) this.waiting.get(data.id)?.(data);
        else resolve();
      });
      worker.addEventListener('error', () => {
        this.broken = true;
        reject(new Error('the worker did not come'));
        for (const tell of this.waiting.values()) tell(null);
      });
    });
    this.ready.catch(() => undefined); // whoever asks is told; nobody need wait for it
  }

  newId(): number {
    return this.next++;
  }

  /** Gives the last answer to a message, or null where the worker broke; `more` takes those before, and says so. */
  ask(message: To, more: (answer: From) => boolean, given: Transferable[] = []): Promise<From | null> {
    if (this.broken) return Promise.resolve(null);
    return new Promise((resolve) => {
      this.waiting.set(message.id, (answer) => {
        if (answer && more(answer)) return;
        this.waiting.delete(message.id);
        resolve(answer);
      });
      this.worker.postMessage(message, given);
    });
  }

  end(): void {
    this.worker.terminate();
    this.waiting.clear();
  }
}
