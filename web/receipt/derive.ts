/** From six words to one secret an entry (spec/receipt.md). The words and the root never leave the device. */

import { argon2id } from 'hash-wasm';

const SALT = 'takeback-receipt-v1';
const MEMORY_KIB = 19_456;
const PASSES = 2;
const BYTES = 32;

/** Argon2id of the words: 32 bytes. */
export async function rootOf(words: string): Promise<Uint8Array<ArrayBuffer>> {
  const root = await argon2id({
    password: words,
    salt: new TextEncoder().encode(SALT),
    parallelism: 1,
    iterations: PASSES,
    memorySize: MEMORY_KIB,
    hashLength: BYTES,
    outputType: 'binary',
  });
  return new Uint8Array(root);
}

/** HKDF-SHA256 of the root for entry `at`: what opens that entry, and no other. */
export async function secretOf(root: Uint8Array<ArrayBuffer>, at: number): Promise<Uint8Array<ArrayBuffer>> {
  const key = await crypto.subtle.importKey('raw', root, 'HKDF', false, ['deriveBits']);
  const info = new TextEncoder().encode(`takeback/receipt/v1/entry/${at}`);
  const parameters = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(0), info };
  return new Uint8Array(await crypto.subtle.deriveBits(parameters, key, BYTES * 8));
}
