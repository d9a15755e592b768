// No part of the simulator outgrows its budget by more than 2 %: `scripts/size` tells what grew.
import assert from 'node:assert/strict';
import test from 'node:test';

import { excesses, measureParts, readBudget } from '../../bench/size.mjs';

test('each part is as light as budget.json says', () => {
  assert.deepEqual(excesses(measureParts(), readBudget()), []);
});

test('a part that grew, one that is new and one that is gone are told', () => {
  const budget = { main: { bytes: 100 }, old: { bytes: 10 } };
  assert.deepEqual(excesses({ main: { bytes: 102 }, old: { bytes: 5 } }, budget), []);
  assert.deepEqual(excesses({ main: { bytes: 103 }, other: { bytes: 7 } }, budget), [
    'main grew from 100 to 103 bytes',
    'other is new: 7 bytes',
    'old is gone',
  ]);
});
