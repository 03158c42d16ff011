import { useEffect, useState } from 'preact/hooks';
import type { Protection } from '../../../fingerprints/edits';
import type { Receipt } from '../../../receipt/worker';
import { type Age, RefusedError, send, submissionOf } from '../api';
import { Button, Buttons, Lines, Screen, Tick } from '../controls';
import { countOf, type Item, sentOf } from '../item';
import { plural, texts } from '../texts';
import { receiptFor } from '../workers';

const t = texts.send;
type State = 'ready' | 'sending' | 'lost' | 'refused';

interface Props {
  age: Age;
  items: Item[];
  protection: Protection;
  back: () => void;
  next: (receipt: Receipt) => void;
}

export function Send({ age, items, protection, back, next }: Props) {
  const [prints] = useState(() => sentOf(items, protection));
  const [receipt, setReceipt] = useState<Receipt | null>(null);
  const [agreed, agree] = useState(false);
  const [state, setState] = useState<State>('ready');
  const [opened, open] = useState(false);

  // The receipt is drawn once: a retry sends the same one, so nothing is ever listed twice.
  useEffect(() => {
    receiptFor({ count: prints.length }).then(setReceipt, () => setState('refused'));
  }, [prints]);

  const submission = receipt && submissionOf(age, prints, receipt.digests);
  const stronger = prints.some(({ edits = [] }) => edits.length > 0);
  const go = async () => {
    if (!submission || !receipt) return;
    setState('sending');
    try {
      await send(submission);
      next(receipt);
    } catch (error) {
      setState(error instanceof RefusedError ? 'refused' : 'lost');
    }
  };

  return (
    <Screen title={t.title}>
      <p>{plural(t.what, prints.length, { prints: countOf(prints) })}</p>
      <Lines of={[...t.honest, ...(stronger ? [t.honestStronger] : []), t.notSent]} />
      {/* Of a hundred films it is megabytes: written only for those who look. */}
      <details onToggle={(event) => open(event.currentTarget.open)}>
        <summary>{t.details}</summary>
        {opened && <pre>{submission ? JSON.stringify(submission, null, 1) : texts.return.opening}</pre>}
      </details>
      <Tick label={t.agree} checked={agreed} change={agree} />
      <p role="status">{state === 'lost' ? t.lost : state === 'refused' ? t.refused : ''}</p>
      <Buttons>
        <Button disabled={!agreed || !submission || state === 'sending'} onClick={go}>
          {state === 'sending' ? t.sending : state === 'lost' ? t.again : t.send}
        </Button>
        {/* After a lost answer only the same receipt may go out again: going back would draw another. */}
        <Button quiet disabled={state === 'sending' || state === 'lost'} onClick={back}>
          {texts.back}
        </Button>
      </Buttons>
    </Screen>
  );
}
