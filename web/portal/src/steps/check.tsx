import { type Protection, withProtection } from '../../../fingerprints/edits';
import { Button, Buttons, Screen, Tick } from '../controls';
import { countOf, type Item, MOST } from '../item';
import { service } from '../service';
import { fill, plural, texts } from '../texts';

const t = texts.check;

interface Props {
  items: Item[];
  change: (items: Item[]) => void;
  /** Tries again with a file that could not be opened. */
  again: (item: Item) => void;
  more: () => void;
  protection: Protection;
  protect: (protection: Protection) => void;
  back: () => void;
  next: () => void;
}

export function Check({ items, change, again, more, protection, protect, back, next }: Props) {
  const usable = items.filter((item) => item.fingerprints);
  return (
    <Screen title={t.title}>
      <p>{t.text}</p>
      {usable.length === 0 && <p role="status">{t.none}</p>}
      <ul class="tiles">
        {items.map((item) => (
          <li key={item.number} class="tile">
            <strong>{fill(t.picture, { number: item.number })}</strong>
            <span>
              {item.size} · {item.date}
            </span>
            <span class="small">{whatFor(item, protection)}</span>
            {!item.fingerprints && (
              <Button quiet label={fill(t.againWith, { number: item.number })} onClick={() => again(item)}>
                {t.again}
              </Button>
            )}
            <Button quiet onClick={() => change(items.filter((other) => other !== item))}>
              {fill(t.remove, { number: item.number })}
            </Button>
          </li>
        ))}
      </ul>
      {service.protection && usable.some(({ fingerprints }) => fingerprints?.edits?.length) && (
        <fieldset>
          <legend>{t.protection.title}</legend>
          <Tick
            label={t.protection.stronger}
            means={t.protection.strongerMeans}
            checked={protection !== 'plain'}
            change={(on) => protect(on ? 'usual' : 'plain')}
          />
          {protection !== 'plain' && (
            <Tick
              label={t.protection.most}
              means={t.protection.mostMeans}
              checked={protection === 'strong'}
              change={(on) => protect(on ? 'strong' : 'usual')}
            />
          )}
        </fieldset>
      )}
      <Buttons>
        <Button disabled={usable.length === 0} onClick={next}>
          {texts.next}
        </Button>
        {items.length < MOST && (
          <Button quiet onClick={more}>
            {t.more}
          </Button>
        )}
        <Button quiet onClick={back}>
          {texts.back}
        </Button>
      </Buttons>
    </Screen>
  );
}

function whatFor({ fingerprints }: Item, protection: Protection): string {
  if (!fingerprints) return t.unreadable;
  const sent = withProtection(fingerprints, protection);
  const changed = sent.pdq || sent.edits?.length || sent.frames?.length;
  const finds = changed || !sent.note ? t.changed : `${t.exactOnly} ${t.notes[sent.note]}`;
  return `${finds} ${plural(t.count, countOf([sent]))}`;
}
