/** The same worker with decoders inside. It starts only where the browser changes the pixels that it hands out. */

import { NoisyBrowserError } from './honesty';
import { decodeByUs, load, type Parts } from './own-decoders';
import { serveWith } from './serve';

serveWith<Parts>(load, (picture) =>
  decodeByUs(picture).catch(() => {
    throw new NoisyBrowserError(); // a kind that ours do not read: it stays with the browser, which cannot be trusted
  }),
);
