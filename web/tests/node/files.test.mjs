/** A run in the notations of other tools, read by something that did not write it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseEDNString } from 'edn-data';
import { Run } from '../../src/core/pkg/slowfire.js';
import { loadWhole } from '../../src/core/whole.mjs';

loadWhole();

function transcript(link, form) {
  const run = new Run(link);
  run.arrive();
  const writing = run.transcript(form);
  const parts = [];
  for (let part = writing.part(run, 100); part !== undefined; part = writing.part(run, 100))
    parts.push(part);
  return { run, text: parts.join('') };
}

test('ShiViz reads every event with its own expression', () => {
  const { text } = transcript('#/double-charge?t=6s', 'shiviz');
  // As ShiViz does: js/model/parser.js goes on from match to match, and what does not match is passed over.
  const expression = /(?<event>.*)\n(?<host>\S*) (?<clock>{.*})/g;
  const events = [...text.matchAll(expression)].map(({ groups }) => groups);
  assert.equal(2 * events.length + 3, text.trimEnd().split('\n').length);
  const seen = new Map();
  for (const { host, clock, event } of events) {
    const counts = JSON.parse(clock);
    seen.set(host, (seen.get(host) ?? 0) + 1);
    assert.equal(counts[host], seen.get(host), event);
    for (const [other, count] of Object.entries(counts)) assert.ok(count <= (seen.get(other) ?? 0), event);
  }
  assert.deepEqual([...seen.keys()].sort(), ['alice', 'bank', 'bob']);
});

test('a reader of EDN reads the history, entry by entry', () => {
  const { text } = transcript('#/raft?t=8s', 'history');
  const entries = text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => parseEDNString(line, { mapAs: 'object', keywordAs: 'string' }));
  assert.ok(entries.length > 20);
  entries.forEach((entry, place) => {
    assert.equal(entry.index, place);
    assert.ok(['invoke', 'ok', 'fail', 'info'].includes(entry.type));
    assert.ok(['read', 'write', 'cas'].includes(entry.f));
    assert.equal(typeof entry.process, 'number');
  });
});

test('every line of a trace is JSON, and its link makes the run', () => {
  const { run, text } = transcript('#/double-charge?t=6s', 'trace');
  const [head, ...events] = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.equal(head.slowfire, 'trace');
  const again = new Run(head.link);
  again.arrive();
  assert.equal(again.digest(), run.digest());
  assert.equal(again.state(0).events, events.length);
  events.forEach((event, place) => assert.equal(event.id, place));
});
