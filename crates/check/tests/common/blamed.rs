//! What a counterexample blames, without everything else.

use check::history::{Event, Function, History, OpId, Process, Time};
use check::verify::Invalid;

/// The operations that are blamed as they were, and all others that had begun as if they may take effect at any time, or
/// never: so much is needed of the values that the blamed ones return.
pub fn blamed_alone(history: &History, invalid: &Invalid) -> History {
    let certain = history.prefix(invalid.violation.event + 1);
    let blamed = |op: OpId| invalid.violation.operations.contains(&op);
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
