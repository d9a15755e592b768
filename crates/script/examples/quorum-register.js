// Clients write to W of N replicas and read from R of them. As the protocol "quorum-register".

export const parameters = {
  n: { label: 'N', about: 'How many replicas a key has.', default: 3, min: 1, max: 9 },
  r: { label: 'R', about: 'How many replicas a reader waits for.', default: 1, min: 1, max: 9 },
  w: { label: 'W', about: 'How many replicas a writer waits for.', default: 1, min: 1, max: 9 },
  writers: { label: 'Writers', about: 'How many of the clients write, each under a key of its own; all of them read.', default: 1, min: 1, max: 7 },
  pause: { label: 'Pause', about: 'How long a client rests between two operations, on average.', unit: 'ms', default: 250, min: 1 },
  patience: { label: 'Patience', about: 'How long a client waits for a replica before it asks again.', unit: 'ms', default: 400, min: 1 },
  timeout: { label: 'Timeout', about: 'How long a client tries before it gives up.', unit: 'ms', default: 1500, min: 1 },
};

export const defences = {
  'quorum-overlap': { label: 'R + W > N', protects: 'R and W are raised until each read asks a replica that has the latest write.' },
  'read-repair': { label: 'Read repair', protects: 'A reader first brings the write that it found to W replicas, and only then returns it.' },
};

export const messages = {
  read: { label: 'read #{operation}', says: 'what is under key {key}? (read #{operation})' },
  value: { label: 'has #{copy}', says: 'I have write #{copy} (for read #{operation})', sort: 'reply' },
  write: { label: 'write #{copy}', says: 'keep write #{copy} (for #{operation})' },
  written: { label: 'ok #{operation}', says: 'I have kept what #{operation} asked for', sort: 'acknowledgement' },
};

export const timers = {
  next: 'time for the next operation',
  'no-answer': { says: 'some replicas have not answered', timeout: true },
  'give-up': { says: 'time to give up', timeout: true },
};

export const operations = { next: 'Begin the next operation at once' };

function quorums(ctx) {
  const n = Math.min(ctx.parameters.n, ctx.nodes('replica').length);
  let [r, w] = [Math.min(ctx.parameters.r, n), Math.min(ctx.parameters.w, n)];
  while (ctx.has('quorum-overlap') && r + w <= n) {
    if (r <= w) r += 1;
    else w += 1;
  }
  return { n, r, w };
}

// A writer writes every other time, and then reads what it wrote; other clients read any key.
function begin(ctx) {
  const { state } = ctx;
  if (state.open) return;
  const { writers, patience, timeout } = ctx.parameters;
  const clients = ctx.nodes('client');
  const place = clients.indexOf(ctx.me);
  const writes = place < writers && state.begun % 2 === 0;
  const any = () => Math.round(ctx.uniform(0, Math.min(writers, clients.length) / 1e6) * 1e6);
  const key = place < writers ? place : any();
  state.begun += 1;
  // What is written is the number of its operation, which grows.
  const number = state.first + state.begun * clients.length + place;
  const operation = ctx.invoke(writes ? 'write' : 'read', key, writes ? number : 0);
  state.open = { operation, key, writes, newest: writes ? number : 0, updates: writes, answers: [], holders: [] };
  state.open.again = ctx.setTimer('no-answer', patience);
  state.open.giveUp = ctx.setTimer('give-up', timeout);
  ask(ctx);
}

// Asks all replicas of the key that have not answered.
function ask(ctx) {
  const { operation, key, updates, newest, answers } = ctx.state.open;
  const ring = ctx.nodes('replica');
  for (let place = 0; place < quorums(ctx).n; place += 1) {
    const replica = ring[(key + place) % ring.length];
    if (answers.includes(replica)) continue;
    ctx.send(replica, updates ? { type: 'write', operation, key, copy: newest } : { type: 'read', operation, key });
  }
}

function end(ctx, outcome, value) {
  const { open } = ctx.state;
  ctx.state.open = null;
  ctx.cancelTimer(open.again);
  ctx.cancelTimer(open.giveUp);
  ctx[outcome](open.operation, value);
  const { pause } = ctx.parameters;
  ctx.setTimer('next', pause / 2 + ctx.uniform(0, pause));
}

export const roles = {
  replica: {
    nodes: [1, 9],
    start(ctx) {
      ctx.state = { copies: {} };
      for (const key of ctx.places()) ctx.state.copies[key] = ctx.read(key);
    },
    message(ctx, from, { type, operation, key, copy }) {
      const has = ctx.state.copies[key] ?? 0;
      if (type === 'read') return ctx.send(from, { type: 'value', operation, copy: has });
      if (copy <= has) return ctx.send(from, { type: 'written', operation });
      ctx.write(key, copy);
      ctx.sync({ to: from, operation, key, copy });
    },
    // A copy counts once it is durable.
    synced(ctx, { to, operation, key, copy }) {
      const { copies } = ctx.state;
      if (copy > (copies[key] ?? 0)) {
        copies[key] = copy;
        ctx.say(`has ${copy}`);
      }
      ctx.send(to, { type: 'written', operation });
    },
  },

  client: {
    nodes: [1, 7],
    speaksTo: ['replica'],
    start(ctx) {
      const clients = ctx.nodes('client');
      ctx.state = { begun: 0, first: Math.floor(ctx.boot()) * clients.length, open: null };
      const share = Math.floor(1000 * (clients.indexOf(ctx.me) + 1) / clients.length);
      ctx.setTimer('next', ctx.parameters.pause * share / 1000);
    },
    timer(ctx, name) {
      const { open } = ctx.state;
      if (name === 'next') return begin(ctx);
      // A read has no effect; how far a write has come, the client cannot know.
      if (name === 'give-up') return end(ctx, open.writes ? 'unknown' : 'fail', 0);
      open.again = ctx.setTimer('no-answer', ctx.parameters.patience);
      ask(ctx);
    },
    message(ctx, from, { type, operation, copy }) {
      const { open } = ctx.state;
      const phase = open?.updates ? 'written' : 'value';
      if (open?.operation !== operation || type !== phase || open.answers.includes(from)) return;
      const { r, w } = quorums(ctx);
      open.answers.push(from);
      if (type === 'value') {
        if (copy > open.newest) [open.newest, open.holders] = [copy, []];
        if (copy === open.newest) open.holders.push(from);
      }
      if (open.answers.length < (open.updates ? w : r)) return;
      if (!open.updates && open.newest > 0 && ctx.has('read-repair')) {
        open.updates = true;
        open.answers = open.holders;
        if (open.answers.length < w) return ask(ctx);
      }
      end(ctx, 'ok', open.newest);
    },
    operation: begin,
  },
};

export const scenario = {
  seed: 7,
  duration: '25s',
  plan: ['cut:ann..n2+n3+n4+n5@6s', 'heal@9s', 'split:ann+ben+n1+n4@13s', 'heal@19s'],
  network: { latency: '60ms', jitter: '20ms', loss: 0.05 },
  nodes: [
    { name: 'ann', role: 'client' }, { name: 'ben', role: 'client' }, { name: 'cat', role: 'client' },
    { name: 'n1', role: 'replica' }, { name: 'n2', role: 'replica' }, { name: 'n3', role: 'replica' },
    { name: 'n4', role: 'replica' }, { name: 'n5', role: 'replica' },
  ],
  checks: [
    { kind: 'linearizable', label: 'It behaves like one copy', noun: 'operation' },
    { id: 'own-writes', kind: 'read-your-writes', label: 'Ann reads what she wrote', noun: 'operation' },
  ],
};
