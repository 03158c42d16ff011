/** A script for a parent's first five minutes, because these decide whether a child goes on talking. */

import { Button, Buttons, Lines, Screen } from '../controls';
import { texts } from '../texts';
import { t } from '../texts/notice';

export function FirstMinutes({ next, back }: { next: () => void; back: () => void }) {
  const { guardian } = t.helpers;
  return (
    <Screen title={guardian.title}>
      <section class="note">
        <h2>{guardian.first}</h2>
        <Lines of={guardian.say} />
      </section>
      <section>
        <h2>{guardian.doNotTitle}</h2>
        <Lines of={guardian.doNot} />
      </section>
      <section>
        <h2>{guardian.nowTitle}</h2>
        <Lines of={guardian.now} />
      </section>
      <Buttons>
        <Button onClick={next}>{texts.next}</Button>
        <Button quiet onClick={back}>
          {texts.back}
        </Button>
      </Buttons>
    </Screen>
  );
}
