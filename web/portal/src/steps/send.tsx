import { useEffect, useState } from 'preact/hooks';
import type { Fingerprints } from '../../../fingerprints/protocol';
import type { Receipt } from '../../../receipt/worker';
import { type Age, RefusedError, send, submissionOf } from '../api';
import { Button, Buttons, Lines, Screen } from '../controls';
import type { Item } from '../item';
import { texts } from '../texts';
import { receiptFor } from '../workers';

const t = texts.send;
type State = 'ready' | 'sending' | 'lost' | 'refused';

interface Props {
  age: Age;
  items: Item[];
  back: () => void;
  next: (receipt: Receipt) => void;
}

export function Send({ age, items, back, next }: Props) {
  const [prints] = useState(() => items.map((item) => item.fingerprints).filter((f): f is Fingerprints => f !== null));
  const [receipt, setReceipt] = useState<Receipt | null>(null);
  const [agreed, agree] = useState(false);
  const [state, setState] = useState<State>('ready');

  // The receipt is drawn once: a retry sends the same one, so nothing is ever listed twice.
  useEffect(() => {
    receiptFor({ count: prints.length }).then(setReceipt, () => setState('refused'));
  }, [prints]);

  const submission = receipt && submissionOf(age, prints, receipt.digests);
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
      <p>{t.what(prints.length)}</p>
      <Lines of={t.honest} />
      <details>
        <summary>{t.details}</summary>
        <pre>{submission ? JSON.stringify(submission, null, 1) : texts.return.opening}</pre>
      </details>
      <label class="choice">
        <input type="checkbox" checked={agreed} onChange={(event) => agree(event.currentTarget.checked)} /> {t.agree}
      </label>
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
