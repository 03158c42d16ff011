/** A place held for the notice maker: what to do with a link, or with neither picture nor link. */

import { Button, Buttons, Screen } from '../controls';
import { texts } from '../texts';

/** What the way there has asked. Nothing of it is sent. */
export interface Situation {
  age: 'under-18' | 'unsure' | 'over-18';
  who: 'self' | 'guardian' | 'helper' | 'counsellor';
}

export function Notice({ back }: { situation: Situation; back: () => void }) {
  return (
    <Screen title={texts.afterwards.notice}>
      <Buttons>
        <Button quiet onClick={back}>
          {texts.back}
        </Button>
      </Buttons>
    </Screen>
  );
}
