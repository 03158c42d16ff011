/** Which edits there are, and which of them are sent. */

import { expect, test } from 'vitest';
import { editsOf, withProtection } from '../fingerprints/edits';
import type { Fingerprints } from '../fingerprints/protocol';

test.each([
  [400, 300],
  [300, 400],
  [300, 300],
  [4000, 1],
])('of %i × %i pixels every edit is a part with a name of its own', (width, height) => {
  const edits = editsOf(width, height);
  expect(new Set(edits.map(({ name }) => name)).size).toBe(edits.length);
  for (const { left, top, right, bottom } of edits) {
    expect(left).toBeLessThan(right);
    expect(top).toBeLessThan(bottom);
    expect([left, top, right, bottom]).not.toEqual([0, 0, 1, 1]);
  }
});

test('more protection sends more, and never less than before', () => {
  const edits = editsOf(400, 300).map(({ name }) => ({ edit: name, value: name, quality: 100 }));
  const made: Fingerprints = { md5: '', sha256: '', kind: 'image', edits };
  const [plain = [], usual = [], strong = []] = (['plain', 'usual', 'strong'] as const).map(
    (protection) => withProtection(made, protection).edits,
  );
  expect(plain).toEqual([]);
  expect(usual.length).toBeGreaterThan(0);
  expect(strong).toEqual(edits);
  expect(strong).toEqual(expect.arrayContaining(usual));
  expect(withProtection({ md5: '', sha256: '', kind: 'video' }, 'strong')).toEqual({
    md5: '',
    sha256: '',
    kind: 'video',
  });
});
