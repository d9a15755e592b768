//! The functions by which wasm-bindgen learns of types: it runs them in the main module, and takes them away.
//!
//! Some are exported. Others stand where an import is to be called whose types only the compiler knows: they call a mark, and
//! wasm-bindgen makes an import of each, wherever a function of the main module calls it.

use std::collections::BTreeSet;

use super::graph::{Graph, Node};
use super::module::Module;

/// How the names begin of those that are exported, and of the imports that they call.
const DESCRIBES: &str = "__wbindgen_describe";

/// All of them.
pub(super) fn described(module: &Module<'_>, graph: &Graph) -> Vec<Node> {
    let exported = module.exported_by_name();
    let exported = exported.filter(|(name, _)| name.starts_with(DESCRIBES));
    let exported = exported.map(|(_, function)| function);
    exported.chain(to_be_imports(module, graph)).collect()
}

/// Those of which imports are made.
pub(super) fn to_be_imports(module: &Module<'_>, graph: &Graph) -> BTreeSet<u32> {
    let imports = (0..).zip(&module.imports);
    let marks = imports.filter(|(_, import)| import.name.starts_with(DESCRIBES));
    let marks: BTreeSet<u32> = marks.map(|(function, _)| function).collect();
    let exported: BTreeSet<u32> = module.exported().collect();
    let calls_mark = |function: &u32| {
        graph
            .calls(*function)
            .iter()
            .any(|called| marks.contains(called))
    };
    let callers = module.defined().filter(calls_mark);
    callers
        .filter(|function| !exported.contains(function))
        .collect()
}
