/** The notice as a letter. All of its words are in texts/english-notice.ts, under `letter`. */

import { dayIn } from '../texts/days';
import type { englishNotice } from '../texts/english-notice';
import { filled } from '../texts/fill';
import { CIRCUMSTANCES, type Notice, type Place } from './file';
import { named, onConsent } from './missing';

export type Words = (typeof englishNotice)['letter'];

export interface Letter {
  subject: string;
  body: string;
}

/** Gives the letter in one language: `words` are its sentences, `tag` writes its dates. */
export function letterIn(notice: Notice, words: Words, tag: string): Letter {
  const { law, signed } = notice;
  const day = (date: string) => dayIn(date, tag);
  const fill = (sentence: string, values: Record<string, string>) => filled(sentence, values, tag);
  const why = onConsent(notice)
    ? [
        notice.statements?.includes('no-consent') ? words.noConsent : '',
        ...CIRCUMSTANCES.filter((one) => notice.circumstances?.includes(one)).map((one) => words.circumstances[one]),
      ]
    : [words.child];
  const who =
    signed.by === 'authorised'
      ? signed.authority
        ? words.authorities[signed.authority]
        : ''
      : words.signers[signed.by];
  const sections = [
    [fill(words.to, { service: notice.service, day: day(notice.made_on) })],
    [words.opening[law]],
    [
      words.what,
      words.contents[notice.content],
      words.ages[notice.depicted],
      notice.computer_made ? words.computer : '',
    ],
    [words.where, ...(notice.places ?? []).map((place, at) => `${at + 1}) ${placeIn(place, words, tag)}`)],
    [words.why, ...why, notice.statements?.includes('good-faith') ? words.goodFaith[law] : ''],
    [words.ask[law], words.private],
    [
      words.who,
      who,
      signed.name
        ? fill(words.signature, { name: signed.name })
        : law === 'eu-dsa-16' && !named(notice)
          ? words.noName
          : '',
      notice.email ? fill(words.contact, { email: notice.email }) : '',
    ],
  ];
  const body = sections.map((lines) => lines.filter(Boolean).join('\n')).join('\n\n');
  return { subject: words.subject[law], body };
}

/** Gives a letter as it goes out: in the person's language, and in English below where that is another. */
export function asSent(
  own: { words: Words; tag: string },
  english: Words,
  write: (words: Words, tag: string) => Letter,
) {
  const first = write(own.words, own.tag);
  if (/^en\b/.test(own.tag)) return first;
  const { subject, body } = write(english, 'en');
  return { subject: `${first.subject} / ${subject}`, body: `${first.body}\n\n———\n${own.words.english}\n\n${body}` };
}

/** Gives the address that opens a mail app with the letter in it. Nothing is sent by that. */
export function mailto(letter: Letter, to = ''): string {
  const lines = letter.body.replaceAll('\n', '\r\n'); // RFC 6068
  return `mailto:${to}?subject=${encodeURIComponent(letter.subject)}&body=${encodeURIComponent(lines)}`;
}

function placeIn(place: Place, words: Words, tag: string): string {
  const account = place.account ? filled(words.account, { account: place.account }, tag) : '';
  const where = place.where ? words.wheres[place.where] : '';
  const seen = place.seen_on ? filled(words.seen, { day: dayIn(place.seen_on, tag) }, tag) : '';
  return [place.url, account, where, seen].filter(Boolean).join(', ');
}
