// What a script finds when it begins: the language without a host, without chance or time, and without anything that two
// events could share. Rust calls the function below once per realm, with what the platform would do differently.
(function (host, math, spend) {
  'use strict';
  const { apply, ownKeys, getOwnPropertyDescriptor, getPrototypeOf } = Reflect;
  const { defineProperty, freeze, isFrozen } = Object;
  const isArray = Array.isArray;
  const MOST = host.longest;
  const IsPromise = Promise;

  // Whatever a text could become code by, tells time or chance, or waits.
  const absent = ['eval', 'Function', 'Promise', 'BigInt', 'Date', 'Proxy', 'WeakRef', 'FinalizationRegistry', 'Atomics',
    'SharedArrayBuffer', 'ArrayBuffer', 'DataView', 'queueMicrotask', 'performance', 'escape', 'unescape', 'print'];
  for (const name of absent) delete globalThis[name];
  const functions = [function () {}, function* () {}, async function () {}, async function* () {}];
  for (const one of functions) delete getPrototypeOf(one).constructor;

  const replace = (of, name, value) =>
    defineProperty(of, name, { value, writable: true, configurable: true, enumerable: false });

  // The platform's own transcendental functions differ in their last digits.
  delete Math.random;
  for (const name of ownKeys(math)) replace(Math, name, math[name]);

  // Built-in functions go through an array without asking whether the event may go on. So they work on arrays alone, of a
  // length that is bounded, and what they go through counts.
  const check = (array) => {
    if (!isArray(array)) throw new TypeError('this works on an array');
    if (array.length > MOST) throw new RangeError(`an array has ${array.length} elements; ${MOST} are the most here`);
    spend(array.length);
  };
  const ofArrays = ['concat', 'copyWithin', 'fill', 'includes', 'indexOf', 'join', 'lastIndexOf', 'reverse', 'shift',
    'unshift', 'slice', 'splice', 'sort', 'toString', 'toLocaleString', 'toReversed', 'toSorted', 'toSpliced', 'with',
    'forEach', 'map', 'filter', 'some', 'every', 'find', 'findIndex', 'findLast', 'findLastIndex', 'reduce', 'reduceRight'];
  for (const name of ofArrays) {
    const original = Array.prototype[name];
    if (original === undefined) continue;
    replace(Array.prototype, name, { [name]() {
      check(this);
      for (let i = 0; i < arguments.length; i++) if (isArray(arguments[i])) check(arguments[i]);
      return apply(original, this, arguments);
    } }[name]);
  }
  const flatten = (array, depth, into) => {
    check(array);
    for (const item of array) {
      if (depth > 0 && isArray(item)) flatten(item, depth - 1, into);
      else into.push(item);
    }
    return into;
  };
  const { map, filter } = Array.prototype;
  replace(Array.prototype, 'flat', function flat(depth = 1) { return flatten(this, +depth, []); });
  replace(Array.prototype, 'flatMap', function flatMap(f, self) { return flatten(apply(map, this, [f, self]), 1, []); });

  // A search in a text may compare each place with the whole of what is looked for.
  for (const name of ['includes', 'indexOf', 'lastIndexOf', 'split', 'replace', 'replaceAll', 'startsWith', 'endsWith']) {
    const original = String.prototype[name];
    replace(String.prototype, name, { [name](what) {
      const length = typeof this === 'string' ? this.length : 0;
      const sought = typeof what === 'string' ? what.length : 1;
      if (length > 4096) spend(length * (1 + sought / 64));
      return apply(original, this, arguments);
    } }[name]);
  }

  // Their own constructors go through an array as the functions above do.
  for (const name of ['Map', 'Set']) {
    const Original = globalThis[name];
    const add = Original.prototype[name === 'Map' ? 'set' : 'add'];
    const Made = { [name]: function (items) {
      if (new.target === undefined) throw new TypeError(`write new ${name}()`);
      const made = Reflect.construct(Original, [], new.target);
      if (items === undefined || items === null) return made;
      for (const item of items) apply(add, made, name === 'Map' ? [item[0], item[1]] : [item]);
      return made;
    } }[name];
    for (const key of ownKeys(Original)) {
      if (key !== 'prototype' && key !== 'length' && key !== 'name') {
        defineProperty(Made, key, getOwnPropertyDescriptor(Original, key));
      }
    }
    defineProperty(Made, 'prototype', { value: Original.prototype, writable: false });
    replace(Original.prototype, 'constructor', Made);
    replace(globalThis, name, Made);
  }

  // In a frozen realm nothing that inherits from these could have a property of such a name: an assignment makes one.
  const owned = (of) => {
    for (const name of ownKeys(of)) {
      const { value, configurable, writable } = getOwnPropertyDescriptor(of, name);
      if (!configurable || !writable || typeof name !== 'string') continue;
      defineProperty(of, name, {
        get() { return value; },
        set(it) {
          if (this === of) throw new TypeError(`${name} is not yours to change`);
          defineProperty(this, name, { value: it, writable: true, configurable: true, enumerable: true });
        },
        configurable: true, enumerable: false,
      });
    }
  };
  owned(Object.prototype);
  for (const kind of [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError]) {
    owned(kind.prototype);
  }

  const seen = new Set();
  const seal = (it) => {
    if ((typeof it !== 'object' && typeof it !== 'function') || it === null || seen.has(it)) return;
    seen.add(it);
    freeze(it);
    seal(getPrototypeOf(it));
    for (const key of ownKeys(it)) {
      const { value, get, set } = getOwnPropertyDescriptor(it, key);
      seal(value);
      seal(get);
      seal(set);
    }
  };
  replace(globalThis, 'console', { log: host.log });
  const prototype = host.context;
  const { node, rolesOwn, chosen } = prototype;
  for (const name of ['node', 'rolesOwn', 'chosen']) delete prototype[name];
  defineProperty(prototype, 'me', { get: node });
  defineProperty(prototype, 'role', { get: rolesOwn });
  defineProperty(prototype, 'parameters', { get: chosen });
  defineProperty(prototype, 'others', { value: function others(role) {
    const me = this.me;
    return apply(filter, this.nodes(role), [(other) => other !== me]);
  } });
  seal(prototype);
  for (const one of functions) seal(getPrototypeOf(one));
  seal(getPrototypeOf([][Symbol.iterator]()));
  seal(getPrototypeOf(''[Symbol.iterator]()));
  seal(getPrototypeOf(new Map()[Symbol.iterator]()));
  seal(getPrototypeOf(new Set()[Symbol.iterator]()));
  seal(getPrototypeOf(''.matchAll(/x/g)));
  seal(IsPromise);
  seal(globalThis);

  const isPromise = (it) => it instanceof IsPromise;
  const part = (make, role) => {
    const script = make();
    return script.roles === undefined ? script : script.roles[role];
  };
  const handlers = ['start', 'message', 'timer', 'synced', 'operation'];
  const handled = (of, where) => {
    if (typeof of !== 'object' || of === null) throw new TypeError(`${where} must be an object with functions`);
    return handlers.filter((name) => {
      if (of[name] !== undefined && typeof of[name] !== 'function') throw new TypeError(`${where}.${name} must be a function`);
      return of[name] !== undefined;
    });
  };

  return {
    // What a role does in an event. What its state is after it.
    call(make, role, name, state, one, other) {
      const of = part(make, role);
      const ctx = { __proto__: prototype, state };
      if (isPromise(of[name](ctx, one, other))) throw new TypeError(`${name} is async; a node cannot wait within an event`);
      return ctx.state;
    },
    // What a script declares, with the names of its functions in their place.
    declare(make) {
      const script = make();
      const { roles, messages, timers, parameters, defences, operations, scenario } = script;
      const declared = { messages, timers, parameters, defences, operations, scenario, roles: {} };
      if (roles === undefined) {
        declared.roles.node = { handlers: handled(script, 'the script') };
        return declared;
      }
      if (typeof roles !== 'object' || roles === null) throw new TypeError('roles must be an object');
      for (const id of Object.keys(roles)) {
        const { nodes, speaksTo } = roles[id] ?? {};
        declared.roles[id] = { handlers: handled(roles[id], `roles.${id}`), nodes, speaksTo };
      }
      return declared;
    },
  };
})
