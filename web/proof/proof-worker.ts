/** The worker that works: the page must not freeze meanwhile. */

import { type Challenge, solve } from './solve';

addEventListener('message', async ({ data }: MessageEvent<Challenge>) => postMessage(await solve(data)));
