import { useState } from 'preact/hooks';
import { Button, Buttons, Screen } from '../controls';
import { fill, texts } from '../texts';

const t = texts.choose;
/** Pictures in one submission, as spec/intake.md has it. */
export const MOST = 100;

export function Choose({ back, next }: { back: () => void; next: (files: File[]) => void }) {
  const [over, setOver] = useState(false);
  const take = (list: FileList | null | undefined) => {
    const files = [...(list ?? [])].slice(0, MOST);
    if (files.length > 0) next(files);
  };
  return (
    <Screen title={t.title}>
      <p>{t.text}</p>
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
        <Button quiet onClick={back}>
          {texts.back}
        </Button>
      </Buttons>
    </Screen>
  );
}
