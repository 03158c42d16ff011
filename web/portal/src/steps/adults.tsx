import { Button, Buttons, Screen } from '../controls';
import { texts } from '../texts';

const t = texts.adults;

export function Adults({ back }: { back: () => void }) {
  return (
    <Screen title={t.title}>
      <p>{t.text}</p>
      <p>
        <a class="button" href="https://stopncii.org/" rel="noreferrer">
          {t.link}
        </a>
      </p>
      <p>{t.more}</p>
      <Buttons>
        <Button quiet onClick={back}>
          {t.wrong}
        </Button>
      </Buttons>
    </Screen>
  );
}
