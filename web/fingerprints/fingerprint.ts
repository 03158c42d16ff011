/** One file's fingerprints. What cannot be read still gets its exact ones; a wrong one is never made. */

import { type ImageType, isFilm, type Picture, pictureIn, SNIFF_BYTES, UPRIGHT } from './container';
import { MIN_EDIT_QUALITY } from './edits';
import { exactFingerprints } from './exact';
import { isUnusual, MAX_PIXELS, pixelsIn } from './header';
import { NoisyBrowserError } from './honesty';
import { movingIn } from './moving';
import { pdqAndEditsOf } from './of-pixels';
import { saysEnough } from './pdq';
import { letGo, type Pixels } from './pixels';
import type { EditPdq, Fingerprints, Moving, Note, Pdq } from './protocol';
import { UnknownKindError } from './unknown-kind';

/** Larger files get exact fingerprints only: a picture is never so large, and memory is. */
const MAX_PICTURE_BYTES = 100 * 1024 * 1024;
/** What every browser decodes; where one of these fails, it is the file. */
const EVERYWHERE: ReadonlySet<ImageType> = new Set(['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/bmp']);
/** What another worker reads; where that one says so, it is the file. */
const NEEDS: Partial<Record<ImageType, Note>> = { 'image/heic': 'needs-heic', 'image/tiff': 'needs-tiff' };
/** Share of the progress bar for the bytes; the rest is for the pixels. */
const SHARE_OF_BYTES = 0.4;

/** One way to get from a picture to its pixels. */
export type Decode = (picture: Picture) => Promise<Pixels>;

/** Says what it finds on the way: how much is done, and that there is something that moves. */
export interface Telling {
  progress(done: number): void;
  moves(moving: Moving): void;
}

export async function fingerprint(file: Blob, decode: Decode, tell: Telling): Promise<Fingerprints> {
  if (file.size === 0) throw new Error("an empty file is nobody's picture");
  const begin = new Uint8Array(await file.slice(0, SNIFF_BYTES).arrayBuffer());
  const film = isFilm(begin);
  if (film) tell.moves({ begin: 0 });
  const exact = await exactFingerprints(file, (done) => tell.progress(film ? done : done * SHARE_OF_BYTES));
  if (film) return { ...exact, kind: 'video' };
  const bytes = new Uint8Array(await (file.size <= MAX_PICTURE_BYTES ? file : file.slice(0, 0)).arrayBuffer());
  const picture = pictureIn(bytes);
  if (!picture) return { ...exact, kind: 'image', note: 'cannot-read' };
  const moving = movingIn(bytes, picture.type);
  if (moving) tell.moves(moving);
  const image = { ...exact, kind: 'image' } as const;
  if (pixelsIn(picture) > MAX_PIXELS) return { ...image, note: 'too-large' };
  if (isUnusual(picture)) return { ...image, note: 'cannot-read' };
  if (picture.bytes !== bytes) letGo(bytes);
  try {
    const progress = (done: number) => tell.progress(SHARE_OF_BYTES + done * (1 - SHARE_OF_BYTES));
    const { pdq, edits } = await pdqAndEditsOf(await decode(picture), picture.orientation ?? UPRIGHT, progress);
    const made = { ...image, edits: worthListing(pdq, edits) };
    return saysEnough(pdq) ? { ...made, pdq } : { ...made, note: 'low-detail' };
  } catch (error) {
    return { ...image, note: noteFor(error, picture.type) };
  }
}

/** Leaves out edits that say too little, and values that were there before. */
function worthListing(pdq: Pdq, edits: readonly EditPdq[]): EditPdq[] {
  const seen = new Set([pdq.value]);
  const enough = edits.filter((edit) => edit.quality >= MIN_EDIT_QUALITY && saysEnough(edit));
  return enough.filter((edit) => !seen.has(edit.value) && seen.add(edit.value));
}

/** Where a picture of this type could not be decoded, what that says of the file. */
function noteFor(error: unknown, type: ImageType): Note {
  if (error instanceof NoisyBrowserError) return 'browser-noise';
  if (error instanceof UnknownKindError) return 'cannot-read';
  if (EVERYWHERE.has(type)) return 'damaged';
  return NEEDS[type] ?? 'cannot-read';
}
