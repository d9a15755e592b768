//! Deeds read and written, and what turning each setting does.

use super::*;
use crate::lab;
use crate::model::Scenario;
use crate::setting;
use sim::{Action, NodeId};

fn scenario() -> Scenario {
    lab::find("double-charge").unwrap().scenario.clone()
}

#[test]
fn every_deed_is_written_as_it_is_read() {
    let scenario = scenario();
    for text in [
        "crash:bank",
        "crash:alice+bob",
        "restart:all",
        "pause:random",
        "resume:leader",
        "wipe:minority",
        "limp:bank*5",
        "limp:majority*0.5",
        "slowdisk:bank*10",
        "step:alice+300ms",
        "step:all-2s",
        "slew:bob-300ms*1000ppm",
        "ntp:alice=bank",
        "ntp:alice+bob=none",
        "drift.alice:200ppm",
        "drift.leader:-50ppm",
        "monotonic.bank:100ppm",
        "monotonic.all:100ppm",
        "skew.alice:1s",
        "cut:alice-bank",
        "cut:alice..bank",
        "cut:alice..*",
        "cut:alice+bob-bank",
        "hold-cut:alice-bank",
        "split:alice+bob",
        "isolate:bank",
        "hold-isolate:leader",
        "mute:bank",
        "halves",
        "hold-halves",
        "bridge:bank",
        "ring",
        "half",
        "heal",
        "heal:alice-bank",
        "heal:halves",
        "heal:hold-isolate:leader",
        "filter:pay",
        "filter:any",
        "filter:any*0.5",
        "filter.alice..bank:pay*0.5",
        "unfilter",
        "unfilter:pay",
        "strike.crash:bank=20s/2s",
        "strike.limp*5:all=20s/2s",
        "calm",
        "calm.crash:bank",
        "flap:halves=2s/5s",
        "flap:alice-bank=2s/5s",
        "unflap",
        "unflap:halves",
        "service.bank:30ms",
        "drop:m45",
        "delay:m45+200ms",
        "dup:m0",
        "now:m45",
        "corrupt:m45",
        "op.pay:alice",
        "op.pay:all=-7",
        "loss:0.3",
        "ordering:fifo",
        "bandwidth:64kB/s",
        "latency.alice-bank:300ms",
        "loss.*..bank:1",
    ] {
        let deed = Deed::parse(text, &scenario).unwrap_or_else(|what| panic!("{text}: {what}"));
        assert_eq!(deed.format(&scenario), text);
    }
}

#[test]
fn what_is_wrong_with_a_deed_is_named() {
    let scenario = scenario();
    for (text, what) in [
        (
            "crsh:bank",
            "\"crsh\" is not a known action; did you mean \"crash\"?",
        ),
        (
            "crash",
            "\"crash\" is not complete; it looks like crash:bank",
        ),
        (
            "crash:bnak",
            "there is no node \"bnak\"; did you mean \"bank\"?",
        ),
        ("limp:bank", "a factor is missing, as in *5"),
        (
            "limp:bank*0",
            "the factor is 0; it must be from 0.001 to 1000000",
        ),
        ("step:bank", "an offset is missing, as in +300ms"),
        ("cut", "\"cut\" needs nodes or links, as in cut:a-b"),
        ("halves:bank", "\"halves\" stands alone"),
        ("bridge:alice+bob", "\"alice+bob\" must be one node"),
        ("ntp:alice", "a server is missing, as in =a, or =none"),
        ("ntp:alice=alice", "\"alice\" cannot be its own server"),
        ("drop:45", "\"45\" is not a message; messages look like m45"),
        (
            "op.pya:alice",
            "there is no operation \"pya\"; did you mean \"pay\"?",
        ),
        (
            "op.pay:alice=x",
            "the argument is \"x\"; it must be a whole number",
        ),
        (
            "filter:apy",
            "no message is called \"apy\"; did you mean \"pay\"?",
        ),
        (
            "op.zzzzzz:alice",
            "there is no operation \"zzzzzz\"; there are: pay",
        ),
        (
            "filter:zzzzzz",
            "no message is called \"zzzzzz\"; there are: pay, receipt",
        ),
        ("loss:3", "loss is 3; it must be from 0 to 1"),
        (
            "timeout:1s",
            "\"timeout\" does not change during a run; it is set for the whole run, as in timeout=VALUE",
        ),
    ] {
        assert_eq!(Deed::parse(text, &scenario), Err(what.to_owned()), "{text}");
    }
}

#[test]
fn a_cut_heals_under_the_name_it_was_made_under() {
    let scenario = scenario();
    let mut settings = crate::knob::Settings::of(&scenario);
    let mut actions = |text: &str| {
        let deed = Deed::parse(text, &scenario).unwrap();
        deed.actions(&mut settings).pop().unwrap()
    };
    for (cut, heal) in [
        ("cut:alice-bank", "heal:bank-alice"),
        ("halves", "heal:halves"),
        ("hold-isolate:leader", "heal:isolate:leader"),
    ] {
        let made = match actions(cut) {
            Action::Cut { name, .. } | Action::Isolate { name, .. } => name,
            other => panic!("{cut} is {other:?}"),
        };
        assert_eq!(actions(heal), Action::Heal(Some(made)), "{cut}");
    }
}

/// The kernel of a lab's run at its beginning, after all `deeds` were done.
fn kernel_after(scenario: &Scenario, deeds: &[String]) -> sim::Kernel {
    let mut settings = crate::knob::Settings::of(scenario);
    let mut machine = crate::run::build::machine(scenario);
    let mut trace = sim::trace::Trace::off();
    for text in deeds {
        let deed = Deed::parse(text, scenario).unwrap_or_else(|what| panic!("{text}: {what}"));
        let actions = deed.actions(&mut settings);
        assert!(!actions.is_empty(), "{text}");
        for action in actions {
            machine.apply(&action, &mut trace);
        }
    }
    machine.kernel().clone()
}

#[test]
fn every_setting_of_links_is_turned_to_what_a_scenario_sets() {
    let scenario = scenario();
    for setting in setting::LINK_SETTINGS {
        for value in [setting.range.min, setting.range.max] {
            let turn = |key: &str| format!("{key}:{}", setting.range.unit.format(value));
            let (from, to) = (NodeId(0), NodeId(2));
            let mut network = scenario.network;
            (setting.set)(&mut network, value);
            let everywhere = kernel_after(&scenario, &[turn(setting.key)]);
            assert_eq!(*everywhere.network().profile(from, to), network.profile());
            let names = (scenario.name(from), scenario.name(to));
            let one = turn(&format!("{}.{}..{}", setting.key, names.0, names.1));
            let one = kernel_after(&scenario, &[one]);
            assert_eq!(*one.network().profile(from, to), network.profile());
            assert_eq!(*one.network().profile(to, from), scenario.network.profile());
        }
    }
}

#[test]
fn every_setting_of_nodes_is_turned_to_what_a_scenario_sets() {
    let scenario = scenario();
    for setting in setting::NODE_SETTINGS {
        for value in [setting.range.min, setting.range.max] {
            let mut set = scenario.clone();
            (setting.set)(&mut set.nodes[0], value);
            let mut settings = crate::knob::Settings::of(&scenario);
            let key = format!("{}.{}", setting.key, scenario.name(NodeId(0)));
            let text = format!("{key}:{}", setting.range.unit.format(value));
            let actions = Deed::parse(&text, &scenario)
                .unwrap()
                .actions(&mut settings);
            assert_eq!(settings, crate::knob::Settings::of(&set), "{text}");
            let before = scenario.nodes[0].skew;
            let expected = set.nodes[0].action(setting.part, NodeId(0), before);
            assert_eq!(actions, [expected], "{text}");
        }
    }
}

#[test]
fn what_is_no_deed_is_told_with_what_was_meant() {
    let scenario = scenario();
    for (text, told) in [
        (
            "torn:bank@4s",
            "\"torn\" is set for one node at a time, as in torn.alice:0.5",
        ),
        (
            "crahs:bank@2s",
            "\"crahs\" is not a known action; did you mean \"crash\"?",
        ),
        (
            "crash@4s",
            "\"crash\" is not complete; it looks like crash:bank",
        ),
        (
            "loss@4s",
            "\"loss\" is not complete; it looks like loss:0.3",
        ),
        (
            "duplication@4s",
            "\"duplication\" needs a value, as in duplication:0.5",
        ),
        ("timeout:2s@4s", "\"timeout\" does not change during a run"),
    ] {
        let said = Timed::parse(text, &scenario).unwrap_err();
        assert!(said.contains(told), "{said}");
    }
    let said = Timed::parse("foo:bank@2s", &scenario).unwrap_err();
    assert!(said.ends_with("\"foo\" is not a known action"), "{said}");
}
