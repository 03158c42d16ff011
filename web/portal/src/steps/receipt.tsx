import { useState } from 'preact/hooks';
import type { Receipt } from '../../../receipt/worker';
import { Button, Buttons, Screen } from '../controls';
import { texts } from '../texts';

const t = texts.receipt;

interface Props {
  receipt: Receipt;
  practice: boolean;
  /** Somebody keeps the words for the person whose they are. */
  keptForThem: boolean;
  next: () => void;
}

export function ReceiptStep({ receipt, practice, keptForThem, next }: Props) {
  const [shown, show] = useState(false);
  const [copied, setCopied] = useState(false);
  return (
    <Screen title={t.title}>
      <p>{t.text}</p>
      <p>{t.only}</p>
      <div class="words">
        {shown && <output aria-label={texts.return.label}>{receipt.words}</output>}
        <Buttons>
          <Button onClick={() => show(!shown)}>{shown ? t.hide : t.show}</Button>
          {shown && (
            <Button quiet onClick={() => navigator.clipboard.writeText(receipt.words).then(() => setCopied(true))}>
              {t.copy}
            </Button>
          )}
        </Buttons>
        <p role="status">{copied ? t.copied : ''}</p>
      </div>
      <p>{practice ? texts.practice.words : keptForThem ? t.forThem : t.keep}</p>
      <Buttons>
        <Button onClick={next}>{t.on}</Button>
      </Buttons>
    </Screen>
  );
}
