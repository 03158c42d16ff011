/** A receipt as three numbers that look like telephone numbers (spec/receipt.md): the same 77.5 bits as the six words. */

import { WORDS, words } from './words';

const GROUPS = 3;
/** Of each group, without its check digit. */
const DIGITS = 8;

/** The quasigroup of order 10 of H. M. Damm's check digit: it finds each wrong digit and each swap of neighbours. */
const DAMM = [
  '0317598642',
  '7092154863',
  '4206871359',
  '1750983426',
  '6123045978',
  '3674209581',
  '5869720134',
  '8945362017',
  '9438617205',
  '2581436790',
];
/** Zeros of scripts in which people type digits: European, Arabic, Persian, Devanagari. */
const ZEROS = [0x30, 0x660, 0x6f0, 0x966];

/** Gives the three numbers, each of nine digits: `012 345 678`, one on a line. */
export function digitsOf(receipt: string): string {
  const base = BigInt(words.length);
  const value = receipt.split(' ').reduce((sum, word) => sum * base + BigInt(words.indexOf(word)), 0n);
  const plain = String(value).padStart(GROUPS * DIGITS, '0');
  return Array.from({ length: GROUPS }, (_, at) => {
    const group = plain.slice(at * DIGITS, (at + 1) * DIGITS);
    return (group + checked(group, at)).replace(/(...)(?=.)/g, '$1 ');
  }).join('\n');
}

/** Gives the six words that these numbers stand for; null where a digit is wrong, or one is missing. */
export function wordsOf(typed: string): string | null {
  const digits = europeanDigits(typed).replace(/\D/g, '');
  if (digits.length !== GROUPS * (DIGITS + 1)) return null;
  let plain = '';
  for (let at = 0; at < GROUPS; at++) {
    const group = digits.slice(at * (DIGITS + 1), (at + 1) * (DIGITS + 1));
    if (checked(group, at) !== '0') return null;
    plain += group.slice(0, DIGITS);
  }
  const base = BigInt(words.length);
  let value = BigInt(plain);
  const found: string[] = [];
  for (let at = 0; at < WORDS; at++) {
    found.unshift(words[Number(value % base)] as string);
    value /= base;
  }
  return value === 0n ? found.join(' ') : null;
}

/** Whether somebody types numbers, and not words. */
export function areDigits(typed: string): boolean {
  return /\p{Nd}/u.test(typed) && !/\p{L}/u.test(typed);
}

/** Gives the check digit of a group; '0' for one that ends in it. It begins with the group's place: none can be swapped. */
function checked(group: string, place: number): string {
  return [...group].reduce((interim, digit) => DAMM[Number(interim)]?.[Number(digit)] ?? '', String(place));
}

function europeanDigits(typed: string): string {
  return typed.replace(/\p{Nd}/gu, (digit) => {
    const code = digit.codePointAt(0) as number;
    const zero = ZEROS.find((one) => code >= one && code < one + 10);
    return zero === undefined ? digit : String(code - zero);
  });
}
