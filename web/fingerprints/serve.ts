/** What every fingerprint worker does: one file at a time, since the core's memory is one picture's. */

import { type Decode, fingerprint } from './fingerprint';
import type { FromWorker, ToWorker } from './protocol';

export function serve(decode: Decode): void {
  const say = (message: FromWorker) => postMessage(message);
  let queue: Promise<void> = Promise.resolve();

  addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
    queue = queue.then(() => take(data));
  });

  async function take({ id, file }: ToWorker): Promise<void> {
    try {
      const fingerprints = await fingerprint(file, decode, (done) => say({ id, kind: 'progress', done }));
      say({ id, kind: 'done', fingerprints });
    } catch {
      say({ id, kind: 'unreadable' });
    }
  }
}
