import { useEffect, useState } from 'preact/hooks';
import { Button, Buttons, Lines, Screen } from '../controls';
import { useOnline } from '../online';
import { texts } from '../texts';

const t = texts.aeroplane;

interface Props {
  /** Fetches everything that may be needed later. */
  prepare: () => Promise<unknown>;
  back: () => void;
  next: () => void;
}

/** Before the pictures are chosen: all that the page needs is fetched, then the person turns the network off. */
export function Aeroplane({ prepare, back, next }: Props) {
  const [state, setState] = useState<'fetching' | 'ready' | 'lost'>('fetching');
  const online = useOnline();
  const fetchAll = () => {
    setState('fetching');
    prepare().then(
      () => setState('ready'),
      () => setState('lost'),
    );
  };
  useEffect(fetchAll, []);
  const ready = state === 'ready';
  return (
    <Screen title={t.title}>
      <Lines of={t.lines} />
      <p role="status" class="note">
        {ready ? (online ? t.turnOff : t.off) : state === 'lost' ? t.lost : t.fetching}
      </p>
      <Buttons>
        {state === 'lost' ? (
          <Button onClick={fetchAll}>{t.again}</Button>
        ) : (
          <Button disabled={!ready} onClick={next}>
            {ready && online ? t.anyway : texts.next}
          </Button>
        )}
        <Button quiet onClick={back}>
          {texts.back}
        </Button>
      </Buttons>
    </Screen>
  );
}
