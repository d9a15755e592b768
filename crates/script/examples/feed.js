// The members of a group tell each other their posts, answer them, and show the posts that reach them. As the protocol "feed".

export const parameters = {
  posts: { label: 'Posts', about: 'How many posts each member starts by itself.', unit: 'operations', default: 12, min: 1, max: 200 },
  pause: { label: 'Pause', about: 'The mean time between two posts that a member starts by itself.', unit: 'ms', default: 4000, min: 10 },
  answers: { label: 'Answers', about: 'How likely a member is to answer a post that it sees.', unit: 'share', default: 0.35 },
  think: { label: 'Thinking time', about: 'How long a member thinks before it answers.', unit: 'ms', default: 400 },
  timeout: { label: 'Timeout', about: 'How long a member waits for a confirmation before it sends a post again.', unit: 'ms', default: 3000, min: 10 },
};

export const defences = {
  'causal-delivery': { label: 'Causal delivery', protects: 'A post is shown after every post that its author had seen.' },
};

export const messages = {
  said: { label: 'post #{item}', says: 'here is my post #{item}' },
  got: { label: 'got it', says: 'I have received your post', sort: 'acknowledgement' },
};

export const timers = {
  next: 'time for the next post',
  answer: 'has thought of an answer',
  unconfirmed: { says: 'some members have not confirmed', timeout: true },
};

export const operations = { post: 'Write a post now' };

const DEEPEST = 2;

function compose(ctx, after, depth) {
  const { state } = ctx;
  const number = ++state.own;
  if (after === -1) state.started += 1;
  else state.answered.push(after);
  const stamp = [...state.counts];
  stamp[ctx.me] = number;
  const item = (number - 1) * stamp.length + ctx.me + 1;
  const post = { item, author: ctx.me, number, after, depth, stamp };
  ctx.write(item, post);
  ctx.sync(post);
}

function publish(ctx, post, readers) {
  if (readers.length === 0) return;
  for (const reader of readers) ctx.send(reader, { type: 'said', ...post });
  ctx.state.unconfirmed[post.number] = readers;
  ctx.setTimer('unconfirmed', ctx.parameters.timeout, post);
}

// Whether a post that its author had seen is missing here.
function isEarly(state, post) {
  return post.stamp.some((count, author) => (author === post.author ? count > state.counts[author] + 1 : count > state.counts[author]));
}

function receive(ctx, post) {
  const { state } = ctx;
  if (state.learnt.includes(post.item)) return;
  state.learnt.push(post.item);
  state.held.push(post);
  for (;;) {
    const place = state.held.findIndex((held) => !ctx.has('causal-delivery') || !isEarly(state, held));
    if (place === -1) return;
    show(ctx, ...state.held.splice(place, 1));
  }
}

function show(ctx, { item, author, number, after, depth }) {
  const { state } = ctx;
  state.counts[author] = Math.max(state.counts[author], number);
  state.shown.push(item);
  ctx.record('shown', { item, after });
  ctx.say(`posts ${state.shown.slice(-4).map((shown) => `#${shown}`).join(' ')}`);
  const answers = depth < DEEPEST && ctx.happens(ctx.parameters.answers, item);
  if (answers && !state.answered.includes(item)) {
    ctx.setTimer('answer', ctx.parameters.think, { item, depth: depth + 1 });
  }
}

const rest = (ctx) => ctx.setTimer('next', ctx.exponential(ctx.parameters.pause));

export const roles = {
  member: {
    nodes: [2, 8],
    start(ctx) {
      const counts = ctx.nodes().map(() => 0);
      ctx.state = { own: 0, started: 0, answered: [], learnt: [], held: [], shown: [], saving: [], unconfirmed: {}, counts };
      rest(ctx);
    },
    timer(ctx, name, data) {
      const { state } = ctx;
      if (name === 'answer') return compose(ctx, data.item, data.depth);
      if (name === 'unconfirmed') return publish(ctx, data, state.unconfirmed[data.number]);
      if (state.started >= ctx.parameters.posts) return;
      compose(ctx, -1, 0);
      rest(ctx);
    },
    message(ctx, from, { type, ...post }) {
      const { state } = ctx;
      if (type === 'got') {
        state.unconfirmed[post.number] = state.unconfirmed[post.number].filter((reader) => reader !== from);
      } else if (state.learnt.includes(post.item)) {
        ctx.send(from, { type: 'got', number: post.number });
      } else if (!state.saving.includes(post.item)) {
        state.saving.push(post.item);
        ctx.write(post.item, post);
        ctx.sync(post);
      }
    },
    // A post is durable: it is shown when its turn comes, and sent by its author, or confirmed by others.
    synced(ctx, post) {
      ctx.state.saving = ctx.state.saving.filter((item) => item !== post.item);
      if (post.author !== ctx.me) ctx.send(post.author, { type: 'got', number: post.number });
      receive(ctx, post);
      if (post.author === ctx.me) publish(ctx, post, ctx.others());
    },
    operation(ctx) {
      compose(ctx, -1, 0);
    },
  },
};

export const scenario = {
  seed: 3175,
  duration: '60s',
  network: { latency: '180ms', jitter: '60ms', loss: 0.01, spike: 0.12, 'spike-extra': '1.5s' },
  nodes: [{ name: 'alice', role: 'member' }, { name: 'bob', role: 'member' }, { name: 'carol', role: 'member' }],
  checks: [{ kind: 'causal-order', label: 'No answer is shown before its question', noun: 'post' }],
};
