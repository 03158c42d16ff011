/** What comes before the picture: danger, threats, and somebody who makes them do this. The way always goes on. */

import { Button, Buttons, HelpLine, Lines, Screen } from '../controls';
import { texts } from '../texts';

interface Props {
  on: () => void;
  back: () => void;
}

export function Danger({ on, back }: Props) {
  return <Urgent of={texts.danger} on={on} back={back} />;
}

export function Forced({ on, back }: Props) {
  return <Urgent of={texts.forced} on={on} back={back} />;
}

export function Threat({ on, back, danger }: Props & { danger: () => void }) {
  const t = texts.threat;
  return (
    <Screen title={t.title}>
      <Lines of={t.lines} />
      <p>{t.goOn}</p>
      <Buttons>
        <Button onClick={on}>{texts.next}</Button>
        <Button quiet onClick={danger}>
          {t.more}
        </Button>
        <Button quiet onClick={back}>
          {texts.back}
        </Button>
      </Buttons>
    </Screen>
  );
}

function Urgent({ of: t, on, back }: Props & { of: { title: string; lines: string[]; line: string; on: string } }) {
  return (
    <Screen title={t.title}>
      <Lines of={t.lines} />
      <HelpLine label={t.line} />
      <Buttons>
        <Button onClick={on}>{t.on}</Button>
        <Button quiet onClick={back}>
          {texts.back}
        </Button>
      </Buttons>
    </Screen>
  );
}
