/**
 * What a picture file is by its bytes, and the same file without what browsers disagree on.
 *
 * Colour profiles and EXIF orientation are taken out before decoding, and orientation is applied by us
 * (spec/canonical-image.md): then every browser and the server see the same pixels.
 */

export type ImageType =
  | 'image/jpeg'
  | 'image/png'
  | 'image/webp'
  | 'image/gif'
  | 'image/bmp'
  | 'image/tiff'
  | 'image/avif'
  | 'image/heic';

export interface Picture {
  type: ImageType;
  /** The file without profile, EXIF and animation. */
  bytes: Uint8Array<ArrayBuffer>;
  /** EXIF orientation 1 to 8; 1 is as stored. null: it is part of the format, and every decoder applies it. */
  orientation: number | null;
  /** Whether a pixel may be transparent. */
  alpha: boolean;
  /** Whether a colour profile may be left in the bytes. */
  profile: boolean;
}

export const UPRIGHT = 1;
const TAG_ORIENTATION = 0x0112;

/** Gives the picture, or null for what is not one that is read here. Never throws: damage shows when decoding. */
export function pictureIn(bytes: Uint8Array<ArrayBuffer>): Picture | null {
  if (startsWith(bytes, [0xff, 0xd8, 0xff])) return jpeg(bytes);
  if (startsWith(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return png(bytes);
  if (text(bytes, 0, 4) === 'RIFF' && text(bytes, 8, 4) === 'WEBP') return webp(bytes);
  if (text(bytes, 0, 6) === 'GIF87a' || text(bytes, 0, 6) === 'GIF89a') {
    return { type: 'image/gif', bytes, orientation: UPRIGHT, alpha: true, profile: true };
  }
  if (text(bytes, 0, 2) === 'BM') return { type: 'image/bmp', bytes, orientation: UPRIGHT, alpha: true, profile: true };
  if (TIFF.has(text(bytes, 0, 4))) return { type: 'image/tiff', bytes, orientation: null, alpha: true, profile: true };
  const type = text(bytes, 4, 4) === 'ftyp' ? typeByBrands(bytes) : null;
  return type && { type, bytes, orientation: null, alpha: true, profile: true };
}

const TIFF = new Set(['II*\0', 'MM\0*', 'II+\0', 'MM\0+']);
const AVIF_BRANDS = ['avif', 'avis'];
const HEIF_BRANDS = ['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'mif1', 'msf1'];
export const SNIFF_BYTES = 64;

const FILM_BOXES = ['ftyp', 'moov', 'mdat', 'wide', 'free', 'skip', 'pnot']; // MP4, MOV, 3GP; old MOV files begin without ftyp
const EBML = [0x1a, 0x45, 0xdf, 0xa3]; // WebM, Matroska
const MPEG = [0, 0, 1, 0xba];

/** Whether a file is a film, by its first bytes. */
export function isFilm(begin: Uint8Array): boolean {
  if (text(begin, 4, 4) === 'ftyp' && typeByBrands(begin)) return false;
  if (startsWith(begin, EBML) || startsWith(begin, MPEG)) return true;
  return FILM_BOXES.includes(text(begin, 4, 4)) || (text(begin, 0, 4) === 'RIFF' && text(begin, 8, 4) === 'AVI ');
}

/** ISO/IEC 14496-12: the major brand comes first, then a version, then brands that the file is compatible with. */
function typeByBrands(bytes: Uint8Array): ImageType | null {
  const end = Math.min(viewOf(bytes).getUint32(0), bytes.length, SNIFF_BYTES);
  const brands = [text(bytes, 8, 4)];
  for (let at = 16; at + 4 <= end; at += 4) brands.push(text(bytes, at, 4));
  if (brands.some((brand) => AVIF_BRANDS.includes(brand))) return 'image/avif';
  return brands.some((brand) => HEIF_BRANDS.includes(brand)) ? 'image/heic' : null;
}

/** The marker behind which a JPEG's picture begins. */
const SCAN = 0xda;

function jpeg(bytes: Uint8Array<ArrayBuffer>): Picture {
  const view = viewOf(bytes);
  const kept: Uint8Array[] = [bytes.subarray(0, 2)];
  let orientation: number | null = null;
  let at = 2;
  while (at + 4 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1] as number;
    if (marker === 0xff) {
      at += 1; // fill byte
      continue;
    }
    if (marker === SCAN || marker === 0xd9) break; // the scan begins, or the picture ends
    const end = at + 2 + view.getUint16(at + 2);
    if (end > bytes.length || end < at + 4) break;
    const exif = marker === 0xe1 && text(bytes, at + 4, 6) === 'Exif\0\0';
    if (exif) orientation ??= orientationIn(bytes.subarray(at + 10, end));
    // APP1 (EXIF, XMP) and APP2 (ICC) go; APP0 and APP14 say how colours are coded and stay.
    if (marker !== 0xe2 && marker !== 0xe1) kept.push(bytes.subarray(at, end));
    at = end;
  }
  // Behind anything odd before the scan there may be one still: decoders look for the next marker.
  const profile = bytes[at] !== 0xff || bytes[at + 1] !== SCAN;
  kept.push(bytes.subarray(at));
  return { type: 'image/jpeg', bytes: joined(kept), orientation: orientation ?? UPRIGHT, alpha: false, profile };
}

/** Chunks that change colours, turn the picture or move it; the picture itself stays. */
const PNG_DROPPED = new Set(['iCCP', 'sRGB', 'gAMA', 'cHRM', 'cICP', 'mDCV', 'cLLI', 'eXIf', 'acTL', 'fcTL', 'fdAT']);

function png(bytes: Uint8Array<ArrayBuffer>): Picture {
  const view = viewOf(bytes);
  const kept: Uint8Array[] = [bytes.subarray(0, 8)];
  let orientation = UPRIGHT;
  let alpha = false;
  let at = 8;
  while (at + 12 <= bytes.length) {
    const length = view.getUint32(at);
    const kind = text(bytes, at + 4, 4);
    const end = at + 12 + length;
    if (end > bytes.length) break;
    if (kind === 'IHDR' && length >= 13) alpha = ((bytes[at + 17] as number) & 4) !== 0;
    if (kind === 'tRNS') alpha = true;
    if (kind === 'eXIf') orientation = orientationIn(bytes.subarray(at + 8, end - 4));
    if (!PNG_DROPPED.has(kind)) kept.push(bytes.subarray(at, end));
    at = end;
    if (kind === 'IEND') break;
  }
  if (at < bytes.length && at + 12 > bytes.length) kept.push(bytes.subarray(at));
  return { type: 'image/png', bytes: joined(kept), orientation, alpha, profile: false };
}

const WEBP_DROPPED = new Set(['ICCP', 'EXIF', 'XMP ']);
const VP8X_ICC = 0x20;
const VP8X_ALPHA = 0x10;
const VP8X_EXIF = 0x08;
const VP8X_XMP = 0x04;

function webp(bytes: Uint8Array<ArrayBuffer>): Picture {
  const view = viewOf(bytes);
  const kept: Uint8Array[] = [bytes.slice(0, 12)];
  let orientation = UPRIGHT;
  let alpha = false;
  let at = 12;
  while (at + 8 <= bytes.length) {
    const kind = text(bytes, at, 4);
    const length = view.getUint32(at + 4, true);
    const end = Math.min(at + 8 + length + (length & 1), bytes.length);
    let chunk = bytes.subarray(at, end);
    if (kind === 'VP8X' && length >= 10) {
      chunk = bytes.slice(at, end);
      alpha ||= ((chunk[8] as number) & VP8X_ALPHA) !== 0;
      chunk[8] = (chunk[8] as number) & ~(VP8X_ICC | VP8X_EXIF | VP8X_XMP);
    }
    if (kind === 'VP8L' && length >= 5) alpha ||= ((bytes[at + 12] as number) & 0x10) !== 0;
    if (kind === 'EXIF') orientation = orientationIn(withoutPrefix(bytes.subarray(at + 8, at + 8 + length)));
    if (!WEBP_DROPPED.has(kind)) kept.push(chunk);
    at = end;
  }
  const whole = joined(kept);
  viewOf(whole).setUint32(4, whole.length - 8, true);
  return { type: 'image/webp', bytes: whole, orientation, alpha, profile: false };
}

/** Some writers put JPEG's "Exif\0\0" before the block in a WebP. */
function withoutPrefix(exif: Uint8Array): Uint8Array {
  return text(exif, 0, 6) === 'Exif\0\0' ? exif.subarray(6) : exif;
}

/** Reads the orientation of a TIFF block (EXIF); whatever is damaged means upright. */
export function orientationIn(tiff: Uint8Array): number {
  const order = text(tiff, 0, 2);
  if (order !== 'II' && order !== 'MM') return UPRIGHT;
  const little = order === 'II';
  const view = viewOf(tiff);
  try {
    const directory = view.getUint32(4, little);
    const count = view.getUint16(directory, little);
    for (let i = 0; i < count; i++) {
      const field = directory + 2 + 12 * i;
      if (view.getUint16(field, little) !== TAG_ORIENTATION) continue;
      const wide = view.getUint16(field + 2, little) === 4;
      const value = wide ? view.getUint32(field + 8, little) : view.getUint16(field + 8, little);
      return value >= 1 && value <= 8 ? value : UPRIGHT;
    }
  } catch {
    return UPRIGHT; // an offset points outside
  }
  return UPRIGHT;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function startsWith(bytes: Uint8Array, magic: number[]): boolean {
  return magic.every((byte, at) => bytes[at] === byte);
}

function text(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length));
}

function joined(parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
