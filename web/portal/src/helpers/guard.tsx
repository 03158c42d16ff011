/** Before somebody helps: whoever did it must not be the one who helps. Nothing of the answer is kept. */

import { useState } from 'preact/hooks';
import { Button, Buttons, Lines, Screen } from '../controls';
import { texts } from '../texts';
import { t } from '../texts/notice';

interface GuardProps {
  next: () => void;
  doors: () => void;
  back: () => void;
}

export function Guard({ next, doors, back }: GuardProps) {
  const [stopped, stop] = useState(false);
  const { guard } = t.helpers;
  if (stopped) {
    return (
      <Screen title={guard.meTitle}>
        <Lines of={guard.meText} />
        <Buttons>
          <Button onClick={doors}>{t.doors.title}</Button>
          <Button quiet onClick={back}>
            {texts.back}
          </Button>
        </Buttons>
      </Screen>
    );
  }
  return (
    <Screen title={guard.title}>
      <p>{guard.text}</p>
      <Buttons>
        <Button onClick={next}>{guard.notMe}</Button>
        <Button quiet onClick={() => stop(true)}>
          {guard.me}
        </Button>
        <Button quiet onClick={back}>
          {texts.back}
        </Button>
      </Buttons>
    </Screen>
  );
}
