import { Button, Buttons, Screen } from '../controls';
import type { Item } from '../item';
import { texts } from '../texts';

const t = texts.check;

interface Props {
  items: Item[];
  change: (items: Item[]) => void;
  back: () => void;
  next: () => void;
}

export function Check({ items, change, back, next }: Props) {
  const usable = items.filter((item) => item.fingerprints);
  return (
    <Screen title={t.title}>
      <p>{t.text}</p>
      {usable.length === 0 && <p role="status">{t.none}</p>}
      <ul class="tiles">
        {items.map((item) => (
          <li key={item.number} class="tile">
            <strong>{t.picture(item.number)}</strong>
            <span>
              {item.size} · {item.date}
            </span>
            <span class="small">{whatFor(item)}</span>
            {item.fingerprints && (
              <button
                type="button"
                class="quiet"
                aria-label={t.remove(item.number)}
                onClick={() => change(items.filter((other) => other !== item))}
              >
                ✕
              </button>
            )}
          </li>
        ))}
      </ul>
      <Buttons>
        <Button disabled={usable.length === 0} onClick={next}>
          {texts.next}
        </Button>
        <Button quiet onClick={back}>
          {texts.back}
        </Button>
      </Buttons>
    </Screen>
  );
}

function whatFor({ fingerprints }: Item): string {
  if (!fingerprints) return t.unreadable;
  if (fingerprints.note) return `${t.exactOnly} ${t.notes[fingerprints.note]}`;
  return t.changed;
}
