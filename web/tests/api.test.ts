/** What is sent in one piece. */

import { afterEach, expect, test, vi } from 'vitest';
import { editsOf } from '../fingerprints/edits';
import type { Fingerprints } from '../fingerprints/protocol';
import { clearinghouse, type Submission, submissionOf } from '../portal/src/api';
import { Sending } from '../portal/src/sending';

/** Bytes that the service takes at once (spec/intake.md). */
const MOST_BYTES = 2_097_152;

afterEach(() => vi.unstubAllGlobals());

test.each([
  ['100 pictures with the most protection', 0],
  ['100 photographs with ten minutes of film inside', 600],
])('%s go out whole, in parts that are not too large', async (_, seconds) => {
  const bodies: string[] = [];
  vi.stubGlobal('fetch', (_address: string, { body }: { body: string }) => {
    bodies.push(body);
    return Promise.resolve(new Response(null, { status: 201 }));
  });
  const value = 'ab'.repeat(32);
  const made: Fingerprints = {
    ...{ md5: 'ab'.repeat(16), sha256: value, kind: 'image', pdq: { value, quality: 100 } },
    edits: editsOf(400, 300).map(({ name }) => ({ edit: name, value, quality: 100 })),
    frames: Array.from({ length: seconds }, (_, at) => ({ at, value, quality: 100 })),
  };
  const [prints, digests] = [Array(100).fill(made), Array(100).fill(value)];
  const submission = submissionOf('unsure', prints, digests);
  await new Sending('unsure', prints, digests).go(clearinghouse);
  for (const body of bodies) expect(new TextEncoder().encode(body).length).toBeLessThanOrEqual(MOST_BYTES);
  const sent = bodies.flatMap((body) => (JSON.parse(body) as Submission).entries);
  expect(sent).toEqual(submission.entries);
});

test('a value that very many files share is left out, and the rest goes out', async () => {
  const bodies: Submission[] = [];
  vi.stubGlobal('fetch', (_address: string, { body }: { body: string }) => {
    bodies.push(JSON.parse(body));
    const common = { code: 'too-common', field: 'entries[1].fingerprints[2].value' };
    const refused = new Response(JSON.stringify(common), { status: 422 });
    return Promise.resolve(bodies.length === 1 ? refused : new Response(null, { status: 201 }));
  });
  const value = 'ab'.repeat(32);
  const made: Fingerprints = { md5: 'ab'.repeat(16), sha256: value, kind: 'image', pdq: { value, quality: 100 } };
  await clearinghouse.take(submissionOf('unsure', [made, made], [value, value]));
  expect(bodies.map(({ entries }) => entries.map((one) => one.fingerprints.map(({ type }) => type)))).toEqual([
    [
      ['md5', 'sha256', 'pdq'],
      ['md5', 'sha256', 'pdq'],
    ],
    [
      ['md5', 'sha256', 'pdq'],
      ['md5', 'sha256'],
    ],
  ]);
});
