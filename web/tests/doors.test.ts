/** The files that people edit by hand. What is wrong in them is said in plain words. */

import { expect, test } from 'vitest';
import {
  countries,
  type Door,
  doorsFor,
  LAWS,
  PURPOSES,
  type Service,
  services,
  WAYS,
} from '../portal/src/doors/doors';

const SOMEWHERE = 'QQ'; // a code that no country has
const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });

/** Gives what is wrong with an address, a phone number and a month. */
function wrong(one: Partial<Door & Service>): string[] {
  const problems: string[] = [];
  for (const address of [one.web, one.form]) {
    if (address === undefined) continue;
    if (!URL.canParse(address) || new URL(address).protocol !== 'https:')
      problems.push('address must begin with https://');
    else if (/[?&](utm_|fbclid|igsh)/.test(address)) problems.push('address tells where a person comes from');
  }
  if (one.phone !== undefined && !/^\d[\d -]*\d$/.test(one.phone))
    problems.push('phone has more than digits and spaces');
  if (one.email !== undefined && !/^[^@\s]+@[^@\s]+\.[a-z]+$/.test(one.email)) problems.push('email is none');
  if (!/^$|^20\d\d-(0[1-9]|1[0-2])$/.test(one.checked ?? '?')) problems.push('checked is no month like "2026-11"');
  return problems;
}

const doors = [...countries, SOMEWHERE].flatMap((code) =>
  doorsFor(code).doors.map((door) => [`${code}: ${door.name}`, door] as const),
);

test.each(doors)('door %s is right', (_, door) => {
  expect(wrong(door)).toEqual([]);
  expect(PURPOSES).toContain(door.for);
  expect(door.phone ?? door.web, 'has a phone number or an address').toBeTruthy();
});

test.each(services.map((service) => [service.name, service] as const))('service %s is right', (_, service) => {
  expect(wrong(service)).toEqual([]);
  for (const way of service.in_app) expect(WAYS).toContain(way);
  expect(service.form || service.email || service.in_app.length, 'has a door').toBeTruthy();
});

test('every country is one, and has an emergency number, a law and somebody to talk to', () => {
  for (const code of countries) {
    const { emergency, law, doors: here } = doorsFor(code);
    expect(names.of(code), code).toBeTruthy();
    expect(emergency, code).toMatch(/^\d{2,4}$/);
    expect(LAWS, code).toContain(law);
    expect(here[0]?.for, `${code}: somebody to talk to stands first`).toBe('talk');
  }
});

test('where a law names an authority for complaints, its door is there', () => {
  for (const code of countries.filter((code) => doorsFor(code).law !== 'other')) {
    expect(
      doorsFor(code).doors.map((door) => door.for),
      code,
    ).toContain('complain');
  }
});

test('a country that is not in the file still has doors', () => {
  const { emergency, law, doors: here } = doorsFor(SOMEWHERE);
  expect([emergency, law]).toEqual([null, 'other']);
  expect(here.map((door) => door.for)).toContain('talk');
});

test('the countries that the project promises are there', () => {
  const promised = 'US GB IE CA AU NZ DE AT CH FR BE NL ES PT IT PL UA BR MX AR IN ZA'.split(' ');
  expect([...countries].sort()).toEqual(promised.sort());
});

test('no service stands there twice', () => {
  expect(new Set(services.map((service) => service.name)).size).toBe(services.length);
});

test('somebody has looked at a door of every service, and at somebody to talk to and the police in every country', () => {
  for (const { name, checked } of services) expect(checked, name).toBeTruthy();
  for (const code of countries) {
    const looked = doorsFor(code).doors.filter((door) => door.checked);
    expect(
      looked.map((door) => door.for),
      code,
    ).toEqual(expect.arrayContaining(['talk', 'police']));
  }
});
