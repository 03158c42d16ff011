/**
 * Between a helper's sending and the receipt: the words are the young person's. To them alone the page puts the
 * question that a helper must not answer.
 */

import { useState } from 'preact/hooks';
import { Button, Buttons, HelpLine, Screen, Ways } from '../controls';
import { texts } from '../texts';

const t = texts.receipt;

/** `next` says whether the young person has the device now. */
export function HandOver({ next }: { next: (theirs: boolean) => void }) {
  const [asked, ask] = useState<'where' | 'afraid' | 'alone'>('where');
  if (asked === 'where') {
    return (
      <Screen title={t.handOver.title}>
        <p>{t.handOver.text}</p>
        <Ways<'them' | 'later'>
          ways={[
            { way: 'them', label: t.handOver.them },
            { way: 'later', label: t.handOver.later },
          ]}
          next={(who) => (who === 'them' ? ask('afraid') : next(false))}
        />
      </Screen>
    );
  }
  if (asked === 'afraid') {
    return (
      <Screen title={t.yours.title}>
        <p>{t.yours.text}</p>
        <Ways<'no' | 'yes'>
          ways={[
            { way: 'no', label: t.yours.no },
            { way: 'yes', label: t.yours.yes },
          ]}
          next={(afraid) => (afraid === 'yes' ? ask('alone') : next(true))}
          back={() => ask('where')}
        />
      </Screen>
    );
  }
  return (
    <Screen title={t.yours.aloneTitle}>
      <p>{t.yours.alone}</p>
      <p>{t.yours.line}</p>
      <HelpLine label={texts.afterwards.line} />
      <Buttons>
        <Button onClick={() => next(true)}>{texts.next}</Button>
        <Button quiet onClick={() => ask('afraid')}>
          {texts.back}
        </Button>
      </Buttons>
    </Screen>
  );
}
