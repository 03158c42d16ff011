/** Reads a notice that the person kept as a file: whole, or not at all (spec/notice.schema.json has the shape). */

import { LAWS } from '../doors/doors';
import {
  AGES,
  AUTHORITIES,
  CIRCUMSTANCES,
  CONTENTS,
  LINE,
  MOST_PLACES,
  type Notice,
  SIGNERS,
  STATEMENTS,
  WHERES,
} from './file';

const MOST_BYTES = 65_536;
type Rule = (value: unknown) => boolean;

const text =
  (pattern: RegExp, most: number): Rule =>
  (value) =>
    typeof value === 'string' && value.length <= most && pattern.test(value);
const oneOf =
  (values: readonly unknown[]): Rule =>
  (value) =>
    values.includes(value);
const listOf =
  (rule: Rule, most: number): Rule =>
  (value) =>
    Array.isArray(value) && value.length <= most && value.every(rule);
const day: Rule = (value) => text(/^\d{4}-\d\d-\d\d$/, 10)(value) && !Number.isNaN(Date.parse(String(value)));
// biome-ignore lint/suspicious/noControlCharactersInRegex: a line has none
const line = text(/^[^\x00-\x1f\x7f]+$/, LINE);

/** An object with these fields and no others, `needed` first. */
const object =
  (needed: Record<string, Rule>, free: Record<string, Rule>): Rule =>
  (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    const rules = { ...needed, ...free };
    return (
      Object.entries(value).every(([name, one]) => Object.hasOwn(rules, name) && rules[name]?.(one)) &&
      Object.keys(needed).every((name) => Object.hasOwn(value, name))
    );
  };

const place: Rule = (value) =>
  object({}, { url: text(/^https?:\/\/\S+$/, 2000), account: line, where: oneOf(WHERES), seen_on: day })(value) &&
  ['url', 'account'].some((name) => Object.hasOwn(value as object, name));
const signed: Rule = (value) =>
  object({ by: oneOf(SIGNERS) }, { authority: oneOf(AUTHORITIES), name: line })(value) &&
  (!Object.hasOwn(value as object, 'authority') || (value as Notice['signed']).by === 'authorised');

const notice = object(
  {
    format: oneOf(['takeback-notice']),
    version: oneOf([1]),
    law: oneOf(LAWS),
    language: text(/^[A-Za-z0-9-]+$/, 35),
    made_on: day,
    service: line,
    depicted: oneOf(AGES),
    content: oneOf(CONTENTS),
    signed,
  },
  {
    computer_made: oneOf([true, false]),
    places: listOf(place, MOST_PLACES),
    statements: listOf(oneOf(STATEMENTS), STATEMENTS.length),
    circumstances: listOf(oneOf(CIRCUMSTANCES), CIRCUMSTANCES.length),
    email: text(/^[^@\s]+@[^@\s]+$/, 254),
  },
);

/** Gives the notice in a file, or null when it is none. */
export async function read(file: Blob): Promise<Notice | null> {
  if (file.size > MOST_BYTES) return null;
  try {
    const found: unknown = JSON.parse(await file.text());
    return notice(found) ? (found as Notice) : null;
  } catch {
    return null;
  }
}
