/** A page that a run was saved as: the figure, the simulator and the run are all in it, and it asks no network. */
import './style/tokens.css';
import './style/embed.css';
import { wake } from './element/figure.ts';
import { HeldLink } from './session/address.ts';

const embed = document.querySelector('sf-embed');
const { link, home } = JSON.parse(document.querySelector('#run')?.textContent ?? '{}') as {
  link: string;
  home: string;
};

if (embed) {
  void wake({
    embed,
    home,
    attributes: (name) => (name === 'src' ? link : null),
    scenario: undefined,
    holder: (opened) => new HeldLink(opened),
    tell: () => {
      // Nobody is around it.
    },
  });
}
