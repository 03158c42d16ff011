/** The screens that come later than the first steps, each with its sentences and doors. */

import { lazily } from '../lazily';
import type { Age } from './file';

/** What the way there has asked. Nothing of it is sent. */
export interface Situation {
  age: Age;
  who: 'self' | 'guardian' | 'helper' | 'counsellor';
}

/** To write to the site where it is: `situation` is what the person has said before. */
export const Notice = lazily(() => import('./maker').then((part) => part.Maker));

/** Neither the picture nor a link. */
export const NoFile = lazily(() => import('./no-file').then((part) => part.NoFile));

/** Who helps, by country. */
export const Doors = lazily(() => import('../doors/doors-screen').then((part) => part.Doors));

/** The first five minutes, for a parent. */
export const FirstMinutes = lazily(() => import('../helpers/first-minutes').then((part) => part.FirstMinutes));

/** Where a counsellor makes a link. */
export const Counsellor = lazily(() => import('../helpers/counsellor').then((part) => part.Counsellor));
