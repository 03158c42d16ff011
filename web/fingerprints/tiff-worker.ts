/** The same worker with our reader of TIFF inside. It starts only when somebody chooses such a file. */

import { serve } from './serve';
import { decodeTiff } from './tiff';

serve(({ bytes }) => decodeTiff(bytes));
