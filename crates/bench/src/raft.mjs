// Prints how many seconds a run takes in the page's module, once that is warm, played to its end with its trace and its checks: the median, as
// JSON.

const [folder, link, rounds] = process.argv.slice(1).filter((argument) => argument !== '--');
const { Run } = await import(`file://${folder}/slowfire.js`);
const { loadWhole } = await import(`file://${folder}/../whole.mjs`);
loadWhole();

function seconds() {
  const run = new Run(link);
  const start = performance.now();
  run.seek(run.end_ms());
  run.arrive();
  const took = (performance.now() - start) / 1000;
  run.free();
  return took;
}

// The engine optimises what has run for a while, and a run is over in some milliseconds: all but the last are for it.
const times = Array.from({ length: 200 + Number(rounds) }, seconds)
  .slice(200)
  .sort((a, b) => a - b);
console.log(JSON.stringify(times[Math.floor(times.length / 2)]));
