/** Days as a language writes them. A format is made once: making one takes milliseconds on an old phone. */

const formats = new Map<string, Intl.DateTimeFormat>();

/** Writes a day like 2026-11-25 as the language does. It is the same day everywhere. */
export function dayIn(date: string, tag: string): string {
  let format = formats.get(tag);
  if (!format) {
    format = new Intl.DateTimeFormat(tag, { dateStyle: 'long', timeZone: 'UTC' });
    formats.set(tag, format);
  }
  return format.format(new Date(`${date}T00:00Z`));
}
