/** How values are put into a sentence, in a language that is given. */

export type Values = Record<string, string | number>;

/** Puts values where a sentence has `{names}`; numbers are written as the language writes them. */
export function filled(sentence: string, values: Values, tag: string): string {
  return sentence.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name] ?? '';
    return typeof value === 'number' ? new Intl.NumberFormat(tag).format(value) : value;
  });
}
