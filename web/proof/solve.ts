/**
 * Proof of work (ALTCHA version 2, PBKDF2): asked for while very much comes in, so that a flood costs its sender more than
 * it costs a person. Nothing of the device or of what is sent goes into it.
 */

export interface Challenge {
  parameters: { nonce: string; salt: string; cost: number; keyLength: number; keyPrefix: string };
  signature: string;
}

export interface Solution {
  counter: number;
  derivedKey: string;
}

/** Tries one counter after the other; how many it takes at most, the clearinghouse has chosen. */
export async function solve({ parameters }: Challenge): Promise<Solution> {
  const { nonce, salt, cost, keyLength, keyPrefix } = parameters;
  const given = bytesOf(nonce);
  const password = new Uint8Array(given.length + 4);
  password.set(given);
  const algorithm = { name: 'PBKDF2', hash: 'SHA-256', salt: bytesOf(salt), iterations: cost };
  for (let counter = 0; ; counter++) {
    new DataView(password.buffer).setUint32(given.length, counter);
    const key = await crypto.subtle.importKey('raw', password, 'PBKDF2', false, ['deriveBits']);
    const derived = hex(new Uint8Array(await crypto.subtle.deriveBits(algorithm, key, keyLength * 8)));
    if (derived.startsWith(keyPrefix)) return { counter, derivedKey: derived };
  }
}

function bytesOf(digits: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(digits.match(/../g) ?? [], (two) => Number.parseInt(two, 16));
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
