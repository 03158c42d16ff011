/** The sentences of what comes later than the first screen, in the language that the page speaks. */

import others from 'virtual:later-texts';
import { language } from '.';
import { englishNotice } from './english-notice';

export const t = (await others[language()]?.())?.default ?? englishNotice;
export const englishLetter = englishNotice.letter;
