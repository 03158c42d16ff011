/** The same worker with libheif inside. It starts only when somebody chooses a HEIC file that the browser cannot read. */

import { decodeHeic, load } from './heic';
import { serve } from './serve';

addEventListener(
  'message',
  (event: MessageEvent<{ wasm: ArrayBuffer }>) => {
    event.stopImmediatePropagation(); // it is not a file
    load(event.data.wasm);
  },
  { once: true },
);
serve(async ({ bytes }) => decodeHeic(bytes));
