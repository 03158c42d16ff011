/** The calls of spec/intake.md, and nothing else: this is all that ever leaves the device. */

import type { Fingerprints } from '../../fingerprints/protocol';

export type Age = 'under-18' | 'unsure';

/** Every question and every withdrawal holds exactly so many secrets, so that its size tells nothing. */
export const SECRETS = 128;

/** Nobody waits longer at the first button: the link is used later, then. */
const LINK_WAIT_MS = 8_000;

export interface Submission {
  age: Age;
  entries: {
    receipt: string;
    kind: 'image' | 'video';
    fingerprints: { type: string; value: string; quality?: number; at?: number; edit?: string }[];
  }[];
}

export interface EntryStatus {
  state: 'waiting' | 'listed' | 'suspended' | 'unlisted';
  since?: string;
  services?: number;
  fetched_by?: number;
  removed_on?: number;
  withdraw_on?: string;
  expires_on?: string;
}

/** Refused: the clearinghouse says that something is wrong with what was sent. Otherwise trying again may help. */
export class RefusedError extends Error {}
/** Refused because a receipt is taken: by other fingerprints, or by an entry that was taken back. */
export class TakenError extends RefusedError {}

/** Refused because of one value, which very many files share. */
class TooCommonError extends RefusedError {
  constructor(readonly field: string) {
    super();
  }
}

/** Gives exactly what would be sent; the page shows it before anything is. */
export function submissionOf(age: Age, prints: readonly Fingerprints[], digests: readonly string[]): Submission {
  return {
    age,
    entries: prints.map((one, at) => ({
      receipt: digests[at] ?? '',
      kind: one.kind,
      fingerprints: [
        { type: 'md5', value: one.md5 },
        { type: 'sha256', value: one.sha256 },
        ...(one.pdq ? [{ type: 'pdq', value: one.pdq.value, quality: one.pdq.quality }] : []),
        ...(one.edits ?? []).map(({ value, quality, edit }) => ({ type: 'pdq', value, quality, edit })),
        ...(one.frames ?? []).map(({ value, quality, at }) => ({ type: 'vpdq', value, quality, at })),
      ],
    })),
  };
}

/** The real thing, practice, or a file that is sent later from another page. */
export type Mode = 'real' | 'practice' | 'file';

/** Where fingerprints go, and where the six words are asked for; practice has one of its own. */
export interface Clearinghouse {
  /** Sends entries; sending the same again is safe. */
  take(submission: Submission): Promise<void>;
  /** Gives the status of each entry, in the order of the secrets; there are always 128 answers. */
  statusOf(secrets: readonly string[]): Promise<EntryStatus[]>;
  /** Takes entries back: now, or after a day or two. */
  withdraw(secrets: readonly string[], later: boolean): Promise<void>;
  /** Keeps what was to be taken back later. */
  keep(secrets: readonly string[]): Promise<void>;
  /** Has the time after which entries end begin again. */
  renew(secrets: readonly string[]): Promise<void>;
}

export const clearinghouse: Clearinghouse = {
  async take(submission) {
    let sent = submission;
    for (;;) {
      try {
        await post('/v1/submissions', sent);
        return;
      } catch (error) {
        const less = error instanceof TooCommonError && without(sent, error.field);
        if (!less) throw error;
        sent = less;
      }
    }
  },
  async statusOf(secrets) {
    const answer = await post('/v1/receipts/status', { secrets: filled(secrets) });
    return ((await answer.json()) as { entries: EntryStatus[] }).entries;
  },
  async withdraw(secrets, later) {
    await post(later ? '/v1/receipts/withdraw-later' : '/v1/receipts/withdraw', { secrets: filled(secrets) });
  },
  async keep(secrets) {
    await post('/v1/receipts/keep', { secrets: filled(secrets) });
  },
  async renew(secrets) {
    await post('/v1/receipts/renew', { secrets: filled(secrets) });
  },
};

/** Uses a counsellor's link, by the digest of its number. It is refused as taken when it was used before. */
export async function useLink(digest: string): Promise<void> {
  await post('/v1/links/use', { digest }, AbortSignal.timeout?.(LINK_WAIT_MS));
}

/** While very much comes in, the clearinghouse asks for work; what it asked for may have run out meanwhile. */
const MOST_PROOFS = 3;

async function post(path: string, body: unknown, signal?: AbortSignal): Promise<Response> {
  let proof: Record<string, string> = {};
  for (let asked = 0; ; asked++) {
    const answer = await postOnce(path, body, proof, signal);
    if (answer.ok) return answer;
    if (answer.status === 409) throw new TakenError();
    if (answer.status === 422) throw new TooCommonError((await answer.json()).field);
    if (answer.status < 500 && answer.status !== 429) throw new RefusedError();
    const challenge = answer.status === 429 && asked < MOST_PROOFS && (await answer.json()).challenge;
    if (!challenge) throw new Error('not answered');
    const { proofOf } = await import('./proof');
    proof = { 'takeback-proof': await proofOf(challenge) };
  }
}

/** Gives the submission without the one perceptual value that a field names; null where it may not stay away. */
function without(submission: Submission, field: string): Submission | null {
  const [entry, left] = (field.match(/\d+/g) ?? []).map(Number);
  if (submission.entries[entry ?? -1]?.fingerprints[left ?? -1]?.type !== 'pdq') return null;
  const entries = submission.entries.map((one, at) =>
    at === entry ? { ...one, fingerprints: one.fingerprints.filter((_, place) => place !== left) } : one,
  );
  return { ...submission, entries };
}

function postOnce(
  path: string,
  body: unknown,
  proof: Record<string, string>,
  signal: AbortSignal | undefined,
): Promise<Response> {
  return fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...proof },
    body: JSON.stringify(body),
    signal: signal ?? null,
    credentials: 'omit',
    cache: 'no-store',
    referrerPolicy: 'no-referrer',
  });
}

function filled(secrets: readonly string[]): string[] {
  const random = () =>
    Array.from(crypto.getRandomValues(new Uint8Array(32)), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return Array.from({ length: SECRETS }, (_, at) => secrets[at] ?? random());
}
