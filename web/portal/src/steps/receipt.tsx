import type { Receipt } from '../../../receipt/worker';
import type { Mode } from '../api';
import { Button, Buttons, Screen } from '../controls';
import { texts } from '../texts';
import { Words } from './words';

const t = texts.receipt;

interface Props {
  receipt: Receipt;
  mode: Mode;
  /** Somebody keeps the words for the person whose they are. */
  keptForThem: boolean;
  next: () => void;
}

export function ReceiptStep({ receipt, mode, keptForThem, next }: Props) {
  return (
    <Screen title={t.title}>
      <p>{t.text}</p>
      <p>{t.only}</p>
      <Words receipt={receipt} />
      {mode === 'file' && <p class="note">{texts.offline.notSent}</p>}
      <p>{mode === 'practice' ? texts.practice.words : keptForThem ? t.forThem : t.keep}</p>
      <Buttons>
        <Button onClick={next}>{t.on}</Button>
      </Buttons>
    </Screen>
  );
}
