/** The page as one file: the same way, without a network, to a small file that is sent later. */

import { render } from 'preact';
import { useState } from 'preact/hooks';
import { Button, Buttons, Lines, Screen } from '../portal/src/controls';
import { toFile } from '../portal/src/saved';
import { texts } from '../portal/src/texts';
import { Way } from '../portal/src/way';

const t = texts.offline;

function App() {
  const [begun, begin] = useState(false);
  const forget = () => {
    render(null, document.body);
    document.body.replaceChildren();
  };
  return (
    <>
      <aside class="practice">{t.note}</aside>
      {begun ? (
        <Way to={toFile} mode="file" start={null} earlier={null} out={() => begin(false)} look={forget} />
      ) : (
        <Screen title={texts.welcome.title}>
          <p class="kind">{texts.welcome.notYourFault}</p>
          <p>{t.what}</p>
          <p class="small">{t.limits}</p>
          <Buttons>
            <Button onClick={() => begin(true)}>{texts.welcome.start}</Button>
            <Button quiet onClick={forget}>
              {t.forget}
            </Button>
          </Buttons>
          <h2>{texts.welcome.limitsTitle}</h2>
          <Lines of={texts.welcome.limits} />
        </Screen>
      )}
    </>
  );
}

const page = document.getElementById('page');
if (page) render(<App />, page);
