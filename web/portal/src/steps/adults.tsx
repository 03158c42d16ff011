import { Button, Buttons, HelpLine, Screen } from '../controls';
import { texts } from '../texts';

const t = texts.adults;

/** The door for pictures that were taken at 18 or later, and the ways on from here. */
export function Adults({ notice, back }: { notice: () => void; back: () => void }) {
  return (
    <Screen title={t.title}>
      <p>{t.text}</p>
      <p>
        <a class="button" href="https://stopncii.org/" rel="noreferrer">
          {t.link}
        </a>
      </p>
      <p>{t.more}</p>
      <HelpLine label={texts.afterwards.line} />
      <Buttons>
        <Button quiet onClick={notice}>
          {t.notice}
        </Button>
        <Button quiet onClick={back}>
          {t.wrong}
        </Button>
      </Buttons>
    </Screen>
  );
}
