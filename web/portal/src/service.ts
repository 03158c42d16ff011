/** What the operator says of the service. The server puts it into the page, so that no request is made for it. */

interface Service {
  name: string;
  /** Where the exit button leads. */
  exit: string;
  /** Whether fingerprints of simulated edits may be sent. */
  protection: boolean;
  /** Whether there is a page that says who runs this. */
  imprint: boolean;
  /** The digest of the page as it was built; empty where no server puts it in. */
  page: string;
}

const said = JSON.parse(document.getElementById('service')?.textContent || '{}') as Partial<Service>;

export const service: Service = {
  name: '',
  exit: 'https://www.wikipedia.org/',
  protection: true,
  imprint: false,
  page: '',
  ...said,
};
