/** What the operator says of the service. The server puts it into the page, so that no request is made for it. */

export interface HelpLine {
  name: string;
  /** Two letters (ISO 3166-1), or empty for everywhere. */
  country: string;
  phone: string;
  chat: string | null;
  hours: string;
}

export interface CountryPage {
  country: string;
  name: string;
  address: string;
}

interface Service {
  name: string;
  /** Where the exit button leads. */
  exit: string;
  /** Whether fingerprints of simulated edits may be sent. */
  protection: boolean;
  lines: HelpLine[];
  pages: CountryPage[];
  /** Whether there is a page that says who runs this. */
  imprint: boolean;
}

const said = JSON.parse(document.getElementById('service')?.textContent || '{}') as Partial<Service>;

export const service: Service = {
  name: '',
  exit: 'https://www.wikipedia.org/',
  protection: true,
  lines: [],
  pages: [],
  imprint: false,
  ...said,
};
