import './components/sf-embed.ts';
import { start } from './start.ts';

const embed = document.querySelector('sf-embed');
if (embed) void start(embed);
