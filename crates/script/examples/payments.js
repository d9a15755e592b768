// Clients pay through a bank, one payment after the other, each waiting for its receipt. As the protocol "payments".

export const parameters = {
  payments: { label: 'Payments', about: 'How many payments each client makes.', unit: 'operations', default: 24, max: 1000 },
  amount: { label: 'Amount', about: 'How much a payment moves.', default: 30 },
  pause: { label: 'Pause', about: 'How long a client rests between two payments.', unit: 'ms', default: 500 },
  timeout: { label: 'Timeout', about: 'How long a client waits for a receipt.', unit: 'ms', default: 700 },
};

export const defences = {
  retry: { label: 'Retry after a timeout', protects: 'A payment whose request was lost is requested again.' },
  'idempotency-key': { label: 'Idempotency key', protects: 'A payment that is requested twice is charged once.' },
  'key-survives-restart': { label: 'Keys on disk', protects: 'A bank that has crashed still knows the keys of what it charged before.' },
};

export const messages = {
  pay: { label: 'pay #{payment}', says: 'charge me {amount} for payment #{payment} (attempt {attempt})' },
  receipt: { label: 'receipt #{payment}', says: 'payment #{payment} is charged (charge {charge})', sort: 'reply' },
};

export const timers = {
  next: 'time for the next payment',
  'no-receipt': { says: 'no receipt in time', timeout: true },
};

export const operations = { pay: 'Begin the next payment at once' };

// Begins the next payment, if none is under way and not all are made.
function begin(ctx) {
  const { amount, payments } = ctx.parameters;
  if (ctx.state.open || ctx.state.begun === payments) return;
  ctx.state.begun += 1;
  const payment = ctx.invoke('pay', ctx.me, amount);
  ask(ctx, { payment, attempt: 1 });
}

function ask(ctx, { payment, attempt }) {
  const { amount, timeout } = ctx.parameters;
  const [bank] = ctx.nodes('bank');
  ctx.send(bank, { type: 'pay', payment, amount, attempt });
  ctx.state.open = { payment, attempt, timer: ctx.setTimer('no-receipt', timeout) };
}

function rest(ctx) {
  ctx.state.open = null;
  ctx.setTimer('next', ctx.parameters.pause);
}

export const roles = {
  client: {
    nodes: [1, 12],
    speaksTo: ['bank'],
    start(ctx) {
      ctx.state = { begun: 0, paid: 0, open: null };
      // Clients do not begin in step: of two, the first waits a third of the pause, and the second two thirds.
      const clients = ctx.nodes('client');
      const share = Math.floor(1000 * (clients.indexOf(ctx.me) + 1) / (clients.length + 1));
      ctx.setTimer('next', ctx.parameters.pause * share / 1000);
    },
    message(ctx, from, { payment }) {
      const { open } = ctx.state;
      // A receipt for a payment that is settled or given up tells the client nothing it can act on.
      if (open?.payment !== payment) return;
      ctx.cancelTimer(open.timer);
      ctx.ok(payment, ctx.parameters.amount);
      ctx.state.paid += 1;
      ctx.say(`${ctx.state.paid} paid`);
      rest(ctx);
    },
    timer(ctx, name) {
      if (name === 'next') return begin(ctx);
      const { payment, attempt } = ctx.state.open;
      if (ctx.has('retry')) {
        ctx.retried(payment, attempt + 1);
        ask(ctx, { payment, attempt: attempt + 1 });
      } else {
        ctx.unknown(payment);
        rest(ctx);
      }
    },
    operation: begin,
  },

  bank: {
    nodes: 1,
    speaksTo: ['client'],
    start(ctx) {
      ctx.state = { charges: 0, total: 0, receipts: {}, pending: {} };
      for (const place of ctx.places()) {
        const { payment, charge, amount } = ctx.read(place);
        if (amount === undefined) {
          ctx.state.receipts[payment] = charge;
        } else {
          ctx.state.charges = charge;
          ctx.state.total += amount;
        }
      }
    },
    message(ctx, from, { payment, amount }) {
      const { state } = ctx;
      const known = ctx.has('idempotency-key') ? state.receipts[payment] : undefined;
      if (known !== undefined) {
        if (state.pending[known]) state.pending[known].waiting.push(from);
        else ctx.send(from, { type: 'receipt', payment, charge: known });
        return;
      }
      const charge = ++state.charges;
      ctx.write(charge, { payment, charge, amount });
      state.receipts[payment] = charge;
      if (ctx.has('key-survives-restart')) ctx.write(`key of ${payment}`, { payment, charge });
      state.total += amount;
      state.pending[charge] = { payment, waiting: [from] };
      // The charge is a fact once it is durable, whether or not the bank lives to hear of it.
      ctx.sync(charge, 'effect', { operation: payment, amount, total: state.total });
    },
    // A charge is durable: its receipt may leave.
    synced(ctx, charge) {
      const { payment, waiting } = ctx.state.pending[charge];
      delete ctx.state.pending[charge];
      for (const client of waiting) ctx.send(client, { type: 'receipt', payment, charge });
      ctx.say(`${ctx.state.charges} charges`);
    },
  },
};

export const scenario = {
  seed: 7,
  duration: '60s',
  defences: ['retry'],
  network: { latency: '150ms', jitter: '40ms', loss: 0.12, duplication: 0.03 },
  nodes: [{ name: 'alice', role: 'client' }, { name: 'bob', role: 'client' }, { name: 'bank', role: 'bank' }],
  checks: [
    { kind: 'exactly-once', label: 'Every payment is charged exactly once', noun: 'payment', grace: '3s' },
    { kind: 'money-conserved', label: 'Every charge is in the bank\'s books', noun: 'payment' },
  ],
};
