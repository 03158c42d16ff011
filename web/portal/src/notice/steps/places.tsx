import { useState } from 'preact/hooks';
import { Button, Buttons, Choice, Screen, Tick } from '../../controls';
import { services } from '../../doors/doors';
import { Select, Text } from '../../fields';
import { fill, language, texts } from '../../texts';
import { dayIn } from '../../texts/days';
import { t } from '../../texts/notice';
import { CONTENTS, type Content, LINE, MOST_PLACES, type Place, WHERES, type Where } from '../file';
import { linkOf } from '../links';
import type { StepProps } from '../steps';

/** Where it is: links, or an account and where it stands there. What is typed and not yet added is added by Next. */
export function Places({ notice, change, next, back }: StepProps) {
  const [link, setLink] = useState('');
  const [account, setAccount] = useState('');
  const [where, setWhere] = useState<Where | ''>('');
  const [seen, setSeen] = useState('');
  const [problem, setProblem] = useState<'link' | 'account' | null>(null);
  const places = notice.places ?? [];
  const full = places.length >= MOST_PLACES;
  const sealed = services.some((service) => service.name === notice.service && service.sealed);

  /** Gives the places with what is typed, or null when something is wrong with it. */
  const added = (): Place[] | null => {
    const found: Place[] = [];
    if (link.trim()) {
      const url = linkOf(link);
      if (!url) {
        setProblem('link');
        return null;
      }
      found.push({ url });
    }
    if (account.trim()) {
      found.push({ account: account.trim(), ...(where ? { where } : {}), ...(seen ? { seen_on: seen } : {}) });
    } else if (where || seen) {
      setProblem('account');
      return null;
    }
    setProblem(null);
    return [...places, ...found].slice(0, MOST_PLACES);
  };
  const add = (): boolean => {
    const all = added();
    if (!all) return false;
    change({ places: all });
    setLink('');
    setAccount('');
    setWhere('');
    setSeen('');
    return true;
  };

  return (
    <Screen title={t.places.title}>
      <p>{t.places.why}</p>
      <Choice<Content>
        legend={t.places.content}
        name="content"
        options={CONTENTS.map((one) => [one, t.places.contents[one]] as const)}
        chosen={notice.content}
        choose={(content) => change({ content })}
      />
      <Tick
        label={t.places.computer}
        means={t.places.computerMeans}
        checked={notice.computer_made ?? false}
        change={(computer_made) => change({ computer_made })}
      />
      <section>
        {places.length > 0 && (
          <>
            <h2>{t.places.listed}</h2>
            <ul class="tiles">
              {places.map((place, at) => (
                <li key={`${at} ${place.url ?? place.account}`} class="tile">
                  <Described place={place} />
                  <Button quiet onClick={() => change({ places: places.filter((_, other) => other !== at) })}>
                    {fill(t.places.remove, { number: at + 1 })}
                  </Button>
                </li>
              ))}
            </ul>
          </>
        )}
        {full && <p class="note">{fill(t.places.full, { most: MOST_PLACES })}</p>}
      </section>
      <p class="note">{sealed ? t.places.encrypted : t.places.look}</p>
      <Text
        label={t.places.link}
        hint={t.places.linkHint}
        type="url"
        most={2000}
        value={link}
        change={setLink}
        problem={problem === 'link' ? t.places.notLink : null}
      />
      <Button quiet disabled={full || !link.trim()} onClick={add}>
        {t.places.addLink}
      </Button>
      <details>
        <summary>{t.places.noLink}</summary>
        <Text
          label={t.places.account}
          most={LINE}
          value={account}
          change={setAccount}
          problem={problem === 'account' ? t.places.needsAccount : null}
        />
        <Select<Where>
          label={t.places.where}
          none="–"
          options={WHERES.map((one) => [one, t.places.wheres[one]] as const)}
          chosen={where}
          choose={setWhere}
          free
        />
        <Text label={t.places.seen} type="date" value={seen} change={setSeen} free />
        <Button quiet disabled={full || !account.trim()} onClick={add}>
          {t.places.addPlace}
        </Button>
      </details>
      <Buttons>
        <Button onClick={() => add() && next()}>{texts.next}</Button>
        <Button quiet onClick={back}>
          {texts.back}
        </Button>
      </Buttons>
    </Screen>
  );
}

/** A place, line by line. A link is never one to press here: nobody should have to see it again. */
function Described({ place }: { place: Place }) {
  return (
    <>
      {place.url && <bdi>{place.url}</bdi>}
      {place.account && <bdi>{place.account}</bdi>}
      {place.where && <span class="small">{t.places.wheres[place.where]}</span>}
      {place.seen_on && <span class="small">{dayIn(place.seen_on, language())}</span>}
    </>
  );
}
