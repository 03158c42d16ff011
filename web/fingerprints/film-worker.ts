/**
 * The worker for what moves: large, and fetched only when somebody chooses a film. It cannot talk to anybody.
 *
 * Where this browser has no decoder for it but may show it, the page shows the film to itself, and hands over each
 * picture that it sees.
 */

import { animationFrames } from './animation';
import { UPRIGHT } from './container';
import { CodecError, framesOf } from './film';
import { isHonest } from './honesty';
import { lumaAgain } from './luma';
import { type Look, listed } from './moments';
import { pdqOfFrame } from './of-pixels';
import { painted } from './pixels';
import type { FromFilmWorker, Ready, ToFilmWorker } from './protocol';

const say = (message: FromFilmWorker | Ready) => postMessage(message);
const seen: (Look & { at: number })[] = [];
let queue: Promise<void> = Promise.resolve();

addEventListener('message', ({ data }: MessageEvent<ToFilmWorker>) => {
  queue = queue.then(() => take(data)).catch(() => say({ id: data.id, kind: 'unreadable' }));
});

async function take(message: ToFilmWorker): Promise<void> {
  const { id } = message;
  const progress = (done: number) => say({ id, kind: 'progress', done });
  if (!(await isHonest())) return say({ id, kind: 'unreadable' });
  if (message.kind === 'picture') {
    const { at, bitmap } = message;
    seen.push({ at, ...(await pdqOfFrame(lumaAgain(painted(bitmap, bitmap.width, bitmap.height, false)), UPRIGHT)) });
    return say({ id, kind: 'taken' });
  }
  if (message.kind === 'end') {
    return say({ id, kind: 'frames', frames: listed(seen.splice(0)), complete: message.complete });
  }
  try {
    const { file, type } = message;
    const found = type ? await animationFrames(file, type) : await framesOf(file, progress);
    say({ id, kind: 'frames', ...found });
  } catch (error) {
    say({ id, kind: error instanceof CodecError ? 'codec' : 'unreadable' });
  }
}

say({ kind: 'ready' });
