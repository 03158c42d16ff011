import { useState } from 'preact/hooks';
import type { Receipt } from '../../../receipt/worker';
import { Button, Buttons, Lines, Screen } from '../controls';
import { leave } from '../exit';
import { texts } from '../texts';

const t = texts.receipt;

export function ReceiptStep({ receipt, look }: { receipt: Receipt; look: () => void }) {
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
      <p>{t.keep}</p>
      <section>
        <h2>{t.nextTitle}</h2>
        <Lines of={t.next} />
      </section>
      <Buttons>
        <Button onClick={look}>{t.look}</Button>
        <Button quiet onClick={leave}>
          {t.end}
        </Button>
      </Buttons>
    </Screen>
  );
}
