/** HEIC by libheif (LGPL-3.0), for browsers that cannot read it. The wasm file stays a file of its own, replaceable. */

import libheif, { type Library } from 'libheif-js/libheif-wasm/libheif.js';
import { type Pixels, rowsOf } from './pixels';

let library: Library | undefined;

/** Takes the bytes of libheif.wasm: a caged worker cannot fetch them. */
export function load({ heic }: { heic: ArrayBuffer }): void {
  library = libheif({ wasmBinary: heic });
}

/** Decodes the primary picture of a file, turned upright as the format says. */
export async function decodeHeic(bytes: Uint8Array): Promise<Pixels> {
  if (!library) throw new Error('libheif is not loaded');
  const images = new library.HeifDecoder().decode(bytes);
  try {
    const image = images.find((one) => one.is_primary()) ?? images[0];
    if (!image) throw new Error('there is no picture in it');
    const [width, height] = [image.get_width(), image.get_height()];
    const rgba = new Uint8ClampedArray(width * height * 4);
    const shown = await new Promise((resolve) => image.display({ data: rgba, width, height }, resolve));
    if (!shown) throw new Error('damaged');
    return rowsOf(rgba, width, height);
  } finally {
    for (const image of images) image.free();
  }
}
