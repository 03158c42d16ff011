/** The simulated edits of a picture. Their table is spec/edits.json, written from src/takeback/fingerprints/edits.py. */

import table from '../../spec/edits.json';
import type { Part } from './pdq';
import type { Fingerprints } from './protocol';

/** How many simulated edits are covered: none, the usual few, or the most. */
export type Protection = 'plain' | 'usual' | 'strong';

/** The part of the picture that is kept. */
export interface Edit extends Part {
  name: string;
}

type Row = { name: string; protection: string } & (Part | { square: true });
const rows: readonly Row[] = table.edits as Row[];

/** The longest side of the small plane that edits are made from, in pixels. */
export const EDIT_SIDE: number = table.side;

/** A part says less than a picture: of one with a lower quality none is listed. */
export const MIN_EDIT_QUALITY: number = table.least_quality;

/** Gives every edit of an upright picture of this size in pixels, in the order of the table. */
export function editsOf(width: number, height: number): Edit[] {
  return rows.flatMap((row) => ('square' in row ? square(row.name, width, height) : [row]));
}

/** The square in the middle; of a square picture there is none. */
function square(name: string, width: number, height: number): Edit[] {
  const side = Math.min(width, height);
  const left = (width - side) / 2 / width;
  const top = (height - side) / 2 / height;
  return width === height ? [] : [{ name, left, top, right: 1 - left, bottom: 1 - top }];
}

const covered: Record<Protection, ReadonlySet<string>> = {
  plain: new Set(),
  usual: new Set(rows.filter(({ protection }) => protection === 'usual').map(({ name }) => name)),
  strong: new Set(rows.map(({ name }) => name)),
};

/** Gives what of a picture's fingerprints is sent with this protection. */
export function withProtection(made: Fingerprints, protection: Protection): Fingerprints {
  return made.edits ? { ...made, edits: made.edits.filter(({ edit }) => covered[protection].has(edit)) } : made;
}
