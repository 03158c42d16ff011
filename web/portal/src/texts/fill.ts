/** How values are put into a sentence, in a language that is given. */

export type Values = Record<string, string | number>;

/** Puts values where a sentence has `{names}`; numbers are written as the language writes them. */
export function filled(sentence: string, values: Values, tag: string): string {
  return sentence.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name] ?? '';
    return typeof value === 'number' ? numbersIn(tag).format(value) : value;
  });
}

/** One for each language: to make one takes longer than to draw a line of a list. */
const numbers = new Map<string, Intl.NumberFormat>();

function numbersIn(tag: string): Intl.NumberFormat {
  const made = numbers.get(tag) ?? new Intl.NumberFormat(tag);
  numbers.set(tag, made);
  return made;
}
