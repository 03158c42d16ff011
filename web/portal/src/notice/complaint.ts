/** What to tell the authority when a service has not removed it, with the notice that it was sent. */

import { type Door, doorsFor, type Law } from '../doors/doors';
import { filled } from '../texts/fill';
import type { Notice } from './file';
import { type Letter, letterIn, type Words } from './letter';
import { over, timeIn } from './timeline';

/** Gives the authorities of a country that watch over services; none where the file knows none. */
export const authoritiesOf = (country: string): Door[] =>
  doorsFor(country).doors.filter((door) => door.for === 'complain');

/** Gives the complaint in one language. It says what was sent, to whom and when, and that it did not help. */
export function complaintIn(notice: Notice, sent: Date, now: Date, words: Words, tag: string): Letter {
  const { complaint } = words;
  const times = { sent: timeIn(sent, tag), now: timeIn(now, tag) };
  const facts = [
    filled(complaint.opening, { service: notice.service }, tag),
    complaint.law[notice.law],
    filled(complaint.sent, times, tag),
    filled(over(sent, now) ? complaint.still : complaint.stillEarly, times, tag),
  ];
  const { body } = letterIn(notice, words, tag);
  return {
    subject: complaint.subject,
    body: `${facts.filter(Boolean).join('\n')}\n\n${complaint.attached}\n\n${body}`,
  };
}

/** Gives the key of the sentence that says what the authority can do and what not. */
export function whoIs(country: string): Law | 'AU' {
  if (country === 'AU') return 'AU';
  return doorsFor(country).law;
}
