//! A linked module, taken apart.

use anyhow::{Context, Result, bail, ensure};
use wasmparser::{
    ConstExpr, Data, DataKind, Element, ElementItems, ElementKind, Export, ExternalKind, FuncType,
    FunctionBody, Global, Import, KnownCustom, MemoryType, Operator, Parser, Payload, TableType,
    TypeRef,
};

use super::linking::{Linking, Section};

/// A module as wasm-ld leaves it with `--emit-relocs`: one memory, one table, active segments at fixed places.
#[derive(Default)]
pub(super) struct Module<'a> {
    pub(super) types: Vec<FuncType>,
    /// Functions alone: nothing else is imported.
    pub(super) imports: Vec<Import<'a>>,
    /// The type of each function, imported ones first.
    pub(super) functions: Vec<u32>,
    /// The bodies of those that are not imported.
    pub(super) bodies: Vec<FunctionBody<'a>>,
    pub(super) table: Option<TableType>,
    pub(super) memory: Option<MemoryType>,
    pub(super) globals: Vec<Global<'a>>,
    pub(super) exports: Vec<Export<'a>>,
    /// The function in each slot of the table.
    pub(super) slots: Vec<Option<u32>>,
    pub(super) segments: Vec<Segment<'a>>,
    /// Sections that tools after this one read: their names and what they hold.
    pub(super) customs: Vec<(&'a str, &'a [u8])>,
    /// The name of each function, mangled; empty where it has none.
    pub(super) names: Vec<&'a str>,
    pub(super) linking: Linking<'a>,
}

/// Bytes at a fixed address.
pub(super) struct Segment<'a> {
    pub(super) address: u32,
    pub(super) bytes: &'a [u8],
    /// Where the bytes begin in the file.
    pub(super) start: usize,
}

/// What wasm-bindgen and wasm-opt read.
const KEPT: [&str; 2] = ["__wasm_bindgen_unstable", "target_features"];

impl<'a> Module<'a> {
    /// # Errors
    ///
    /// When it is no such module.
    pub(super) fn parse(bytes: &'a [u8]) -> Result<Module<'a>> {
        let mut module = Module::default();
        for payload in Parser::new(0).parse_all(bytes) {
            module.take(payload?)?;
        }
        module.names.resize(module.functions.len(), "");
        ensure!(
            module.linking.is_complete(),
            "the module has no relocations: link it with --emit-relocs"
        );
        Ok(module)
    }

    fn take(&mut self, payload: Payload<'a>) -> Result<()> {
        match payload {
            Payload::TypeSection(types) => {
                self.types = types
                    .into_iter_err_on_gc_types()
                    .collect::<Result<_, _>>()?;
            }
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    self.take_import(import?)?;
                }
            }
            Payload::FunctionSection(functions) => {
                for function in functions {
                    self.functions.push(function?);
                }
            }
            Payload::TableSection(tables) => {
                self.table = only(tables)?.map(|table| table.ty);
            }
            Payload::MemorySection(memories) => self.memory = only(memories)?,
            Payload::GlobalSection(globals) => {
                self.globals = globals.into_iter().collect::<Result<_, _>>()?;
            }
            Payload::ExportSection(exports) => {
                self.exports = exports.into_iter().collect::<Result<_, _>>()?;
            }
            Payload::ElementSection(elements) => {
                for element in elements {
                    self.take_element(element?)?;
                }
            }
            Payload::CodeSectionStart { range, .. } => {
                self.linking.begins(Section::Code, range.start);
            }
            Payload::CodeSectionEntry(body) => self.bodies.push(body),
            Payload::DataSection(data) => {
                self.linking.begins(Section::Data, data.range().start);
                for segment in data {
                    self.segments.push(read_segment(segment?)?);
                }
            }
            Payload::CustomSection(section) => match section.as_known() {
                KnownCustom::Linking(linking) => self.linking.take_symbols(linking)?,
                KnownCustom::Reloc(relocations) => {
                    self.linking.take_relocations(section.name(), relocations)?;
                }
                KnownCustom::Name(names) => self.take_names(names)?,
                _ if KEPT.contains(&section.name()) => {
                    self.customs.push((section.name(), section.data()));
                }
                _ => {}
            },
            Payload::StartSection { .. } | Payload::TagSection(_) => {
                bail!("the module has a section that a split does not know");
            }
            _ => {}
        }
        Ok(())
    }

    fn take_import(&mut self, import: Import<'a>) -> Result<()> {
        let TypeRef::Func(ty) = import.ty else {
            bail!("{} is imported, and is no function", import.name);
        };
        self.imports.push(import);
        self.functions.push(ty);
        Ok(())
    }

    fn take_element(&mut self, element: Element<'a>) -> Result<()> {
        let ElementKind::Active { offset_expr, .. } = element.kind else {
            bail!("a segment of the table is not active");
        };
        let ElementItems::Functions(functions) = element.items else {
            bail!("a segment of the table holds more than functions");
        };
        let first = constant(&offset_expr)? as usize;
        for (slot, function) in (first..).zip(functions) {
            if self.slots.len() <= slot {
                self.slots.resize(slot + 1, None);
            }
            self.slots[slot] = Some(function?);
        }
        Ok(())
    }

    fn take_names(&mut self, sections: wasmparser::NameSectionReader<'a>) -> Result<()> {
        for section in sections {
            let wasmparser::Name::Function(names) = section? else {
                continue;
            };
            for naming in names {
                let naming = naming?;
                let place = naming.index as usize;
                if self.names.len() <= place {
                    self.names.resize(place + 1, "");
                }
                self.names[place] = naming.name;
            }
        }
        Ok(())
    }

    /// The type of a function.
    pub(super) fn type_of(&self, function: u32) -> &FuncType {
        &self.types[self.functions[function as usize] as usize]
    }

    /// The body of a function; nothing for an imported one.
    pub(super) fn body(&self, function: u32) -> Option<&FunctionBody<'a>> {
        let place = (function as usize).checked_sub(self.imports.len())?;
        self.bodies.get(place)
    }

    /// All functions that have a body.
    pub(super) fn defined(&self) -> std::ops::Range<u32> {
        self.imports.len() as u32..self.functions.len() as u32
    }

    /// The functions that are exported.
    pub(super) fn exported(&self) -> impl Iterator<Item = u32> {
        self.exported_by_name().map(|(_, function)| function)
    }

    /// The functions that are exported, with the names by which they are.
    pub(super) fn exported_by_name(&self) -> impl Iterator<Item = (&'a str, u32)> {
        let functions = self.exports.iter();
        functions
            .filter(|export| export.kind == ExternalKind::Func)
            .map(|export| (export.name, export.index))
    }

    /// A function's name as people write it, without hashes.
    pub(super) fn name(&self, function: u32) -> String {
        format!(
            "{:#}",
            rustc_demangle::demangle(self.names[function as usize])
        )
    }
}

/// The one item of a section.
fn only<T, I>(items: I) -> Result<Option<T>>
where
    I: IntoIterator<Item = wasmparser::Result<T>>,
{
    let items: Vec<T> = items.into_iter().collect::<Result<_, _>>()?;
    ensure!(
        items.len() <= 1,
        "the module has more than one memory or table"
    );
    Ok(items.into_iter().next())
}

fn read_segment(data: Data<'_>) -> Result<Segment<'_>> {
    let DataKind::Active { offset_expr, .. } = data.kind else {
        bail!("a segment of the memory is not active");
    };
    Ok(Segment {
        address: constant(&offset_expr)?,
        bytes: data.data,
        start: data.range.end - data.data.len(),
    })
}

/// The number that an expression is.
fn constant(expression: &ConstExpr<'_>) -> Result<u32> {
    let first = expression.get_operators_reader().read()?;
    let Operator::I32Const { value } = first else {
        bail!("a segment begins at no constant");
    };
    u32::try_from(value).context("a segment begins below zero")
}
