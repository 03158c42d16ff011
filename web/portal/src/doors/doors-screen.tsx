/** Who helps, by country. The country is chosen; the page neither knows nor asks where the person is. */

import { useMemo, useState } from 'preact/hooks';
import { Button, Buttons, Screen } from '../controls';
import { Out, Select } from '../fields';
import { fill, language, texts } from '../texts';
import { t } from '../texts/notice';
import { countries, type Door, doorsFor, PURPOSES } from './doors';

/** Stands for every country that the file does not have. */
const ELSEWHERE = 'elsewhere';

export function Doors({ back }: { back: () => void }) {
  const [country, choose] = useState('');
  const { emergency, doors } = doorsFor(country);
  return (
    <Screen title={t.doors.title}>
      <p>{t.doors.text}</p>
      <CountryChoice label={t.doors.country} country={country} choose={choose} />
      {!country && <p class="small">{t.doors.notGuessed}</p>}
      {emergency && (
        <p class="kind">
          <a href={`tel:${emergency}`}>{fill(t.doors.danger, { number: emergency })}</a>
        </p>
      )}
      {country &&
        PURPOSES.map((purpose) => ({ purpose, here: doors.filter((door) => door.for === purpose) }))
          .filter(({ here }) => here.length > 0)
          .map(({ purpose, here }) => (
            <section key={purpose}>
              <h2>{t.doors.for[purpose]}</h2>
              <ul class="tiles">
                {here.map((door) => (
                  <DoorTile key={door.name} door={door} />
                ))}
              </ul>
            </section>
          ))}
      {country && <p class="small">{t.doors.bill}</p>}
      <Buttons>
        <Button quiet onClick={back}>
          {texts.back}
        </Button>
      </Buttons>
    </Screen>
  );
}

interface CountryProps {
  label: string;
  country: string;
  choose: (country: string) => void;
}

/** Countries by their names in the reader's language, in its order. */
export function CountryChoice({ label, country, choose }: CountryProps) {
  const options = useMemo(() => {
    const names = new Intl.DisplayNames(language(), { type: 'region' });
    const named = countries.map((code) => [code, names.of(code) ?? code] as const);
    const { compare } = new Intl.Collator(language());
    return [...named.sort(([, one], [, other]) => compare(one, other)), [ELSEWHERE, t.doors.elsewhere] as const];
  }, []);
  return <Select label={label} none={t.doors.choose} options={options} chosen={country} choose={choose} />;
}

export function DoorTile({ door }: { door: Door }) {
  return (
    <li class="tile">
      <strong>{door.name}</strong>
      {door.phone && (
        <a class="button" href={`tel:${door.phone.replace(/[^\d]/g, '')}`}>
          <bdi>{fill(t.doors.phone, { number: door.phone })}</bdi>
        </a>
      )}
      {door.web && (
        <Out plain to={door.web}>
          {new URL(door.web).hostname.replace(/^www\./, '')}
        </Out>
      )}
      <span class="small">
        {door.checked ? fill(t.doors.checked, { month: monthOf(door.checked) }) : t.doors.notChecked}
      </span>
    </li>
  );
}

/** Writes a month like 2026-11 as the language does. */
export const monthOf = (month: string): string =>
  new Intl.DateTimeFormat(language(), { year: 'numeric', month: 'long', timeZone: 'UTC' }).format(
    new Date(`${month}-01`),
  );
