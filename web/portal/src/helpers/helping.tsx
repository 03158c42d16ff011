/** What a parent and what another adult reads before they go on: apart from the young person's own words. */

import { useState } from 'preact/hooks';
import { Button, Buttons, Lines, Screen } from '../controls';
import { texts } from '../texts';
import { t } from '../texts/notice';
import { Guard } from './guard';

interface HelpingProps {
  who: 'guardian' | 'helper';
  next: () => void;
  doors: () => void;
  back: () => void;
}

export function Helping({ who, next, doors, back }: HelpingProps) {
  const [asked, ask] = useState(false);
  if (!asked) return <Guard next={() => ask(true)} doors={doors} back={back} />;
  return (
    <Screen title={who === 'guardian' ? t.helpers.guardian.title : t.helpers.adult.title}>
      {who === 'guardian' ? <FirstMinutes /> : <Lines of={t.helpers.adult.lines} />}
      <Buttons>
        <Button onClick={next}>{t.helpers.next}</Button>
        <Button quiet onClick={doors}>
          {t.doors.title}
        </Button>
        <Button quiet onClick={back}>
          {texts.back}
        </Button>
      </Buttons>
    </Screen>
  );
}

/** A script for the first five minutes, because these decide whether a child goes on talking. */
function FirstMinutes() {
  const { guardian } = t.helpers;
  return (
    <>
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
    </>
  );
}
