import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Protection } from '../../../fingerprints/edits';
import type { Receipt } from '../../../receipt/worker';
import { type Age, type Clearinghouse, type Mode, RefusedError, SECRETS } from '../api';
import { Button, Buttons, Lines, Screen, Tick } from '../controls';
import { LinkUsedError } from '../helpers/once';
import { countOf, type Item, sentOf } from '../item';
import { useOnline } from '../online';
import { Sending } from '../sending';
import { plural, texts } from '../texts';
import { receiptFor } from '../workers';

const t = texts.send;
const SEND: Record<Mode, string> = { real: t.send, practice: texts.practice.send, file: texts.offline.save };
type State = 'ready' | 'sending' | 'lost' | 'refused' | 'used';

const SAID: Partial<Record<State, string>> = { lost: t.lost, refused: t.refused, used: texts.link.used };

interface Props {
  age: Age;
  items: Item[];
  protection: Protection;
  to: Clearinghouse;
  mode: Mode;
  /** A receipt that was made before; else new words are drawn. */
  drawn: Receipt | null;
  /** The first of its digests that is free. */
  from: number;
  back: () => void;
  next: (receipt: Receipt) => void;
}

export function Send({ age, items, protection, to, mode, drawn, from, back, next }: Props) {
  const [prints] = useState(() => sentOf(items, protection));
  const [receipt, setReceipt] = useState(drawn);
  const [agreed, agree] = useState(false);
  const [state, setState] = useState<State>('ready');
  const [opened, open] = useState(false);
  const online = useOnline() || mode !== 'real';

  // The receipt is drawn once: a retry sends the same one, so nothing is ever listed twice.
  useEffect(() => {
    if (!drawn) receiptFor({ count: SECRETS }).then(setReceipt, () => setState('refused'));
  }, []);

  const sending = useMemo(() => receipt && new Sending(age, prints, receipt.digests, from), [receipt]);
  const stronger = prints.some(({ edits = [] }) => edits.length > 0);
  const go = async () => {
    if (!sending || !receipt) return;
    setState('sending');
    try {
      await sending.go(to);
      next(receipt);
    } catch (error) {
      setState(error instanceof LinkUsedError ? 'used' : error instanceof RefusedError ? 'refused' : 'lost');
    }
  };

  return (
    <Screen title={t.title}>
      <h2>{t.listTitle}</h2>
      <Lines of={[plural(t.what, prints.length, { prints: countOf(prints) }), t.age[age], t.marks]} />
      <p>{t.notSent}</p>
      <h2>{t.honestTitle}</h2>
      <Lines of={[...t.honest, ...(stronger ? [t.honestStronger] : [])]} />
      {/* Of a hundred films it is megabytes: written only for those who look. */}
      <details onToggle={(event) => open(event.currentTarget.open)}>
        <summary>{t.details}</summary>
        {opened && <pre>{sending ? JSON.stringify(sending.submission, null, 1) : texts.return.opening}</pre>}
      </details>
      <Tick label={t.agree} checked={agreed} change={agree} />
      <p role="status">{SAID[state] ?? (online ? '' : t.turnOn)}</p>
      <Buttons>
        <Button disabled={!agreed || !sending || !online || state === 'sending'} onClick={go}>
          {state === 'sending' ? t.sending : state === 'lost' ? t.again : SEND[mode]}
        </Button>
        {/* After a lost answer only the same receipt may go out again: going back would draw another. */}
        <Button quiet disabled={state === 'sending' || state === 'lost'} onClick={back}>
          {texts.back}
        </Button>
      </Buttons>
    </Screen>
  );
}
