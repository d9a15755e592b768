//! Runs with all rules, drawn with everything that they meet.
//!
//! Faults of every kind that the kernel has are drawn, as far as Raft withstands them. Two are not, and both are beyond it:
//!
//! - **A disk that is lost** takes a vote and a copy with it. Raft assumes that what is durable stays (section 3.8 of Ongaro's
//!   dissertation): a server that comes back empty votes again.
//! - **Monotonic clocks that run further wrong than `drift-bound`** end leases too late (section 6.4.1). They run up to as far
//!   wrong as that says, and not further. Wall clocks are wrong in every way: no rule that is on reads them.
//!
//! Damage is drawn with and without a checksum, but Raft's messages have nothing in them that it changes.

use std::fmt::Debug;

use protocols::find;
use scenario::document::Scenario;
use scenario::run::play::Play;
use serde_json::{Map, Value, json};
use sim::random::Key;
use sim::sorted::Set;
use sim::trace::{ClockChange, DiskChange, Event, EventKind, Fact, Lost};

use super::{SAFETY, check, nodes, with_all_rules};

/// Numbers drawn one after the other.
struct Draw {
    key: Key,
    drawn: u64,
}

impl Draw {
    fn below(&mut self, end: u64) -> u64 {
        self.drawn += 1;
        self.key.draw(self.drawn) % end
    }

    fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high - low + 1)
    }

    /// A length of time in milliseconds.
    fn ms(&mut self, low: u64, high: u64) -> String {
        format!("{}ms", self.between(low, high))
    }

    fn once_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }

    /// A share of at most so many percent.
    fn part(&mut self, most: u64) -> f64 {
        self.below(most + 1) as f64 / 100.0
    }

    /// A share of at most so many percent; often none.
    fn share(&mut self, most: u64) -> f64 {
        if self.once_in(2) {
            self.part(most)
        } else {
            0.0
        }
    }

    /// A number from minus to plus `most`.
    fn around(&mut self, most: u64) -> i64 {
        self.below(2 * most + 1) as i64 - most as i64
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len() as u64) as usize]
    }
}

/// What kind of runs is drawn.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// Slow and fast networks, few and many clients, elections that take their time.
    Wide,
    /// A fast network and clients that hardly rest: logs get long.
    Dense,
}

/// Who is in a run, and how far wrong its monotonic clocks run at most, in millionths.
#[derive(Clone, Copy)]
struct Cast {
    servers: u64,
    clients: u64,
    bound: u64,
}

impl Cast {
    fn server(self, draw: &mut Draw) -> String {
        format!("n{}", draw.between(1, self.servers))
    }

    fn node(self, draw: &mut Draw) -> String {
        match draw.below(4) {
            0 => format!("c{}", draw.between(1, self.clients)),
            _ => self.server(draw),
        }
    }

    /// Two nodes, mostly servers.
    fn two(self, draw: &mut Draw) -> (String, String) {
        let first = draw.between(1, self.servers);
        let second = (first + draw.below(self.servers - 1)) % self.servers + 1;
        match draw.below(4) {
            0 => (
                format!("n{first}"),
                format!("c{}", draw.between(1, self.clients)),
            ),
            _ => (format!("n{first}"), format!("n{second}")),
        }
    }

    /// A node, or whoever plays a role.
    fn anybody(self, draw: &mut Draw) -> String {
        match draw.below(3) {
            0 => draw
                .one(&["leader", "random", "majority", "minority"])
                .to_owned(),
            _ => self.node(draw),
        }
    }

    /// Some links, as the end of a setting's or a filter's name.
    fn links(self, draw: &mut Draw) -> String {
        let (a, b) = self.two(draw);
        match draw.below(4) {
            0 => String::new(),
            1 => format!(".{a}-{b}"),
            2 => format!(".{a}..{b}"),
            _ => format!(".{a}..*"),
        }
    }

    /// Clocks run up to as far wrong as leases assume.
    fn rate(self, draw: &mut Draw) -> String {
        format!("{}ppm", draw.around(self.bound))
    }
}

fn drawn_parameters(draw: &mut Draw, cast: Cast, family: Family) -> Value {
    let patience = draw.between(100, 800);
    let parameters = json!({
        "members": draw.between(cast.servers.min(3), cast.servers),
        "patience": format!("{patience}ms"),
        "heartbeat": format!("{}ms", draw.between(10, patience / 3)),
        "batch": draw.between(1, 20),
        "snapshot-every": draw.between(4, 60),
        "chunk": draw.between(1, 6),
        "leases": draw.below(2),
        "drift-bound": cast.bound as f64 / 1_000_000.0,
        "keys": draw.between(1, 4),
        "reads": 0.5,
        "compares": draw.part(60),
        "reads-elsewhere": draw.share(100),
        "readers": draw.below(2),
        "pause": draw.ms(2, 60),
        "timeout": draw.ms(100, 600),
        "attempts": draw.between(1, 20),
    });
    let dense = json!({
        "patience": format!("{}ms", patience.min(400)),
        "heartbeat": format!("{}ms", draw.between(10, patience.min(400) / 3)),
        "keys": 8,
        "reads": 0.2,
        "pause": draw.ms(1, 10),
        "attempts": draw.between(2, 20),
    });
    over(parameters, dense, family)
}

/// Some settings have other values in dense runs.
fn over(mut settings: Value, dense: Value, family: Family) -> Value {
    if let (Value::Object(settings), Value::Object(dense), Family::Dense) =
        (&mut settings, dense, family)
    {
        settings.extend(dense);
    }
    settings
}

/// Settings that are drawn together, and their values.
type Row = (&'static [&'static str], fn(&mut Draw) -> Vec<Value>);

/// Settings that a run has or has not: each with a chance of one in so many.
fn some(draw: &mut Draw, rows: &[Row]) -> Map<String, Value> {
    let mut settings = Map::new();
    for (keys, values) in rows {
        let drawn = values(draw);
        if draw.once_in(3) {
            settings.extend(keys.iter().map(|key| (*key).to_owned()).zip(drawn));
        }
    }
    settings
}

/// Faults of a network that are seldom found together.
const OF_LINKS: &[Row] = &[
    (&["bursts", "burst-length", "burst-loss"], |draw| {
        vec![
            json!(draw.part(5)),
            json!(draw.between(2, 20)),
            json!(0.5 + draw.part(50)),
        ]
    }),
    (&["corruption", "checksum"], |draw| {
        vec![json!(draw.part(15)), json!(draw.one(&["on", "off"]))]
    }),
    (&["duplication", "copies", "spread"], |draw| {
        vec![
            json!(draw.part(60)),
            json!(draw.between(1, 4)),
            json!(draw.ms(10, 3000)),
        ]
    }),
    (&["shape", "tail"], |draw| {
        let shapes = [
            "constant",
            "uniform",
            "normal",
            "log-normal",
            "exponential",
            "pareto",
        ];
        vec![json!(draw.one(&shapes)), json!(2 + draw.below(4))]
    }),
    (&["bandwidth", "queue"], |draw| {
        let bandwidth = format!("{}kB/s", draw.between(6, 90));
        vec![json!(bandwidth), json!(format!("{}kB", draw.between(1, 8)))]
    }),
    (&["ordering", "retransmit"], |draw| {
        vec![json!("fifo"), json!(draw.ms(20, 300))]
    }),
];

fn drawn_network(draw: &mut Draw, family: Family) -> Value {
    let network = json!({
        "latency": draw.ms(1, 60),
        "jitter": draw.ms(0, 30),
        "loss": draw.share(20),
        "spike": draw.share(10),
        "spike-extra": draw.ms(10, 1500),
    });
    let dense = json!({
        "latency": draw.ms(1, 8),
        "jitter": draw.ms(0, 6),
        "loss": draw.share(5),
        "spike": draw.share(5),
    });
    let mut network = over(network, dense, family);
    if let (Value::Object(network), Family::Wide) = (&mut network, family) {
        network.extend(some(draw, OF_LINKS));
    } else if let Value::Object(network) = &mut network {
        network.extend(some(draw, &OF_LINKS[1..4]));
    }
    network
}

/// Links that are otherwise than the others.
fn drawn_links(draw: &mut Draw, cast: Cast) -> Vec<Value> {
    let count = draw.below(5).saturating_sub(2);
    let link = |draw: &mut Draw| {
        let (from, to) = cast.two(draw);
        json!({ "from": from, "to": to, "latency": draw.ms(1, 400), "jitter": draw.ms(0, 100), "loss": draw.share(30) })
    };
    (0..count).map(|_| link(draw)).collect()
}

/// What is wrong with single nodes: their clocks, their speed, their disks.
const OF_NODES: &[Row] = &[
    (&["skew"], |draw| {
        vec![json!(format!("{}ms", draw.around(5000)))]
    }),
    (&["drift"], |draw| {
        vec![json!(format!("{}ppm", draw.around(100_000)))]
    }),
    (&["wobble", "wobble-period"], |draw| {
        vec![json!(draw.ms(1, 500)), json!(draw.ms(500, 8000))]
    }),
    (&["ntp", "ntp-poll"], |draw| {
        vec![
            json!(draw.one(&["n1", "n2", "n3"])),
            json!(draw.ms(300, 3000)),
        ]
    }),
    (&["service"], |draw| {
        vec![json!(format!("{}us", draw.between(50, 4000)))]
    }),
    (&["inbox"], |draw| vec![json!(draw.between(1, 20))]),
    (&["pauses", "pause-length"], |draw| {
        vec![json!(draw.between(1, 30)), json!(draw.ms(10, 600))]
    }),
    (&["disk-write"], |draw| vec![json!(draw.ms(1, 10))]),
];

fn drawn_nodes(draw: &mut Draw, cast: Cast, family: Family) -> Vec<Value> {
    let sync = draw.ms(0, if family == Family::Wide { 40 } else { 15 });
    let torn = draw.part(100);
    let mut all = nodes("server", "n", cast.servers as usize, Some(&sync));
    for node in &mut all {
        node["torn"] = json!(torn);
    }
    all.extend(nodes("client", "c", cast.clients as usize, None));
    let are_odd = draw.once_in(2) && family == Family::Wide;
    for node in &mut all {
        node["monotonic"] = json!(cast.rate(draw));
        if are_odd
            && draw.once_in(2)
            && let Value::Object(node) = node
        {
            let mut odd = some(draw, OF_NODES);
            if odd.get("ntp") == node.get("name") {
                odd.remove("ntp");
            }
            node.extend(odd);
        }
    }
    all
}

/// What befalls a run, and what an operator does: one kind a row.
const DEEDS: &[fn(&mut Draw, Cast) -> String] = &[
    |draw, cast| {
        format!(
            "op.add:{}={}",
            cast.server(draw),
            draw.between(1, cast.servers)
        )
    },
    |draw, cast| {
        format!(
            "op.remove:{}={}",
            cast.server(draw),
            draw.between(1, cast.servers)
        )
    },
    |draw, cast| {
        let digits: String = (1..=cast.servers).map(|place| place.to_string()).collect();
        let first = draw.below(cast.servers.saturating_sub(2)) as usize;
        format!("op.members:{}={}", cast.server(draw), &digits[first..])
    },
    |draw, cast| {
        format!(
            "op.lead:{}={}",
            cast.server(draw),
            draw.between(1, cast.servers)
        )
    },
    |draw, cast| format!("op.lead:leader={}", draw.between(1, cast.servers)),
    |draw, cast| format!("crash:{}", cast.anybody(draw)),
    |draw, cast| format!("restart:{}", cast.node(draw)),
    |_, _| "restart:all".to_owned(),
    |draw, cast| format!("pause:{}", cast.anybody(draw)),
    |draw, cast| format!("resume:{}", cast.node(draw)),
    |draw, cast| format!("limp:{}*{}", cast.anybody(draw), draw.between(1, 20)),
    |draw, cast| format!("slowdisk:{}*{}", cast.anybody(draw), draw.between(1, 30)),
    |draw, cast| {
        format!(
            "step:{}{}{}ms",
            cast.anybody(draw),
            draw.one(&["+", "-"]),
            draw.between(1, 5000)
        )
    },
    |draw, cast| {
        format!(
            "slew:{}{}{}ms*900ppm",
            cast.anybody(draw),
            draw.one(&["+", "-"]),
            draw.between(1, 900)
        )
    },
    |draw, cast| format!("drift.{}:{}ppm", cast.node(draw), draw.around(100_000)),
    |draw, cast| format!("monotonic.{}:{}", cast.node(draw), cast.rate(draw)),
    |draw, cast| {
        let (a, b) = cast.two(draw);
        format!("ntp:{a}={}", draw.one(&[&b, "none"]))
    },
    |draw, cast| format!("{}{}", draw.one(&["", "", "hold-"]), drawn_cut(draw, cast)),
    |draw, cast| format!("{}{}", draw.one(&["", "", "hold-"]), drawn_cut(draw, cast)),
    |_, _| "heal".to_owned(),
    |draw, cast| {
        format!(
            "filter{}:{}*{}",
            cast.links(draw),
            drawn_kind(draw),
            0.1 + draw.part(90)
        )
    },
    |_, _| "unfilter".to_owned(),
    |draw, cast| {
        let kind = draw.one(&["crash", "pause", "limp*8", "isolate"]);
        format!(
            "strike.{kind}:{}={}/{}",
            cast.node(draw),
            draw.ms(200, 3000),
            draw.ms(20, 800)
        )
    },
    |_, _| "calm".to_owned(),
    |draw, cast| {
        format!(
            "flap:{}={}/{}",
            drawn_cut(draw, cast),
            draw.ms(50, 900),
            draw.ms(50, 900)
        )
    },
    |_, _| "unflap".to_owned(),
    |draw, cast| format!("loss{}:{}", cast.links(draw), draw.part(60)),
    |draw, cast| format!("latency{}:{}", cast.links(draw), draw.ms(1, 400)),
    |draw, cast| format!("corruption{}:{}", cast.links(draw), draw.part(40)),
    |draw, cast| format!("duplication{}:{}", cast.links(draw), draw.part(90)),
    |draw, cast| format!("spike{}:{}", cast.links(draw), draw.part(60)),
    |draw, cast| format!("disk-sync.{}:{}", cast.server(draw), draw.ms(0, 200)),
];

fn drawn_cut(draw: &mut Draw, cast: Cast) -> String {
    let (a, b) = cast.two(draw);
    match draw.below(9) {
        0 => format!("cut:{a}-{b}"),
        1 => format!("cut:{a}..{b}"),
        2 => format!("split:{a}+{b}"),
        3 => format!("isolate:{a}"),
        4 => format!("mute:{a}"),
        5 => format!("bridge:{a}"),
        6 => "ring".to_owned(),
        7 => "half".to_owned(),
        _ => "halves".to_owned(),
    }
}

/// The kind of some message of Raft's, or any.
fn drawn_kind(draw: &mut Draw) -> &'static str {
    let messages = find("raft").expect("there is Raft").vocabulary.messages;
    let place = draw.below(messages.len() as u64 + 1) as usize;
    messages.get(place).map_or("any", |word| word.name)
}

/// Once these are done, all is well.
const ENDS: [&str; 14] = [
    "calm",
    "unflap",
    "heal",
    "unfilter",
    "restart:all",
    "resume:all",
    "limp:all*1",
    "slowdisk:all*1",
    "loss:0",
    "bursts:0",
    "corruption:0",
    "spike:0",
    "duplication:0",
    "bandwidth:unlimited",
];

/// Of all kinds of deeds a run has some.
fn drawn_plan(draw: &mut Draw, cast: Cast, usual: &Map<String, Value>) -> Vec<String> {
    let kinds: Vec<_> = DEEDS.iter().filter(|_| draw.once_in(2)).collect();
    let count = draw.between(4, 20);
    let deed = |draw: &mut Draw| {
        let at = draw.between(500, 9000);
        let kind = kinds.get(draw.below(kinds.len().max(1) as u64) as usize);
        kind.map(|kind| format!("{}@{at}ms", kind(draw, cast)))
    };
    let mut plan: Vec<String> = (0..count).filter_map(|_| deed(draw)).collect();
    let mended: Vec<String> = plan.iter().filter_map(|deed| mended(deed, usual)).collect();
    plan.extend(mended);
    plan.extend(ENDS.map(|deed| format!("{deed}@10s")));
    plan
}

/// What takes a change of a setting back: links keep what is their own when all links change.
fn mended(deed: &str, usual: &Map<String, Value>) -> Option<String> {
    let (key, _) = deed.split_once(':')?;
    let setting = key.split('.').next()?;
    let usual = usual.get(setting)?;
    let value = usual
        .as_str()
        .map_or_else(|| usual.to_string(), str::to_owned);
    Some(format!("{key}:{value}@10s"))
}

fn drawn_mishaps(draw: &mut Draw) -> Vec<Value> {
    let kinds = ["crash", "pause", "isolate", "limp"];
    let mishap = |kind: &str, draw: &mut Draw| {
        let mut mishap =
            json!({ "kind": kind, "every": draw.ms(3000, 12_000), "lasts": draw.ms(20, 1000) });
        if kind == "limp" {
            mishap["factor"] = json!(draw.between(2, 20));
        }
        mishap
    };
    let all = kinds.map(|kind| (draw.below(3) > 0).then(|| mishap(kind, draw)));
    all.into_iter().flatten().collect()
}

/// A run with all rules, drawn with everything that it meets.
pub fn drawn(run: u32, family: Family) -> Scenario {
    let mut draw = Draw {
        key: Key::root(u64::from(run)),
        drawn: 0,
    };
    let clients = match family {
        Family::Wide => draw.between(1, 4),
        Family::Dense => 5,
    };
    let cast = Cast {
        servers: draw.between(3, 7),
        clients,
        bound: draw.below(100_001),
    };
    let network = drawn_network(&mut draw, family);
    let nodes = drawn_nodes(&mut draw, cast, family);
    let mut usual = Map::new();
    for setting in ["loss", "latency", "corruption", "duplication", "spike"] {
        let value = network.get(setting).cloned();
        usual.insert(setting.to_owned(), value.unwrap_or_else(|| json!(0)));
    }
    usual.insert("disk-sync".to_owned(), nodes[0]["disk-sync"].clone());
    let mut document = json!({
        "duration": if family == Family::Wide { "12s" } else { "20s" },
        "parameters": drawn_parameters(&mut draw, cast, family),
        "network": network,
        "links": if family == Family::Wide { drawn_links(&mut draw, cast) } else { Vec::new() },
        "nodes": nodes,
        "plan": drawn_plan(&mut draw, cast, &usual),
        "mishaps": drawn_mishaps(&mut draw),
        "checks": SAFETY.map(check),
    });
    let mut scenario = read(&document, run);
    if family == Family::Wide && draw.once_in(8) {
        let by_hand = drawn_meddling(&mut draw, &scenario);
        if let Value::Array(plan) = &mut document["plan"] {
            plan.extend(by_hand.into_iter().map(Value::String));
        }
        scenario = read(&document, run);
    }
    scenario
}

fn read(document: &Value, run: u32) -> Scenario {
    Scenario {
        seed: run,
        ..with_all_rules(document.clone())
    }
}

/// What is done by hand to messages on their way. The first hits; what it changes may give the others other numbers.
fn drawn_meddling(draw: &mut Draw, scenario: &Scenario) -> Vec<String> {
    let mut sent = Vec::new();
    Play::new(scenario, &[]).to_end(None, |_, event| {
        if event.kind == EventKind::Send {
            sent.push((event.message.0, event.time.as_nanos()));
        }
    });
    let mut hits: Vec<_> = (0..draw.between(1, 10))
        .filter(|_| !sent.is_empty())
        .map(|_| sent[draw.below(sent.len() as u64) as usize])
        .collect();
    hits.sort_unstable();
    let deed = |(message, at): (u32, u64)| {
        let verb = draw.one(&["drop", "delay", "dup", "now", "corrupt"]);
        let by = if verb == "delay" {
            format!("+{}", draw.ms(1, 2000))
        } else {
            String::new()
        };
        format!("{verb}:m{message}{by}@{}ns", at + 1000)
    };
    hits.into_iter().map(deed).collect()
}

/// What befalls a run, and what happens in it, by words: each once.
pub fn met(scenario: &Scenario) -> Set<String> {
    let mut met = Set::new();
    Play::new(scenario, &[]).to_end(None, |_, event| {
        met.extend(told(scenario, event));
    });
    met
}

/// What an event is, in a word or two.
fn told(scenario: &Scenario, event: &Event) -> Option<String> {
    let kind = event.kind;
    Some(match kind {
        EventKind::Lost => format!("Lost {:?}", event.detail::<Lost>()?.why),
        EventKind::Clock => format!("Clock {}", variant(event.detail::<ClockChange>()?)),
        EventKind::Disk => format!("Disk {}", variant(event.detail::<DiskChange>()?)),
        EventKind::Fact => match event.fact()? {
            Fact::Logged { content, .. } if content < 0 => "Members".to_owned(),
            fact => variant(fact),
        },
        EventKind::Send => {
            // What synchronises clocks is no message of Raft's.
            let messages = scenario.protocol.vocabulary.messages;
            messages.get(usize::from(event.code))?.name.to_owned()
        }
        _ => format!("{kind:?}"),
    })
}

/// The name of an enumeration's variant.
fn variant(of: impl Debug) -> String {
    let whole = format!("{of:?}");
    whole
        .split([' ', '('])
        .next()
        .unwrap_or_default()
        .to_owned()
}
