/** JPEG, PNG and WebP by decoders that we bring (jSquash), for browsers that change the pixels they hand out. */

import decodeJpeg, { init as initJpeg } from '@jsquash/jpeg/decode.js';
import decodePng, { init as initPng } from '@jsquash/png/decode.js';
import decodeWebp, { init as initWebp } from '@jsquash/webp/decode.js';
import type { Picture } from './container';
import { type Pixels, rowsOf } from './pixels';

export type Parts = Record<'jpeg' | 'png' | 'webp', ArrayBuffer>;

/** Takes the bytes of the three wasm files: a caged worker cannot fetch them. */
export async function load({ jpeg, png, webp }: Parts): Promise<void> {
  await initJpeg(await WebAssembly.compile(jpeg));
  await initPng(await WebAssembly.compile(png));
  await initWebp(await WebAssembly.compile(webp));
}

export async function decodeByUs({ bytes, type }: Picture): Promise<Pixels> {
  const file = bytes.slice().buffer;
  const decode = { 'image/jpeg': decodeJpeg, 'image/png': decodePng, 'image/webp': decodeWebp }[type as string];
  if (!decode) throw new Error('no decoder of ours');
  const { data, width, height } = await decode(file);
  return rowsOf(data as Uint8ClampedArray, width, height);
}
