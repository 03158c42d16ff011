/** The sentences of what comes later than the first screen, in the language that the page speaks. */

import { later } from '.';
import { englishNotice } from './english-notice';

export const t = later('notice', englishNotice);
export const englishLetter = englishNotice.letter;
