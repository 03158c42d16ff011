/** Files that are fingerprinted at the same time: as many as this device has processors for, and memory. */

import type { Fingerprints } from '../../fingerprints/protocol';
import { Fingerprinting } from './workers';

/** More workers gain little, and each has its own memory. */
const MOST_WORKERS = 4;
/** Workers of each kind where all kinds are started beforehand, also those that nobody will need. */
const MOST_PREPARED = 2;
/** Bytes of the files that are open together; a larger one is opened alone. Pixels take about ten times as much. */
const MOST_BYTES = 40_000_000;
/** What a film counts for: it is read piece by piece, however large it is. */
const FILM_BYTES = MOST_BYTES / 2;

interface Job {
  file: File;
  progress: (done: number) => void;
  resolve: (made: Fingerprints | null) => void;
}

export class Pool {
  private readonly idle: Fingerprinting[] = [];
  private readonly busy = new Map<Fingerprinting, number>();
  private readonly jobs: Job[] = [];
  private ended = false;

  private most: number;

  constructor(most = MOST_WORKERS) {
    this.most = Math.min(navigator.hardwareConcurrency || 1, most);
  }

  /** Gives the fingerprints, or null when the file cannot be read from the device. */
  of(file: File, progress: (done: number) => void): Promise<Fingerprints | null> {
    return new Promise((resolve) => {
      this.jobs.push({ file, progress, resolve });
      this.begin();
    });
  }

  /** Gives a pool that has everything which any kind of file may need, so that it needs no network. */
  static async prepared(): Promise<Pool> {
    const pool = new Pool(MOST_PREPARED);
    while (pool.idle.length < pool.most) pool.idle.push(new Fingerprinting());
    try {
      await Promise.all(pool.idle.map((one) => one.prepare()));
    } catch (error) {
      pool.end();
      throw error;
    }
    return pool;
  }

  /** Ends all work at once. */
  end(): void {
    this.ended = true;
    this.jobs.length = 0;
    for (const one of [...this.idle, ...this.busy.keys()]) one.end();
  }

  private begin(): void {
    for (let job = this.jobs[0]; job && !this.ended && this.hasRoomFor(job.file); job = this.jobs[0]) {
      this.jobs.shift();
      void this.work(this.idle.pop() ?? new Fingerprinting(), job);
    }
  }

  private async work(one: Fingerprinting, job: Job): Promise<void> {
    this.busy.set(one, weightOf(job.file));
    const made = await one.of(job.file, job.progress).catch(() => null); // whatever went wrong, the others go on
    this.busy.delete(one);
    if (one.broken) one.end();
    else this.idle.push(one);
    const others = this.idle.length + this.busy.size;
    if (made || one.came || others === 0) job.resolve(made);
    else {
      // It did not come, as when the network went just then: those that are here do its work, and no more are started.
      this.most = others;
      this.jobs.unshift(job);
    }
    this.begin();
  }

  private hasRoomFor(file: File): boolean {
    const open = [...this.busy.values()].reduce((sum, bytes) => sum + bytes, 0);
    return this.busy.size === 0 || (this.busy.size < this.most && open + weightOf(file) <= MOST_BYTES);
  }
}

function weightOf({ size, type }: File): number {
  return type.startsWith('video/') ? FILM_BYTES : size;
}
