//! The main module: what is loaded first, and all that parts share.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{
    CodeSection, ConstExpr, CustomSection, DataSection, ElementSection, Elements, ExportKind,
    ExportSection, Function, FunctionSection, GlobalSection, GlobalType, ImportSection,
    Instruction, MemorySection, NameMap, NameSection, RefType, TableSection, TableType, ValType,
};

use super::borders::{Borders, MISSING, Reached, TABLE};
use super::code::Numbers;
use super::graph::Graph;
use super::module::Module;
use super::plan::{Place, Plan};

/// Writes the main module, perhaps with functions that note in a global `c<function>` that they were called.
///
/// # Errors
///
/// When something in it cannot be written.
pub(super) fn write(
    module: &Module<'_>,
    graph: &Graph,
    plan: &Plan,
    borders: &Borders,
    notes: bool,
) -> Result<Vec<u8>> {
    let trunk = Trunk {
        module,
        graph,
        plan,
        borders,
        notes,
    };
    trunk.write()
}

/// How the names of globals begin in which functions note that they were called; `web/build/record.mjs` reads them.
const NOTED: &str = "c";

struct Trunk<'a> {
    module: &'a Module<'a>,
    graph: &'a Graph,
    plan: &'a Plan,
    borders: &'a Borders,
    /// Whether its functions note that they were called.
    notes: bool,
}

/// A function of the main module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Made {
    /// One of the linked module.
    Kept(u32),
    /// Calls what a part cannot call by itself.
    Passes(Reached),
    /// Stands in the slot of a door until its part is there: a part's number from 1 on, and a function of that type.
    Misses(u32, u32),
}

impl Trunk<'_> {
    fn write(&self) -> Result<Vec<u8>> {
        let made = self.made()?;
        let imported = self.module.imports.len() as u32;
        let mut numbers = Numbers::default();
        // Types keep their numbers: wasm-bindgen reads them, and there are few.
        for ty in 0..self.module.types.len() as u32 {
            numbers.of_type(ty);
        }
        for global in 0..self.module.globals.len() as u32 {
            numbers.globals.insert(global, global);
        }
        numbers.functions = (0..imported).map(|function| (function, function)).collect();
        for (number, made) in (imported..).zip(&made) {
            match made {
                Made::Kept(function) | Made::Passes(Reached::Door(function)) => {
                    numbers.functions.insert(*function, number);
                }
                _ => {}
            }
        }
        let number_of = |wanted: Made| {
            let place = made.iter().position(|one| *one == wanted);
            let place = place.context("a function of the main module was not made")?;
            Ok::<u32, anyhow::Error>(imported + place as u32)
        };
        let code = self.code(&made, &mut numbers)?;
        let mut written = wasm_encoder::Module::new();
        written
            .section(&numbers.types(self.module)?)
            .section(&self.imports(&mut numbers)?)
            .section(&self.functions(&made, &mut numbers))
            .section(&self.table()?)
            .section(&self.memory()?)
            .section(&self.globals(&made)?)
            .section(&self.exports(&made, &numbers, number_of)?)
            .section(&self.elements(&numbers, number_of)?)
            .section(&code)
            .section(&self.data())
            .section(&self.names(&made));
        for (name, data) in &self.module.customs {
            written.section(&CustomSection {
                name: (*name).into(),
                data: (*data).into(),
            });
        }
        Ok(written.finish())
    }

    /// Its functions, in the order of their numbers.
    fn made(&self) -> Result<Vec<Made>> {
        let kept = self.module.defined();
        let kept = kept.filter(|function| self.plan.place(*function) == Place::Main);
        let called = self.borders.called_doors.iter().copied();
        let passed: BTreeSet<Reached> = self
            .borders
            .wanted_of_main(self.plan)
            .into_iter()
            .filter(|reached| !matches!(reached, Reached::Itself(_)))
            .chain(called.map(Reached::Door))
            .collect();
        let missed = self.borders.slots.iter().flatten();
        let missed: BTreeSet<Made> = missed.filter_map(|function| self.miss(*function)).collect();
        Ok(kept
            .map(Made::Kept)
            .chain(passed.into_iter().map(Made::Passes))
            .chain(missed)
            .collect())
    }

    /// What stands in the slot of a function that is in a part.
    fn miss(&self, function: u32) -> Option<Made> {
        let Place::Part(part) = self.plan.place(function) else {
            return None;
        };
        let ty = self.module.functions[function as usize];
        Some(Made::Misses(part as u32 + 1, ty))
    }

    fn imports(&self, numbers: &mut Numbers) -> Result<ImportSection> {
        let mut section = ImportSection::new();
        for (import, ty) in self.module.imports.iter().zip(&self.module.functions) {
            let ty = wasm_encoder::EntityType::Function(numbers.of_type(*ty));
            section.import(import.module, import.name, ty);
        }
        Ok(section)
    }

    fn functions(&self, made: &[Made], numbers: &mut Numbers) -> FunctionSection {
        let mut section = FunctionSection::new();
        for one in made {
            let ty = match *one {
                Made::Kept(function) => self.module.functions[function as usize],
                Made::Passes(reached) => self.module.functions[reached.function() as usize],
                Made::Misses(_, ty) => ty,
            };
            section.function(numbers.of_type(ty));
        }
        section
    }

    fn table(&self) -> Result<TableSection> {
        let slots = self.borders.slots.len() as u64;
        let mut section = TableSection::new();
        section.table(TableType {
            element_type: RefType::FUNCREF,
            table64: false,
            minimum: slots,
            maximum: Some(slots),
            shared: false,
        });
        Ok(section)
    }

    fn memory(&self) -> Result<MemorySection> {
        let memory = self.module.memory.context("there is no memory")?;
        let mut section = MemorySection::new();
        section.memory(memory.into());
        Ok(section)
    }

    /// The functions that note that they were called, with the globals in which they do.
    fn noted(&self, made: &[Made]) -> impl Iterator<Item = (u32, u32)> {
        let kept = made.iter().filter_map(|one| match one {
            Made::Kept(function) => Some(*function),
            _ => None,
        });
        let first = self.module.globals.len() as u32 + 1;
        kept.zip(first..).filter(|_| self.notes)
    }

    fn globals(&self, made: &[Made]) -> Result<GlobalSection> {
        let mut section = GlobalSection::new();
        for global in &self.module.globals {
            RoundtripReencoder
                .parse_global(&mut section, global.clone())
                .map_err(|error| anyhow::anyhow!("a global cannot be written: {error}"))?;
        }
        // Which part is missing, and which functions were called.
        for _ in 0..=self.noted(made).count() {
            section.global(
                GlobalType {
                    val_type: ValType::I32,
                    mutable: true,
                    shared: false,
                },
                &ConstExpr::i32_const(0),
            );
        }
        Ok(section)
    }

    fn exports(
        &self,
        made: &[Made],
        numbers: &Numbers,
        number_of: impl Fn(Made) -> Result<u32>,
    ) -> Result<ExportSection> {
        let mut section = ExportSection::new();
        for export in &self.module.exports {
            let (kind, index) = match export.kind {
                wasmparser::ExternalKind::Func => {
                    let number = numbers.functions.get(&export.index);
                    (
                        ExportKind::Func,
                        *number.context("an exported function is gone")?,
                    )
                }
                kind => (ExportKind::from(kind), export.index),
            };
            section.export(export.name, kind, index);
        }
        for reached in self.borders.wanted_of_main(self.plan) {
            let number = match reached {
                Reached::Itself(function) => number_of(Made::Kept(function))?,
                passed => number_of(Made::Passes(passed))?,
            };
            section.export(&reached.name(), ExportKind::Func, number);
        }
        section.export(TABLE, ExportKind::Table, 0);
        let globals = self.module.globals.len() as u32;
        for global in 0..globals {
            section.export(&global_name(global), ExportKind::Global, global);
        }
        section.export(MISSING, ExportKind::Global, globals);
        for (function, global) in self.noted(made) {
            section.export(&format!("{NOTED}{function}"), ExportKind::Global, global);
        }
        Ok(section)
    }

    fn elements(
        &self,
        numbers: &Numbers,
        number_of: impl Fn(Made) -> Result<u32>,
    ) -> Result<ElementSection> {
        let slots = &self.borders.slots;
        let first = slots.iter().take_while(|slot| slot.is_none()).count();
        let mut functions = Vec::new();
        for function in slots.iter().skip(first).flatten() {
            functions.push(match self.miss(*function) {
                Some(missed) => number_of(missed)?,
                None => *numbers
                    .functions
                    .get(function)
                    .context("a function of the table is gone")?,
            });
        }
        let mut section = ElementSection::new();
        let offset = ConstExpr::i32_const(first as i32);
        section.active(None, &offset, Elements::Functions(functions.into()));
        Ok(section)
    }

    fn code(&self, made: &[Made], numbers: &mut Numbers) -> Result<CodeSection> {
        let mut code = CodeSection::new();
        let noted: BTreeMap<u32, u32> = self.noted(made).collect();
        for one in made {
            match *one {
                Made::Kept(function) => {
                    let note = noted.get(&function).copied();
                    let note = note
                        .map(|global| [Instruction::I32Const(1), Instruction::GlobalSet(global)]);
                    let first = note.as_ref().map_or(&[][..], |note| note);
                    numbers.add_body_after(first, &mut code, self.module, function)?;
                }
                Made::Passes(reached) => {
                    code.function(&self.passing(reached, numbers)?);
                }
                Made::Misses(part, _) => {
                    code.function(&self.missing(part));
                }
            }
        }
        Ok(code)
    }

    fn passing(&self, reached: Reached, numbers: &mut Numbers) -> Result<Function> {
        let function = reached.function();
        let mut body = Function::new([]);
        for parameter in 0..self.module.type_of(function).params().len() as u32 {
            body.instruction(&Instruction::LocalGet(parameter));
        }
        match reached {
            Reached::Door(door) => {
                let ty = self.module.functions[door as usize];
                body.instruction(&Instruction::I32Const(self.borders.slot(door)? as i32));
                body.instruction(&Instruction::CallIndirect {
                    type_index: numbers.of_type(ty),
                    table_index: 0,
                });
            }
            _ => {
                let number = numbers.functions.get(&function);
                let number = number.context("a function that parts call is gone")?;
                body.instruction(&Instruction::Call(*number));
            }
        }
        body.instruction(&Instruction::End);
        Ok(body)
    }

    fn missing(&self, part: u32) -> Function {
        let mut body = Function::new([]);
        body.instruction(&Instruction::I32Const(part as i32));
        body.instruction(&Instruction::GlobalSet(self.module.globals.len() as u32));
        body.instruction(&Instruction::Unreachable);
        body.instruction(&Instruction::End);
        body
    }

    /// As it was linked, with nothing where the data of parts belongs.
    fn data(&self) -> DataSection {
        let mut section = DataSection::new();
        for (number, segment) in (0..).zip(&self.module.segments) {
            let mut bytes = segment.bytes.to_vec();
            for node in self.graph.nodes() {
                let Some(blob) = self.graph.blob(node) else {
                    continue;
                };
                if blob.segment == number && self.plan.place(node) != Place::Main {
                    bytes[blob.start as usize..blob.end as usize].fill(0);
                }
            }
            let address = ConstExpr::i32_const(segment.address as i32);
            section.active(0, &address, bytes);
        }
        section
    }

    /// wasm-bindgen knows the stack pointer by its name.
    fn names(&self, made: &[Made]) -> NameSection {
        let mut functions = NameMap::new();
        for (number, one) in (self.module.imports.len() as u32..).zip(made) {
            if let Made::Kept(function) = one {
                functions.append(number, self.module.names[*function as usize]);
            }
        }
        let mut globals = NameMap::new();
        globals.append(0, "__stack_pointer");
        let mut section = NameSection::new();
        section.functions(&functions);
        section.globals(&globals);
        section
    }
}

/// The name by which parts import a global.
pub(super) fn global_name(global: u32) -> String {
    format!("g{global}")
}
