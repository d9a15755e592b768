//! Scenes in which a rule of Raft matters.

/// A run in which something breaks without one rule.
pub struct Scene {
    /// The rule that is switched off.
    pub rule: &'static str,
    /// The check that sees what breaks.
    pub check: &'static str,
    /// In which share of all seeds it does, at least.
    pub share: f64,
    /// How many servers there are, *n1* and so on.
    pub servers: usize,
    /// How many clients there are, *c1* and so on.
    pub clients: usize,
    /// How long the run is.
    pub duration: &'static str,
    /// How long a disk takes.
    pub sync: &'static str,
    /// Raft's parameters.
    pub parameters: Pairs,
    /// Settings of all links.
    pub network: Pairs,
    /// Settings of some links.
    pub links: &'static [Pairs],
    /// Settings of some servers, by their places among them.
    pub clocks: &'static [(usize, Pairs)],
    /// What is done.
    pub plan: &'static [&'static str],
}

/// Settings, and their values.
pub type Pairs = &'static [(&'static str, &'static str)];

/// What most scenes have in common.
const USUAL: Scene = Scene {
    rule: "",
    check: "",
    share: 0.0,
    servers: 5,
    clients: 3,
    duration: "15s",
    sync: "2ms",
    parameters: &[],
    network: &[],
    links: &[],
    clocks: &[],
    plan: &[],
};

/// A leader's clock that is slow by a tenth, and that of a voter that is fast by a tenth.
const SLOW: Pairs = &[("drift", "-100000ppm"), ("monotonic", "-100000ppm")];
const FAST: Pairs = &[("drift", "100000ppm"), ("monotonic", "100000ppm")];

/// Scenes, each about one rule.
pub const SCENES: &[Scene] = &[
    // n2 votes for n1, crashes, and is asked by n3.
    Scene {
        rule: "persist-vote",
        check: "one-leader-per-term",
        share: 0.3,
        servers: 3,
        clients: 2,
        duration: "8s",
        plan: &[
            "cut:n1-n3@0s",
            "cut:n2-n3@0s",
            "op.lead:n2=1@1.5s",
            "heal:n2-n3@2s",
            "crash:n2@4s",
            "cut:n1-n2@4s",
            "restart:n2@4.05s",
            "heal@6s",
        ],
        ..USUAL
    },
    // n4 and n5 miss two seconds, then n1 and n2 crash.
    Scene {
        rule: "up-to-date-vote",
        check: "leader-completeness",
        share: 0.3,
        clients: 2,
        duration: "12s",
        parameters: &[("pause", "20ms")],
        plan: &[
            "op.lead:n2=1@1s",
            "split:n4+n5@3s",
            "heal@5s",
            "crash:n1+n2@5s",
            "restart:n1+n2@7s",
        ],
        ..USUAL
    },
    // All wait equally long, and each votes for itself.
    Scene {
        rule: "randomised-timeouts",
        check: "ends-within",
        share: 0.9,
        clients: 2,
        duration: "10s",
        parameters: &[("timeout", "300ms"), ("attempts", "100")],
        network: &[("jitter", "0ms")],
        plan: &[],
        ..USUAL
    },
    // n5 is cut off for a while, and comes back.
    Scene {
        rule: "pre-vote",
        check: "steady-leader",
        share: 0.9,
        plan: &["op.lead:n2=1@1s", "isolate:n5@4s", "heal@8s"],
        ..USUAL
    },
    // n1 leads, is heard by all, and hears nobody.
    Scene {
        rule: "check-quorum",
        check: "available",
        share: 0.4,
        duration: "14s",
        parameters: &[("timeout", "300ms")],
        plan: &["op.lead:n2=1@1s", "cut:n2+n3+n4+n5..n1@4s", "heal@10s"],
        ..USUAL
    },
    // n1 is paused while another server is elected.
    Scene {
        rule: "step-down",
        check: "linearizable-cas",
        share: 0.15,
        duration: "12s",
        plan: &["op.lead:n2=1@1s", "pause:n1@4s", "resume:n1@6s"],
        ..USUAL
    },
    // The same, and clients are patient: who has asked n1 waits until n1 says that it has lost the lead.
    Scene {
        rule: "step-down",
        check: "ends-within",
        share: 0.6,
        duration: "14s",
        parameters: &[("timeout", "12s")],
        plan: &["op.lead:n2=1@1s", "pause:n1@4s", "resume:n1@5s"],
        ..USUAL
    },
    // What n2 answers n1 takes half a second, and counts as a vote in an election that n1 has begun since.
    Scene {
        rule: "ignore-stale-terms",
        check: "one-leader-per-term",
        share: 0.05,
        servers: 3,
        clients: 2,
        duration: "60s",
        parameters: &[("patience", "100ms"), ("pause", "200ms")],
        network: &[("jitter", "5ms")],
        links: &[&[
            ("from", "n2"),
            ("to", "n1"),
            ("latency", "300ms"),
            ("jitter", "200ms"),
        ]],
        plan: &["cut:n1-n3@0s", "strike.pause:n3=300ms/800ms@2s"],
        ..USUAL
    },
    // The power fails while disks are slow.
    Scene {
        rule: "persist-log",
        check: "leader-completeness",
        share: 0.8,
        servers: 3,
        duration: "10s",
        sync: "150ms",
        plan: &["crash:n1+n2+n3@5s", "restart:n1+n2+n3@5.5s"],
        ..USUAL
    },
    // A tenth of the messages is lost.
    Scene {
        rule: "previous-entry-check",
        check: "log-matching",
        share: 0.9,
        duration: "10s",
        network: &[("loss", "0.1")],
        plan: &[],
        ..USUAL
    },
    // Copies of old messages arrive late, and servers crash.
    Scene {
        rule: "truncate-on-conflict-only",
        check: "leader-completeness",
        share: 0.6,
        network: &[("duplication", "0.4"), ("spread", "300ms")],
        plan: &["strike.crash:n1+n2+n3+n4+n5=1s/400ms@2s"],
        ..USUAL
    },
    // Entries of n1 are lost on the way; heartbeats are not.
    Scene {
        rule: "match-from-request",
        check: "state-machine-safety",
        share: 0.7,
        servers: 3,
        duration: "9s",
        plan: &[
            "op.lead:n2=1@1s",
            "filter.n1..n2:append@4s",
            "filter.n1..n3:append@4s",
            "crash:n1@4.5s",
            "unfilter@4.5s",
            "restart:n1@6s",
        ],
        ..USUAL
    },
    // Figure 8 of the paper, whenever n1 is elected: n3's disk takes half a second for each entry, so there is time for n1 and
    // n3 to lose power when n3 has the second entry and not yet the third.
    Scene {
        rule: "current-term-only",
        check: "state-machine-safety",
        share: 0.9,
        clients: 1,
        duration: "9s",
        parameters: &[
            ("batch", "1"),
            ("pause", "60s"),
            ("reads", "0"),
            ("compares", "0"),
            ("attempts", "1"),
            ("keys", "1"),
            ("patience", "250ms"),
        ],
        network: &[("jitter", "0ms")],
        plan: &[
            "op.lead:n2=1@1.2s",
            "filter.n3..*:would-you@1.9s",
            "filter.n4..*:would-you@1.9s",
            "filter.n5..*:append@1.9s",
            "cut:n1-n3+n4+n5@2s",
            "op.next:c1@2.01s",
            "crash:n1@2.1s",
            "heal@2.1s",
            "isolate:n2@2.1s",
            "crash:n5@4s",
            "restart:n1@4s",
            "heal@4s",
            "filter.n2..*:would-you@4s",
            "filter.n1..n3:append@4s",
            "filter.n1..n4:append@4s",
            "slowdisk:n3*250@5s",
            "unfilter.n1..n3:append@5s",
            "crash:n1+n3@5.8s",
            "slowdisk:n3*1@5.8s",
            "unfilter.n5..*:append@5.8s",
            "restart:n3+n5@5.85s",
            "unfilter@7.2s",
            "restart:n1@7.2s",
        ],
        ..USUAL
    },
    // n1 is cut off with an entry of its own, and comes back.
    Scene {
        rule: "commit-capped",
        check: "state-machine-safety",
        share: 0.1,
        parameters: &[
            ("pause", "10ms"),
            ("snapshot-every", "1000"),
            ("reads", "0.7"),
        ],
        plan: &["op.lead:n2=1@1s", "split:n1+n2+c1@3s", "heal@6s"],
        ..USUAL
    },
    // n1 and a reader are cut off.
    Scene {
        rule: "read-index",
        check: "linearizable-cas",
        share: 0.4,
        duration: "8s",
        parameters: &[
            ("readers", "1"),
            ("heartbeat", "400ms"),
            ("patience", "500ms"),
            ("pause", "10ms"),
            ("timeout", "100ms"),
            ("attempts", "100"),
            ("keys", "1"),
        ],
        plan: &["op.lead:n2=1@1s", "split:n1+c1@3s", "heal@6s"],
        ..USUAL
    },
    // Leaders crash, disks are slow, and the next leader is asked at once.
    Scene {
        rule: "read-after-own-commit",
        check: "linearizable-cas",
        share: 0.05,
        duration: "13s",
        sync: "80ms",
        parameters: &[
            ("heartbeat", "250ms"),
            ("patience", "400ms"),
            ("pause", "10ms"),
            ("timeout", "200ms"),
        ],
        plan: &[
            "crash:leader@3s",
            "restart:all@4s",
            "crash:leader@6s",
            "restart:all@7s",
            "crash:leader@9s",
            "restart:all@10s",
        ],
        ..USUAL
    },
    // Servers that lack entries answer reads.
    Scene {
        rule: "wait-for-apply",
        check: "linearizable-cas",
        share: 0.05,
        duration: "8s",
        parameters: &[("reads-elsewhere", "1.0"), ("pause", "10ms"), ("keys", "1")],
        network: &[("loss", "0.1")],
        plan: &[],
        ..USUAL
    },
    // n1's wall clock is turned back while n1 is cut off.
    Scene {
        rule: "lease-needs-clock-bound",
        check: "linearizable-cas",
        share: 0.4,
        duration: "8s",
        parameters: &[
            ("readers", "1"),
            ("leases", "1"),
            ("heartbeat", "400ms"),
            ("patience", "500ms"),
            ("pause", "10ms"),
            ("timeout", "100ms"),
            ("attempts", "100"),
            ("keys", "1"),
        ],
        plan: &[
            "op.lead:n2=1@1s",
            "split:n1+c1@3s",
            "step:n1-3s@3.05s",
            "heal@6s",
        ],
        ..USUAL
    },
    // n1 is cut off, its clocks are slow, and those of the others are fast.
    Scene {
        rule: "lease-needs-clock-bound",
        check: "linearizable-cas",
        share: 0.1,
        duration: "9s",
        parameters: &[
            ("readers", "1"),
            ("leases", "1"),
            ("drift-bound", "0.1"),
            ("heartbeat", "200ms"),
            ("patience", "1s"),
            ("pause", "5ms"),
            ("timeout", "100ms"),
            ("attempts", "100"),
            ("keys", "1"),
        ],
        clocks: &[(0, SLOW), (1, FAST), (2, FAST), (3, FAST), (4, FAST)],
        plan: &["op.lead:n2=1@2.5s", "split:n1+c1@5s", "heal@8s"],
        ..USUAL
    },
    // n1 is paused, and finds old answers of the others when it comes to. Nothing else that they say reaches it.
    Scene {
        rule: "lease-needs-clock-bound",
        check: "linearizable-cas",
        share: 0.6,
        duration: "7s",
        parameters: &[
            ("readers", "1"),
            ("leases", "1"),
            ("reads", "0"),
            ("compares", "0"),
            ("heartbeat", "50ms"),
            ("patience", "300ms"),
            ("pause", "60s"),
            ("timeout", "100ms"),
            ("attempts", "100"),
            ("keys", "1"),
        ],
        plan: &[
            "op.lead:n2=1@1s",
            "op.next:c2@2s",
            "pause:n1@3s",
            "cut:n2+n3+n4+n5..n1@3.03s",
            "op.next:c2@4s",
            "op.next:c1@4.95s",
            "resume:n1@5s",
            "heal@6s",
        ],
        ..USUAL
    },
    // n1 hands over the lead, and hears late that n3 has it.
    Scene {
        rule: "lease-needs-clock-bound",
        check: "linearizable-cas",
        share: 0.3,
        clients: 6,
        parameters: &[
            ("leases", "1"),
            ("heartbeat", "450ms"),
            ("patience", "500ms"),
            ("pause", "5ms"),
            ("reads", "0.9"),
        ],
        links: &[&[("from", "n3"), ("to", "n1"), ("latency", "300ms")]],
        plan: &[
            "op.lead:n2=1@1s",
            "op.lead:n1=3@3s",
            "op.lead:n3=1@5s",
            "op.lead:n1=3@7s",
        ],
        ..USUAL
    },
    // n1 and n2 hear late that they are no members any more.
    Scene {
        rule: "joint-consensus",
        check: "state-machine-safety",
        share: 0.8,
        duration: "12s",
        parameters: &[
            ("members", "3"),
            ("patience", "1s"),
            ("timeout", "300ms"),
            ("attempts", "100"),
        ],
        links: &[&[("from", "n3"), ("to", "n1+n2"), ("latency", "250ms")]],
        plan: &[
            "op.lead:n1=3@2s",
            "op.members:n3=345@5s",
            "split:n1+n2+c1@5.45s",
            "heal@9s",
        ],
        ..USUAL
    },
    // The same, and n3 hands over the lead to n4 while n1 and n2 elect one of themselves.
    Scene {
        rule: "joint-consensus",
        check: "one-leader-per-term",
        share: 0.8,
        duration: "9s",
        parameters: &[
            ("members", "3"),
            ("patience", "1s"),
            ("heartbeat", "100ms"),
            ("timeout", "300ms"),
            ("attempts", "100"),
        ],
        links: &[&[("from", "n3"), ("to", "n1+n2"), ("latency", "250ms")]],
        plan: &[
            "op.lead:n1=3@2.5s",
            "op.members:n3=345@5s",
            "split:n1+n2+c1@5.45s",
            "op.lead:n3=4@5.6s",
        ],
        ..USUAL
    },
    // Four servers are added at once, and the old ones are cut off.
    Scene {
        rule: "one-change-at-a-time",
        check: "state-machine-safety",
        share: 0.03,
        servers: 7,
        duration: "12s",
        parameters: &[
            ("members", "3"),
            ("timeout", "300ms"),
            ("attempts", "100"),
            ("patience", "400ms"),
        ],
        plan: &[
            "op.lead:n1=3@2s",
            "op.add:n3=4@5s",
            "op.add:n3=5@5s",
            "op.add:n3=6@5s",
            "op.add:n3=7@5s",
            "split:n1+n2+c1@5.1s",
            "heal@9s",
        ],
        ..USUAL
    },
    // Two are added at once, and n3 hands over the lead to one of them.
    Scene {
        rule: "one-change-at-a-time",
        check: "one-leader-per-term",
        share: 0.03,
        duration: "12s",
        parameters: &[
            ("members", "3"),
            ("timeout", "300ms"),
            ("attempts", "100"),
            ("patience", "400ms"),
        ],
        plan: &[
            "op.lead:n1=3@2s",
            "op.add:n3=4@5s",
            "op.add:n3=5@5s",
            "split:n1+n2+c1@5.1s",
            "op.lead:n3=4@5.3s",
            "heal@9s",
        ],
        ..USUAL
    },
    // The bug of 2015: n1 adds n5, n2 removes n1, and neither knows of the other.
    Scene {
        rule: "own-entry-before-change",
        check: "state-machine-safety",
        share: 0.3,
        parameters: &[
            ("members", "4"),
            ("timeout", "300ms"),
            ("attempts", "100"),
            ("patience", "1s"),
            ("heartbeat", "100ms"),
        ],
        links: &[&[
            ("from", "n1"),
            ("to", "n5"),
            ("both", "on"),
            ("latency", "200ms"),
        ]],
        plan: &[
            "op.lead:n2=1@2.5s",
            "filter.n4..n2+n3:stored@5.1s",
            "filter.n2+n3..n4:append@5.1s",
            "filter.n4..n2+n3:would-you@5.1s",
            "op.add:n1=5@5s",
            "cut:n1-n2+n3@5.1s",
            "cut:n1-n4@5.1s",
            "cut:n5-n2+n3+n4@5.1s",
            "op.remove:n2=1@8s",
            "op.remove:n3=1@8s",
            "heal:n1-n4@9s",
            "cut:n4-n2+n3@9s",
            "heal@13s",
        ],
        ..USUAL
    },
    // The same, and n2 or n3, whichever leads, hands over the lead to the other: a new term there, too, before n1 is elected.
    Scene {
        rule: "own-entry-before-change",
        check: "one-leader-per-term",
        share: 0.6,
        parameters: &[
            ("members", "4"),
            ("timeout", "300ms"),
            ("attempts", "100"),
            ("patience", "1s"),
            ("heartbeat", "100ms"),
        ],
        links: &[&[
            ("from", "n1"),
            ("to", "n5"),
            ("both", "on"),
            ("latency", "200ms"),
        ]],
        plan: &[
            "op.lead:n2=1@2.5s",
            "filter.n4..n2+n3:stored@5.1s",
            "filter.n2+n3..n4:append@5.1s",
            "filter.n4..n2+n3:would-you@5.1s",
            "op.add:n1=5@5s",
            "cut:n1-n2+n3@5.1s",
            "cut:n1-n4@5.1s",
            "cut:n5-n2+n3+n4@5.1s",
            "op.remove:n2=1@7s",
            "op.remove:n3=1@7s",
            "heal:n1-n4@8s",
            "cut:n4-n2+n3@8s",
            "op.lead:n2=3@9s",
            "op.lead:n3=2@9s",
            "heal@13s",
        ],
        ..USUAL
    },
    // n4 and n5 have joined, and everybody knows; then the power fails, and nobody knows what is committed any more. n1 and
    // n2 go by the members of the beginning, of whom they are a majority.
    Scene {
        rule: "config-on-append",
        check: "one-leader-per-term",
        share: 0.2,
        duration: "12s",
        parameters: &[
            ("members", "3"),
            ("timeout", "300ms"),
            ("attempts", "100"),
            ("snapshot-every", "1000"),
        ],
        plan: &[
            "op.add:n1=4@3s",
            "op.add:n1=5@4s",
            "split:n1+n2+c1@6s",
            "crash:n1+n2+n3@6s",
            "restart:n1+n2+n3@6.1s",
            "heal@9s",
        ],
        ..USUAL
    },
    // n1 is cut off as it removes n4. The others add n5 meanwhile, and n1's log loses the removal; its list of members does not.
    // Once more is committed than stood before it, n1 goes by n1, n2 and n3.
    Scene {
        rule: "config-on-append",
        check: "one-leader-per-term",
        share: 0.2,
        duration: "12s",
        parameters: &[
            ("members", "4"),
            ("timeout", "300ms"),
            ("attempts", "100"),
            ("snapshot-every", "1000"),
            ("reads", "0"),
        ],
        plan: &[
            "op.lead:n2=1@1s",
            "split:n1+c1+c2+c3@3s",
            "op.remove:n1=4@3.2s",
            "op.add:n2=5@4s",
            "heal@5.5s",
            "op.lead:n1=3@7s",
            "split:n1+n2+c1@9s",
            "op.lead:n3=4@9.15s",
        ],
        ..USUAL
    },
    // A server is added that is down, while another one is down.
    Scene {
        rule: "learners-catch-up",
        check: "ends-within",
        share: 0.5,
        duration: "12s",
        parameters: &[("members", "3"), ("timeout", "300ms"), ("attempts", "100")],
        plan: &[
            "op.lead:n2=1@2s",
            "crash:n4@4s",
            "crash:n2@4.9s",
            "op.add:n1=4@5s",
            "restart:n2+n4@9s",
        ],
        ..USUAL
    },
    // The power fails twice while disks are slow.
    Scene {
        rule: "snapshot-before-truncate",
        check: "leader-completeness",
        share: 0.4,
        servers: 3,
        duration: "12s",
        sync: "150ms",
        parameters: &[("snapshot-every", "5"), ("pause", "10ms")],
        plan: &[
            "crash:n1+n2+n3@5s",
            "restart:n1+n2+n3@5.5s",
            "crash:n1+n2+n3@7s",
            "restart:n1+n2+n3@7.5s",
        ],
        ..USUAL
    },
    // Snapshots are taken often.
    Scene {
        rule: "snapshot-keeps-term",
        check: "log-matching",
        share: 0.6,
        duration: "5s",
        parameters: &[("snapshot-every", "5")],
        plan: &[],
        ..USUAL
    },
    // Copies of a snapshot arrive late, when its leader is gone.
    Scene {
        rule: "newer-snapshot-only",
        check: "state-machine-safety",
        share: 0.3,
        servers: 3,
        duration: "9s",
        parameters: &[
            ("snapshot-every", "6"),
            ("pause", "10ms"),
            ("chunk", "1000"),
            ("timeout", "100ms"),
            ("attempts", "100"),
        ],
        network: &[("duplication", "0.5"), ("spread", "800ms"), ("copies", "4")],
        plan: &[
            "op.lead:n2=1@1s",
            "isolate:n3@3s",
            "heal@4s",
            "isolate:n2@4.1s",
            "crash:n1@4.4s",
            "heal@4.4s",
            "restart:n1@6s",
        ],
        ..USUAL
    },
    // Servers restart from snapshots while clients repeat what they asked for.
    Scene {
        rule: "snapshot-has-sessions-and-config",
        check: "linearizable-cas",
        share: 0.2,
        servers: 3,
        clients: 6,
        duration: "20s",
        parameters: &[
            ("snapshot-every", "4"),
            ("timeout", "150ms"),
            ("keys", "1"),
            ("pause", "10ms"),
            ("attempts", "100"),
        ],
        network: &[("loss", "0.25")],
        plan: &["strike.crash:n1+n2+n3=400ms/100ms@2s"],
        ..USUAL
    },
    // n4 and n5 have joined, snapshots stand for that, and the power fails. n1 and n2 go by the members of the beginning, of whom
    // they are a majority.
    Scene {
        rule: "snapshot-has-sessions-and-config",
        check: "one-leader-per-term",
        share: 0.2,
        duration: "12s",
        parameters: &[
            ("members", "3"),
            ("timeout", "300ms"),
            ("attempts", "100"),
            ("snapshot-every", "5"),
            ("pause", "10ms"),
        ],
        plan: &[
            "op.add:n1=4@3s",
            "op.add:n1=5@4s",
            "split:n1+n2+c1@6s",
            "crash:n1+n2+n3@6s",
            "restart:n1+n2+n3@6.1s",
            "heal@9s",
        ],
        ..USUAL
    },
    // Messages are lost, so clients repeat what they asked for.
    Scene {
        rule: "sessions",
        check: "linearizable-cas",
        share: 0.5,
        duration: "8s",
        parameters: &[("timeout", "200ms")],
        network: &[("loss", "0.2")],
        plan: &[],
        ..USUAL
    },
    // A leader is paused with commands in its log, and deposed.
    Scene {
        rule: "unknown-is-unknown",
        check: "no-false-failure",
        share: 0.15,
        parameters: &[("timeout", "3s"), ("pause", "5ms"), ("reads", "0.1")],
        plan: &[
            "op.lead:n2=1@1s",
            "pause:n1@3s",
            "resume:n1@4s",
            "op.lead:n2=1@5s",
            "pause:n1@6s",
            "resume:n1@7s",
        ],
        ..USUAL
    },
];

/// Figure 8 of the paper, with seed 0. Filters see to it who stands for election, and n1 crashes right after it has heard that
/// n3 has its second entry.
pub const FIGURE_8: Scene = Scene {
    rule: "current-term-only",
    check: "state-machine-safety",
    clients: 1,
    duration: "9s",
    parameters: &[
        ("batch", "1"),
        ("pause", "60s"),
        ("reads", "0"),
        ("compares", "0"),
        ("attempts", "1"),
        ("keys", "1"),
    ],
    network: &[("jitter", "0ms")],
    plan: &[
        "op.lead:n2=1@1s",
        "filter.n3..*:would-you@1.9s",
        "filter.n4..*:would-you@1.9s",
        "filter.n5..*:append@1.9s",
        "cut:n1-n3+n4+n5@2s",
        "op.next:c1@2.01s",
        "crash:n1@2.1s",
        "heal@2.1s",
        "isolate:n2@2.1s",
        "crash:n5@4s",
        "restart:n1@4s",
        "heal@4s",
        "filter.n2..*:would-you@4s",
        "cut:n1-n4@4s",
        "cut:n1-n3@4.45s",
        "crash:n1@4.453s",
        "heal@4.5s",
        "restart:n5@4.6s",
        "unfilter.n5..*:append@4.6s",
        "unfilter@7s",
        "restart:n1@7s",
    ],
    ..USUAL
};

/// What long logs have in common: leaders that take turns for minutes, each with an entry that is not committed.
const LONG: Scene = Scene {
    check: "linearizable-cas",
    servers: 3,
    clients: 1,
    sync: "0ms",
    parameters: &[
        ("patience", "20ms"),
        ("heartbeat", "5ms"),
        ("reads", "0"),
        ("compares", "0"),
        ("pause", "20ms"),
        ("snapshot-every", "4"),
    ],
    network: &[("latency", "1ms"), ("jitter", "0ms")],
    ..USUAL
};

/// Logs that grow for long without a commit: where no acknowledgement arrives, and where no entry does and then the power fails.
pub const LONG_LOGS: [Scene; 2] = [
    Scene {
        duration: "70s",
        plan: &["filter:stored@1.5s", "unfilter@40s"],
        ..LONG
    },
    Scene {
        duration: "260s",
        plan: &[
            "filter:append@1.5s",
            "filter:heartbeat@1.5s",
            "filter:snapshot@1.5s",
            "unfilter@240s",
            "crash:n1+n2+n3@240s",
            "restart:n1+n2+n3@240.1s",
        ],
        ..LONG
    },
];

/// n4 gets a snapshot of 64 registers in messages of one, and each takes a round trip of 100 ms.
pub const LONG_SNAPSHOT: Scene = Scene {
    check: "linearizable-cas",
    servers: 4,
    duration: "30s",
    parameters: &[
        ("members", "3"),
        ("keys", "64"),
        ("chunk", "1"),
        ("snapshot-every", "150"),
        ("patience", "400ms"),
        ("heartbeat", "100ms"),
        ("pause", "20ms"),
        ("reads", "0"),
    ],
    network: &[("latency", "50ms")],
    plan: &["op.add:n1=4@14s"],
    ..USUAL
};

/// Clients read, and from any server.
pub const READS_ELSEWHERE: Scene = Scene {
    check: "linearizable-cas",
    parameters: &[
        ("timeout", "500ms"),
        ("pause", "1ms"),
        ("reads", "1"),
        ("reads-elsewhere", "1"),
    ],
    ..USUAL
};

/// n1 holds leases, and n5 hears it no more, nor do two clients.
pub const LEASES_WITHOUT_PRE_VOTE: Scene = Scene {
    rule: "pre-vote",
    check: "linearizable-cas",
    duration: "10s",
    parameters: &[
        ("leases", "1"),
        ("patience", "500ms"),
        ("heartbeat", "400ms"),
        ("readers", "1"),
        ("keys", "1"),
        ("reads", "0"),
        ("compares", "0"),
        ("pause", "5ms"),
        ("timeout", "40ms"),
        ("attempts", "1000"),
    ],
    network: &[("latency", "5ms"), ("jitter", "1ms")],
    plan: &[
        "op.lead:n2=1@2.5s",
        "cut:n1-n5@3s",
        "cut:n1-c2@3s",
        "cut:n1-c3@3s",
    ],
    ..USUAL
};
