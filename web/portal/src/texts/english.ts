/**
 * Every sentence that a person reads, in English; other languages stand beside it by the same keys. Reading age 9, about
 * twelve words a sentence, one idea at a time. Words: fingerprint, picture, remove, receipt. We say only what is true.
 *
 * `{names}` are filled in by `fill`; what depends on a number has plural forms, and `{n}` is the number.
 */

import type { Note } from '../../../fingerprints/protocol';
import { englishFrame } from './english-frame';

export const english = {
  frame: englishFrame,
  back: 'Back',
  next: 'Next',

  welcome: {
    title: 'Help with a picture of you',
    notYourFault: 'It’s not your fault.',
    what: 'Is there a nude or sexual picture or video of you? Were you under 18 in it? We can help to take it down.',
    counts: 'A picture made by AI counts. So does one that somebody only threatens to share.',
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
    practice: 'Try it first. Nothing is sent',
    back: 'I have six words',
  },

  loading: {
    title: 'One moment …',
    lost: 'The rest of this page did not come. Are you online?',
    again: 'Try again',
  },

  safe: {
    title: 'Are you safe right now?',
    text: 'Your safety comes first. The picture can wait a few minutes.',
    yes: 'Yes, I am safe',
    threat: 'Somebody threatens me',
    danger: 'I am in danger, or I may hurt myself',
    forced: 'Somebody watches me, or makes me do this',
  },

  danger: {
    title: 'Get help now',
    lines: [
      'Call the emergency number where you are.',
      'In Europe it is 112. In the USA and Canada it is 911.',
      'Or go to somebody who is near. Say that you need help.',
      'Do you think about hurting yourself? A help line listens, now. You need not say your name.',
    ],
    line: 'Find a help line in your country',
    on: 'I am safe now. Go on',
  },

  threat: {
    title: 'If somebody threatens you',
    lines: [
      'Do not pay. Do not send more pictures. They often ask for more.',
      'Stop answering. You owe them no answer.',
      'Keep the messages and the name of the account. Do not delete them.',
      'Then block the account.',
      'Tell somebody you trust, today. What they do is a crime.',
    ],
    goOn: 'Now go on. You can act before the picture is shared.',
    more: 'I am in danger, or I may hurt myself',
  },

  forced: {
    title: 'You can do this later',
    lines: [
      'Nobody may make you do this. You may do it alone, when you want to.',
      'Press “Leave this page”, at the top. Nothing is kept here.',
      'Come back when you are alone. Use another phone if you can.',
      'A help line can do it with you.',
    ],
    line: 'Find a help line in your country',
    on: 'I am alone now. Go on',
  },

  have: {
    title: 'What do you have?',
    file: 'The picture or video, on this device',
    fileMeans: 'A screenshot works too, if the picture fills it.',
    link: 'Only a link to it',
    linkMeans: 'The address of a page, a post or a profile.',
    neither: 'Neither',
    neitherMeans: 'It is deleted, I only saw it, or it is only a threat.',
  },

  who: {
    title: 'Who are you?',
    text: 'This changes only what we say to you. It is not sent, and not kept.',
    self: 'It is me in the picture',
    guardian: 'I am a parent or guardian',
    helper: 'I am another adult they trust',
    counsellor: 'I help as my work',
    counsellorMeans: 'Counsellor, teacher, social worker, police.',
  },

  helper: {
    title: 'Before you go on',
    guardian: [
      'Stay calm. What you say first matters most.',
      'You can say: “I am glad that you told me. We do this together.”',
      'Do not look at the picture more than you must. Do not send it to anybody.',
      'Do not take the phone away. They may tell you less next time.',
    ],
    helper: [
      'They trusted you. Listen first, and do not ask for details.',
      'Do not look at the picture more than you must. Do not send it to anybody.',
      'Let them decide with you. It is their picture.',
      'Is there a parent who is safe to tell? Think about it together.',
    ],
    counsellor: [
      'Do not ask them to send you the picture. They can do this on their own device.',
      'Do not keep a copy, and do not print it.',
      'Let them hold the device and choose.',
      'Follow the rules of your work for telling others.',
    ],
    know: 'Do they know that you do this?',
    knowYes: 'Yes, and they want it',
    knowNot: 'Not yet',
    knowCannot: 'They cannot be asked now',
    askFirst: 'Ask them first, if you can do it safely. It is theirs to decide.',
    did: 'Did you take, ask for or share this picture yourself?',
    didNot: 'No',
    didYes: 'Yes',
    stop: 'Then please stop here. They need somebody else to help them.',
    stopLine: 'Do not share it again. A free line talks with people who worry about what they did.',
    stopLink: 'Go to StopItNow.org',
    words: 'The receipt at the end belongs to them. Without it, nobody learns anything here.',
    link: 'Make a link for them',
  },

  age: {
    title: 'How old in the picture?',
    text: 'How old was the person when it was taken, or made by AI?',
    under18: 'Under 18',
    unsure: 'Not sure',
    over18: '18 or older',
    kept: 'We keep only “under 18” or “not sure”. Nothing else about you is kept.',
  },

  adults: {
    title: 'You are in the right place, one door further',
    text: 'Another free service helps people who were 18 or older in the picture. It works in the same way.',
    link: 'Go to StopNCII.org',
    more: 'A help line near you can talk it through with you.',
    notice: 'Tell the site where the picture is',
    wrong: 'I was under 18, or I am not sure',
  },

  choose: {
    title: 'Choose the pictures',
    text: 'You can choose many at once. They stay on this device.',
    watched: 'Does somebody look at this device? They may see that you were here. Use another one if you can.',
    helper: 'Let them hold the device and choose, if you can. You need not look.',
    button: 'Choose pictures',
    drop: 'Or drop them here.',
    hint: 'Pictures and films. We find changed copies, too. For a few kinds of file we find exact copies only.',
    many: 'You can send {most} at a time. From more, we take the first {most}.',
  },

  aeroplane: {
    offer: 'Do it with the network off',
    title: 'With the network off',
    lines: [
      'With aeroplane mode on, nothing can leave this device. You can see that for yourself.',
      'The fingerprints are made without a network.',
      'At the end you turn it on again, and send only what you agree to.',
    ],
    fetching: 'One moment. We fetch all that is needed later.',
    lost: 'Something did not come. Please stay online for a moment.',
    again: 'Try again',
    turnOff: 'All is here. Turn on aeroplane mode now. On a computer, turn the network off.',
    off: 'The network is off. Nothing can be sent now.',
    anyway: 'Go on, the network is still on',
  },

  practice: {
    note: 'Practice. Nothing is sent.',
    choose: 'Choose the pictures',
    instead: 'In practice you use this drawing. With a real picture, nothing is shown here.',
    drawing: 'A drawing of a house, a tree and a sun',
    use: 'Use this drawing',
    send: 'Send, in practice',
    words: 'These words are for practice. They open nothing.',
    status: 'This is an example. It shows what you may read here later.',
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
    again: 'Try again',
    againWith: 'Try again with picture {number}',
    more: 'Choose more pictures',
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
    unreadable: 'This file did not open. Try again, or choose a copy of it. If not, we leave it out.',
  },

  send: {
    title: 'Send the fingerprints',
    what: {
      one: '{prints} fingerprints of one picture will be sent.',
      other: '{prints} fingerprints of {n} pictures will be sent.',
    },
    honestTitle: 'What they say about a picture',
    honest: [
      'Two kinds of fingerprint say nothing about what the picture shows.',
      'The third keeps a very rough pattern of light and dark. So we guard it well.',
    ],
    honestStronger: 'Stronger protection sends more of the third kind.',
    age: { 'under-18': 'The words “under 18”.', unsure: 'The words “not sure how old”.' },
    marks: 'A mark for each picture, made from your six words. The words themselves stay here.',
    listTitle: 'This is all that is sent',
    turnOn: 'The network is off. Turn it on again now. Nothing is sent before you press “Send”.',
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
    on: 'What comes next',
    handOver: {
      title: 'Give the device to them now',
      text: 'The receipt is theirs. It shows what happens, and it can take everything back.',
      them: 'I am the person in the picture',
      later: 'They are not here',
    },
    yours: {
      title: 'This part is for you alone',
      text: 'Did the person who helps you take or share the picture? Or are you afraid of them?',
      no: 'No',
      yes: 'Yes',
      aloneTitle: 'You decide',
      alone: 'Then keep the receipt to yourself. Look away with it, or leave this page.',
      line: 'A help line listens. You need not say your name.',
    },
    forThem: 'Keep the words only until you can give them over. Do not use them without them.',
  },

  afterwards: {
    title: 'What comes next',
    self: [
      'Do not post the picture again yourself. Services would hold it, and may close your account.',
      'Does somebody threaten you? Do not pay. Stop answering.',
      'Do not delete the messages. They help those who help you.',
      'Talk to somebody you trust. You do not have to carry this alone.',
      'Is it already on a site? You can tell the site as well.',
    ],
    others: [
      'Do not send or post the picture, also not as a proof. Services would hold it.',
      'Does somebody threaten them? Nobody should pay. Stop answering.',
      'Do not delete the messages. They help those who help them.',
      'Ask them how they are, also next week.',
      'Is it already on a site? You can tell the site as well.',
    ],
    line: 'Find a help line in your country',
    notice: 'Tell a site where the picture is',
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
    removed: { one: 'Found and removed on {n} service.', other: 'Found and removed on {n} services.' },
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
