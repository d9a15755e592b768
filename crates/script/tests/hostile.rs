//! Scripts come from strangers. Whatever one does, what is left is a sentence: of the document, or of the run that stopped.

use std::time::Instant;

use scenario::document::Scenario;
use scenario::run::play::{Outcome, Play};

/// Seconds that this thread has used; where the system does not say, that have passed.
struct Used(f64, Instant);

impl Used {
    fn now() -> Used {
        Used(Used::of_thread().unwrap_or(0.0), Instant::now())
    }

    fn of_thread() -> Option<f64> {
        let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
        let nanos: f64 = text.split_whitespace().next()?.parse().ok()?;
        Some(nanos / 1e9)
    }

    fn seconds(&self) -> f64 {
        match Used::of_thread() {
            Some(now) => now - self.0,
            None => self.1.elapsed().as_secs_f64(),
        }
    }
}

/// A run of a script with one role, which does this when it starts.
fn run(body: &str) -> Result<Outcome, String> {
    run_of(&format!("export function start(ctx) {{ {body} }}"))
}

fn run_of(source: &str) -> Result<Outcome, String> {
    let document = script::document_of(source).map_err(|flaw| flaw.to_string())?;
    let mut scenario =
        Scenario::from_json(&document).map_err(|problems| format!("{problems:?}"))?;
    scenario.nodes.truncate(1);
    Ok(Play::new(&scenario, &[]).to_end(None, |_, _| {}))
}

/// The sentence that is left of a script, which comes soon.
fn sentence(source: &str) -> String {
    let used = Used::now();
    let said = match run_of(source) {
        Err(said) => said,
        Ok(outcome) => outcome
            .stopped()
            .unwrap_or_else(|| panic!("nothing stopped {source}")),
    };
    let seconds = used.seconds();
    println!("{seconds:.3} s  {said}");
    assert!(seconds < 2.0, "{seconds} s: {source}");
    said
}

/// Each script leaves a sentence that begins so and has this part.
fn check<'s>(scripts: impl Iterator<Item = (String, String, &'s str)>) {
    let wrong: Vec<String> = scripts
        .filter_map(|(source, begins, part)| {
            let said = sentence(&source);
            let is_right = said.starts_with(&begins) && said.contains(part);
            (!is_right).then(|| format!("{source}\n    {part}: {said}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What a node does when it starts, and a part of the sentence that is left.
const DEEDS: &[(&str, &str)] = &[
    ("for (;;);", "steps"),
    ("while (true) { ctx.state.n = 1; }", "steps"),
    ("let i = 0; do { i++ } while (i >= 0);", "steps"),
    ("try { for (;;); } finally { for (;;); }", "steps"),
    ("try { for (;;); } catch { for (;;); }", "steps"),
    ("label: for (;;) { continue label; }", "steps"),
    (
        "for (const x of (function* () { for (;;) yield 1 })());",
        "steps",
    ),
    ("const f = () => f(); f();", "stack"),
    (
        "function f(n) { return n === 0 ? 0 : 1 + f(n - 1) } f(1e9);",
        "stack",
    ),
    ("const a = []; a[0] = a; JSON.stringify(a);", "circular"),
    (
        "let a = []; for (let i = 0; i < 1e5; i++) a = [a]; JSON.stringify(a);",
        "script",
    ),
    ("'x'.repeat(Math.pow(2, 29));", "too large"),
    ("let s = 'x'; for (;;) s += s;", "script"),
    ("const a = []; for (;;) a.push('x'.repeat(1000));", "memory"),
    ("const a = []; for (;;) a.push({ a });", "too large"),
    ("for (;;) 'x'.repeat(100000);", "memory"),
    ("try { for (;;) 'x'.repeat(100000) } catch { }", "memory"),
    ("new Array(4e9).indexOf(1);", "elements"),
    ("const a = []; a.length = 4e9; a.join();", "elements"),
    ("const a = []; a.length = 4e9; [a].flat();", "elements"),
    ("const a = []; a.length = 4e9; new Set(a);", "steps"),
    ("const a = []; a.length = 4e9; for (const x of a);", "steps"),
    ("const a = []; a.length = 4e9; a.sort();", "elements"),
    (
        "Array.prototype.includes.call({ length: 9e15 }, 1);",
        "works on an array",
    ),
    (
        "Array.prototype.reverse.call({ length: 9e15 });",
        "works on an array",
    ),
    (
        "const a = new Array(60000).fill(0); for (;;) a.includes(1);",
        "went through",
    ),
    (
        "const s = 'a'.repeat(500000); for (;;) s.indexOf('b');",
        "script",
    ),
    ("/(a+)+$/.test('a'.repeat(40) + 'b');", "steps"),
    ("/(x+x+)+y/.exec('x'.repeat(60));", "steps"),
    ("throw new Error('no');", "Error: no"),
    ("throw 3;", "threw 3"),
    ("throw undefined;", "threw undefined"),
    ("throw { get message() { for (;;); } };", "steps"),
    (
        "const e = new Error('x'); Object.defineProperty(e, 'stack', { get() { for (;;); } }); throw e;",
        "steps",
    ),
    ("null.x;", "TypeError"),
    ("undefinedName;", "ReferenceError"),
    ("ctx.nothing();", "TypeError"),
    ("eval('1');", "eval"),
    ("new Function('return 1')();", "Function"),
    ("(() => {}).constructor('return 1')();", "TypeError"),
    ("new Date();", "Date"),
    ("Math.random();", "TypeError"),
    ("new Promise(() => {});", "Promise"),
    ("(async () => { await new Object() })();", "promise"),
    (
        "const f = async () => { for (;;) await 1 }; f();",
        "promise",
    ),
    ("new Proxy({}, {});", "Proxy"),
    ("new WeakRef({});", "WeakRef"),
    ("new Uint8Array(1e9);", "Uint8Array"),
    ("setTimeout(() => {}, 1);", "setTimeout"),
    ("fetch('x');", "fetch"),
    ("globalThis.kept = 1;", "TypeError"),
    ("Array.prototype.kept = 1;", "TypeError"),
    ("Object.prototype.toString = 1;", "TypeError"),
    ("ctx.state = new Map();", "ctx.state is a Map"),
    ("ctx.state.f = () => 1;", "ctx.state.f is a function"),
    ("ctx.state.s = Symbol();", "ctx.state.s is a symbol"),
    (
        "class A {} ctx.state.list = [new A()];",
        "ctx.state.list[0] is a A",
    ),
    ("ctx.state.me = ctx.state;", "nested more than"),
    ("ctx.state.text = '\\ud800';", "half a character"),
    ("ctx.state.big = 'x'.repeat(100000);", "65536 bytes"),
    ("ctx.state = new Array(100000);", "elements"),
    (
        "Object.defineProperty(ctx.state, 'x', { enumerable: true, get() { throw new Error('got') } });",
        "Error: got",
    ),
    ("ctx.send(0, {});", "\"type\""),
    ("ctx.send(0);", "too few arguments"),
    ("ctx.send('bank', { type: 'x' });", "must be a number"),
    (
        "ctx.send(0, { type: 'x', data: 'x'.repeat(20000) });",
        "16384 bytes",
    ),
    (
        "for (;;) ctx.send(0, { type: 'x' });",
        "things in one event",
    ),
    ("for (;;) ctx.setTimer('x', 1);", "timers at a time"),
    ("ctx.setTimer('x', -1);", "not negative"),
    ("ctx.setTimer('x', NaN);", "must be a number"),
    ("ctx.record('nothing', {});", "there is no fact"),
    ("ctx.record('leads', {});", "needs \"term\""),
    ("ctx.invoke('fly');", "cannot ask for \"fly\""),
    ("ctx.has('nothing');", "there is no defence"),
    ("ctx.nodes('nothing');", "there is no role"),
    ("ctx.write(-1, 1);", "a place of the disk"),
    ("ctx.write(1, () => 1);", "a record is a function"),
    ("const { send } = ctx; ctx.send = 1;", "TypeError"),
];

#[test]
fn whatever_a_node_does_there_is_a_sentence() {
    let deeds = DEEDS.iter().map(|(body, part)| {
        let source = format!("export function start(ctx) {{ {body} }}");
        (source, "The run stopped at 0s: ".to_owned(), *part)
    });
    check(deeds);
}

/// Whole scripts that are refused before anything runs.
const SCRIPTS: &[(&str, &str)] = &[
    ("export function start(ctx) {", "SyntaxError"),
    ("for (;;);", "steps"),
    ("throw new Error('at the top');", "at the top"),
    ("export const roles = 3;", "roles must be an object"),
    ("export const roles = {};", "has no role"),
    (
        "export const roles = { 'a b': {} };",
        "letters, digits and dashes",
    ),
    (
        "export const roles = { a: { start: 3 } };",
        "must be a function",
    ),
    (
        "export const roles = { a: { nodes: [3, 1] } };",
        "the fewest and the most",
    ),
    (
        "export const roles = { a: { speaksTo: ['b'] } };",
        "speaks to it",
    ),
    (
        "export const messages = { x: { label: 3 } };",
        ".label must be a text",
    ),
    (
        "export const messages = { x: '{a}{b}{c}{d}' };",
        "three fields",
    ),
    (
        "export const messages = { x: { size: 1 } };",
        "is not a field",
    ),
    (
        "export const parameters = { x: {} };",
        ".default is missing",
    ),
    (
        "export const parameters = { x: { default: 5, max: 1 } };",
        "must be from",
    ),
    (
        "export const parameters = { x: { default: 5, unit: 'm' } };",
        "must be one of",
    ),
    ("export const parameters = { loss: 1 };", "every run has"),
    (
        "export const operations = { go: 'Go' };",
        "no role has a function",
    ),
    ("export const roles = { get a() { for (;;); } };", "steps"),
    ("await 1;", "SyntaxError"),
    ("export const x = 1n;", "BigInts"),
];

#[test]
fn whatever_a_script_declares_there_is_a_sentence() {
    check(
        SCRIPTS
            .iter()
            .map(|(source, part)| ((*source).to_owned(), String::new(), *part)),
    );
}

#[test]
fn a_sentence_says_where() {
    let source =
        "export function start(ctx) {\n  ctx.state.list = [];\n  ctx.state.list.at(0).x;\n}";
    let said = sentence(source);
    assert!(said.contains("line 3, column"), "{said}");
    assert!(said.contains("in \"start\" of the role \"node\""), "{said}");
    let said = sentence("export const a = 1;\nconst b = ;");
    assert!(said.contains("line 2, column"), "{said}");
    let loops = "export function start() {\n  let i = 0;\n  for (;;) i += 1;\n}";
    let said = sentence(loops);
    // A loop that calls nothing is told by its function.
    assert!(said.contains("line 1, column 8"), "{said}");
}

#[test]
fn what_a_module_keeps_lives_as_long_as_an_event() {
    let source = "let count = 0;\nconst kept = new Map();\n\
        export function start(ctx) { ctx.setTimer('x', 1); }\n\
        export function timer(ctx) {\n  count += 1; kept.set(count, 1);\n\
          if (count > 1 || kept.size > 1) throw new Error('remembered');\n  ctx.setTimer('x', 1000);\n}";
    let outcome = run_of(source).unwrap();
    assert_eq!(outcome.stopped(), None);
}

#[test]
fn plain_data_comes_back_as_it_was() {
    let body = "ctx.state = { list: [1, -0, NaN, Infinity, 0.1, null, undefined, 'é', true, {}] };\n\
        ctx.setTimer('x', 1, { deep: [[[]]] }); } export function timer(ctx, name, data) {\n\
        const [one, zero, nan, inf, tenth, none, unset, text, yes, empty] = ctx.state.list;\n\
        const isSo = one === 1 && Object.is(zero, -0) && Number.isNaN(nan) && inf === Infinity && tenth === 0.1\n\
          && none === null && unset === undefined && text === 'é' && yes === true && Object.keys(empty).length === 0\n\
          && name === 'x' && data.deep[0][0].length === 0;\n\
        if (!isSo) throw new Error(JSON.stringify(ctx.state));";
    assert_eq!(run(body).unwrap().stopped(), None);
}

/// The bound of steps does not depend on what the engine has done before.
#[test]
fn an_event_is_stopped_at_the_same_step_whatever_came_before() {
    let stops = |steps: u32, before: u32| {
        let source = format!(
            "export function start(ctx) {{ for (let i = 0; i < {before}; i++); ctx.setTimer('x', 1); }}\n\
             export function timer(ctx) {{ for (let i = 0; i < {steps}; i++); }}"
        );
        run_of(&source).unwrap().stopped().is_some()
    };
    for before in [0, 1, 4_999, 9_990] {
        assert!(!stops(50_000, before));
        assert!(stops(250_000, before));
    }
    let least = |before| {
        let (mut low, mut high) = (50_000, 250_000);
        while high - low > 1 {
            let middle = u32::midpoint(low, high);
            match stops(middle, before) {
                true => high = middle,
                false => low = middle,
            }
        }
        high
    };
    assert_eq!(least(0), least(7_777));
}
