/** The same worker with libheif inside. It starts only when somebody chooses a HEIC file that the browser cannot read. */

import { decodeHeic, load } from './heic';
import { serveWith } from './serve';

serveWith<{ heic: ArrayBuffer }>(load, ({ bytes }) => decodeHeic(bytes));
