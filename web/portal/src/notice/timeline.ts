/** When to look again. The page keeps nothing: who likes to, keeps a small file. */

import { filled } from '../texts/fill';
import type { Words } from './letter';

const HOUR_MS = 3_600_000;

export interface Marks {
  sent: Date;
  day: Date;
  twoDays: Date;
}

/** Gives the marks 24 and 48 hours after the letter was sent. */
export function marksOf(sent: Date): Marks {
  return { sent, day: new Date(sent.getTime() + 24 * HOUR_MS), twoDays: new Date(sent.getTime() + 48 * HOUR_MS) };
}

/** Whether the 48 hours are over. */
export const over = (sent: Date, now: Date): boolean => now >= marksOf(sent).twoDays;

/** Gives a calendar file (RFC 5545) with the two marks. `words` are all it says: it may be seen by others. */
export function calendarOf(sent: Date, words: string): string {
  const { day, twoDays } = marksOf(sent);
  const lines = [day, twoDays].flatMap((moment) => [
    'BEGIN:VEVENT',
    `UID:${stamp(moment)}`,
    `DTSTAMP:${stamp(sent)}`,
    `DTSTART:${stamp(moment)}`,
    'DURATION:PT15M',
    `SUMMARY:${words.replace(/[\\;,]/g, (sign) => `\\${sign}`)}`,
    'BEGIN:VALARM',
    'ACTION:DISPLAY',
    `DESCRIPTION:${words.replace(/[\\;,]/g, (sign) => `\\${sign}`)}`,
    'TRIGGER:PT0M',
    'END:VALARM',
    'END:VEVENT',
  ]);
  return `${['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//-//-//EN', ...lines, 'END:VCALENDAR'].join('\r\n')}\r\n`;
}

/** Gives the marks as lines of text, in the device's own time. */
export function listOf(sent: Date, names: Record<keyof Marks, string>, words: Words, tag: string): string {
  const marks = marksOf(sent);
  return (Object.keys(names) as (keyof Marks)[])
    .map((mark) => `${filled(words.timeline, { mark: names[mark], time: timeIn(marks[mark], tag) }, tag)}\n`)
    .join('');
}

/** Writes a moment as the language does, in the device's own time. */
export const timeIn = (moment: Date, tag: string): string =>
  new Intl.DateTimeFormat(tag, { dateStyle: 'full', timeStyle: 'short' }).format(moment);

/** Gives a moment as the calendar writes it: 20261125T120000Z. */
const stamp = (moment: Date): string => `${moment.toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
