/** Who helps where, from the files in web/portal/data. The country is chosen by the person, never guessed. */

import countriesFile from '../../data/countries.toml';
import platformsFile from '../../data/platforms.toml';

export const LAWS = ['us-223a', 'eu-dsa-16', 'uk-osa', 'other'] as const;
export const PURPOSES = ['talk', 'remove', 'report', 'police', 'complain'] as const;
export const WAYS = ['dots', 'hold', 'share'] as const;
export type Law = (typeof LAWS)[number];
export type Purpose = (typeof PURPOSES)[number];
export type Way = (typeof WAYS)[number];

/** One door. `checked` is the month in which somebody last looked, like 2026-11, or empty. */
export interface Door {
  for: Purpose;
  name: string;
  phone?: string;
  web?: string;
  checked: string;
}

export interface Service {
  name: string;
  form?: string;
  email?: string;
  in_app: Way[];
  sealed?: boolean;
  checked: string;
}

interface Country {
  emergency?: string;
  law?: Law;
  door: Door[];
}

const { world, ...byCode } = countriesFile as Record<string, Country>;

/** The codes (ISO 3166) of the countries that have doors of their own. */
export const countries: readonly string[] = Object.keys(byCode);
export const services: readonly Service[] = (platformsFile as { service: Service[] }).service;

export interface Doors {
  emergency: string | null;
  law: Law;
  doors: Door[];
}

/** Gives a country's doors and below them those for everywhere; only these for a country that is not in the file. */
export function doorsFor(country: string): Doors {
  const here = byCode[country];
  return {
    emergency: here?.emergency ?? null,
    law: here?.law ?? 'other',
    doors: [...(here?.door ?? []), ...(world?.door ?? [])],
  };
}
