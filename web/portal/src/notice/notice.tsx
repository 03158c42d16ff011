/** The screens that come later than the first steps, each with its sentences and doors. */

import { later } from '../later';

/** "It is already posted": `situation` is what the person has said before. */
export const Notice = later(() => import('./maker').then(({ Maker }) => Maker));

/** Neither the picture nor a link. */
export const NoFile = later(() => import('./no-file').then((part) => part.NoFile));

/** Who helps, by country. */
export const Doors = later(() => import('../doors/doors-screen').then((part) => part.Doors));

/** What a parent or another adult reads first, and the question that stops the one who did it. */
export const Helping = later(() => import('../helpers/helping').then((part) => part.Helping));

/** Before the six words, where somebody helped. */
export const HandOver = later(() => import('../helpers/hand-over').then((part) => part.HandOver));

/** Where a counsellor makes a link. */
export const Counsellor = later(() => import('../helpers/counsellor').then((part) => part.Counsellor));
