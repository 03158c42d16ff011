/** SHA-256, and bytes as they are written: small enough for the first screen. */

/** SHA-256 of a secret: the only thing that the clearinghouse keeps of it. */
export async function digestOf(secret: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', secret));
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
