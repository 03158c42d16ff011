/** Who helps in which country, in one language: for the page of help lines, which the server writes and needs no script. */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'smol-toml';
import type { Door, Purpose } from '../portal/src/doors/doors';
import type { Everything } from './texts';

interface Country {
  emergency?: string;
  door: Door[];
}

/** What the server shows of a country, in sentences. */
export interface CountryDoors {
  name: string;
  danger: string | null;
  doors: { name: string; what: string; phone: string | null; web: string | null; checked: string }[];
}

const file = fileURLToPath(new URL('../portal/data/countries.toml', import.meta.url));

/** Gives every country that has doors of its own, by its name in the language. */
export function doorsIn(tag: string, texts: Everything): CountryDoors[] {
  const { world: _, ...countries } = parse(readFileSync(file, 'utf8')) as unknown as Record<string, Country>;
  const names = new Intl.DisplayNames(tag, { type: 'region' });
  const { compare } = new Intl.Collator(tag);
  const t = texts.notice.doors;
  const month = new Intl.DateTimeFormat(tag, { year: 'numeric', month: 'long', timeZone: 'UTC' });
  return Object.entries(countries)
    .map(([code, { emergency, door }]) => ({
      name: names.of(code) ?? code,
      danger: emergency ? t.danger.replace('{number}', emergency) : null,
      doors: door.map(({ name, for: purpose, phone, web, checked }) => ({
        name,
        what: t.for[purpose as Purpose],
        phone: phone ?? null,
        web: web ?? null,
        checked: checked ? t.checked.replace('{month}', month.format(new Date(`${checked}-01`))) : t.notChecked,
      })),
    }))
    .sort((one, other) => compare(one.name, other.name));
}
