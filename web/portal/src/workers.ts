/** The workers, and the one Trusted Types policy: it lets their addresses through and nothing else. */

import libheif from 'libheif-js/libheif-wasm/libheif.wasm?url';
import heicWorker from '../../fingerprints/heic-worker?worker&url';
import type { Fingerprints, FromWorker, ToWorker } from '../../fingerprints/protocol';
import fingerprintWorker from '../../fingerprints/worker?worker&url';
import type { Answer, Ask, Receipt } from '../../receipt/worker';
import receiptWorker from '../../receipt/worker?worker&url';

interface Policy {
  createScriptURL(address: string): unknown;
}
interface PolicyFactory {
  createPolicy(name: string, rules: { createScriptURL(address: string): string }): Policy;
}

const ours: readonly string[] = [fingerprintWorker, heicWorker, receiptWorker];
const factory = (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes;
const policy = factory?.createPolicy('takeback', {
  createScriptURL(address) {
    if (ours.includes(address)) return address;
    throw new TypeError('not one of our workers');
  },
});

function start(address: string): Worker {
  const trusted = policy ? (policy.createScriptURL(address) as string) : address;
  return new Worker(trusted, { type: 'module' });
}

/** Makes fingerprints of files, with progress; `cancel` ends it at once. */
export class Fingerprinting {
  private readonly first = new Maker(start(fingerprintWorker));
  private heic: Promise<Maker> | undefined;
  private cancelled = false;

  /** Gives the fingerprints, or null when the file cannot be read from the device. */
  async of(file: File, progress: (done: number) => void): Promise<Fingerprints | null> {
    const made = await this.first.of(file, progress);
    if (made?.note !== 'needs-heic') return made;
    try {
      this.heic ??= this.startHeic(); // a large decoder, fetched only when somebody needs it
      const again = await (await this.heic).of(file, progress);
      return again?.note === 'needs-heic' ? { ...again, note: 'damaged' } : (again ?? made);
    } catch {
      return made;
    }
  }

  cancel(): void {
    this.cancelled = true;
    this.first.end();
    this.heic?.then((maker) => maker.end());
  }

  private async startHeic(): Promise<Maker> {
    const answer = await fetch(libheif, { credentials: 'omit', referrerPolicy: 'no-referrer' });
    if (!answer.ok || this.cancelled) throw new Error('libheif did not come');
    const wasm = await answer.arrayBuffer();
    const worker = start(heicWorker);
    worker.postMessage({ wasm }, [wasm]);
    return new Maker(worker);
  }
}

/** One worker, and who waits for what from it. */
class Maker {
  private readonly waiting = new Map<number, (message: FromWorker) => void>();
  private next = 0;

  constructor(private readonly worker: Worker) {
    worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => this.waiting.get(data.id)?.(data));
    worker.addEventListener('error', () => {
      for (const [id, tell] of this.waiting) tell({ id, kind: 'unreadable' });
    });
  }

  of(file: File, progress: (done: number) => void): Promise<Fingerprints | null> {
    const id = this.next++;
    return new Promise((resolve) => {
      this.waiting.set(id, (message) => {
        if (message.kind === 'progress') return progress(message.done);
        this.waiting.delete(id);
        resolve(message.kind === 'done' ? message.fingerprints : null);
      });
      this.worker.postMessage({ id, file } satisfies ToWorker);
    });
  }

  end(): void {
    this.worker.terminate();
    this.waiting.clear();
  }
}

/** Draws a new receipt for `count` entries, or opens the one that `typed` words name. */
export function receiptFor(ask: Ask): Promise<Receipt | null> {
  const worker = start(receiptWorker);
  return new Promise((resolve, reject) => {
    worker.addEventListener('message', ({ data }: MessageEvent<Answer>) => {
      worker.terminate();
      resolve(data.receipt);
    });
    worker.addEventListener('error', () => {
      worker.terminate();
      reject(new Error('the receipt could not be made'));
    });
    worker.postMessage(ask);
  });
}
