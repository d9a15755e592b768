// Servers elect a leader by majority, one in each term, as in Raft without its log (Ongaro and Ousterhout, 2014, section 5.2).

export const parameters = {
  heartbeat: { label: 'Heartbeat every', about: 'How often a leader says that it leads.', unit: 'ms', default: 100, min: 10 },
  patience: { label: 'Patience', about: 'How long a server waits for a leader, at least; at most twice as long.', unit: 'ms', default: 400, min: 10 },
};

export const defences = {
  'one-vote': { label: 'One vote in a term', protects: 'A server that has given its vote gives no other one in the same term.' },
  'votes-on-disk': { label: 'Votes on disk', protects: 'A server that has crashed still knows its term and its vote.' },
};

export const messages = {
  elect: { label: 'vote? (term {term})', says: 'elect me in term {term}' },
  vote: { label: 'yes (term {term})', says: 'you have my vote in term {term}', sort: 'acknowledgement' },
  lead: { label: 'I lead', says: 'I lead in term {term}', sort: 'heartbeat' },
};

export const timers = {
  silence: { says: 'no leader in time', timeout: true },
  beat: 'time for a heartbeat',
};

function wait(ctx, name, time) {
  ctx.cancelTimer(ctx.state.timer);
  ctx.state.timer = ctx.setTimer(name, time);
}

// Follows whoever leads, and stands for election if nobody does.
function follow(ctx) {
  const { patience } = ctx.parameters;
  ctx.say(`follows, term ${ctx.state.term}`);
  wait(ctx, 'silence', patience + ctx.uniform(0, patience));
}

// A later term than its own ends its own.
function hear(ctx, term) {
  const { state } = ctx;
  if (term <= state.term) return;
  if (state.leads) ctx.record('steps-down', { term: state.term });
  Object.assign(state, { term, vote: null, votes: [], leads: false });
  follow(ctx);
}

function tell(ctx, message) {
  for (const other of ctx.others()) ctx.send(other, { ...message, term: ctx.state.term });
}

// Gives a vote, which counts once it is where it survives what it must survive.
function give(ctx, candidate) {
  const { term } = ctx.state;
  ctx.state.vote = candidate;
  ctx.record('voted', { term, candidate });
  if (!ctx.has('votes-on-disk')) return cast(ctx, candidate);
  ctx.write('ballot', { term, vote: candidate });
  ctx.sync({ term, candidate });
}

function cast(ctx, candidate) {
  if (candidate === ctx.me) count(ctx, ctx.me);
  else ctx.send(candidate, { type: 'vote', term: ctx.state.term });
}

function count(ctx, from) {
  const { state } = ctx;
  if (state.leads || state.votes.includes(from)) return;
  state.votes.push(from);
  if (state.votes.length * 2 <= ctx.nodes().length) return;
  state.leads = true;
  ctx.record('leads', { term: state.term });
  ctx.say(`leads, term ${state.term}`, 'I lead.');
  tell(ctx, { type: 'lead' });
  wait(ctx, 'beat', ctx.parameters.heartbeat);
}

export const roles = {
  server: {
    nodes: [1, 9],
    start(ctx) {
      const { term, vote } = ctx.read('ballot') ?? { term: 0, vote: null };
      ctx.state = { term, vote, votes: [], leads: false, timer: null };
      follow(ctx);
    },
    timer(ctx, name) {
      const { state } = ctx;
      if (name === 'beat') {
        tell(ctx, { type: 'lead' });
        return wait(ctx, 'beat', ctx.parameters.heartbeat);
      }
      state.term += 1;
      state.votes = [];
      follow(ctx);
      give(ctx, ctx.me);
      tell(ctx, { type: 'elect' });
    },
    synced(ctx, { term, candidate }) {
      if (term === ctx.state.term) cast(ctx, candidate);
    },
    message(ctx, from, { type, term }) {
      const { state } = ctx;
      hear(ctx, term);
      if (term < state.term) return;
      if (type === 'vote') return count(ctx, from);
      if (type === 'lead') return follow(ctx);
      const isFree = state.vote === null || state.vote === from || !ctx.has('one-vote');
      if (!isFree || state.leads) return;
      follow(ctx);
      give(ctx, from);
    },
  },
};

export const scenario = {
  seed: 1,
  duration: '30s',
  defences: ['one-vote', 'votes-on-disk'],
  network: { latency: '60ms', jitter: '40ms', loss: 0.1 },
  nodes: [{ name: 'n', role: 'server', count: 5 }],
  mishaps: [{ kind: 'crash', node: '*', every: '4s', lasts: '300ms' }],
  checks: [{ kind: 'one-leader-per-term', label: 'One leader at most in each term', noun: 'term' }],
};
