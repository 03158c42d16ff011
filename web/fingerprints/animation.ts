/** The frames of a picture that moves, as the browser composes them. */

import { UPRIGHT } from './container';
import type { Film } from './film';
import { type Look, listed, momentsUntil, TOLERANCE } from './moments';
import { pdqOfFrame } from './of-pixels';
import { painted } from './pixels';

const MICROSECONDS = 1e6;

/** Gives the frames at whole seconds; none for a picture that stands still, or where the browser cannot say. */
export async function animationFrames(file: Blob, type: string): Promise<Film> {
  if (typeof ImageDecoder === 'undefined') return { frames: [], complete: false };
  const data = await file.arrayBuffer();
  const decoder = new ImageDecoder({ data, type, colorSpaceConversion: 'none', preferAnimation: true });
  const found: (Look & { at: number })[] = [];
  try {
    await decoder.tracks.ready;
    await decoder.completed;
    const count = decoder.tracks.selectedTrack?.frameCount ?? 0;
    if (count < 2) return { frames: [], complete: true };
    // How long each frame lasts is known only when it is decoded, and which frame is shown only when the next one is.
    const begins: number[] = [];
    const hashes: Look[] = [];
    for (let index = 0; index < count; index++) {
      const { image } = await decoder.decode({ frameIndex: index });
      try {
        begins.push(image.timestamp / MICROSECONDS);
        hashes.push(await pdqOfFrame(painted(image, image.displayWidth, image.displayHeight, true), UPRIGHT));
      } finally {
        image.close();
      }
    }
    for (const at of momentsUntil(begins.at(-1) ?? 0).moments) {
      const shown = begins.filter((begin) => begin <= at + TOLERANCE).length - 1;
      const hash = hashes[shown];
      if (hash) found.push({ at, ...hash });
    }
    return { frames: listed(found), complete: true };
  } catch {
    return { frames: listed(found), complete: false };
  } finally {
    decoder.close();
  }
}
