import { Button, Buttons, Lines, Screen } from '../controls';
import { texts } from '../texts';

const t = texts.lost;

/** What can be done without the words, and what cannot (spec/receipt.md). */
export function LostWords({ again, back }: { again: () => void; back: () => void }) {
  return (
    <Screen title={t.title}>
      <Lines of={t.lines} />
      <Buttons>
        <Button onClick={again}>{t.again}</Button>
        <Button quiet onClick={back}>
          {texts.back}
        </Button>
      </Buttons>
    </Screen>
  );
}
