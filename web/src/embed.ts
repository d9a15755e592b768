import { Address } from './address.ts';
import './components/sf-embed.ts';
import { Session } from './session.ts';
import { Settings } from './settings.ts';
import { start } from './start.ts';

const embed = document.querySelector('sf-embed');
if (embed) {
  void start(embed, (core) => {
    const address = new Address((link) => session.open(link));
    const session = new Session(core, address, new Settings());
    embed.session = session;
  });
}
