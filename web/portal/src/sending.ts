/** One act of sending, which can be tried again: what has arrived does not go out again, and nothing is listed twice. */

import type { Fingerprints } from '../../fingerprints/protocol';
import { type Age, type Clearinghouse, type Submission, submissionOf, TakenError } from './api';

/** Far below what the service takes at once (spec/intake.md). */
const FINGERPRINTS_PER_PART = 10_000;

export class Sending {
  /** How many pictures have arrived. */
  private arrived = 0;

  /** Entry after entry takes the next of the digests, from `from` on: those before belong to what was sent earlier. */
  constructor(
    private readonly age: Age,
    private readonly prints: readonly Fingerprints[],
    private readonly digests: readonly string[],
    private from = 0,
  ) {}

  /** Exactly what is still to be sent. */
  get submission(): Submission {
    const rest = this.prints.slice(this.arrived);
    return submissionOf(this.age, rest, this.digests.slice(this.from + this.arrived));
  }

  /** Sends in as many parts as it needs. */
  async go(to: Clearinghouse): Promise<void> {
    const earlier = this.from > 0;
    while (this.arrived < this.prints.length) {
      const part = firstPart(this.submission);
      try {
        await to.take(part);
        this.arrived += part.entries.length;
      } catch (error) {
        // Nobody can tell which digests were used for pictures that were taken back: the next ones, then.
        const more = this.from + this.prints.length < this.digests.length;
        if (!(error instanceof TakenError && earlier && more)) throw error;
        this.from += 1;
      }
    }
  }
}

function firstPart(submission: Submission): Submission {
  const entries: Submission['entries'] = [];
  let count = 0;
  for (const entry of submission.entries) {
    count += entry.fingerprints.length;
    if (entries.length > 0 && count > FINGERPRINTS_PER_PART) break;
    entries.push(entry);
  }
  return { ...submission, entries };
}
