/** What moves, asked of the film worker; where it has no decoder, of what this browser can show. */

import type { Frame, FromFilmWorker, Moving, Note, ToFilmWorker } from '../../fingerprints/protocol';
import { Asking } from './asking';
import { seen } from './watched';

export interface FilmFound {
  frames: Frame[];
  /** Why there are none, if there are none. */
  note: Note;
}

type Progress = (done: number) => void;

export class FilmMaker {
  private readonly asking: Asking<ToFilmWorker, FromFilmWorker>;
  private ended = false;

  constructor(worker: Worker) {
    this.asking = new Asking(worker);
  }

  get ready(): Promise<void> {
    return this.asking.ready;
  }

  get broken(): boolean {
    return this.asking.broken;
  }

  async of(file: File, { begin, type }: Moving, progress: Progress): Promise<FilmFound> {
    const id = this.asking.newId();
    const film = begin === 0 ? file : file.slice(begin);
    const found = await this.ask({ id, kind: 'file', file: film, type }, progress);
    if (found?.kind === 'frames') return { frames: found.frames, note: 'low-detail' };
    const shown = type ? null : await this.shown(id, film, progress);
    return shown ? { frames: shown, note: 'low-detail' } : { frames: [], note: 'codec' };
  }

  end(): void {
    this.ended = true;
    this.asking.end();
  }

  private async shown(id: number, film: Blob, progress: Progress): Promise<Frame[] | null> {
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
    return found?.kind === 'frames' && (complete || found.frames.length > 0) ? found.frames : null;
  }

  private ask(message: ToFilmWorker, progress: Progress, given: Transferable[] = []): Promise<FromFilmWorker | null> {
    return this.asking.ask(
      message,
      (answer) => {
        if (answer.kind === 'progress') progress(answer.done);
        return answer.kind === 'progress';
      },
      given,
    );
  }
}
