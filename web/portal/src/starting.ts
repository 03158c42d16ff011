/** Where the workers are, and the one Trusted Types policy: it lets their addresses through and nothing else. */

import jpeg from '@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm?url';
import png from '@jsquash/png/codec/pkg/squoosh_png_bg.wasm?url';
import webp from '@jsquash/webp/codec/dec/webp_dec.wasm?url';
import heicFile from 'libheif-js/libheif-wasm/libheif.wasm?url';
import film from '../../fingerprints/film-worker?worker&url';
import heic from '../../fingerprints/heic-worker?worker&url';
import own from '../../fingerprints/own-worker?worker&url';
import tiff from '../../fingerprints/tiff-worker?worker&url';
import fingerprint from '../../fingerprints/worker?worker&url';
import proof from '../../proof/proof-worker?worker&url';
import receipt from '../../receipt/worker?worker&url';

export type Kind = 'fingerprint' | 'film' | 'heic' | 'tiff' | 'own' | 'receipt' | 'proof';

interface Policy {
  createScriptURL(address: string): unknown;
}
interface PolicyFactory {
  createPolicy(name: string, rules: { createScriptURL(address: string): string }): Policy;
}

const ours: Record<Kind, string> = { fingerprint, film, heic, tiff, own, receipt, proof };
const factory = (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes;
const policy = factory?.createPolicy('takeback', {
  createScriptURL(address) {
    if (Object.values(ours).includes(address)) return address;
    throw new TypeError('not one of our workers');
  },
});

export function start(kind: Kind): Worker {
  const trusted = policy ? (policy.createScriptURL(ours[kind]) as string) : ours[kind];
  return new Worker(trusted, { type: 'module' });
}

const FILES: Partial<Record<Kind, Record<string, string>>> = { heic: { heic: heicFile }, own: { jpeg, png, webp } };

/** Gives the wasm files of a worker's decoders, by their names: it cannot fetch them itself. */
export async function partsOf(kind: Kind): Promise<Record<string, ArrayBuffer>> {
  const parts = Object.entries(FILES[kind] ?? {}).map(async ([name, address]) => [name, await bytesOf(address)]);
  return Object.fromEntries(await Promise.all(parts)) as Record<string, ArrayBuffer>;
}

async function bytesOf(address: string): Promise<ArrayBuffer> {
  const answer = await fetch(address, { credentials: 'omit', referrerPolicy: 'no-referrer' });
  if (!answer.ok) throw new Error('it did not come');
  return answer.arrayBuffer();
}
