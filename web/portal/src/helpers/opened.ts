/** What the page was opened with, and what becomes of it when the way begins. */

import { useRef, useState } from 'preact/hooks';
import { type Clearinghouse, clearinghouse } from '../api';
import { texts } from '../texts';
import { takeLink } from './link';
import { afterUsing, LinkUsedError, use } from './once';

const link = takeLink();

export function useOpened() {
  /** What the link has answered already. */
  const [start, setStart] = useState(link.start);
  /** What there is to say when it does not work any more, or is being used. */
  const [said, say] = useState(link.over ? texts.link.over : '');
  const number = useRef(link.number);
  const [asking, ask] = useState(false);

  /** Uses the link, if there is one, and gives where to send; nothing when it was used before, which is then said. */
  const begin = async (): Promise<Clearinghouse | null> => {
    if (asking) return null;
    const used = number.current;
    if (!used) {
      say('');
      return clearinghouse;
    }
    ask(true);
    say(texts.loading.title);
    try {
      await use(used);
      number.current = null;
      say('');
      return clearinghouse;
    } catch (error) {
      const before = error instanceof LinkUsedError;
      say(before ? texts.link.used : '');
      if (!before) return afterUsing(used, clearinghouse);
      number.current = null;
      setStart(null);
      return null;
    } finally {
      ask(false);
    }
  };
  return { start, said, asking, begin };
}
