/**
 * Every sentence that a person reads, in English; other languages stand beside it by the same keys. Reading age 9, about
 * twelve words a sentence, one idea at a time. Words: fingerprint, picture, remove, receipt. We say only what is true.
 *
 * `{names}` are filled in by `fill`; what depends on a number has plural forms, and `{n}` is the number.
 */

import type { Note } from '../../../fingerprints/protocol';

export const english = {
  leave: 'Leave this page',
  back: 'Back',
  next: 'Next',

  welcome: {
    title: 'Help with a picture of you',
    notYourFault: 'It’s not your fault.',
    what: 'Is there a nude or sexual picture of you? Were you under 18 in it? We can help to take it down.',
    how: [
      'You choose the picture on this phone or computer.',
      'This page makes fingerprints of it, right here. The picture stays with you.',
      'Only the fingerprints are sent. Services use them to find copies and remove them.',
    ],
    needs: 'You need no account and no name. It takes about three minutes.',
    limitsTitle: 'What it cannot do',
    limits: [
      'It does not clear the whole internet.',
      'It does not reach encrypted chats.',
      'It does not reach sites that do not take part.',
    ],
    private: 'Somebody may look at what you do here? Use another phone if you can.',
    start: 'Start',
    back: 'I have six words',
    posted: 'It is already posted',
  },

  later: {
    loading: 'One moment …',
    failed: 'This part did not load. Are you online?',
    again: 'Try again',
  },

  about: {
    title: 'Is this for you?',
    age: 'How old was the person when the picture was taken?',
    under18: 'Under 18',
    unsure: 'Not sure',
    over18: '18 or older',
    who: 'Who are you?',
    self: 'It is me in the picture',
    helper: 'I help someone',
    helperNote: 'Do not look at the picture more than you must. Do not send it to anybody. Let them decide with you.',
    kept: 'We keep only “under 18” or “not sure”. Nothing else about you is kept.',
  },

  adults: {
    title: 'You are in the right place, one door further',
    text: 'Another free service helps people who were 18 or older in the picture. It works in the same way.',
    link: 'Go to StopNCII.org',
    more: 'A help line near you can talk it through with you. You can also tell the site where the picture is.',
    wrong: 'I was under 18, or I am not sure',
  },

  choose: {
    title: 'Choose the pictures',
    text: 'You can choose many at once. They stay on this device.',
    button: 'Choose pictures',
    drop: 'Or drop them here.',
    hint: 'Pictures and films. We find changed copies, too. For a few kinds of file we find exact copies only.',
    many: 'You can send {most} at a time. From more, we take the first {most}.',
  },

  fingerprints: {
    title: 'Making the fingerprints',
    text: 'This happens on your device. Nothing is sent.',
    picture: 'Picture {number}',
    done: '{done} of {all} done',
    secondsLeft: { one: 'About a second left', other: 'About {n} seconds left' },
    minutesLeft: { one: 'About a minute left', other: 'About {n} minutes left' },
    cancel: 'Stop',
  },

  check: {
    title: 'Check',
    text: 'We do not show your pictures here. Size and date help you to tell them apart.',
    picture: 'Picture {number}',
    remove: 'Leave out picture {number}',
    none: 'No picture is left. Go back and choose again.',
    changed: 'We can find changed copies of it, too.',
    exactOnly: 'We can find exact copies of it only.',
    notes: {
      'low-detail': 'There is too little to see in it to tell it from others.',
      'cannot-read': 'This page cannot open this kind of file yet.',
      codec: 'This device cannot look into this film. A newer browser may do more.',
      'needs-heic': 'This page cannot open this kind of file yet.',
      'needs-tiff': 'This page cannot open this kind of file yet.',
      damaged: 'The file looks damaged.',
      'too-large': 'It is larger than this page can look at.',
      'browser-noise': 'Your browser changes pictures to protect you. Another browser may do more.',
    } satisfies Record<Note, string>,
    count: { one: 'One fingerprint.', other: '{n} fingerprints.' },
    protection: {
      title: 'Copies that were cut',
      stronger: 'Stronger protection',
      strongerMeans: 'Services can then find copies with cut edges, too.',
      most: 'The most protection',
      mostMeans: 'Services can find even more cut copies. But more fingerprints tell a little more about a picture.',
    },
    unreadable: 'This file could not be opened. It is left out.',
  },

  send: {
    title: 'Send the fingerprints',
    what: {
      one: '{prints} fingerprints of one picture will be sent.',
      other: '{prints} fingerprints of {n} pictures will be sent.',
    },
    honest: [
      'Two kinds of fingerprint say nothing about what the picture shows.',
      'The third keeps a very rough pattern of light and dark. So we guard it well.',
    ],
    honestStronger: 'Stronger protection sends more of the third kind.',
    notSent: 'Your name, your address and the file names are not sent.',
    details: 'Show exactly what will be sent',
    agree: 'I agree that these fingerprints are sent',
    send: 'Send',
    sending: 'Sending …',
    lost: 'It did not go through. Nothing is lost. Try again when you are online.',
    refused: 'The service did not take it. Please start again, or ask a help line.',
    again: 'Try again',
  },

  receipt: {
    title: 'It is done',
    text: 'These six words are your receipt. With them you can see what happens, or take it back.',
    only: 'Only you have them. We cannot find them again for you.',
    show: 'Show my words',
    hide: 'Hide my words',
    copy: 'Copy',
    copied: 'Copied.',
    keep: 'Write them down where nobody looks. A friend you trust can keep them, too.',
    nextTitle: 'What now',
    next: [
      'Do not post the picture again yourself. It would be held, too.',
      'Does somebody threaten you? Do not pay. Stop answering.',
      'Keep the messages. They help those who help you.',
      'Talk to somebody you trust. You do not have to carry this alone.',
    ],
    look: 'See how it stands',
    end: 'Finish and forget everything on this page',
  },

  return: {
    title: 'Your receipt',
    label: 'Your six words',
    open: 'Open',
    opening: 'One moment …',
    notWords: 'These are not six words from our list. Please look at each again.',
    lost: 'We could not ask. Try again when you are online.',
    none: 'Nothing is on the list for these words. It was taken back, or never sent.',
    picture: 'Picture {number}',
    waiting: 'Received. It goes out in a few minutes.',
    suspended: 'On hold. Services said that it does not belong on the list.',
    since: 'On the list since {day}.',
    fetched: { one: 'Fetched by {by} of {n} service.', other: 'Fetched by {by} of {n} services.' },
    removed: { one: 'Found and removed on one service.', other: 'Found and removed on {n} services.' },
    notFound: 'Not found so far.',
    refresh: 'Look again',
    withdraw: 'Take back picture {number}',
    withdrawAll: 'Take back all',
    sure: 'We tell services to stop looking for it and to forget its fingerprints. Take it back?',
    yes: 'Yes, take it back',
    no: 'No, keep it',
    gone: 'Taken back.',
  },
};
