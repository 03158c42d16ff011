/** What every fingerprint worker does: one file at a time, since the core's memory is one picture's. */

import { type Decode, fingerprint } from './fingerprint';
import type { FromWorker, Ready, ToWorker } from './protocol';

/** The same for a worker that is given the wasm files of its decoders first: it cannot fetch them. */
export function serveWith<Parts>(load: (parts: Parts) => void | Promise<void>, decode: Decode): void {
  let loaded: Promise<void> | undefined;
  addEventListener(
    'message',
    (event: MessageEvent<{ parts: Parts }>) => {
      event.stopImmediatePropagation(); // it is not a file
      loaded = Promise.resolve(load(event.data.parts));
    },
    { once: true },
  );
  serve(async (picture) => {
    await loaded;
    return decode(picture);
  });
}

export function serve(decode: Decode): void {
  const say = (message: FromWorker | Ready) => postMessage(message);
  let queue: Promise<void> = Promise.resolve();

  addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
    queue = queue.then(() => take(data));
  });
  say({ kind: 'ready' });

  async function take({ id, file }: ToWorker): Promise<void> {
    try {
      const fingerprints = await fingerprint(file, decode, {
        progress: (done) => say({ id, kind: 'progress', done }),
        moves: (moving) => say({ id, kind: 'moves', moving }),
      });
      say({ id, kind: 'done', fingerprints });
    } catch {
      say({ id, kind: 'unreadable' });
    }
  }
}
