import { useState } from 'preact/hooks';
import { Button, Buttons, Screen } from '../controls';
import { MOST } from '../item';
import { fill, texts } from '../texts';

const t = texts.choose;

interface Props {
  /** Somebody helps. */
  helps: boolean;
  back: () => void;
  next: (files: File[]) => void;
  /** Where it is offered. */
  aeroplane: (() => void) | null;
}

export function Choose({ helps, back, next, aeroplane }: Props) {
  const [over, setOver] = useState(false);
  const take = (list: FileList | null | undefined) => {
    if (list && list.length > 0) next([...list]);
  };
  return (
    <Screen title={t.title}>
      <p>{t.text}</p>
      <p class="small">{helps ? t.helper : t.watched}</p>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the button inside is the first */}
      <div
        class={over ? 'drop over' : 'drop'}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          take(event.dataTransfer?.files);
        }}
      >
        {/* A wide `accept` matters: with a narrow one, iPhones hand over re-encoded copies. */}
        <label class="button">
          {t.button}
          <input
            type="file"
            accept="image/*,video/*"
            multiple
            onChange={(event) => {
              const input = event.currentTarget;
              take(input.files);
              input.value = '';
            }}
          />
        </label>
        <p>{t.drop}</p>
      </div>
      <p class="small">{t.hint}</p>
      <p class="small">{fill(t.many, { most: MOST })}</p>
      <Buttons>
        {aeroplane && (
          <Button quiet onClick={aeroplane}>
            {texts.aeroplane.offer}
          </Button>
        )}
        <Button quiet onClick={back}>
          {texts.back}
        </Button>
      </Buttons>
    </Screen>
  );
}
