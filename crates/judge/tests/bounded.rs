//! The page pays for every character that it is told: whatever a history says, and wherever it says it, little of it comes back.

use check::model::ModelName;
use check::verify::Consistency;
use judge::asked::Asked;
use judge::judged::judged;

/// A word that is as long as a stranger likes.
const LONG: usize = 300_000;
/// More of it is in no sentence.
const MOST: usize = 200;
/// An answer on a few operations has no more bytes than this.
const MOST_BYTES: usize = 30_000;

fn is_brief(text: &str, asked: &Asked) {
    let beginning: String = text.chars().take(120).collect();
    let told = serde_json::to_string(&judged(text.to_owned(), asked)).expect("a judgement is JSON");
    assert!(
        told.len() < MOST_BYTES,
        "{} bytes on {beginning}, {asked:?}",
        told.len()
    );
    assert!(
        !told.contains(&"x".repeat(MOST + 1)),
        "{beginning}, {asked:?}: {told}"
    );
}

/// A history whose operations call `function` with `argument` and return `result`, and a second one that returns `other`.
fn calls(process: &str, function: &str, argument: &str, results: [&str; 2]) -> String {
    let call = |result: &str| {
        format!(
            "{{:process {process}, :type :invoke, :f :{function}, :value {argument}}}\n\
             {{:process {process}, :type :ok, :f :{function}, :value {result}}}\n"
        )
    };
    results.map(call).concat()
}

#[test]
fn a_long_value_is_cut_whatever_is_asked_of_it() {
    let text = format!("\"{}\"", "x".repeat(LONG));
    let number = "7".repeat(LONG);
    let forms = [
        text.clone(),
        format!(":{}", "x".repeat(LONG)),
        format!("[{text} {text}]"),
        format!("[1 [{text} 2]]"),
        format!("#{{{text}}}"),
        format!("{{{text} 1}}"),
        format!("#{} [1]", "x".repeat(LONG)),
        number,
    ];
    let functions = [
        ("read", "nil"),
        ("write", "1"),
        ("cas", "[1 2]"),
        ("append", "1"),
        ("add", "1"),
        ("dequeue", "nil"),
        ("drain", "nil"),
    ];
    for form in &forms {
        for (function, argument) in functions {
            let answer = calls("0", function, argument, [form, "1"]);
            is_brief(&answer, &Asked::default());
            let call = calls("0", function, form, [form, "1"]);
            is_brief(&call, &Asked::default());
        }
        for (model, _) in ModelName::ALL {
            let asked = Asked {
                model: Some((*model).to_owned()),
                ..Asked::default()
            };
            is_brief(&calls("0", "read", "nil", [form, "1"]), &asked);
        }
        for (consistency, _) in Consistency::ALL {
            let asked = Asked {
                consistency: Some((*consistency).to_owned()),
                ..Asked::default()
            };
            let both =
                calls("0", "write", form, [form, "nil"]) + &calls("1", "read", "nil", ["1", form]);
            is_brief(&both, &asked);
        }
        let asked = Asked {
            initial: Some(form.clone()),
            ..Asked::default()
        };
        is_brief(&calls("0", "read", "nil", ["3", "4"]), &asked);
    }
}

#[test]
fn a_long_name_is_cut_wherever_it_stands() {
    let long = "x".repeat(LONG);
    let read = calls("0", "read", "nil", ["1", "2"]);
    let fields = [
        (":process 0", format!(":process \"{long}\"")),
        (":process 0", format!(":process :{long}")),
        (":type :ok", format!(":type :{long}")),
        (":f :read", format!(":f :{long}")),
        (":value nil", format!(":key :{long} :value nil")),
        (":value", format!(":{long}")),
        (":process", format!(":{long}/process")),
        ("{", format!("{long} {{")),
        ("{", format!("#{long} {{")),
        (":value nil", format!(":time {long}, :value nil")),
    ];
    for (field, longer) in &fields {
        is_brief(&read.replace(field, longer), &Asked::default());
        is_brief(&read.replacen(field, longer, 1), &Asked::default());
        let last = read.rsplit_once(field).unwrap();
        is_brief(&[last.0, longer, last.1].concat(), &Asked::default());
    }
    is_brief(&long, &Asked::default());
    is_brief(&format!("{{\"{long}\": 1"), &Asked::default());
    is_brief(
        &format!("{long}\t:invoke\t:read\tnil\n{long}\t:ok\t:read\t1\n"),
        &Asked::default(),
    );
    let said = |field: usize| {
        let word = |of| (field == of).then(|| long.clone());
        Asked {
            model: word(0),
            consistency: word(1),
            keyed: word(2),
            initial: word(3),
        }
    };
    for field in 0..4 {
        is_brief(&read, &said(field));
    }
}

#[test]
fn of_many_operations_and_processes_few_are_told() {
    let many: String = (0..3_000)
        .map(|process| {
            format!("{{:process \"client {process}\" :type :invoke :f :write :value {process}}}\n")
        })
        .collect();
    let read = calls("\"reader\"", "read", "nil", ["1", "-1"]);
    for (consistency, _) in Consistency::ALL {
        let asked = Asked {
            model: Some("register".to_owned()),
            consistency: Some((*consistency).to_owned()),
            ..Asked::default()
        };
        let told = judged(format!("{many}{read}"), &asked);
        let lists = told.orders.iter().map(|order| &order.unplaced);
        for list in lists.chain([&told.conflict]).chain(&told.before) {
            assert!(list.told.len() <= 100, "{consistency}");
        }
        assert!(told.sentence.len() < 4_000, "{}", told.sentence);
    }
    let others: String = (0..3_000)
        .map(|process| {
            format!("{{:process \"nemesis {process}\" :type :info :f :kill :value nil}}\n")
        })
        .collect();
    let notes = judged(others + &read, &Asked::default()).notes;
    assert!(notes.iter().all(|note| note.len() < 2_000), "{notes:?}");
}
