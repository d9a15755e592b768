//! Keys: told of, and asked for where they are ambiguous.

use super::*;

#[test]
fn keys_are_told_of_and_asked_for_where_they_are_ambiguous() {
    let question = ask(ModelName::Register, LINEARIZABLE);
    let pairs = format!(
        "{}{}",
        call("0", "write", "[:x 1]", "[:x 1]"),
        call("0", "read", "[:x nil]", "[:x 1]")
    );
    notes(&says(&pairs, question, "valid"), "--keyed plain");
    let odd = format!("{pairs}{}", call("0", "read", "nil", "nil"));
    let Answer::BadInput { at, problem } = says(&odd, question, "bad-input").answer else {
        unreachable!()
    };
    assert_eq!(at.line, 5);
    assert!(problem.contains("--keyed pairs"), "{problem}");
    let told = says(
        &odd,
        Question {
            keyed: Keyed::Pairs,
            ..question
        },
        "bad-input",
    )
    .answer;
    assert!(
        matches!(told, Answer::BadInput { at, .. } if at.line == 5),
        "{told:?}"
    );
    let only_pairs = call("0", "write", "[1 2]", "[1 2]");
    says(&only_pairs, question, "bad-input");
    says(
        &only_pairs,
        Question {
            keyed: Keyed::Plain,
            ..question
        },
        "valid",
    );
    let values = format!("{only_pairs}{}", call("0", "read", "nil", "[1 2]"));
    notes(&says(&values, question, "valid"), "--keyed pairs");
    let fields = pairs
        .replace("[:x 1]", "1, :key :x")
        .replace("[:x nil]", "nil, :key :x");
    notes(&says(&fields, question, "valid"), "`key`");
    let without = format!("{fields}{}", call("0", "read", "nil", "nil"));
    says(&without, question, "bad-input");
    let other = pairs.replace(
        ":value [:x 1]}\n{:process 0, :type :invoke",
        ":value [:y 1]}\n{:process 0, :type :invoke",
    );
    says(&other, question, "bad-input");
}
