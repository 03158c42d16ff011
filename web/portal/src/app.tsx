/** The page: the welcome, and the two ways from it. Each is fetched when it is wanted. */

import { useState } from 'preact/hooks';
import type { Receipt } from '../../receipt/worker';
import { clearinghouse } from './api';
import { PageNumber } from './around';
import { useOpened } from './helpers/opened';
import { lazily } from './lazily';
import { practised } from './practice';
import { Welcome } from './steps/welcome';
import { texts } from './texts';
import type { Earlier } from './way';

const Way = lazily(() => import('./way').then((part) => part.Way));
const Offline = lazily(() => import('./steps/offline').then((part) => part.Offline));
const Return = lazily(() => import('./steps/return').then((part) => part.Return));

export function App() {
  const [at, go] = useState<'welcome' | 'way' | 'return' | 'offline'>('welcome');
  const [receipt, keep] = useState<Receipt | null>(null);
  const [to, connect] = useState(clearinghouse);
  /** Words that more pictures are added to. */
  const [earlier, addTo] = useState<Earlier | null>(null);
  const [practice, practise] = useState(false);
  const opened = useOpened();
  const begin = async () => {
    const there = await opened.begin();
    practise(false);
    if (there) connect(there);
    go(there ? 'way' : 'welcome');
  };
  const out = () => {
    keep(null);
    addTo(null);
    practise(false);
    connect(clearinghouse);
    go('welcome');
  };

  return (
    <>
      {practice && <aside class="practice">{texts.practice.note}</aside>}
      {at === 'welcome' && (
        <Welcome
          said={opened.said}
          waits={opened.asking}
          start={begin}
          practise={() => {
            practise(true);
            connect(practised());
            go('way');
          }}
          comeBack={() => go('return')}
          offline={() => go('offline')}
        />
      )}
      {at === 'way' && (
        <Way
          to={to}
          mode={practice ? 'practice' : 'real'}
          start={earlier ? null : opened.start}
          earlier={earlier}
          out={earlier ? () => go('return') : out}
          look={(made) => {
            addTo(null);
            keep(made);
            go('return');
          }}
        />
      )}
      {at === 'offline' && <Offline open={() => go('return')} back={() => go('welcome')} />}
      {at === 'return' && (
        <Return
          from={to}
          practice={practice}
          receipt={receipt}
          add={(words, free) => {
            keep(words);
            addTo({ receipt: words, free });
            go('way');
          }}
          again={begin}
          back={out}
        />
      )}
      <PageNumber />
    </>
  );
}
