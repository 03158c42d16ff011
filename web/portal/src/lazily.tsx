/** Parts of the page that are fetched only when somebody needs them, so that the first screen is small. */

import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Button, Buttons, Screen } from './controls';
import { texts } from './texts';

/** Gives a component that shows what `load` brings, and says so when it does not come. */
export function lazily<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  let loaded: ComponentType<Props> | null = null;
  return function Lazy(props: Props) {
    const [Part, show] = useState<ComponentType<Props> | null>(() => loaded);
    const [lost, lose] = useState(false);
    const fetchIt = () => {
      lose(false);
      load().then(
        (part) => {
          loaded = part;
          show(() => part);
        },
        () => lose(true),
      );
    };
    useEffect(() => {
      if (!loaded) fetchIt();
    }, []);
    if (Part) return <Part {...props} />;
    if (!lost) return <p role="status">{texts.loading.title}</p>;
    return (
      <Screen title={texts.loading.lost}>
        <Buttons>
          <Button onClick={fetchIt}>{texts.loading.again}</Button>
        </Buttons>
      </Screen>
    );
  };
}
