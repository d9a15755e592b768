//! What wasm-ld tells about a module: its symbols, and where code and data name them.

use std::collections::BTreeMap;

use anyhow::{Result, bail};
use wasmparser::{LinkingSectionReader, RelocSectionReader, RelocationType, SymbolInfo};

/// A section that has relocations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    Code,
    Data,
}

/// What a symbol stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Symbol {
    /// A function, by its index.
    Function(u32),
    /// Bytes of a segment of the memory.
    Data {
        segment: u32,
        offset: u32,
        size: u32,
    },
    /// A global, a table, a place that holds no bytes.
    Other,
}

/// A place that names a symbol.
#[derive(Clone, Copy, Debug)]
pub(super) struct Relocation {
    /// Where it is in the file.
    pub(super) at: usize,
    pub(super) names: Named,
}

/// How a place names a symbol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Named {
    /// Calls a function.
    Call(u32),
    /// Takes the address of a function: its slot in the table.
    Address(u32),
    /// Takes the address of a symbol's bytes.
    Data {
        segment: u32,
        offset: u32,
        size: u32,
    },
}

/// Symbols and relocations.
#[derive(Default)]
pub(super) struct Linking<'a> {
    symbols: Vec<Symbol>,
    /// The names of data, mangled, by where it is: its segment, and how far into that.
    data_names: BTreeMap<(u32, u32), &'a str>,
    starts: Vec<(Section, usize)>,
    unread: Vec<(Section, RelocSectionReader<'a>)>,
}

impl<'a> Linking<'a> {
    /// Where what a section holds begins in the file.
    pub(super) fn begins(&mut self, section: Section, start: usize) {
        self.starts.push((section, start));
    }

    /// Whether there are symbols, and relocations of code and data.
    pub(super) fn is_complete(&self) -> bool {
        !self.symbols.is_empty() && self.unread.len() == 2
    }

    pub(super) fn take_symbols(&mut self, linking: LinkingSectionReader<'a>) -> Result<()> {
        for subsection in linking.subsections() {
            if let wasmparser::Linking::SymbolTable(symbols) = subsection? {
                for symbol in symbols {
                    let symbol = symbol?;
                    self.symbols.push(read_symbol(symbol));
                    if let SymbolInfo::Data {
                        name,
                        symbol: Some(place),
                        ..
                    } = symbol
                    {
                        self.data_names.insert((place.index, place.offset), name);
                    }
                }
            }
        }
        Ok(())
    }

    pub(super) fn take_relocations(
        &mut self,
        name: &str,
        relocations: RelocSectionReader<'a>,
    ) -> Result<()> {
        let section = match name {
            "reloc.CODE" => Section::Code,
            "reloc.DATA" => Section::Data,
            _ => return Ok(()),
        };
        self.unread.push((section, relocations));
        Ok(())
    }

    /// The data that has symbols.
    pub(super) fn data(&self) -> impl Iterator<Item = (u32, u32, u32)> {
        self.symbols.iter().filter_map(|symbol| match *symbol {
            Symbol::Data {
                segment,
                offset,
                size,
            } if size > 0 => Some((segment, offset, size)),
            _ => None,
        })
    }

    /// The name of the data at a place, mangled.
    pub(super) fn data_name(&self, segment: u32, offset: u32) -> Option<&'a str> {
        self.data_names.get(&(segment, offset)).copied()
    }

    /// All places that name a function or bytes.
    ///
    /// # Errors
    ///
    /// When a place names a symbol in a way that a split does not know.
    pub(super) fn relocations(&self) -> Result<Vec<Relocation>> {
        let mut found = Vec::new();
        for (section, relocations) in &self.unread {
            let start = self.starts.iter().find(|(of, _)| of == section);
            let Some((_, start)) = start else {
                bail!("there are relocations of a section that is not there");
            };
            for entry in relocations.entries() {
                let entry = entry?;
                let symbol = self.symbols.get(entry.index as usize).copied();
                if let Some(names) = named(entry.ty, symbol.unwrap_or(Symbol::Other))? {
                    let at = start + entry.offset as usize;
                    found.push(Relocation { at, names });
                }
            }
        }
        Ok(found)
    }
}

fn read_symbol(symbol: SymbolInfo<'_>) -> Symbol {
    match symbol {
        SymbolInfo::Func { index, .. } => Symbol::Function(index),
        SymbolInfo::Data {
            symbol: Some(place),
            ..
        } => Symbol::Data {
            segment: place.index,
            offset: place.offset,
            size: place.size,
        },
        _ => Symbol::Other,
    }
}

fn named(ty: RelocationType, symbol: Symbol) -> Result<Option<Named>> {
    use RelocationType::*;
    Ok(match (ty, symbol) {
        (FunctionIndexLeb, Symbol::Function(function)) => Some(Named::Call(function)),
        (TableIndexSleb | TableIndexI32, Symbol::Function(function)) => {
            Some(Named::Address(function))
        }
        (
            MemoryAddrLeb | MemoryAddrSleb | MemoryAddrI32,
            Symbol::Data {
                segment,
                offset,
                size,
            },
        ) => Some(Named::Data {
            segment,
            offset,
            size,
        }),
        // Types and globals are read from the code; a symbol without bytes is a mark of the linker's, as where the heap begins.
        (TypeIndexLeb | GlobalIndexLeb | TableNumberLeb, _) => None,
        (MemoryAddrLeb | MemoryAddrSleb | MemoryAddrI32, Symbol::Other) => None,
        (ty, symbol) => bail!("{symbol:?} is named by {ty:?}, which a split does not know"),
    })
}
