/** Where a counsellor makes the link that starts a case. Nothing is sent, and no case is begun by making it. */

import { useMemo, useState } from 'preact/hooks';
import { Button, Buttons, Choice, Lines, Screen } from '../controls';
import { Copy } from '../fields';
import { AGES, type Age } from '../notice/file';
import { fill, language, texts } from '../texts';
import { dayIn } from '../texts/days';
import { t } from '../texts/notice';
import { HAVES, type Have, newLink } from './link';

export function Counsellor({ back }: { back: () => void }) {
  const [age, setAge] = useState<Age | null>(null);
  const [have, setHave] = useState<Have | null>(null);
  const { counsellor } = t.helpers;
  const names: Record<Age, string> = {
    'under-18': texts.age.under18,
    unsure: texts.age.unsure,
    'over-18': texts.age.over18,
  };
  const made = useMemo(() => age && have && newLink(location.href, { age, have }), [age, have]);
  return (
    <Screen title={counsellor.title}>
      <Lines of={counsellor.how} />
      <Choice<Age>
        legend={counsellor.age}
        name="counsellor-age"
        options={AGES.map((one) => [one, names[one]] as const)}
        chosen={age}
        choose={setAge}
      />
      <Choice<Have>
        legend={counsellor.have}
        name="counsellor-have"
        options={HAVES.map((one) => [one, counsellor.haves[one]] as const)}
        chosen={have}
        choose={setHave}
      />
      {made && (
        <div class="note">
          <output aria-label={counsellor.link}>
            <bdi>{made.link}</bdi>
          </output>
          <Buttons>
            <Copy text={made.link} label={t.copy} />
          </Buttons>
          <p class="small">{fill(counsellor.once, { day: dayIn(made.lastDay, language()) })}</p>
          <p class="small">{counsellor.preview}</p>
        </div>
      )}
      <Buttons>
        <Button quiet onClick={back}>
          {texts.back}
        </Button>
      </Buttons>
    </Screen>
  );
}
