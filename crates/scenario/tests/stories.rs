//! The story of every lab, told of runs with other defences and other seeds.

use scenario::lab::outcomes::{self, SEEDS};
use scenario::lab::{self, Flip, Lab, Moment, Step};
use scenario::run::play::{Judged, Play};
use scenario::run::{Coming, Forecast};
use scenario::{Run, link::Link};
use sim::sorted::Set;
use sim::{SimDuration, SimTime};

const RUNS: u32 = 20;

/// The lab's own defences, each of its switches alone, none, and all.
fn sets(lab: &Lab) -> Vec<Set<&'static str>> {
    let own = lab.scenario.defences.iter();
    let others: Set<&'static str> = own
        .filter(|id| !lab.switches.contains(id))
        .copied()
        .collect();
    let with = |ids: &[&'static str]| {
        let mut on = others.clone();
        on.extend(ids.iter().copied());
        on
    };
    let mut sets = vec![
        lab.scenario.defences.clone(),
        with(&[]),
        with(&lab.switches),
    ];
    sets.extend(lab.switches.iter().map(|id| with(&[*id])));
    sets
}

/// A lab's run with these defences and this seed.
fn run(lab: &Lab, on: &Set<&'static str>, seed: u32) -> Run {
    let (mut link, problems) = Link::parse(&format!("#/{}", lab.id));
    assert_eq!(problems, []);
    link.variant.scenario.defences.clone_from(on);
    link.variant.scenario.seed = seed;
    Run::of_link(link)
}

/// What is wrong with the story of a run that is over.
fn faults(run: &Run) -> Vec<String> {
    let mut before = SimTime::ZERO;
    let mut faults = Vec::new();
    for (step, coming) in run.story() {
        match coming {
            Coming::Known(reached) if reached.at < before => {
                faults.push(format!("goes back in time: {}", step.text));
            }
            Coming::Known(reached) => before = reached.at,
            Coming::Never if step.instead.is_empty() => {
                faults.push(format!("tells of what does not happen: {}", step.text));
            }
            Coming::Never => {}
            Coming::Open => faults.push(format!("leaves open: {}", step.text)),
        }
        if let (Moment::When(pattern), Coming::Known(reached)) = (&step.moment, coming)
            && let Some(check) = pattern.violates
        {
            let at = run.verdicts()[check].violated_at;
            if at.is_none_or(|at| at > reached.at) {
                faults.push(format!("is told before it is so: {}", step.text));
            }
        }
    }
    faults
}

#[test]
fn every_story_is_about_the_run_there_is() {
    let mut wrong = Vec::new();
    for lab in lab::labs() {
        for on in sets(lab) {
            for seed in 0..RUNS {
                let mut run = run(lab, &on, seed);
                run.seek(run.timeline().end());
                for fault in faults(&run) {
                    wrong.push(format!("{} on {on:?} {fault}", lab.id));
                }
            }
        }
    }
    wrong.sort();
    let mut counted: Vec<(usize, String)> = Vec::new();
    for fault in wrong {
        match counted.last_mut().filter(|(_, last)| *last == fault) {
            Some((count, _)) => *count += 1,
            None => counted.push((1, fault)),
        }
    }
    assert!(counted.is_empty(), "{counted:#?}");
}

/// What the lab sets up for its readers: things to try, and limits.
fn set_up(lab: &Lab) -> impl Iterator<Item = Run> {
    let links = lab.set_up().map(|(link, _)| link);
    let links = links.filter(|link| !link.is_empty());
    links.map(|link| {
        let (run, problems) = Run::open(&format!("#/{}?{link}", lab.id));
        assert_eq!(problems, [], "{} {link}", lab.id);
        run
    })
}

#[test]
fn the_story_of_what_a_lab_sets_up_is_about_that_run() {
    let mut wrong = Vec::new();
    for lab in lab::labs() {
        for mut run in set_up(lab) {
            run.seek(run.timeline().end());
            let link = run.link();
            let told: Vec<String> = faults(&run);
            wrong.extend(told.into_iter().map(|fault| format!("{link} {fault}")));
            if std::env::var_os("SLOWFIRE_TELL").is_some() {
                println!("{link}");
                for (step, coming) in run.story() {
                    let text = match coming {
                        Coming::Never => &step.instead,
                        _ => &step.text,
                    };
                    println!("    {coming:?}\n    {text}");
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// A thing to try is told as itself in its own weather, whatever the seed and the switches; the lab's own run is not.
#[test]
fn what_is_tried_tells_its_own_story_as_long_as_it_is_what_was_set_up() {
    let first = |link: &str| {
        let (run, problems) = Run::open(link);
        assert_eq!(problems, [], "{link}");
        let mut story = run.story();
        story.next().map(|(step, _)| step.text.clone())
    };
    let mut told = 0;
    for lab in lab::labs() {
        let is_own = |text: &str| lab.story.iter().any(|step| step.text == text);
        let own = first(&format!("#/{}", lab.id)).expect("a lab has a story");
        assert!(is_own(&own), "{}: {own}", lab.id);
        let node = &lab.scenario.nodes[0].name;
        for (link, _) in lab.set_up().filter(|(_, story)| !story.is_empty()) {
            let link = format!("#/{}?{link}", lab.id);
            for more in ["", "&seed=3"] {
                if !more.is_empty() && link.contains("seed=") {
                    continue;
                }
                let told = first(&format!("{link}{more}")).expect("it has steps");
                assert!(!is_own(&told), "{link}{more}: {told}");
            }
            let joint = if link.contains("&do=") { "," } else { "&do=" };
            let (deeds, rest) = match link.split_once("&t=") {
                Some((deeds, at)) => (deeds, format!("&t={at}")),
                None => (link.as_str(), String::new()),
            };
            let changed = format!("{deeds}{joint}crash:{node}@3.777s{rest}");
            let after = first(&changed);
            assert!(after.is_none_or(|text| is_own(&text)), "{changed}");
            told += 1;
        }
    }
    assert!(told > 20, "{told}");
}

/// When each check of a run is seen to be violated, if it is.
fn seen(run: &Run) -> Vec<Option<SimTime>> {
    let verdicts = run.verdicts().into_iter();
    verdicts.map(|verdict| verdict.seen_at).collect()
}

/// So long after the moment at which the run without a cure broke, the one with it has told why it does not.
const TOLD_WITHIN: SimDuration = SimDuration::from_millis(500);

/// What a cured run has not told by the moment at which the one without the cure broke.
fn untold(lab: &Lab, switch: &'static str) -> Vec<String> {
    let own = &lab.scenario.defences;
    let mut failing = run(lab, own, lab.scenario.seed);
    failing.seek(SimTime::NEVER);
    let mut on = own.clone();
    if !on.remove(switch) {
        on.insert(switch);
    }
    let mut cured = run(lab, &on, lab.scenario.seed);
    while !cured.look_ahead(5000) {}
    let mut told = Vec::new();
    for (check, at) in seen(&failing).into_iter().enumerate() {
        let ahead = &cured.outlook()[0];
        let is_cured = |at: &SimTime| {
            let others = ahead.seen.iter().flatten();
            ahead.seen_at(check).is_none() && others.min().is_none_or(|other| other > at)
        };
        let Some(at) = at.filter(is_cured) else {
            continue;
        };
        cured.seek(at + TOLD_WITHIN);
        let tells = |step: &Step, place: usize, coming| match coming {
            Coming::Never => cured.instead_at(place).is_some_and(|told| told <= at),
            // A step of its own, which the failing run does not have.
            Coming::Known(_) => !step.only_on.is_empty(),
            Coming::Open => false,
        };
        let mut story = cured.story().enumerate();
        if !story.any(|(place, (step, coming))| tells(step, place, coming)) {
            let label = &lab.scenario.checks[check].id;
            told.push(format!(
                "{} with {switch} says nothing of {label} at {at:?}",
                lab.id
            ));
        }
    }
    told
}

/// What a session does in this lab is told of the request that it makes harmless, and not of its violation.
const TOLD_OTHERWISE: [&str; 1] = ["raft-rules"];

#[test]
fn what_a_cure_does_is_told_at_the_moment_at_which_the_run_without_it_broke() {
    let labs = lab::labs().iter();
    let labs = labs.filter(|lab| !TOLD_OTHERWISE.contains(&lab.id.as_str()));
    let silent: Vec<String> = labs
        .flat_map(|lab| {
            lab.switches
                .iter()
                .flat_map(move |switch| untold(lab, switch))
        })
        .collect();
    assert!(silent.is_empty(), "{silent:#?}");
}

/// What the story of a link tells at the end, from its first word to its last.
fn tells(link: &str) -> String {
    let (mut run, problems) = Run::open(link);
    assert_eq!(problems, [], "{link}");
    run.seek(SimTime::NEVER);
    let story = run.story();
    let texts: Vec<&str> = story
        .map(|(step, coming)| run.text_of(step, coming))
        .collect();
    texts.join("\n")
}

#[test]
fn a_story_blames_what_did_it() {
    for (link, right, wrong) in [
        (
            "#/flipped-bits?seed=3&corruption=0.5&timeout=200ms&bad-memory=0",
            "Several bits flipped on a wire",
            "The gateway swapped",
        ),
        (
            "#/flipped-bits",
            "The gateway swapped",
            "Several bits flipped",
        ),
        (
            "#/flipped-bits?corruption=0&on=checksum",
            "No wire has changed this number",
            "A bit has flipped",
        ),
        (
            "#/flipped-bits?bad-memory=0&on=checksum",
            "No swapped number has been found",
            "the gateway swapped",
        ),
        (
            "#/did-it-fail?loss=0&service.server=650ms",
            "The server carries out this call only now",
            "A second has passed",
        ),
        (
            "#/did-it-fail?seed=1&on=unknown-outcome&do=pause:alice@5s,resume:alice@15s",
            "This client was paused",
            "no client is paused",
        ),
        (
            "#/forgotten-keys?rev=2&off=idempotency-key&on=key-survives-restart",
            "because it knows none",
            "together with its key",
        ),
        (
            "#/lease-and-pause?seed=7&on=fencing-token&latency.ben..file=3s",
            "The file has refused no write so far",
            "no late write",
        ),
    ] {
        let told = tells(link);
        assert!(
            told.contains(right),
            "{link} tells not of {right:?}:\n{told}"
        );
        assert!(!told.contains(wrong), "{link} tells of {wrong:?}:\n{told}");
    }
}

#[test]
fn a_changed_run_says_what_happens_instead_and_why() {
    for (link, right) in [
        (
            "#/retry-storm?do=crash:server@2.4s,restart:server@4s",
            "calls did not pile up",
        ),
        (
            "#/retry-storm?do=crash:server@12s,restart:server@12.5s",
            "Its inbox is lost",
        ),
        ("#/retry-storm?loss=0.2", "The server stalls"),
        (
            "#/two-clocks?do=filter.server..ben:answer@7.5s,unfilter@9s",
            "gives up only when",
        ),
        (
            "#/drifting-lease?on=drift-margin&max-drift=0.01",
            "1 % off is too small",
        ),
        (
            "#/drifting-lease?on=drift-margin&latency=3200ms",
            "Nobody ever has the lock",
        ),
        (
            "#/congested-switch?on=bounded-queue,deadline,fair-queue&do=step:server+2s@14s",
            "by the server's clock each of",
        ),
    ] {
        let told = tells(link).replace('\n', " ");
        assert!(
            told.contains(right),
            "{link} tells not of {right:?}:\n{told}"
        );
    }
    for link in [
        "#/drifting-lease?do=cut:ann+ben-lock@3s",
        "#/congested-switch?do=crash:switch@5s",
    ] {
        let told = tells(link);
        assert!(
            !told.contains("No message is lost") && !told.contains("Its answer is still"),
            "{told}"
        );
    }
}

/// The labs of Raft tell of disks in words of their own.
#[test]
fn a_story_tells_of_each_disk_that_is_wiped() {
    let labs = lab::labs().iter();
    let labs = labs.filter(|lab| !lab.id.starts_with("raft"));
    let wiped = labs.flat_map(set_up);
    let wiped = wiped.filter(|run| run.link().contains("wipe:"));
    let is_silent = |run: &mut Run| {
        run.seek(SimTime::NEVER);
        let mut told = run.story().filter(|(step, _)| !step.only_done.is_empty());
        !told.any(|(_, coming)| matches!(coming, Coming::Known(_)))
    };
    let silent: Vec<String> = wiped
        .filter_map(|mut run| is_silent(&mut run).then(|| run.link()))
        .collect();
    assert!(silent.is_empty(), "{silent:#?}");
}

/// A moment as verdicts and the page print it: to a hundredth of a second, and never before it.
#[test]
fn a_link_to_the_printed_time_of_a_violation_shows_it() {
    for lab in lab::labs() {
        let own = run(lab, &lab.scenario.defences, lab.scenario.seed);
        for mut run in set_up(lab).chain([own]) {
            run.seek(SimTime::NEVER);
            let end = run.now();
            for (check, at) in seen(&run).into_iter().enumerate() {
                let Some(at) = at.filter(|at| *at < end) else {
                    continue;
                };
                let printed = sim::protocol::seconds(at).replace(" s", "");
                let seconds: f64 = printed.parse().expect("it is a number");
                run.seek(SimTime::from_nanos((seconds * 1e9).round() as u64));
                let violated = run.verdicts()[check].violated_at;
                assert!(violated.is_some(), "{} {printed}", run.link());
                run.seek(SimTime::NEVER);
            }
        }
    }
}

#[test]
fn what_the_labs_own_weather_does_at_a_time_is_told_in_no_other_weather() {
    let tells_of_the_stall = |change: &str| {
        let (mut run, problems) = Run::open(&format!("#/retry-storm?{change}"));
        assert_eq!(problems, []);
        run.seek(SimTime::NEVER);
        let mut steps = run.story().map(|(step, _)| &step.text);
        steps.any(|text| text.contains("busier than ever"))
    };
    for own in ["seed=9", "on=jitter", "do=crash:server@12s"] {
        assert!(tells_of_the_stall(own), "{own}");
    }
    for other in ["do=crash:server@2.4s,restart:server@4s", "every=470ms"] {
        assert!(!tells_of_the_stall(other), "{other}");
    }
}

#[test]
fn a_run_that_is_played_ahead_has_the_story_of_one_that_is_watched() {
    for lab in lab::labs() {
        for on in sets(lab) {
            let (mut watched, mut ahead) = (run(lab, &on, 3), run(lab, &on, 3));
            let known = |run: &Run| run.story().map(|(_, coming)| coming).collect::<Vec<_>>();
            let end = watched.timeline().end();
            while watched.now() < end {
                watched.advance(SimDuration::from_millis(777));
            }
            while !ahead.look_ahead(500) {}
            assert_eq!(ahead.now(), SimTime::ZERO, "the cursor stays");
            let seen: Vec<_> = ahead.outlook()[0]
                .judged
                .iter()
                .flatten()
                .map(|judged| judged.violated_at())
                .collect();
            ahead.seek(end);
            assert_eq!(known(&ahead), known(&watched), "{} on {on:?}", lab.id);
            let verdicts = watched.verdicts().into_iter();
            let found: Vec<_> = verdicts.map(|verdict| verdict.violated_at).collect();
            assert_eq!(seen, found, "{} on {on:?}", lab.id);
        }
    }
}

#[test]
fn each_defence_alone_and_all_together_have_a_sentence_for_what_they_do() {
    let mut missing = Vec::new();
    for lab in lab::labs() {
        for on in sets(lab) {
            if on == lab.scenario.defences {
                continue;
            }
            let flips: Vec<&Flip> = lab.flips.iter().filter(|flip| flip.on == on).collect();
            assert!(flips.len() <= 1, "{} speaks twice of {on:?}", lab.id);
            let is_said = |text: fn(&Flip) -> &str| flips.iter().any(|flip| !text(flip).is_empty());
            let counted = outcomes::counted(&lab.id, &on).expect("every set is counted");
            if counted.any < SEEDS && !is_said(|flip| &flip.helps) {
                missing.push(format!("{} on {on:?} helps", lab.id));
            }
            if counted.any > 0 && !is_said(|flip| &flip.fails) {
                missing.push(format!("{} on {on:?} fails", lab.id));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

/// What is known of each step.
fn known(run: &Run) -> Vec<Coming> {
    run.story().map(|(_, coming)| coming).collect()
}

#[test]
fn what_was_found_out_ahead_of_a_deed_stays_known() {
    for lab in lab::labs() {
        let mut run = run(lab, &lab.scenario.defences, 3);
        run.seek(SimTime::from_millis(1000));
        let node = run.scenario().name(sim::NodeId(0));
        run.act_text(&format!("pause:{node}"))
            .expect("it can be done");
        while !run.look_ahead(5000) {}
        let found = known(&run);
        run.advance(SimDuration::from_millis(1));
        assert_eq!(known(&run), found, "{}", lab.id);
    }
}

/// A document of somebody's own, told apart from the lab whose name it has.
fn document(change: impl Fn(&mut serde_json::Value)) -> Run {
    let lab = lab::find("double-charge").expect("it is a lab");
    let mut document = Link::of_lab(lab).to_value();
    change(&mut document);
    let link = Link::from_value(&document).unwrap_or_else(|problems| panic!("{problems:?}"));
    Run::of_link(link)
}

#[test]
fn seeds_are_counted_of_a_carried_lab_and_of_no_document_that_borrows_its_name() {
    let mut carried = document(|_| {});
    let mut own = document(|document| document["scenario"]["network"]["loss"] = 0.into());
    let mut changed = document(|document| document["do"] = serde_json::json!(["crash:bank@2s"]));
    for run in [&mut carried, &mut own, &mut changed] {
        run.look_ahead(1);
    }
    assert!(carried.outlook().iter().all(|one| one.counted.is_some()));
    assert!(own.outlook().iter().all(|one| one.counted.is_none()));
    assert!(changed.outlook().iter().all(|one| one.counted.is_none()));
}

#[test]
fn nothing_is_said_of_defences_where_nothing_was_decided() {
    let said = |change: &str| {
        let (mut run, problems) = Run::open(&format!("#/lease-and-pause?on=fencing-token{change}"));
        assert_eq!(problems, []);
        while !run.look_ahead(5000) {}
        run.said_of_defences().map(str::to_owned)
    };
    assert!(said("").is_some());
    assert_eq!(said("&do=crash:all@0s"), None);
}

/// Their things to try have plans of their own, in which other servers lead, and other clients ask.
#[test]
fn what_is_said_of_rafts_rules_names_no_node() {
    let mut heard = 0;
    for lab in lab::labs() {
        let of_raft = lab.flips.iter();
        let of_raft = of_raft.filter(|_| lab.scenario.protocol.id == "raft");
        for said in of_raft.flat_map(|flip| [&flip.helps, &flip.fails]) {
            let nodes = &lab.scenario.nodes;
            let is_named = |word: &str| {
                nodes
                    .iter()
                    .any(|node| node.name.eq_ignore_ascii_case(word))
            };
            let mut words = said.split(|letter: char| !letter.is_alphanumeric());
            assert!(!words.any(is_named), "{}: {said}", lab.id);
            heard += usize::from(!said.is_empty());
        }
    }
    assert!(heard > 10, "{heard}");
}

/// The exercises of `web/docs/teach.md` that say what a link shows.
#[test]
fn the_exercises_are_as_they_are_told() {
    let teach = include_str!("../../../web/docs/teach.md");
    let violated = |link: &str| {
        let (mut run, problems) = Run::open(link);
        assert_eq!(problems, []);
        run.seek(run.timeline().end());
        let verdicts = run.verdicts().into_iter();
        let verdicts = verdicts.filter(|verdict| verdict.violated_at.is_some());
        let ids: Vec<String> = verdicts.map(|verdict| verdict.check.id.clone()).collect();
        ids
    };
    let two = "#/raft?rev=8&seed=3&off=up-to-date-vote";
    for link in [
        "#/double-charge?rev=2&loss=0",
        "#/two-clocks",
        "#/stale-read",
        two,
    ] {
        assert!(teach.contains(&format!("`{link}`")), "{link}");
    }
    assert!(violated("#/double-charge?rev=2&loss=0").is_empty());
    assert_eq!(violated("#/two-clocks").len(), 1);
    assert!(!violated("#/stale-read").is_empty());
    assert_eq!(violated(two), ["logs", "complete", "applied"]);
    let compared = "#/raft?rev=8&seed=3&on=previous-entry-check&off=up-to-date-vote";
    assert_eq!(violated(compared), ["complete", "applied"]);
    assert_eq!(violated("#/raft?rev=8&seed=3"), ["logs", "applied"]);
}

#[test]
fn the_rule_that_a_thing_to_try_leaves_out_is_its_first_switch_and_looked_ahead_of() {
    let weather = "rev=8&loss=0&timeout=500ms&do=op.lead:n2=1@1s,isolate:n5@4s,heal@8s";
    let run = |switches: &str| {
        let (mut run, problems) = Run::open(&format!("#/raft-rules?{switches}&{weather}"));
        assert_eq!(problems, []);
        while !run.look_ahead(5000) {}
        run
    };
    let is_broken = |forecast: &Forecast| {
        let judged = forecast.judged.as_ref().expect("it is known");
        judged.iter().any(|one| matches!(one, Judged::Violated(_)))
    };
    let off = run("on=sessions&off=pre-vote");
    assert_eq!(off.switches(), ["pre-vote", "sessions"]);
    let broken: Vec<_> = off.outlook().iter().map(is_broken).collect();
    assert_eq!(broken, [true, false, true], "only pre-vote mends it");
    // What the lab says is about sessions.
    let on = run("on=sessions");
    assert_eq!(on.switches(), ["pre-vote", "sessions"]);
    assert_eq!(on.said_of_defences(), None);
}

#[test]
fn a_step_of_a_time_that_a_run_never_reaches_is_told_as_such() {
    let mut run = document(|document| {
        document["scenario"]["events"] = 200.into();
        document["story"] =
            serde_json::json!([{ "at": "59s", "text": "Late.", "instead": "Never." }]);
    });
    run.seek(SimTime::NEVER);
    assert!(run.stopped().is_some());
    assert_eq!(known(&run), [Coming::Never]);
    run.seek(SimTime::ZERO);
    while !run.look_ahead(50) {}
    assert_eq!(known(&run), [Coming::Never]);
}

#[test]
fn what_is_foretold_in_slices_is_what_the_runs_come_to() {
    for lab in lab::labs() {
        let mut run = run(lab, &lab.scenario.defences, 0);
        while !run.look_ahead(50) {}
        for forecast in run.outlook() {
            let mut scenario = run.scenario().clone();
            scenario.defences.clone_from(&forecast.on);
            let judged = Play::new(&scenario, &[]).hunt(None);
            assert_eq!(
                forecast.judged.as_ref(),
                Some(&judged),
                "{} with {:?}",
                lab.id,
                forecast.on
            );
        }
    }
}

#[test]
fn whatever_a_lab_sets_up_has_its_switches() {
    for lab in lab::labs() {
        for (link, _) in lab.set_up() {
            let (run, _) = Run::open(&format!("#/{}?{link}", lab.id));
            let switches = run.switches();
            let own = &run.lab().switches;
            assert!(
                own.iter().all(|id| switches.contains(id)),
                "{}?{link}",
                lab.id
            );
        }
    }
}
