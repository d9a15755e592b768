import { Address } from './session/address.ts';
import './components/page/sf-embed.ts';
import { Device } from './session/choices.ts';
import { open, openAnyway } from './session/opening.ts';
import { start } from './session/start.ts';

const embed = document.querySelector('sf-embed');
if (embed) {
  void start(embed, (core) => {
    const autoplay = new URLSearchParams(window.location.search).has('autoplay');
    const address = new Address((link) => {
      if (embed.session) embed.session.open(link);
      else open(embed, opening);
    });
    const opening = { core, address, device: new Device(), autoplay };
    embed.addEventListener('open-anyway', () => openAnyway(embed, opening));
    open(embed, opening);
  });
}
