/**
 * Decoded pixels in strips of 64 rows, RGBX, transparency over white: the pixels that the server sees.
 *
 * A canvas, and not ImageDecoder: Chromium's ImageDecoder hands out JPEG and WebP as separate colour planes and scales
 * those up more coarsely than its own canvas and every server do, which moves up to 12 bits of the fingerprint.
 */

export const STRIP_ROWS = 64;

export interface Pixels {
  width: number;
  height: number;
  /** Where not said: RGBX8, rows without gaps. */
  layout?: number;
  stride?: number;
  /** Gives rows `top` to `top + rows`. They hold until the next are asked for. */
  strip(top: number, rows: number): Uint8Array | Uint8ClampedArray;
  close(): void;
}

/** How a file is decoded: `profile` says that a colour profile may stand in it, which is not to be followed. */
export interface Drawing {
  alpha: boolean;
  turned: boolean;
  profile: boolean;
}

/**
 * Decodes by the browser: no colour conversion, and turned only where asked. Throws for what it cannot decode. Where no
 * profile is left there is nothing to convert; asked not to, Chromium would still hold the whole picture twice.
 */
export async function drawn(file: Blob, { alpha, turned, profile }: Drawing): Promise<Pixels> {
  const imageOrientation = turned ? 'from-image' : 'none';
  const colorSpaceConversion = profile ? 'none' : 'default';
  const bitmap = await createImageBitmap(file, { colorSpaceConversion, imageOrientation });
  return painted(bitmap, bitmap.width, bitmap.height, alpha);
}

/** What a canvas shows of a picture. */
export function painted(picture: ImageBitmap | VideoFrame, width: number, height: number, alpha: boolean): Pixels {
  const canvas = new OffscreenCanvas(width, STRIP_ROWS);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('no canvas');
  let given: Uint8ClampedArray | undefined;
  const letGiven = () => given && letGo(given);
  return {
    width,
    height,
    strip(top, rows) {
      letGiven();
      context.clearRect(0, 0, canvas.width, canvas.height);
      context.drawImage(picture, 0, -top);
      given = context.getImageData(0, 0, width, rows).data;
      return alpha ? overWhite(given) : given;
    },
    close() {
      letGiven();
      picture.close();
    },
  };
}

/**
 * Frees the memory of an array now, and not when the browser next looks for what nobody uses: a large picture's strips
 * would wait for that all together. A buffer that is sent away is gone here, and nobody takes this one in.
 */
export function letGo({ buffer }: Uint8Array | Uint8ClampedArray): void {
  const { port1, port2 } = new MessageChannel();
  port1.postMessage(null, [buffer as ArrayBuffer]);
  port1.close();
  port2.close();
}

/** Pixels that are in memory already, four bytes each. */
export function rowsOf(rgba: Uint8ClampedArray, width: number, height: number): Pixels {
  const strip = (top: number, rows: number) => overWhite(rgba.subarray(top * width * 4, (top + rows) * width * 4));
  return { width, height, strip, close() {} };
}

/**
 * Each channel becomes round(channel × alpha / 255) + 255 − alpha, as spec/canonical-image.md has it. The canvas keeps
 * premultiplied values and divides when read; multiplying again gives back exactly what it kept.
 */
export function overWhite(rgba: Uint8ClampedArray): Uint8ClampedArray {
  for (let at = 0; at < rgba.length; at += 4) {
    const alpha = rgba[at + 3] as number;
    if (alpha === 255) continue;
    for (let channel = at; channel < at + 3; channel++) {
      rgba[channel] = Math.floor(((rgba[channel] as number) * alpha + 127) / 255) + 255 - alpha;
    }
  }
  return rgba;
}
