/** What the workers make: fingerprints of files, and receipts. */

import type { Fingerprints, FromWorker, Moving, Note, ToWorker } from '../../fingerprints/protocol';
import type { Answer, Ask, Receipt } from '../../receipt/worker';
import { Asking } from './asking';
import { type FilmFound, FilmMaker } from './films';
import { type Kind, partsOf, start } from './starting';

/** Notes that another worker may do better at. */
const BETTER: Partial<Record<Note, Kind>> = { 'needs-heic': 'heic', 'needs-tiff': 'tiff', 'browser-noise': 'own' };

/** Makes fingerprints of one file after the other. */
export class Fingerprinting {
  private readonly first = new Maker(start('fingerprint'));
  private readonly others = new Map<Note, Promise<Maker>>();
  private films: FilmMaker | undefined;
  private ended = false;

  /** Gives the fingerprints, or null when the file cannot be read from the device. */
  async of(file: File, progress: (done: number) => void): Promise<Fingerprints | null> {
    let frames: Promise<FilmFound> | undefined;
    const done = { bytes: 0, frames: 0 };
    const both = () => progress(frames ? (done.bytes + done.frames) / 2 : done.bytes);
    const moves = (moving: Moving) => {
      frames = this.filmMaker().of(file, moving, (share) => {
        done.frames = share;
        both();
      });
    };
    const made = await this.still(file, moves, (share) => {
      done.bytes = share;
      both();
    });
    return made && frames ? withFrames(made, await frames) : made;
  }

  /** Starts every worker that any file may need; fails where one does not come. */
  async prepare(): Promise<void> {
    const others = Object.keys(BETTER).map((note) => this.better(note as Note));
    await Promise.all([this.first.ready, this.filmMaker().ready, ...others.map(async (one) => (await one)?.ready)]);
  }

  /** The worker that opens files first has come; else it has not looked at any. */
  get came(): boolean {
    return this.first.came;
  }

  /** A worker did not come, or broke: what follows needs new ones. */
  get broken(): boolean {
    return this.first.broken || (this.films?.broken ?? false);
  }

  /** Ends all work at once. */
  end(): void {
    this.ended = true;
    this.first.end();
    this.films?.end();
    for (const other of this.others.values()) other.then((maker) => maker.end()).catch(() => undefined);
  }

  private async still(file: File, moves: (moving: Moving) => void, progress: (done: number) => void) {
    const made = await this.first.of(file, progress, moves);
    const better = made?.note && this.better(made.note);
    if (!better) return made;
    try {
      const again = await (await better).of(file, progress);
      const unread = again?.note === made.note && made.note !== 'browser-noise'; // by its own decoder: it is the file
      return again && unread ? { ...again, note: 'damaged' as const } : (again ?? made);
    } catch {
      return made;
    }
  }

  // Both are large: fetched only when somebody chooses what needs them.
  private filmMaker(): FilmMaker {
    this.films ??= new FilmMaker(start('film'));
    return this.films;
  }

  private better(note: Note): Promise<Maker> | undefined {
    const better = BETTER[note];
    if (better && !this.others.has(note)) {
      const begun = this.begin(better);
      begun.catch(() => this.others.delete(note)); // for the next file it is tried again
      this.others.set(note, begun);
    }
    return this.others.get(note);
  }

  private async begin(kind: Kind): Promise<Maker> {
    const parts = await partsOf(kind);
    if (this.ended) throw new Error('not wanted any more');
    const started = start(kind);
    if (Object.keys(parts).length > 0) started.postMessage({ parts }, Object.values(parts));
    return new Maker(started);
  }
}

function withFrames(made: Fingerprints, { frames, note }: FilmFound): Fingerprints {
  if (frames.length > 0) return { ...made, frames };
  return made.kind === 'video' ? { ...made, note } : made;
}

/** One worker that opens files. */
class Maker extends Asking<ToWorker, FromWorker> {
  async of(
    file: File,
    progress: (done: number) => void,
    moves: (moving: Moving) => void = () => undefined,
  ): Promise<Fingerprints | null> {
    const made = await this.ask({ id: this.newId(), file }, (answer) => {
      if (answer.kind === 'moves') moves(answer.moving);
      if (answer.kind === 'progress') progress(answer.done);
      return answer.kind === 'moves' || answer.kind === 'progress';
    });
    return made?.kind === 'done' ? made.fingerprints : null;
  }
}

/** Draws a new receipt for `count` entries, or opens the one that `typed` words name. */
export function receiptFor(ask: Ask): Promise<Receipt | null> {
  const worker = start('receipt');
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
