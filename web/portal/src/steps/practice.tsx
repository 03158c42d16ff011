import { useEffect, useRef } from 'preact/hooks';
import { Button, Buttons, Screen } from '../controls';
import { draw, HEIGHT, WIDTH } from '../practice';
import { texts } from '../texts';

const t = texts.practice;

/** In place of choosing a picture: a drawing, which may be shown. */
export function ChooseDrawing({ back, next }: { back: () => void; next: (files: File[]) => void }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (canvas.current) draw(canvas.current);
  }, []);
  const take = () =>
    canvas.current?.toBlob((blob) => {
      if (blob) next([new File([blob], 'drawing')]);
    });
  return (
    <Screen title={t.choose}>
      <p>{t.instead}</p>
      <canvas ref={canvas} class="drawing" width={WIDTH} height={HEIGHT} role="img" aria-label={t.drawing} />
      <Buttons>
        <Button onClick={take}>{t.use}</Button>
        <Button quiet onClick={back}>
          {texts.back}
        </Button>
      </Buttons>
    </Screen>
  );
}
