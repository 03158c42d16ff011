/** MD5 and SHA-256 of a file's bytes, read piece by piece: flat memory however large the file is. */

import { createMD5, createSHA256 } from 'hash-wasm';
import { keeping } from './kept';
import type { Exact } from './protocol';

const BUFFER_BYTES = 1024 * 1024;

export async function exactFingerprints(file: Blob, progress: (done: number) => void): Promise<Exact> {
  const [md5, sha256] = await Promise.all([createMD5(), createSHA256()]);
  const reader = byteReader(file);
  let at = 0;
  await keeping(reader ?? file, async () => {
    for await (const piece of reader ? streamed(reader) : sliced(file)) {
      md5.update(piece);
      sha256.update(piece);
      at += piece.length;
      progress(at / file.size);
    }
  });
  return { md5: md5.digest(), sha256: sha256.digest() };
}

/** Through one buffer that goes to the reader and comes back: nothing is left behind. Each piece holds until the next. */
async function* streamed(reader: ReadableStreamBYOBReader): AsyncGenerator<Uint8Array> {
  for (let buffer = new ArrayBuffer(BUFFER_BYTES); ; ) {
    const { done, value } = await reader.read(new Uint8Array(buffer));
    if (done || !value) return;
    yield value;
    buffer = value.buffer;
  }
}

async function* sliced(file: Blob): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < file.size; at += BUFFER_BYTES) {
    yield new Uint8Array(await file.slice(at, at + BUFFER_BYTES).arrayBuffer());
  }
}

/** null in a browser (older Safari) that does not read into a buffer of ours. */
function byteReader(file: Blob): ReadableStreamBYOBReader | null {
  try {
    return file.stream().getReader({ mode: 'byob' });
  } catch {
    return null;
  }
}
