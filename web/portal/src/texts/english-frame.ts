/** What stands around the steps: the title, the way out, languages, links, and what is read with scripts off. */
export const englishFrame = {
  title: 'Picture help',
  leave: 'Leave this page',
  languages: 'Language',
  number: 'Number of this page',
  links: {
    help: 'Talk to someone now',
    how: 'How it works',
    services: 'Who takes part',
    questions: 'Questions',
    numbers: 'Our numbers',
    privacy: 'Your privacy',
    imprint: 'Who runs this',
    start: 'Back to the start',
  },
  watched: {
    title: 'Could somebody see this phone later?',
    lines: [
      'Use a phone or computer that nobody else opens, if you can.',
      'A private window keeps this page out of the list of pages you saw.',
      '“Leave this page” covers the page at once. On a keyboard, press Shift three times.',
      'It cannot empty the list of pages you saw. It cannot stop a spy app.',
      'Your phone company or Wi-Fi may still see that you came here.',
    ],
  },
  noScript: {
    title: 'Help with a picture of you',
    lines: [
      'This page helps to take down nude pictures of people who were under 18.',
      'It makes fingerprints of a picture on your own phone. That needs JavaScript, which is off.',
      'You can turn it on for this page, or use another browser.',
      'You can also tell the site where the picture is. You need no account for it.',
    ],
    more: 'Who can help right now',
  },
};
