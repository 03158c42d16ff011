/** A part of the page that comes when it is asked for, so that the first screen stays small. */

import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Button, Buttons, Screen } from './controls';
import { texts } from './texts';

/** Gives a screen that loads another one. Where that fails, it says so and tries again when asked to. */
export function later<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  return (props: Props) => {
    const [Loaded, setLoaded] = useState<ComponentType<Props> | null>(null);
    const [failed, setFailed] = useState(false);
    const begin = () => {
      setFailed(false);
      load().then(
        (loaded) => setLoaded(() => loaded),
        () => setFailed(true),
      );
    };
    useEffect(begin, []);
    if (Loaded) return <Loaded {...props} />;
    return (
      <Screen title={texts.later.loading}>
        <p role="status">{failed && texts.later.failed}</p>
        {failed && (
          <Buttons>
            <Button onClick={begin}>{texts.later.again}</Button>
          </Buttons>
        )}
      </Screen>
    );
  };
}
