import { Button, Buttons, HelpLine, Lines, Screen } from '../controls';
import { leave } from '../exit';
import { texts } from '../texts';
import type { Who } from './intake';

const t = texts.afterwards;

interface Props {
  who: Who;
  notice: () => void;
  look: () => void;
  back: () => void;
}

/** What to do, and what not to do, once the fingerprints are sent. */
export function Afterwards({ who, notice, look, back }: Props) {
  return (
    <Screen title={t.title}>
      <Lines of={who === 'self' ? t.self : t.others} />
      <HelpLine label={t.line} />
      <Buttons>
        <Button onClick={look}>{t.look}</Button>
        <Button quiet onClick={notice}>
          {t.notice}
        </Button>
        <Button quiet onClick={back}>
          {texts.back}
        </Button>
        <Button quiet onClick={leave}>
          {t.end}
        </Button>
      </Buttons>
    </Screen>
  );
}
