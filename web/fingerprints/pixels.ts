/** Decoded pixels in strips of 64 rows, RGBX, transparency over white: the pixels that the server sees. */

import type { Picture } from './container';

export const STRIP_ROWS = 64;

export interface Pixels {
  width: number;
  height: number;
  /** Gives rows `top` to `top + rows`, four bytes a pixel. */
  strip(top: number, rows: number): Promise<Uint8Array | Uint8ClampedArray>;
  close(): void;
}

/** One way to get pixels out of this browser. */
export interface Source {
  name: string;
  fits(picture: Pick<Picture, 'type' | 'alpha'>): Promise<boolean>;
  open(picture: Pick<Picture, 'type' | 'alpha' | 'bytes'>): Promise<Pixels>;
}

interface Decoder {
  decode(options: { frameIndex: number; completeFramesOnly: boolean }): Promise<{ image: VideoFrame }>;
  close(): void;
}
interface DecoderClass {
  new (options: { data: BufferSource; type: string; colorSpaceConversion: string; preferAnimation: boolean }): Decoder;
  isTypeSupported(type: string): Promise<boolean>;
}
const decoderClass = (globalThis as { ImageDecoder?: DecoderClass }).ImageDecoder;

/** Leanest and fastest, and never touches a canvas. WebKit hands out wrong channels here; Chromium does not. */
export const imageDecoder: Source = {
  name: 'ImageDecoder',
  async fits({ type, alpha }) {
    if (alpha || !decoderClass || !/Chrom(e|ium)\//.test(navigator.userAgent)) return false;
    return decoderClass.isTypeSupported(type);
  },
  async open({ bytes, type }) {
    if (!decoderClass) throw new Error('no ImageDecoder');
    const decoder = new decoderClass({ data: bytes, type, colorSpaceConversion: 'none', preferAnimation: false });
    const { image } = await decoder.decode({ frameIndex: 0, completeFramesOnly: true });
    const { x, y, width, height } = image.visibleRect ?? new DOMRect(0, 0, image.codedWidth, image.codedHeight);
    return {
      width,
      height,
      async strip(top, rows) {
        const pixels = new Uint8Array(width * rows * 4);
        const rect = { x, y: y + top, width, height: rows };
        await image.copyTo(pixels, { rect, format: 'RGBA', layout: [{ offset: 0, stride: width * 4 }] });
        return pixels;
      },
      close() {
        image.close();
        decoder.close();
      },
    };
  },
};

/** Everywhere else, and for whatever may be transparent. */
export const canvasStrips: Source = {
  name: 'canvas',
  async fits() {
    return typeof OffscreenCanvas !== 'undefined';
  },
  async open({ bytes, type, alpha }) {
    const bitmap = await createImageBitmap(new Blob([bytes], { type }), {
      colorSpaceConversion: 'none',
      imageOrientation: 'none',
    });
    const canvas = new OffscreenCanvas(bitmap.width, STRIP_ROWS);
    const context = canvas.getContext('2d', { willReadFrequently: true });
    if (!context) throw new Error('no canvas');
    return {
      width: bitmap.width,
      height: bitmap.height,
      async strip(top, rows) {
        context.clearRect(0, 0, canvas.width, canvas.height);
        context.drawImage(bitmap, 0, -top);
        const { data } = context.getImageData(0, 0, bitmap.width, rows);
        return alpha ? overWhite(data) : data;
      },
      close: () => bitmap.close(),
    };
  },
};

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
