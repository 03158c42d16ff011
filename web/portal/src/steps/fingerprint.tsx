import { useEffect, useRef, useState } from 'preact/hooks';
import { Button, Buttons, Screen } from '../controls';
import { type Item, itemOf } from '../item';
import { fill, plural, texts } from '../texts';
import { secondsLeft, share } from '../time-left';
import { Fingerprinting } from '../workers';

const t = texts.fingerprints;

interface Props {
  files: File[];
  cancel: () => void;
  next: (items: Item[]) => void;
}

export function Fingerprint({ files, cancel, next }: Props) {
  const [items, setItems] = useState<Item[]>(() => files.map((file, at) => itemOf(file, at + 1)));
  const maker = useRef<Fingerprinting | null>(null);
  const begun = useRef(performance.now());

  useEffect(() => {
    const fingerprinting = new Fingerprinting();
    maker.current = fingerprinting;
    let current = files.map((file, at) => itemOf(file, at + 1));
    const change = (at: number, to: Partial<Item>) => {
      current = current.map((item, index) => (index === at ? { ...item, ...to } : item));
      setItems(current);
    };
    const all = files.map(async (file, at) => {
      const fingerprints = await fingerprinting.of(file, (done) => change(at, { done }));
      change(at, { done: 1, fingerprints, unreadable: fingerprints === null });
    });
    Promise.all(all).then(() => {
      fingerprinting.cancel();
      next(current);
    });
    return () => fingerprinting.cancel();
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
        <Button
          quiet
          onClick={() => {
            maker.current?.cancel();
            cancel();
          }}
        >
          {t.cancel}
        </Button>
      </Buttons>
    </Screen>
  );
}

function timeLeft(seconds: number): string {
  return seconds < 60 ? plural(t.secondsLeft, seconds) : plural(t.minutesLeft, seconds / 60);
}
