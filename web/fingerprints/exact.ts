/** MD5 and SHA-256 of a file's bytes, read in slices: flat memory however large the file is. */

import { createMD5, createSHA256 } from 'hash-wasm';
import type { Exact } from './protocol';

const SLICE_BYTES = 4 * 1024 * 1024;

export async function exactFingerprints(file: Blob, progress: (done: number) => void): Promise<Exact> {
  const [md5, sha256] = await Promise.all([createMD5(), createSHA256()]);
  for (let at = 0; at < file.size; at += SLICE_BYTES) {
    const slice = new Uint8Array(await file.slice(at, at + SLICE_BYTES).arrayBuffer());
    md5.update(slice);
    sha256.update(slice);
    progress(Math.min(1, (at + slice.length) / file.size));
  }
  return { md5: md5.digest(), sha256: sha256.digest() };
}
