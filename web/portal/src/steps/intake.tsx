/**
 * The questions before a picture is chosen, one on a screen. The answers change what is said and where the way leads;
 * nothing of them is sent or kept but the coarse age.
 */

import { Screen, Ways } from '../controls';
import type { Situation } from '../notice/notice';
import { texts } from '../texts';

export type Who = Situation['who'];
export type AgeAnswer = Situation['age'];
export type Have = 'file' | 'link' | 'neither';

interface Question<Answer> {
  next: (answer: Answer) => void;
  back: () => void;
}

/** What somebody has to say before anything else. */
export type Safety = 'yes' | 'threat' | 'danger' | 'forced';

export function Safe({ next, back }: Question<Safety>) {
  const t = texts.safe;
  return (
    <Screen title={t.title}>
      <p>{t.text}</p>
      <Ways<Safety>
        ways={[
          { way: 'yes', label: t.yes },
          { way: 'threat', label: t.threat },
          { way: 'danger', label: t.danger },
          { way: 'forced', label: t.forced },
        ]}
        next={next}
        back={back}
      />
    </Screen>
  );
}

export function WhatDoYouHave({ next, back }: Question<Have>) {
  const t = texts.have;
  return (
    <Screen title={t.title}>
      <Ways<Have>
        ways={[
          { way: 'file', label: t.file, means: t.fileMeans },
          { way: 'link', label: t.link, means: t.linkMeans },
          { way: 'neither', label: t.neither, means: t.neitherMeans },
        ]}
        next={next}
        back={back}
      />
    </Screen>
  );
}

export function WhoAreYou({ next, back }: Question<Who>) {
  const t = texts.who;
  return (
    <Screen title={t.title}>
      <p>{t.text}</p>
      <Ways<Who>
        ways={[
          { way: 'self', label: t.self },
          { way: 'guardian', label: t.guardian },
          { way: 'helper', label: t.helper },
          { way: 'counsellor', label: t.counsellor, means: t.counsellorMeans },
        ]}
        next={next}
        back={back}
      />
    </Screen>
  );
}

export function HowOld({ next, back }: Question<AgeAnswer>) {
  const t = texts.age;
  return (
    <Screen title={t.title}>
      <p>{t.text}</p>
      <Ways<AgeAnswer>
        ways={[
          { way: 'under-18', label: t.under18 },
          { way: 'unsure', label: t.unsure },
          { way: 'over-18', label: t.over18 },
        ]}
        next={next}
        back={back}
      />
      <p class="small">{t.kept}</p>
    </Screen>
  );
}
