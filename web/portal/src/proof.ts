/** Solves what the clearinghouse asks for while very much comes in. Fetched only then. */

import type { Challenge, Solution } from '../../proof/solve';
import { start } from './starting';

/** Gives what is sent in the header `takeback-proof`. */
export function proofOf(challenge: Challenge): Promise<string> {
  const worker = start('proof');
  return new Promise((resolve, reject) => {
    worker.addEventListener('message', ({ data }: MessageEvent<Solution>) => {
      worker.terminate();
      resolve(btoa(JSON.stringify({ challenge, solution: data })));
    });
    worker.addEventListener('error', () => {
      worker.terminate();
      reject(new Error('the work could not be done'));
    });
    worker.postMessage(challenge);
  });
}
