/** A letter as one sees it before it goes: on the screen, and alone on paper. */

import { language } from '../texts';
import { englishLetter, t } from '../texts/notice';
import type { Notice } from './file';
import { asSent, type Letter, letterIn } from './letter';

/** Gives the notice's letter as it goes out. */
export const letterOf = (notice: Notice): Letter =>
  asSent({ words: t.letter, tag: language() }, englishLetter, (words, tag) => letterIn(notice, words, tag));

export function Paper({ notice }: { notice: Notice }) {
  return <Sheet letter={letterOf(notice)} />;
}

/** `printed`: not on the screen, but alone on paper. */
export function Sheet({ letter, printed = false }: { letter: Letter; printed?: boolean }) {
  return (
    <article class={printed ? 'sheet printed' : 'sheet'} dir="auto">
      <p>
        <strong>{letter.subject}</strong>
      </p>
      {letter.body.split('\n\n').map((part, at) => (
        <p key={at}>{part}</p>
      ))}
    </article>
  );
}
