/** The words, hidden until asked for, and the ways to take them along. Nothing says what they are for. */

import { useEffect, useState } from 'preact/hooks';
import type { Receipt } from '../../../receipt/worker';
import { Button, Buttons } from '../controls';
import { download } from '../saved';
import { texts } from '../texts';

const t = texts.receipt;
/** Of the file that is saved: nobody knows by it what is inside. */
const FILE_NAME = 'note.txt';

export function Words({ receipt }: { receipt: Receipt }) {
  const [shown, show] = useState(false);
  const [numbers, asNumbers] = useState(false);
  const [copied, setCopied] = useState(false);
  const written = numbers ? receipt.digits : receipt.words;

  useUntitledPrints();
  return (
    <div class="words">
      {shown && <output aria-label={texts.return.label}>{written}</output>}
      {shown && numbers && <p class="small">{t.numbersMeans}</p>}
      <Buttons>
        <Button onClick={() => show(!shown)}>{shown ? t.hide : t.show}</Button>
        {shown && (
          <>
            <Button quiet onClick={() => asNumbers(!numbers)}>
              {numbers ? t.asWords : t.asNumbers}
            </Button>
            <Button quiet onClick={() => navigator.clipboard.writeText(written).then(() => setCopied(true))}>
              {t.copy}
            </Button>
            <Button quiet onClick={() => download(`${written}\n`, 'text/plain', FILE_NAME)}>
              {t.save}
            </Button>
            <Button quiet onClick={() => print()}>
              {t.print}
            </Button>
          </>
        )}
      </Buttons>
      <p role="status">{copied ? t.copied : ''}</p>
    </div>
  );
}

/** Browsers print a page's title at its edge: while it is printed it has none. */
function useUntitledPrints(): void {
  useEffect(() => {
    const title = document.title;
    const before = () => {
      document.title = ' ';
    };
    const after = () => {
      document.title = title;
    };
    addEventListener('beforeprint', before);
    addEventListener('afterprint', after);
    return () => {
      removeEventListener('beforeprint', before);
      removeEventListener('afterprint', after);
    };
  }, []);
}
