export default {
  title: 'A site',
  url: 'https://example.org',
  baseUrl: '/',
  onBrokenLinks: 'throw',
  presets: [['classic', { docs: false, blog: false }]],
  scripts: [{ src: 'https://your.host/slowfire/slow-fire.js', type: 'module' }],
};
