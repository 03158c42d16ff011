/** A film's frames by WebCodecs: demuxed by mediabunny, hashed from the decoder's own luma (spec/film.md). */

import {
  BlobSource,
  EncodedPacketSink,
  Input,
  type InputVideoTrack,
  MATROSKA,
  MP4,
  QTFF,
  type VideoSample,
  VideoSampleSink,
  WEBM,
} from 'mediabunny';
import { UPRIGHT } from './container';
import { keeping } from './kept';
import { CutOffError, lumaOf } from './luma';
import { type Look, listed, momentsUntil, TOLERANCE } from './moments';
import { pdqOfFrame } from './of-pixels';
import type { Frame } from './protocol';

/** This browser has no decoder for the film. */
export class CodecError extends Error {}

const ORIENTATION_OF_TURN: Record<number, number> = { 0: UPRIGHT, 90: 6, 180: 3, 270: 8 };

export interface Film {
  frames: Frame[];
  /** False where the rest of the film could not be decoded. */
  complete: boolean;
}

/** Gives the frames; throws CodecError, or another error for what is no film. */
export async function framesOf(film: Blob, progress: (done: number) => void): Promise<Film> {
  const input = new Input({ formats: [MP4, QTFF, WEBM, MATROSKA], source: new BlobSource(film) });
  try {
    return await keeping(input, async () => {
      const track = await input.getPrimaryVideoTrack();
      if (!track) throw new Error('there is no film in it');
      if (typeof VideoDecoder === 'undefined' || !(await track.canDecode())) throw new CodecError();
      return decoded(track, progress);
    });
  } finally {
    input.dispose();
  }
}

async function decoded(track: InputVideoTrack, progress: (done: number) => void): Promise<Film> {
  const first = await track.getFirstTimestamp();
  const last = await new EncodedPacketSink(track).getPacket(Number.POSITIVE_INFINITY, { metadataOnly: true });
  const { moments, step } = momentsUntil((last?.timestamp ?? first) - first);
  const orientation = ORIENTATION_OF_TURN[await track.getRotation()] ?? UPRIGHT;
  const { fullRange } = await track.getColorSpace();
  const found: (Look & { at: number })[] = [];
  let cutOff = false;
  try {
    const shown = step === 1 ? eachShown(track, first, moments) : keyFrames(track, first, moments);
    for await (const { at, frame } of shown) {
      try {
        // Firefox takes 0 to 255 for 16 to 235, and what is dark or light is lost: better as this browser shows it.
        if (fullRange && !frame.colorSpace.fullRange) throw new CodecError();
        found.push({ at, ...(await pdqOfFrame(await lumaOf(frame), orientation)) });
      } catch (error) {
        if (!(error instanceof CutOffError)) throw error;
        cutOff = true;
      } finally {
        frame.close();
      }
      progress(at / ((moments.at(-1) ?? 0) + step));
    }
  } catch (error) {
    if (found.length === 0) throw error;
    return { frames: listed(found), complete: false };
  }
  if (found.length === 0 && cutOff) throw new CodecError();
  return { frames: listed(found), complete: true };
}

interface Shown {
  at: number;
  frame: VideoFrame;
}

/** Decodes no more than the moments need; where that fails, from the beginning: some files say only there how. */
async function* eachShown(track: InputVideoTrack, first: number, moments: readonly number[]): AsyncGenerator<Shown> {
  const times = moments.map((moment) => first + moment + TOLERANCE);
  let at = 0;
  try {
    for await (const sample of new VideoSampleSink(track).samplesAtTimestamps(times)) {
      if (sample) yield* shownOnce(sample, moments[at] as number);
      at++;
    }
  } catch {
    let before: VideoSample | undefined;
    for await (const sample of new VideoSampleSink(track).samples()) {
      while (before && at < times.length && sample.timestamp > (times[at] as number)) {
        yield* shownOnce(before.clone(), moments[at++] as number);
      }
      before?.close();
      before = sample;
    }
    if (before && at < times.length) yield* shownOnce(before, moments[at] as number);
    before?.close();
  }
}

function* shownOnce(sample: VideoSample, at: number): Generator<Shown> {
  try {
    yield { at, frame: sample.toVideoFrame() };
  } finally {
    sample.close();
  }
}

/** Of a long film, the key frame before each moment: a phone decodes those alone, one after the other. */
async function* keyFrames(track: InputVideoTrack, first: number, moments: readonly number[]): AsyncGenerator<Shown> {
  const config = await track.getDecoderConfig();
  if (!config) throw new CodecError();
  const packets = new EncodedPacketSink(track);
  const ready: VideoFrame[] = [];
  let failed: Error | undefined;
  let more: () => void = () => undefined;
  const decoder = new VideoDecoder({
    output(frame) {
      ready.push(frame);
      more();
    },
    error(error) {
      failed = error;
      more();
    },
  });
  const taken = function* (): Generator<Shown> {
    for (let frame = ready.shift(); frame; frame = ready.shift()) {
      yield { at: Math.max(0, Math.floor(frame.timestamp / 1e6 - first + TOLERANCE)), frame };
    }
  };
  try {
    decoder.configure(config);
    let before = Number.NEGATIVE_INFINITY;
    for (const moment of moments) {
      const packet = await packets.getKeyPacket(first + moment + TOLERANCE);
      if (!packet || packet.timestamp <= before) continue;
      before = packet.timestamp;
      decoder.decode(packet.toEncodedVideoChunk());
      while (decoder.decodeQueueSize > AHEAD && ready.length === 0 && !failed) {
        await new Promise<void>((resolve) => {
          more = resolve;
          decoder.addEventListener('dequeue', () => resolve(), { once: true });
        });
      }
      if (failed) throw failed;
      yield* taken();
    }
    await decoder.flush();
    yield* taken();
  } finally {
    for (const frame of ready) frame.close();
    if (decoder.state !== 'closed') decoder.close();
  }
}

/** Key frames that wait for the decoder. */
const AHEAD = 4;
