/** What moves, asked of the film worker; where it has no decoder, of what this browser can show. */

import type { Frame, FromFilmWorker, Moving, Note, ToFilmWorker } from '../../fingerprints/protocol';
import { seen } from './watched';

export interface FilmFound {
  frames: Frame[];
  /** Why there are none, if there are none. */
  note: Note;
}

/** The film worker, and who waits for what from it. */
export class FilmMaker {
  private readonly waiting = new Map<number, (message: FromFilmWorker) => void>();
  private next = 0;
  private ended = false;

  constructor(private readonly worker: Worker) {
    worker.addEventListener('message', ({ data }: MessageEvent<FromFilmWorker>) => this.waiting.get(data.id)?.(data));
    worker.addEventListener('error', () => {
      for (const [id, tell] of this.waiting) tell({ id, kind: 'unreadable' });
    });
  }

  async of(file: File, { begin, type }: Moving, progress: (done: number) => void): Promise<FilmFound> {
    const id = this.next++;
    const film = begin === 0 ? file : file.slice(begin);
    const found = await this.ask({ id, kind: 'file', file: film, type }, progress);
    if (found.kind === 'frames') return { frames: found.frames, note: 'low-detail' };
    const shown = type ? null : await this.shown(id, film, progress);
    return shown ? { frames: shown, note: 'low-detail' } : { frames: [], note: 'codec' };
  }

  end(): void {
    this.ended = true;
    this.worker.terminate();
    this.waiting.clear();
  }

  private async shown(id: number, film: Blob, progress: (done: number) => void): Promise<Frame[] | null> {
    let complete = true;
    try {
      for await (const { at, of, bitmap } of seen(film)) {
        if (this.ended) return null;
        await this.ask({ id, kind: 'picture', at, bitmap }, progress, [bitmap]);
        progress(at / of);
      }
    } catch {
      complete = false;
    }
    const found = await this.ask({ id, kind: 'end', complete }, progress);
    return found.kind === 'frames' && (complete || found.frames.length > 0) ? found.frames : null;
  }

  private ask(
    message: ToFilmWorker,
    progress: (done: number) => void,
    given: Transferable[] = [],
  ): Promise<FromFilmWorker> {
    return new Promise((resolve) => {
      this.waiting.set(message.id, (answer) => {
        if (answer.kind === 'progress') return progress(answer.done);
        this.waiting.delete(message.id);
        resolve(answer);
      });
      this.worker.postMessage(message, given);
    });
  }
}
