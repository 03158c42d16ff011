/** Whether a picture moves: an animation, or a photograph that a phone has put a short film into. */

import type { ImageType } from './container';
import type { Moving } from './protocol';

const FILM_BRANDS = ['mp4', 'iso', 'avc1', 'qt  ', '3gp', 'MSNV'];
const [F, T, Y, P] = [0x66, 0x74, 0x79, 0x70];

/** Gives what moves in a picture's whole file, and where it begins; null for a picture that stands still. */
export function movingIn(bytes: Uint8Array, type: ImageType): Moving | null {
  if (type === 'image/gif') return { begin: 0, type };
  if (type === 'image/png' || type === 'image/webp') return isAnimated(bytes) ? { begin: 0, type } : null;
  if (type === 'image/avif') return text(bytes, 8, 4) === 'avis' ? { begin: 0, type } : null;
  if (type !== 'image/jpeg' && type !== 'image/heic') return null;
  const begin = filmInside(bytes);
  return begin === null ? null : { begin };
}

/** PNG and WebP say so in a chunk before the first picture. */
function isAnimated(bytes: Uint8Array): boolean {
  const begin = text(bytes, 0, Math.min(bytes.length, 4096));
  return begin.includes('acTL') || begin.includes('ANIM');
}

/** A film's first box, behind the photograph's beginning (spec/film.md). */
function filmInside(bytes: Uint8Array): number | null {
  for (let at = bytes.indexOf(F, 5); at > 0; at = bytes.indexOf(F, at + 1)) {
    if (bytes[at + 1] !== T || bytes[at + 2] !== Y || bytes[at + 3] !== P) continue;
    const size = new DataView(bytes.buffer, bytes.byteOffset + at - 4).getUint32(0);
    const brand = text(bytes, at + 4, 4);
    if (size >= 12 && size <= 256 && FILM_BRANDS.some((known) => brand.startsWith(known))) return at - 4;
  }
  return null;
}

function text(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length));
}
