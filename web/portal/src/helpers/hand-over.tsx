/** Before the six words are shown where somebody helped: the case becomes the young person's here. */

import { Button, Buttons, Lines, Screen } from '../controls';
import { t } from '../texts/notice';

export function HandOver({ next }: { next: () => void }) {
  const { handOver } = t.helpers;
  return (
    <Screen title={handOver.title}>
      <p class="note">{handOver.toHelper}</p>
      <Lines of={handOver.toYou} />
      <p>{handOver.wrong}</p>
      <Buttons>
        <Button onClick={next}>{handOver.ready}</Button>
      </Buttons>
    </Screen>
  );
}
