import { useEffect, useRef, useState } from 'preact/hooks';
import { Button, Buttons, Screen } from '../controls';
import type { Item } from '../item';
import type { Pool } from '../pool';
import { fill, plural, texts } from '../texts';
import { secondsLeft, share } from '../time-left';

const t = texts.fingerprints;
/** Workers tell much more often than anybody can read; drawing a hundred bars each time would hold up the page. */
const DRAWN_EVERY_MS = 100;

interface Props {
  items: Item[];
  pool: Pool;
  cancel: () => void;
  next: (items: Item[]) => void;
}

export function Fingerprint({ items: given, pool, cancel, next }: Props) {
  const [items, setItems] = useState(given);
  const begun = useRef(performance.now());

  useEffect(() => {
    const current = given.map((item) => ({ ...item, done: 0 }));
    const drawing = setInterval(() => setItems([...current]), DRAWN_EVERY_MS);
    const all = current.map(async (item, at) => {
      const fingerprints = await pool.of(item.file, (done) => {
        current[at] = { ...item, done };
      });
      current[at] = { ...item, done: 1, fingerprints };
    });
    Promise.all(all).then(() => next(current));
    return () => clearInterval(drawing);
  }, []);

  const done = items.filter((item) => item.done === 1).length;
  const left = secondsLeft(performance.now() - begun.current, share(items));
  return (
    <Screen title={t.title}>
      <p>{t.text}</p>
      <p role="status">{fill(t.done, { done, all: items.length })}</p>
      {left !== null && <p class="small">{timeLeft(left)}</p>}
      <ul class="progress">
        {items.map((item) => (
          <li key={item.number}>
            <label for={`p${item.number}`}>{fill(t.picture, { number: item.number })}</label>
            <progress id={`p${item.number}`} max={1} value={item.done} />
          </li>
        ))}
      </ul>
      <Buttons>
        <Button quiet onClick={cancel}>
          {t.cancel}
        </Button>
      </Buttons>
    </Screen>
  );
}

function timeLeft(seconds: number): string {
  return seconds < 60 ? plural(t.secondsLeft, seconds) : plural(t.minutesLeft, seconds / 60);
}
