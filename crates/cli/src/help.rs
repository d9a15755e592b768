//! What stands below the options in the help of each command.

use scenario::deed::GUIDE;

pub const EXIT_CODES: &str = "\
Exit codes: 0 when all checks hold, 1 when one is violated, 2 for bad input, 3 when a check is undecided.";

/// Examples, and what `do` can say.
pub fn with_deeds(examples: &str) -> String {
    let deeds = GUIDE.map(|(forms, does)| format!("  {forms:<50}  {does}\n"));
    format!(
        "{examples}\n\nDeeds, for --set do=DEED@TIME,.. (nodes are named, joined by +, or: all, random, leader, majority, \
         minority):\n{}",
        deeds.concat().trim_end()
    )
}

pub const RUN_EXAMPLES: &str = "\
Examples:
  slowfire run double-charge
  slowfire run double-charge --seed 7 --on idempotency-key
  slowfire run my-protocol.js --seed 3
  slowfire run my-lab.toml --set loss=0.3 --set latency.alice-bank=1s --until 10s
  slowfire run '#/double-charge?rev=2&seed=7&do=crash:bank@2.4s,restart:bank@4s' --json
  slowfire run double-charge --trace run.jsonl --digest";

pub const HUNT_EXAMPLES: &str = "\
Examples:
  slowfire hunt double-charge --seeds 0..10000
  slowfire hunt double-charge --on idempotency-key --jobs 2
  slowfire hunt double-charge --weather claimed --seeds 0..1000
  slowfire hunt double-charge --on idempotency-key --weather any
  slowfire hunt my-lab.toml --first --json
  slowfire hunt my-protocol.js --weather any --seeds 0..1000
  slowfire hunt raft --seeds 0..1000000 --resume raft.log
  slowfire hunt raft --seeds 0..1000000 --shard 2/8 -o part-2.json";

pub const MERGE_HELP: &str = "\
All reports must be of the same hunt: its link, its seeds, --until and --memory. A report that is there twice, as after a
retry, counts once. Seeds that are in no report are told, and then nothing holds for certain.

Examples:
  slowfire hunt double-charge --seeds 0..10000 --shard 1/2 -o part-1.json
  slowfire hunt double-charge --seeds 0..10000 --shard 2/2 -o part-2.json
  slowfire merge part-1.json part-2.json

Exit codes: those of a hunt of all seeds. A shard alone ends with 0 when all its seeds were run, whatever they violate.";

pub const SHRINK_HELP: &str = "\
Everything is taken away that the failure does not need: deeds, faults that chance has drawn (each becomes a deed first),
settings, operations, nodes, and the time after the violation. What is left fails no more if any one thing more is taken
away. Ctrl-C ends with the smallest run so far.

Examples:
  slowfire shrink double-charge
  slowfire shrink raft-votes --check one-leader -o smallest.toml
  slowfire shrink forgotten-keys --json | jq -r .link";

pub const EXPLORE_HELP: &str = "\
Nothing is left to chance: at each step one of the messages on their way arrives, or is lost, or repeated, or a node crashes
or restarts, or time goes on to what is due next by itself. All such orders are tried, and states that are alike are looked at
once. A message may take any time; what a node draws for itself, and what its clocks show, is as the seed and the settings say.
A violation is told as the link of a run that does the same.

Examples:
  slowfire explore double-charge --depth 12
  slowfire explore double-charge --on idempotency-key --crashes 1 --set payments=1
  slowfire explore split-brain --check survive --depth-first --json | jq -r .violation.link

Exit codes: 0 when no order within the bounds violates a check, 1 when one does, 2 for bad input, 3 when the bound of states or
of memory ended the search.";

pub const TEST_HELP: &str = "\
A file is a document, or a link, with a list of what each check must say at the end of the run:

  link = \"#/double-charge?rev=2&seed=3\"
  [[expect]]
  check = \"exactly-once\"
  verdict = \"violated\"    # or: holds
  at = \"2.4s\"             # the moment from which it is violated; any if left out

hunt --test FILE and shrink --test FILE write one.

Examples:
  slowfire shrink double-charge --test regressions/double-charge.toml
  slowfire test regressions/
  slowfire test regressions/ --junit target/slowfire.xml

Exit codes: 0 when all is as expected, 1 when something is not, 2 when a file cannot be used.";

pub const CHECK_HELP: &str = "\
A history is a file of Jepsen's entries: EDN maps such as {:process 0, :type :invoke, :f :read, :value nil}, the
same as JSON, one entry per line or all in one array, or Jepsen's history.txt, with tabs between. The entries count
in the order of the file; their times are only quoted. Processes have numbers or names; the nemesis, and other
processes that only have info entries, are left out. What is left out, or taken for granted, is written to stderr,
and with --json among \"notes\".

Examples:
  slowfire check history.edn --model cas-register
  slowfire check history.jsonl --model kv-append --keyed pairs --json
  slowfire check history.edn --model register --initial 0 --consistency causal
  slowfire check history.txt --model bank --initial '{0 10, 1 10}' --consistency money-conserved
  zcat store/latest/history.edn.gz | slowfire check - --model unordered-queue --steps 1000000000

Exit codes: 0 when the history is valid, 1 when it is not, 2 for bad input, 3 when the search took too long or the
check does not apply.";

pub const LINK_EXAMPLES: &str = "\
Examples:
  slowfire link my-lab.toml
  slowfire link my-lab.toml --page https://example.org/slowfire/
  slowfire show double-charge | slowfire link -";

pub const RENDER_EXAMPLES: &str = "\
Examples:
  slowfire render double-charge --at 3.2s -o poster.svg
  slowfire render '#/double-charge?rev=2&seed=7' --at 3.2s --view spacetime > diagram.svg";

pub const EXPORT_HELP: &str = "\
Forms:
  trace    every event as a line of JSON, as run --trace writes them
  shiviz   a log for ShiViz, which its own expression (?<event>.*)\\n(?<host>\\S*) (?<clock>{.*}) reads
  mermaid  the latest 120 messages and faults as the text of a Mermaid sequence diagram
  history  what clients asked for and were told, as Jepsen's EDN, which slowfire check reads

Examples:
  slowfire export double-charge --form mermaid --until 4s -o charge.mmd
  slowfire export '#/raft?seed=7' --form history | slowfire check - --model register";
