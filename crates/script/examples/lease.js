// Clients take turns at a lock that a service lends for a time. Each turn lasts until the lease ends. As the protocol "lease".

export const parameters = {
  lease: { label: 'Lease', about: 'How long a lease lasts.', unit: 'ms', default: 6000, min: 10 },
  poll: { label: 'Poll', about: 'How long a client waits before it asks again for a lock that another client holds.', unit: 'ms', default: 150, min: 1 },
  rest: { label: 'Rest', about: 'How long a client rests after its turn.', unit: 'ms', default: 1000 },
  'max-drift': { label: 'Assumed drift', about: 'The most by which the margin assumes a clock to run too fast or too slow.', unit: 'share', default: 0.05, max: 0.5 },
};

export const defences = {
  'drift-margin': { label: 'Margin for drift', protects: 'A holder lets go before the service lends the lock again, as long as no clock drifts more than assumed.' },
};

export const messages = {
  acquire: { label: 'lock?', says: 'may I have the lock?' },
  granted: { label: 'yours, token {token}', says: 'the lock is yours for {length} ms (token {token})', sort: 'reply' },
  busy: { label: 'busy', says: 'another client has the lock', sort: 'refusal' },
};

export const timers = {
  ask: 'time to ask for the lock',
  'term-ends': { says: 'my lease ends', timeout: true },
};

// Waits, in the place of whatever it waited for before.
function wait(ctx, name, time) {
  ctx.cancelTimer(ctx.state.timer);
  ctx.state.timer = ctx.setTimer(name, time);
}

export const roles = {
  client: {
    nodes: [1, 12],
    speaksTo: ['lock'],
    start(ctx) {
      // Questions have larger numbers than those of earlier lives.
      ctx.state = { asks: Math.floor(ctx.boot()), asked: null, token: null, timer: null };
      const clients = ctx.nodes('client');
      const share = Math.floor(1000 * (clients.indexOf(ctx.me) + 1) / (clients.length + 1));
      wait(ctx, 'ask', ctx.parameters.rest * share / 1000);
    },
    timer(ctx, name) {
      const { poll, rest } = ctx.parameters;
      if (name === 'term-ends') {
        ctx.record('released', { lock: 0, token: ctx.state.token });
        ctx.state.token = null;
        ctx.state.asked = null;
        ctx.say('resting');
        return wait(ctx, 'ask', rest);
      }
      const ask = ++ctx.state.asks;
      ctx.state.asked = { ask, at: ctx.monotonic() };
      const [lock] = ctx.nodes('lock');
      ctx.send(lock, { type: 'acquire', ask });
      // The client asks again if it gets no answer.
      wait(ctx, 'ask', poll * 3);
    },
    message(ctx, from, { type, ask, token, length }) {
      const { asked } = ctx.state;
      if (asked?.ask !== ask) return;
      ctx.state.asked = null;
      const drift = ctx.has('drift-margin') ? ctx.parameters['max-drift'] : 0;
      // The lease counts from when it was asked for, by a clock that may be slow while the service's is fast.
      const left = type === 'granted' ? asked.at + length * (1 - drift) / (1 + drift) - ctx.monotonic() : 0;
      if (left <= 0) return wait(ctx, 'ask', ctx.parameters.poll);
      ctx.state.token = token;
      ctx.record('acquired', { lock: 0, token });
      ctx.say(`holds, token ${token}`, 'Nobody else has the lock.');
      wait(ctx, 'term-ends', left);
    },
  },

  lock: {
    nodes: 1,
    speaksTo: ['client'],
    start(ctx) {
      ctx.state = { latest: ctx.read('token') ?? 0, lent: null, asked: {}, quietUntil: 0 };
      // A crash makes the service forget who holds the lock: it lends nothing for the length of a lease.
      if (ctx.boot() > 0) ctx.state.quietUntil = ctx.monotonic() + ctx.parameters.lease;
    },
    message(ctx, from, { ask }) {
      const { state } = ctx;
      // An older question is late or a duplicate, and its client waits no longer.
      if ((state.asked[from] ?? 0) >= ask) return;
      state.asked[from] = ask;
      const now = ctx.monotonic();
      const { lent } = state;
      const isLent = lent && (lent.ends === null || lent.ends > now);
      if (now < state.quietUntil || (isLent && lent.holder !== from)) return ctx.send(from, { type: 'busy', ask });
      // No client has been told of this token, so the newer question gets it.
      if (lent && lent.holder === from && lent.ends === null) return;
      const token = ++state.latest;
      state.lent = { holder: from, token, ends: null };
      ctx.write('token', token);
      ctx.sync(token);
    },
    // A token is durable before a client hears of it, so tokens grow even across a crash.
    synced(ctx, token) {
      const { lent, asked } = ctx.state;
      if (lent?.token !== token) return;
      const { lease } = ctx.parameters;
      lent.ends = ctx.monotonic() + lease;
      ctx.send(lent.holder, { type: 'granted', ask: asked[lent.holder], token, length: lease });
    },
  },
};

export const scenario = {
  seed: 7,
  duration: '90s',
  network: { latency: '50ms', jitter: '20ms' },
  nodes: [
    { name: 'ann', role: 'client', monotonic: '-40000ppm' },
    { name: 'ben', role: 'client', monotonic: '10000ppm' },
    { name: 'lock', role: 'lock', monotonic: '30000ppm' },
  ],
  checks: [{ kind: 'one-holder', label: 'The lock has one holder at a time', noun: 'turn' }],
};
