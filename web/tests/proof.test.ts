/** The work that is done while very much comes in. */

import { pbkdf2Sync } from 'node:crypto';
import { afterEach, expect, test, vi } from 'vitest';
import { clearinghouse, RefusedError } from '../portal/src/api';
import { type Challenge, solve } from '../proof/solve';

vi.mock('../portal/src/proof', () => ({ proofOf: (challenge: Challenge) => Promise.resolve(challenge.signature) }));
afterEach(() => vi.unstubAllGlobals());

const nonce = '00112233445566778899aabbccddeeff';
const salt = 'ffeeddccbbaa99887766554433221100';
const submission = { age: 'unsure', entries: [] } as const;

test('the counter is found', async () => {
  const password = Buffer.concat([Buffer.from(nonce, 'hex'), Buffer.from([0, 0, 0, 7])]);
  const derivedKey = pbkdf2Sync(password, Buffer.from(salt, 'hex'), 10, 32, 'sha256').toString('hex');
  const parameters = { nonce, salt, cost: 10, keyLength: 32, keyPrefix: derivedKey.slice(0, 32) };
  expect(await solve({ parameters, signature: '' })).toEqual({ counter: 7, derivedKey });
});

test('what was asked for goes with the same body', async () => {
  const sent: [string, string | null][] = [];
  vi.stubGlobal('fetch', (_: string, { body, headers }: { body: string; headers: Record<string, string> }) => {
    sent.push([body, headers['takeback-proof'] ?? null]);
    const asks = { code: 'proof-needed', challenge: { signature: `work ${sent.length}` } };
    const done = new Response(null, { status: 201 });
    return Promise.resolve(sent.length < 3 ? new Response(JSON.stringify(asks), { status: 429 }) : done);
  });
  await clearinghouse.take({ ...submission, entries: [] });
  const body = JSON.stringify(submission);
  expect(sent).toEqual([
    [body, null],
    [body, 'work 1'],
    [body, 'work 2'],
  ]);
});

test.each([
  [429, '{"code": "too-many-requests"}', false],
  [503, '', false],
  [400, '{"code": "invalid-input"}', true],
  [422, '{"code": "too-common", "field": "entries[0].fingerprints[0].value"}', true],
])('an answer of %i is refused, or tried again', async (status, body, refused) => {
  vi.stubGlobal('fetch', () => Promise.resolve(new Response(body, { status })));
  const failed = await clearinghouse.take({ ...submission, entries: [] }).catch((error: unknown) => error);
  expect(failed instanceof RefusedError).toBe(refused);
});
