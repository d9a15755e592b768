import { Address } from './session/address.ts';
import './components/page/sf-embed.ts';
import { Session } from './session/session.ts';
import { Device } from './session/choices.ts';
import { start } from './session/start.ts';

const embed = document.querySelector('sf-embed');
if (embed) {
  void start(embed, (core) => {
    const address = new Address((link) => session.open(link));
    const autoplay = new URLSearchParams(window.location.search).has('autoplay');
    const session = new Session(core, address, new Device(), autoplay);
    embed.session = session;
  });
}
