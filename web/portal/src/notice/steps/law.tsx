import { useState } from 'preact/hooks';
import { Button, Buttons, Choice, Lines, Screen } from '../../controls';
import { LAWS, type Law } from '../../doors/doors';
import { texts } from '../../texts';
import { t } from '../../texts/notice';
import type { Notice } from '../file';
import { read } from '../read';
import type { StepProps } from '../steps';

/** Where the person lives decides which law the letter names. It is chosen, never guessed. */
export function LawStep({ notice, change, next, back, kept }: StepProps & { kept: (notice: Notice) => void }) {
  const [law, choose] = useState<Law | null>(notice.service ? notice.law : null);
  const [strange, setStrange] = useState(false);
  const open = async (file: File | undefined) => {
    const found = file ? await read(file) : null;
    if (found) kept(found);
    else setStrange(true);
  };
  return (
    <Screen title={t.law.title}>
      <Lines of={t.law.what} />
      <Choice<Law>
        legend={t.law.legend}
        name="law"
        options={LAWS.map((one) => [one, t.law.options[one]] as const)}
        chosen={law}
        choose={(one) => {
          choose(one);
          change({ law: one });
        }}
      />
      <p class="small" role="status">
        {law && t.law.means[law]}
      </p>
      <Buttons>
        <Button disabled={!law} onClick={next}>
          {texts.next}
        </Button>
        <Button quiet onClick={back}>
          {texts.back}
        </Button>
      </Buttons>
      <p>
        <label class="button plain">
          <input
            type="file"
            accept=".json,application/json"
            onChange={(event) => open(event.currentTarget.files?.[0])}
          />
          {t.law.before}
        </label>
      </p>
      <p class="problem" role="alert">
        {strange && t.law.notRead}
      </p>
    </Screen>
  );
}
