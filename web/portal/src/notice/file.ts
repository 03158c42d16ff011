/** A removal notice as spec/notice.md has it. The page keeps it nowhere; read.ts reads one that the person kept. */

import type { Law } from '../doors/doors';

export const AGES = ['under-18', 'unsure', 'over-18'] as const;
export const CONTENTS = ['picture', 'video', 'both'] as const;
export const WHERES = ['post', 'story', 'profile', 'message', 'group', 'comment', 'live', 'other'] as const;
export const STATEMENTS = ['good-faith', 'no-consent'] as const;
export const CIRCUMSTANCES = ['sent-privately', 'taken-secretly', 'tricked', 'threatened', 'stolen'] as const;
export const SIGNERS = ['depicted', 'guardian', 'authorised'] as const;
export const AUTHORITIES = ['asked', 'organisation', 'lawyer'] as const;
export type Age = (typeof AGES)[number];
export type Content = (typeof CONTENTS)[number];
export type Where = (typeof WHERES)[number];
export type Statement = (typeof STATEMENTS)[number];
export type Circumstance = (typeof CIRCUMSTANCES)[number];
export type Signer = (typeof SIGNERS)[number];
export type Authority = (typeof AUTHORITIES)[number];

export const MOST_PLACES = 20;
/** Characters in a name, an account, a service. */
export const LINE = 100;

/** A link, or an account and where it stands there; `seen_on` is a day, like 2026-11-24. */
export interface Place {
  url?: string;
  account?: string;
  where?: Where;
  seen_on?: string;
}

export interface Notice {
  format: 'takeback-notice';
  version: 1;
  law: Law;
  language: string;
  made_on: string;
  service: string;
  depicted: Age;
  content: Content;
  signed: { by: Signer; authority?: Authority; name?: string };
  computer_made?: boolean;
  places?: Place[];
  statements?: Statement[];
  circumstances?: Circumstance[];
  email?: string;
}

/** Gives the notice with nothing in it that says nothing, as the file holds it. */
export function tidy(notice: Notice): Notice {
  const { authority, name, by } = notice.signed;
  const signed = {
    by,
    ...(by === 'authorised' && authority ? { authority } : {}),
    ...(name?.trim() ? { name: name.trim() } : {}),
  };
  const { computer_made, places, statements, circumstances, email, ...always } = notice;
  return {
    ...always,
    service: notice.service.trim(),
    signed,
    ...(computer_made ? { computer_made } : {}),
    ...(places?.length ? { places } : {}),
    ...(statements?.length ? { statements } : {}),
    ...(circumstances?.length && notice.depicted !== 'under-18' ? { circumstances } : {}),
    ...(email?.trim() ? { email: email.trim() } : {}),
  };
}

export const written = (notice: Notice): string => `${JSON.stringify(tidy(notice), null, 2)}\n`;

/** Gives a day of the device's own calendar, like 2026-11-25. */
export function dayOf(moment: Date): string {
  const two = (number: number) => String(number).padStart(2, '0');
  return `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
}
