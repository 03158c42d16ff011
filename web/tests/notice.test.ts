/** The notice: what is missing, its letter in every variant, its file, its times. Vectors: spec/vectors/notice.json. */

import { readFileSync } from 'node:fs';
import Ajv2020 from 'ajv/dist/2020';
import { describe, expect, test } from 'vitest';
import { countries, LAWS } from '../portal/src/doors/doors';
import { authoritiesOf, complaintIn, whoIs } from '../portal/src/notice/complaint';
import {
  AGES,
  AUTHORITIES,
  CIRCUMSTANCES,
  dayOf,
  type Notice,
  SIGNERS,
  WHERES,
  written,
} from '../portal/src/notice/file';
import { asSent, letterIn, mailto } from '../portal/src/notice/letter';
import { isEmail, linkOf } from '../portal/src/notice/links';
import { missing } from '../portal/src/notice/missing';
import { read } from '../portal/src/notice/read';
import { calendarOf, listOf, marksOf, over } from '../portal/src/notice/timeline';
import { englishNotice } from '../portal/src/texts/english-notice';

const spec = (name: string) => JSON.parse(readFileSync(new URL(`../../spec/${name}`, import.meta.url), 'utf8'));
const vectors: {
  read: { name: string; notice: Notice; missing: string[] }[];
  refused: { name: string; notice: unknown }[];
} = spec('vectors/notice.json');
const ajv = new Ajv2020({ strict: false, formats: { date: /^\d{4}-\d\d-\d\d$/ } });
const valid = ajv.compile(spec('notice.schema.json'));
const words = englishNotice.letter;
const SENT = new Date('2026-11-25T22:30:00Z');

const base: Notice = {
  ...{ format: 'takeback-notice', version: 1, law: 'us-223a', language: 'en', made_on: '2026-11-25' },
  ...{ service: 'Instagram', depicted: 'under-18', content: 'both', computer_made: true },
  signed: { by: 'depicted', name: 'J.' },
  places: [
    { url: 'https://example.org/p/1' },
    ...WHERES.map((where) => ({ account: '@x', where, seen_on: '2026-11-24' })),
  ],
  statements: ['good-faith', 'no-consent'],
  circumstances: [...CIRCUMSTANCES],
  email: 'hidden@example.org',
};
const variants = LAWS.flatMap((law) =>
  AGES.flatMap((depicted) =>
    SIGNERS.flatMap((by) =>
      (by === 'authorised' ? AUTHORITIES : [undefined]).map((authority): Notice => {
        return { ...base, law, depicted, signed: { by, name: 'J.', ...(authority ? { authority } : {}) } };
      }),
    ),
  ),
);
const file = (content: unknown) => new Blob([JSON.stringify(content)]);

describe('the vectors that the parser passes, too', () => {
  test.each(vectors.read)('$name', async ({ notice, missing: parts }) => {
    expect(missing(notice)).toEqual(parts);
    expect(await read(file(notice))).toEqual(notice);
    expect(JSON.parse(written(notice))).toEqual(notice);
  });
  test.each(vectors.refused)('refused: $name', async ({ notice }) => {
    expect(await read(file(notice))).toBeNull();
  });
});

test('every variant is complete, is as the schema says, and reads back', async () => {
  for (const notice of variants) {
    expect(missing(notice)).toEqual([]);
    const text = written(notice);
    expect(valid(JSON.parse(text)), JSON.stringify(valid.errors)).toBe(true);
    expect(await read(new Blob([text]))).toEqual(JSON.parse(text));
  }
});

test('what says nothing is left out of the file', () => {
  const empty = {
    ...base,
    signed: { by: 'guardian', authority: 'asked', name: '  ' },
    places: [],
    statements: [],
  } as Notice;
  const made = JSON.parse(written({ ...empty, email: ' ', computer_made: false }));
  expect(Object.keys(made).sort()).toEqual(
    ['content', 'depicted', 'format', 'language', 'law', 'made_on', 'service', 'signed', 'version'].sort(),
  );
  expect(made.signed).toEqual({ by: 'guardian' });
});

test.each(['{', '[]', 'null', '"takeback-notice"', `{"a":${'1'.repeat(70_000)}}`])(
  '%.12s is no notice',
  async (text) => {
    expect(await read(new Blob([text]))).toBeNull();
  },
);

describe('the letter', () => {
  test('has its four parts in every variant, and no hole', () => {
    for (const notice of variants) {
      const { subject, body } = letterIn(notice, words, 'en');
      expect(subject).toBe(words.subject[notice.law]);
      for (const part of [words.what, words.where, words.why, words.who, 'https://example.org/p/1']) {
        expect(body).toContain(part);
      }
      expect(body).toContain('Signature: J.');
      expect(body).toContain('Contact: hidden@example.org');
      expect(body).not.toMatch(/undefined|null|\{|\}|\n\n\n|, ,| {2}/);
    }
  });

  test('for a child says that there is no consent that counts, and asks nobody to state it', () => {
    const { body } = letterIn({ ...base, statements: ['good-faith'] }, words, 'en');
    expect(body).toContain(words.child);
    expect(body).not.toContain(words.noConsent);
    for (const one of CIRCUMSTANCES) expect(body).not.toContain(words.circumstances[one]);
  });

  test.each(['unsure', 'over-18'] as const)('for %s says what was stated, and nothing more', (depicted) => {
    const { body } = letterIn({ ...base, depicted, circumstances: ['stolen'] }, words, 'en');
    expect(body).toContain(words.noConsent);
    expect(body).toContain(words.circumstances.stolen);
    expect(body).not.toContain(words.circumstances.tricked);
    expect(body).not.toContain(words.child);
  });

  test('without a name says why, only where a law says so', () => {
    const nameless = (law: Notice['law']) => letterIn({ ...base, law, signed: { by: 'depicted' } }, words, 'en').body;
    expect(nameless('eu-dsa-16')).toContain(words.noName);
    expect(nameless('uk-osa')).not.toContain('Signature');
    expect(nameless('uk-osa')).not.toContain(words.noName);
  });

  test('is in English, too, where the person speaks another language', () => {
    const other = { ...words, why: '3. Чому' };
    const write = (of: typeof words, tag: string) => letterIn(base, of, tag);
    const { body } = asSent({ words: other, tag: 'uk' }, words, write);
    expect(body.indexOf('3. Чому')).toBeLessThan(body.indexOf(words.english));
    expect(body.indexOf(words.english)).toBeLessThan(body.indexOf(words.why));
    expect(body).toContain('25 листопада 2026');
    expect(asSent({ words, tag: 'en' }, words, write)).toEqual(write(words, 'en'));
  });

  test('opens a mail app whole, and lets nothing in beside it', () => {
    const sly = letterIn({ ...base, service: 'A & B?cc=x@y\n#', email: 'a+b@example.org' }, words, 'en');
    const address = new URL(mailto(sly, 'abuse@example.org'));
    expect(address.pathname).toBe('abuse@example.org');
    expect([...address.searchParams.keys()]).toEqual(['subject', 'body']);
    expect(mailto(sly)).toMatch(/^mailto:\?subject=[^&#]+&body=[^&#]+$/);
    expect(decodeURIComponent(mailto(sly).split('&body=')[1] ?? '')).toBe(sly.body.replaceAll('\n', '\r\n'));
  });
});

describe('links', () => {
  test.each([
    ['example.com/abc', 'https://example.com/abc'],
    [' https://www.instagram.com/p/AB/?igsh=who&img_index=2 ', 'https://www.instagram.com/p/AB/?img_index=2'],
    ['https://youtu.be/abc?si=who&t=3', 'https://youtu.be/abc?t=3'],
    ['http://me:secret@example.org/', 'http://example.org/'],
    ['https://приклад.укр/а', 'https://xn--80aikifvh.xn--j1amh/%D0%B0'],
  ])('%s', (typed, link) => expect(linkOf(typed)).toBe(link));
  test.each(['', 'hello', 'it is on insta', 'javascript:alert(1)', 'data:text/html,x', 'example.com/a b', '@somebody'])(
    '%j is none',
    (typed) => expect(linkOf(typed)).toBeNull(),
  );
  test('addresses', () => {
    expect(['a@b.co', ' a+b@c.example '].every(isEmail)).toBe(true);
    expect(['a', 'a@b', '@b.co', 'a b@c.de'].some(isEmail)).toBe(false);
  });
});

describe('times', () => {
  test('the marks are 24 and 48 hours later, also over a change of the clocks', () => {
    const spring = new Date('2026-03-28T12:00:00Z');
    expect(marksOf(spring).twoDays.toISOString()).toBe('2026-03-30T12:00:00.000Z');
    expect(over(spring, new Date('2026-03-30T11:59:59Z'))).toBe(false);
    expect(over(spring, new Date('2026-03-30T12:00:00Z'))).toBe(true);
  });

  test('the calendar says its words and nothing else', () => {
    const lines = calendarOf(SENT, 'Look again; now, please').split('\r\n');
    expect(lines.filter((line) => line.startsWith('DTSTART'))).toEqual([
      'DTSTART:20261126T223000Z',
      'DTSTART:20261127T223000Z',
    ]);
    expect(lines).toContain('SUMMARY:Look again\\; now\\, please');
    expect(lines.join(' ').toLowerCase()).not.toMatch(/takeback|picture|notice|remov/);
    expect(lines.every((line) => new TextEncoder().encode(line).length <= 75)).toBe(true);
  });

  test('the list has a line for each mark', () => {
    const names = { sent: 'Sent', day: '24 hours', twoDays: '48 hours' };
    expect(listOf(SENT, names, words, 'en').trim().split('\n')).toHaveLength(3);
  });

  test('a day is the day of the device', () => {
    expect(dayOf(new Date(2026, 0, 5, 23, 59))).toBe('2026-01-05');
  });
});

describe('the complaint', () => {
  test('says to whom, when, by which law, and holds the notice', () => {
    for (const notice of variants) {
      const { body } = complaintIn(notice, SENT, marksOf(SENT).twoDays, words, 'en');
      expect(body).toContain('I asked Instagram');
      expect(body).toContain(words.complaint.law[notice.law]);
      expect(body).toContain('More than 48 hours have passed.');
      expect(body).toContain(letterIn(notice, words, 'en').body);
      expect(body).not.toMatch(/undefined|\{|\n\n\n/);
    }
  });

  test('does not say that 48 hours have passed when they have not', () => {
    expect(complaintIn(base, SENT, SENT, words, 'en').body).not.toContain('48 hours have passed');
  });

  test('each authority has a sentence on what it does', () => {
    for (const country of [...countries, 'QQ']) expect(englishNotice.late.who[whoIs(country)]).toBeTruthy();
    expect(authoritiesOf('US').map((door) => door.name)).toEqual(['Federal Trade Commission']);
    expect(authoritiesOf('QQ')).toEqual([]);
  });
});
