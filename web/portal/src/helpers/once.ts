/** A link works once: used at the first button, or, where the network was off, before anything is sent. */

import { type Clearinghouse, TakenError, useLink } from '../api';
import { digestOfNumber } from './link';

/** The link was used before. There is a way on without it. */
export class LinkUsedError extends Error {}

/** Uses the link; raises LinkUsedError, or another error when nobody answered. */
export async function use(number: string): Promise<void> {
  try {
    await useLink(await digestOfNumber(number));
  } catch (error) {
    throw error instanceof TakenError ? new LinkUsedError() : error;
  }
}

/** Sends only when the link is used. Where it was used before, that is said once, and the next try sends without it. */
export function afterUsing(number: string, to: Clearinghouse): Clearinghouse {
  let done = false;
  return {
    ...to,
    async take(submission) {
      if (!done) {
        try {
          await use(number);
        } catch (error) {
          done = error instanceof LinkUsedError;
          throw error;
        }
        done = true;
      }
      await to.take(submission);
    },
  };
}
