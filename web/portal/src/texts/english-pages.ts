/** What the pages say that the server writes: they need no scripts, and the app does not carry them. */
export const englishPages = {
  help: {
    title: 'Talk to someone now',
    text: 'You do not have to carry this alone. These people listen, and they have heard it before.',
    danger: 'Are you in danger? Call the emergency number where you are. In Europe it is 112. In the USA it is 911.',
    everywhere: 'In every country',
    phone: 'Call {phone}',
    chat: 'Write to {name}',
    doors: 'Other doors',
    find: 'Find a help line in your country',
    none: 'We have no help line here yet. This list has help lines for many countries.',
    site: {
      title: 'You know where the picture is?',
      lines: [
        'You can tell that site. You need no account for it.',
        'Look for a form about pictures of a child, or about pictures shared without a yes.',
        'Give the address of the page. Say that the person in it was under 18.',
        'Do not send the picture to anybody as a proof.',
        'Write down the day and the time.',
      ],
    },
  },

  how: {
    title: 'How it works',
    steps: [
      'You choose a picture or a video on your own phone or computer.',
      'The page makes fingerprints of it there. The picture never leaves your device.',
      'You see what will be sent. Then only that is sent.',
      'You get six words. They are your receipt, and only you have them.',
      'Services that take part fetch the list of fingerprints.',
      'They look for copies of the picture on their own site.',
      'When they find one, they hold it back. Then a person there looks.',
      'When people at two services have said yes, a machine may remove more copies.',
      'With your six words you can see what was found. You can also take it back.',
    ],
    fingerprints: {
      title: 'What a fingerprint tells about a picture',
      lines: [
        'We use three kinds of fingerprints for pictures.',
        'Two kinds are called MD5 and SHA-256. They say nothing about what the picture shows.',
        'With them a service finds an exact copy of the file, and nothing else.',
        'The third kind is called PDQ. With it a service finds copies that were changed a little.',
        'For that it keeps a very rough pattern of light and dark.',
        'It is not your picture. But somebody with much know-how can guess blurred shapes from it.',
        'From a face that fills the picture, they can sometimes guess what the face is like.',
        'So we guard these fingerprints well. Only services that take part get them.',
        'Of a video, we use the third kind for single moments.',
      ],
    },
    limits: {
      title: 'What it cannot do',
      lines: [
        'It does not clear the whole internet. It works on services that take part.',
        'It cannot look into encrypted chats.',
        'A copy that was changed a lot may not be found.',
        'It cannot take a picture off somebody’s phone.',
        'Somebody who has the picture can try to post it, and see that it is stopped.',
      ],
    },
  },

  services: {
    title: 'Who takes part',
    text: 'These services fetch our list and look for copies on their own site.',
    none: 'No service takes part yet.',
    slow: 'slow to forget what was taken back',
    unproven: 'we cannot see whether it forgets',
    join: 'Do you run a service? Take part',
    rules: [
      'We look at each service before it may take part.',
      'A service learns the fingerprints. It does not learn who sent them.',
      'It does not learn which fingerprints belong to one person.',
      'A machine alone removes nothing until people at two services have looked.',
      'When you take a picture back, services are told to forget it.',
    ],
  },

  questions: {
    title: 'Questions',
    list: [
      {
        question: 'Does somebody look at my picture?',
        answer: [
          'Not here. It stays on your device, and we never get it.',
          'If a service finds a copy on its own site, a person there looks at that copy.',
        ],
      },
      {
        question: 'Do you know who I am?',
        answer: [
          'No. We ask for no name, and there is no account.',
          'We set no cookies. We do not keep the internet address that you come from.',
          'Your phone company or Wi-Fi may still see that you were here.',
        ],
      },
      {
        question: 'Am I in trouble?',
        answer: ['You did nothing wrong by asking for help.', 'We tell nobody. We do not know who you are.'],
      },
      {
        question: 'Are the police told?',
        answer: [
          'We do not tell them. We have no picture and no name.',
          'A service that finds a copy may have to tell them. That depends on the law where it is.',
        ],
      },
      {
        question: 'What if the picture was never posted?',
        answer: ['You can still do this. Then services can stop it before others see it.'],
      },
      {
        question: 'What if the picture was made by a computer?',
        answer: ['A false nude picture of you counts, too. You can send its fingerprints.'],
      },
      {
        question: 'I am an adult now. Can I use this?',
        answer: ['Yes, if you were under 18 in the picture.', 'If you were older, StopNCII.org helps in the same way.'],
      },
      {
        question: 'How long do you keep the fingerprints?',
        answer: [
          'Until you take them back. For that you need your six words.',
          'Some end by themselves after some years. Your receipt tells the day, and you can make it longer.',
        ],
      },
      {
        question: 'I lost my six words. What now?',
        answer: [
          'Nobody can find them for you. We never had them.',
          'Your fingerprints stay on the list and go on working.',
          'Do you have the picture still? Send its fingerprints again, and you get new words.',
        ],
      },
      {
        question: 'What does “Leave this page” do?',
        answer: [
          'It covers the page at once. Then it opens a page about something else.',
          'The back button does not lead here again.',
          'It cannot empty the list of pages you saw. It cannot stop a spy app.',
        ],
      },
    ],
  },

  numbers: {
    title: 'Our numbers',
    text: 'We round all numbers down to tens, but for the services. So nobody can find one person in them.',
    few: 'Fewer than 10',
    atLeast: '{n} or more',
    listed: 'Pictures and videos on the list',
    confirmed: 'Of these, seen on a service and confirmed by a person',
    suspended: 'On hold until people have looked again',
    withdrawn: 'Taken back by the person who sent them',
    services: 'Services that take part',
    wrong: 'Times that a service said “this is wrong”',
    months: 'How well it works',
    judged: 'Services looked at {n} or more.',
    wrongShare: 'Out of 100, {n} or fewer did not belong here.',
    daysToRemoval: 'Days until one was removed, in the middle: {n} or fewer.',
    tiers: {
      title: 'On the list, by who confirmed them',
      submitted: 'No service yet',
      corroborated: 'One service',
      confirmed: 'Two services or more',
      verified: 'Two of our own people',
      other: 'All others, because they are few',
    },
  },

  privacy: {
    title: 'Your privacy',
    lines: [
      'Your picture stays on your device.',
      'We get the fingerprints that you agree to send. We also get “under 18” or “not sure”.',
      'We ask for no name, no mail address and no phone number.',
      'We set no cookies and keep nothing in your browser.',
      'We do not keep your internet address or the kind of your phone.',
      'Only services that take part get the fingerprints.',
      'With your six words you can take everything back.',
      'Did a helper give you a link? We keep that it was used, for four weeks at most. Nothing ties it to you.',
    ],
  },

  imprint: { title: 'Who runs this' },
};
