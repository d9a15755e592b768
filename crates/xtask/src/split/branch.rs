//! A part: a module that shares the main module's memory, table and functions, and fills its own slots of the table.

use anyhow::{Context, Result};
use wasm_encoder::{
    CodeSection, ConstExpr, CustomSection, DataSection, ElementSection, Elements, EntityType,
    ExportKind, ExportSection, FunctionSection, GlobalType, ImportSection, MemoryType, NameMap,
    NameSection, RefType, TableType, ValType,
};
use wasmparser::Operator;

use super::borders::{Borders, FROM, MEMORY, TABLE};
use super::code::Numbers;
use super::graph::Graph;
use super::module::Module;
use super::plan::{Place, Plan};
use super::trunk::global_name;

/// Data that stands so near to each other is written as one piece.
const NEAR: u32 = 8;

/// Writes a part, by its number.
///
/// # Errors
///
/// When something in it cannot be written.
pub(super) fn write(
    module: &Module<'_>,
    graph: &Graph,
    plan: &Plan,
    borders: &Borders,
    part: usize,
) -> Result<Vec<u8>> {
    let branch = Branch {
        module,
        graph,
        plan,
        borders,
        part,
    };
    branch.write()
}

struct Branch<'a> {
    module: &'a Module<'a>,
    graph: &'a Graph,
    plan: &'a Plan,
    borders: &'a Borders,
    part: usize,
}

impl Branch<'_> {
    fn write(&self) -> Result<Vec<u8>> {
        let own = self.own();
        let globals = self.globals(&own)?;
        let mut numbers = Numbers::default();
        numbers.globals = globals.iter().copied().zip(0..).collect();
        let imports = &self.borders.imports[self.part];
        let called = imports.iter().map(|reached| reached.function());
        numbers.functions = called.chain(own.iter().copied()).zip(0..).collect();
        let import_section = self.imports(&globals, &mut numbers)?;
        let mut functions = FunctionSection::new();
        let mut code = CodeSection::new();
        for &function in &own {
            functions.function(numbers.of_type(self.module.functions[function as usize]));
            numbers.add_body(&mut code, self.module, function)?;
        }
        let mut written = wasm_encoder::Module::new();
        written
            .section(&numbers.types(self.module)?)
            .section(&import_section)
            .section(&functions)
            .section(&self.exports(&numbers)?)
            .section(&self.elements(&numbers)?)
            .section(&code)
            .section(&self.data())
            .section(&self.names(&own, &numbers));
        for (name, data) in &self.module.customs {
            if *name == "target_features" {
                written.section(&CustomSection {
                    name: (*name).into(),
                    data: (*data).into(),
                });
            }
        }
        Ok(written.finish())
    }

    /// Its functions.
    fn own(&self) -> Vec<u32> {
        let functions = self.module.defined();
        let place = Place::Part(self.part);
        functions
            .filter(|function| self.plan.place(*function) == place)
            .collect()
    }

    /// The globals that its functions use.
    fn globals(&self, own: &[u32]) -> Result<Vec<u32>> {
        let mut found = Vec::new();
        for function in own {
            let body = self.module.body(*function).context("a part has no body")?;
            for operator in body.get_operators_reader()? {
                let (Operator::GlobalGet { global_index } | Operator::GlobalSet { global_index }) =
                    operator?
                else {
                    continue;
                };
                if !found.contains(&global_index) {
                    found.push(global_index);
                }
            }
        }
        found.sort_unstable();
        Ok(found)
    }

    fn imports(&self, globals: &[u32], numbers: &mut Numbers) -> Result<ImportSection> {
        let mut section = ImportSection::new();
        let memory = self.module.memory.context("there is no memory")?;
        let memory = MemoryType {
            maximum: None,
            ..memory.into()
        };
        section.import(FROM, MEMORY, memory);
        section.import(
            FROM,
            TABLE,
            TableType {
                element_type: RefType::FUNCREF,
                table64: false,
                minimum: 0,
                maximum: None,
                shared: false,
            },
        );
        for &global in globals {
            let ty = self.module.globals[global as usize].ty;
            let ty = GlobalType {
                val_type: ValType::I32,
                mutable: ty.mutable,
                shared: ty.shared,
            };
            section.import(FROM, &global_name(global), ty);
        }
        for reached in &self.borders.imports[self.part] {
            let ty = self.module.functions[reached.function() as usize];
            let ty = EntityType::Function(numbers.of_type(ty));
            section.import(FROM, &reached.name(), ty);
        }
        Ok(section)
    }

    fn exports(&self, numbers: &Numbers) -> Result<ExportSection> {
        let mut section = ExportSection::new();
        for function in self.borders.wanted_of_part(self.plan, self.part) {
            let number = numbers.functions.get(&function);
            let number = number.context("a function that others call is gone")?;
            let name = super::borders::Reached::Itself(function).name();
            section.export(&name, ExportKind::Func, *number);
        }
        Ok(section)
    }

    /// Its slots of the table, in runs.
    fn elements(&self, numbers: &Numbers) -> Result<ElementSection> {
        let mut runs: Vec<(usize, Vec<u32>)> = Vec::new();
        for (slot, function) in self.borders.slots.iter().enumerate() {
            let Some(function) = function else { continue };
            if self.plan.place(*function) != Place::Part(self.part) {
                continue;
            }
            let number = numbers.functions.get(function);
            let number = *number.context("a function of the table is gone")?;
            match runs.last_mut() {
                Some((first, run)) if *first + run.len() == slot => run.push(number),
                _ => runs.push((slot, vec![number])),
            }
        }
        let mut section = ElementSection::new();
        for (first, run) in runs {
            let offset = ConstExpr::i32_const(first as i32);
            section.active(None, &offset, Elements::Functions(run.into()));
        }
        Ok(section)
    }

    /// Its data, at the addresses where it was linked. Between two pieces that are written as one nobody has any.
    fn data(&self) -> DataSection {
        let mut pieces: Vec<(u32, u32, u32)> = Vec::new();
        let mut is_after_own = false;
        for node in self.graph.nodes() {
            let Some(blob) = self.graph.blob(node) else {
                continue;
            };
            let is_own = self.plan.place(node) == Place::Part(self.part);
            if is_own {
                match pieces.last_mut() {
                    Some((segment, _, end))
                        if is_after_own && *segment == blob.segment && blob.start - *end < NEAR =>
                    {
                        *end = blob.end;
                    }
                    _ => pieces.push((blob.segment, blob.start, blob.end)),
                }
            }
            is_after_own = is_own;
        }
        let mut section = DataSection::new();
        for (segment, start, end) in pieces {
            let segment = &self.module.segments[segment as usize];
            let address = ConstExpr::i32_const((segment.address + start) as i32);
            let bytes = &segment.bytes[start as usize..end as usize];
            section.active(0, &address, bytes.iter().copied());
        }
        section
    }

    fn names(&self, own: &[u32], numbers: &Numbers) -> NameSection {
        let mut functions = NameMap::new();
        for function in own {
            if let Some(number) = numbers.functions.get(function) {
                functions.append(*number, self.module.names[*function as usize]);
            }
        }
        let mut section = NameSection::new();
        section.functions(&functions);
        section
    }
}
