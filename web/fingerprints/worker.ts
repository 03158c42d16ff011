/** The worker in which files are opened. The server serves it with `connect-src 'none'`: it cannot talk to anybody. */

import { fingerprint } from './fingerprint';
import type { FromWorker, ToWorker } from './protocol';

const say = (message: FromWorker) => postMessage(message);

let queue: Promise<void> = Promise.resolve();

addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  queue = queue.then(() => take(data)); // one file at a time: the core's memory is one picture's
});

async function take({ id, file }: ToWorker): Promise<void> {
  try {
    const fingerprints = await fingerprint(file, (done) => say({ id, kind: 'progress', done }));
    say({ id, kind: 'done', fingerprints });
  } catch {
    say({ id, kind: 'unreadable' });
  }
}
