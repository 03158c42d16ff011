/** The way from the first question to the receipt. Everything is in memory only: closing the page forgets it. */

import { useEffect, useRef, useState } from 'preact/hooks';
import type { Protection } from '../../fingerprints/edits';
import type { Receipt } from '../../receipt/worker';
import { type Age, type Clearinghouse, type Mode, SECRETS } from './api';
import type { Start } from './helpers/link';
import { type Item, itemsOf, MOST, together } from './item';
import { Counsellor, FirstMinutes, NoFile, Notice } from './notice/notice';
import { Pool } from './pool';
import { service } from './service';
import { Adults } from './steps/adults';
import { Aeroplane } from './steps/aeroplane';
import { Afterwards } from './steps/afterwards';
import { Check } from './steps/check';
import { Choose } from './steps/choose';
import { Fingerprint } from './steps/fingerprint';
import { HandOver } from './steps/hand-over';
import { Helper } from './steps/helper';
import { type AgeAnswer, type Have, HowOld, Safe, WhatDoYouHave, type Who, WhoAreYou } from './steps/intake';
import { ChooseDrawing } from './steps/practice';
import { ReceiptStep } from './steps/receipt';
import { Send } from './steps/send';
import { Danger, Forced, Threat } from './steps/urgent';
import { receiptFor } from './workers';

type Step =
  | ('safe' | 'danger' | 'threat' | 'forced' | 'have' | 'who' | 'helper' | 'minutes' | 'link' | 'age' | 'adults')
  | ('no-file' | 'notice')
  | ('choose' | 'aeroplane' | 'fingerprint' | 'check' | 'send' | 'hand-over' | 'receipt' | 'afterwards');

/** A receipt that more is added to, and the first of its digests that may be free. */
export interface Earlier {
  receipt: Receipt;
  free: number;
}

interface Props {
  to: Clearinghouse;
  mode: Mode;
  earlier: Earlier | null;
  /** What a counsellor's link has answered already. */
  start: Start | null;
  /** Back to where it began. */
  out: () => void;
  look: (receipt: Receipt) => void;
}

export function Way({ to, mode, start, earlier, out, look }: Props) {
  const [trail, setTrail] = useState<Step[]>([earlier ? 'age' : 'safe']);
  const [have, setHave] = useState<Have>(start?.have ?? 'file');
  const [who, setWho] = useState<Who>('self');
  const [age, setAge] = useState<AgeAnswer>(start?.age ?? 'under-18');
  const [items, setItems] = useState<Item[]>([]);
  const [making, make] = useState<Item[]>([]);
  const pool = useRef<Pool | null>(null);
  const [protection, protect] = useState<Protection>(service.protection ? 'usual' : 'plain');
  const [receipt, setReceipt] = useState(earlier?.receipt ?? null);
  /** Everything was fetched before, so that the network can be off. */
  const [aeroplane, fly] = useState(false);
  const [theirs, giveOver] = useState(true);

  const step = trail.at(-1);
  const afterAge = (is: AgeAnswer, has: Have): Step =>
    is === 'over-18' ? 'adults' : ({ file: 'choose', link: 'notice', neither: 'no-file' } as const)[has];
  const go = (to: Step) => setTrail([...trail, to]);
  const back = () => (trail.length > 1 ? setTrail(trail.slice(0, -1)) : out());
  /** There is no way back over what was sent. */
  const begin = (at: Step) => setTrail([at]);
  const toCheck = () => setTrail([...trail.slice(0, trail.indexOf('choose') + 1), 'check']);
  const fingerprint = (chosen: Item[]) => {
    make(chosen);
    go('fingerprint');
  };
  const endPool = () => {
    pool.current?.end();
    pool.current = null;
  };
  const prepare = async () => {
    endPool();
    const drawing = earlier ? earlier.receipt : receiptFor({ count: SECRETS });
    const [drawn, prepared] = await Promise.all([drawing, Pool.prepared()]);
    pool.current = prepared;
    setReceipt(drawn);
  };
  useEffect(() => endPool, []);
  const free = earlier?.free ?? 0;
  const most = Math.min(MOST, SECRETS - free);
  const flag: Age = age === 'unsure' ? 'unsure' : 'under-18';

  /** Nobody skips the question whether they are safe; a counsellor's link skips those that come after it. */
  const safe = () => go(start ? afterAge(start.age, start.have) : 'have');

  switch (step) {
    case 'safe':
      return <Safe back={back} next={(answer) => (answer === 'yes' ? safe() : go(answer))} />;
    case 'danger':
      return <Danger back={back} on={safe} />;
    case 'threat':
      return <Threat back={back} on={safe} danger={() => go('danger')} />;
    case 'forced':
      return <Forced back={back} on={safe} />;
    case 'have':
      return (
        <WhatDoYouHave
          back={back}
          next={(answer) => {
            setHave(answer);
            go('who');
          }}
        />
      );
    case 'who':
      return (
        <WhoAreYou
          back={back}
          next={(answer) => {
            setWho(answer);
            go(answer === 'self' ? 'age' : 'helper');
          }}
        />
      );
    case 'helper':
      return who === 'self' ? null : (
        <Helper who={who} back={back} link={() => go('link')} next={() => go(who === 'guardian' ? 'minutes' : 'age')} />
      );
    case 'minutes':
      return <FirstMinutes back={back} next={() => go('age')} />;
    case 'link':
      return <Counsellor back={back} />;
    case 'age':
      return (
        <HowOld
          back={back}
          next={(answer) => {
            setAge(answer);
            go(afterAge(answer, have));
          }}
        />
      );
    case 'adults':
      return <Adults back={back} notice={() => go('notice')} />;
    case 'no-file':
      return <NoFile back={back} choose={() => go('choose')} write={() => go('notice')} />;
    case 'notice':
      return <Notice situation={{ age, who }} back={back} />;
    case 'choose': {
      const take = async (files: File[]) =>
        fingerprint(await itemsOf(files.slice(0, most - items.length), (items.at(-1)?.number ?? 0) + 1));
      if (mode === 'practice') return <ChooseDrawing back={back} next={take} />;
      return (
        <Choose
          helps={who !== 'self'}
          back={back}
          next={take}
          aeroplane={mode === 'real' ? () => go('aeroplane') : null}
        />
      );
    }
    case 'aeroplane':
      return (
        <Aeroplane
          prepare={prepare}
          back={back}
          next={() => {
            fly(true);
            back();
          }}
        />
      );
    case 'fingerprint':
      pool.current ??= new Pool();
      return (
        <Fingerprint
          items={making}
          pool={pool.current}
          cancel={() => {
            endPool();
            if (items.length > 0) toCheck();
            else setTrail([...trail.slice(0, -1), ...(aeroplane ? (['aeroplane'] as const) : [])]);
          }}
          next={(made) => {
            if (!aeroplane) endPool();
            setItems(together(items, made));
            toCheck();
          }}
        />
      );
    case 'check':
      return (
        <Check
          items={items}
          change={setItems}
          again={(item) => fingerprint([item])}
          more={() => go('choose')}
          protection={protection}
          protect={protect}
          back={back}
          next={() => go('send')}
        />
      );
    case 'send':
      return (
        <Send
          age={flag}
          items={items}
          protection={protection}
          to={to}
          mode={mode}
          drawn={receipt}
          from={free}
          back={back}
          next={(made) => {
            endPool();
            setItems([]); // the pictures are not needed any more
            setReceipt(made);
            if (earlier) look(made);
            else begin(who === 'self' ? 'receipt' : 'hand-over');
          }}
        />
      );
    case 'hand-over':
      return (
        <HandOver
          next={(now) => {
            giveOver(now);
            begin('receipt');
          }}
        />
      );
    case 'receipt':
      return (
        receipt && <ReceiptStep receipt={receipt} mode={mode} keptForThem={!theirs} next={() => go('afterwards')} />
      );
    default:
      return (
        receipt && (
          <Afterwards
            who={who !== 'self' && theirs ? 'self' : who}
            back={back}
            notice={() => go('notice')}
            look={() => look(receipt)}
          />
        )
      );
  }
}
