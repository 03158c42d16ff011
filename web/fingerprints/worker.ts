/** The worker in which files are opened. The server serves it with `connect-src 'none'`: it cannot talk to anybody. */

import { decodeByBrowser } from './browser';
import { serve } from './serve';

serve(decodeByBrowser);
