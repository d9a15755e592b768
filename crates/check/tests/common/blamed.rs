//! What a counterexample blames, without everything else.

use check::format::write_edn;
use check::history::{Event, Function, History, OpId, Process, Time};
use check::model::Specification;
use check::verify::Invalid;

use super::linearizable;

/// The operations that are blamed as they were, and all others that had begun as if they may take effect at any time, or
/// never: so much is needed of the values that the blamed ones return.
pub fn blamed_alone(history: &History, invalid: &Invalid) -> History {
    let violation = &invalid.violation;
    alone(history, violation.event, &violation.operations)
}

/// Holds what is blamed to its definition: no order of it fits, and some does as soon as one is spared that contradicts the
/// operation that fits nowhere, which comes first. What is wrong in an order with an operation that failed later may be wrong
/// already without that, and then the first one could be spared.
pub fn assert_blamed<S: Specification>(spec: &S, history: &History, invalid: &Invalid) {
    let violation = &invalid.violation;
    let without = |spared: Option<OpId>| {
        let left = violation.operations.iter().copied();
        let left: Vec<OpId> = left.filter(|op| Some(*op) != spared).collect();
        alone(history, violation.event, &left)
    };
    let text = write_edn(history);
    assert!(!linearizable(spec, &without(None)), "{text}");
    for &spared in violation.operations.iter().skip(1) {
        let rest = without(Some(spared));
        assert!(linearizable(spec, &rest), "without {spared}: {text}");
    }
}

fn alone(history: &History, event: u32, operations: &[OpId]) -> History {
    let certain = history.prefix(event + 1);
    let blamed = |op: OpId| operations.contains(&op);
    let failed = |op: OpId| history.get(op).unwrap().failed();
    let mut alone = History::new();
    for operation in certain.operations() {
        if !blamed(operation.id)
            && !failed(operation.id)
            && operation.call.function != Function::Read
        {
            let process = Process(1_000_000 + operation.id.0);
            alone
                .invoke(process, operation.call.clone(), Time(0))
                .unwrap();
        }
    }
    let mut begun: Vec<(OpId, OpId)> = Vec::new();
    for event in certain.events() {
        let operation = certain.get(event.op()).unwrap();
        match event {
            _ if !blamed(operation.id) || failed(operation.id) => {}
            // Whoever called it may have gone on without its outcome.
            Event::Invoke(op) => {
                let process = Process(op.0);
                let again = alone.invoke(process, operation.call.clone(), Time(0));
                begun.push((*op, again.unwrap()));
            }
            Event::Return(op) => {
                let known = begun.iter().find(|(begun, _)| begun == op).unwrap().1;
                if let Some(result) = operation.result() {
                    alone.ok(known, result.clone(), Time(0)).unwrap();
                }
            }
        }
    }
    alone
}
