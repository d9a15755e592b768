//! A module as small as one can be that has a part: written as wasm-ld would, with relocations, and split.

use wasm_encoder::{
    CodeSection, ConstExpr, CustomSection, DataSection, ElementSection, Elements, Encode,
    ExportKind, ExportSection, FunctionSection, LinkingSection, MemorySection, MemoryType, NameMap,
    NameSection, RefType, SymbolTable, TableSection, TableType, TypeSection, ValType,
};

use super::module::Module;
use super::{Called, Split, split};

/// Its functions, by their numbers: `start` is exported, and knows the door by its address; the door calls its own step,
/// and what both it and `start` call.
const NAMES: [&str; 4] = ["start", "protocols::x::y::build", "step", "common"];
const START: u32 = 0;
const DOOR: u32 = 1;
const STEP: u32 = 2;
const COMMON: u32 = 3;
/// The slot of the door.
const SLOT: u32 = 1;
/// Where data begins in memory; the main module's four bytes come first, then the part's.
const ADDRESS: u32 = 1024;

/// What an instruction names, and so which relocation it has.
enum Does {
    Call(u32),
    /// Takes the address of a function.
    Address(u32),
    /// Takes the address of some data, by its number.
    Data(u32),
}

const CALL: u8 = 0x10;
const CONST: u8 = 0x41;
const DROP: u8 = 0x1a;
const END: u8 = 0x0b;

/// A number as the linker writes it, so that it can be mended: five bytes, whatever its size.
fn padded(number: u32) -> [u8; 5] {
    let septet = |place: u32| (number >> (7 * place)) as u8 & 0x7f;
    [0, 1, 2, 3, 4].map(|place| septet(place) | if place < 4 { 0x80 } else { 0 })
}

/// The bodies, and their relocations: type, offset, symbol.
fn bodies(functions: &[&[Does]]) -> (CodeSection, Vec<(u8, u32, u32)>) {
    let mut code = CodeSection::new();
    let mut relocations = Vec::new();
    // The section begins with how many bodies there are, and each body with its size.
    let mut at = 1;
    for does in functions {
        let mut body = vec![0];
        for one in *does {
            let (ty, opcode, number, symbol) = match *one {
                Does::Call(function) => (0, CALL, function, function),
                Does::Address(function) => (1, CONST, SLOT, function),
                Does::Data(data) => (4, CONST, ADDRESS + 4 * data, NAMES.len() as u32 + data),
            };
            relocations.push((ty, at + 1 + body.len() as u32 + 1, symbol));
            body.push(opcode);
            body.extend(padded(number));
            body.push(DROP);
        }
        body.extend([CONST, 0, END]);
        code.raw(&body);
        at += 1 + body.len() as u32;
    }
    (code, relocations)
}

fn relocation_section(section: u32, relocations: &[(u8, u32, u32)]) -> Vec<u8> {
    let mut bytes = Vec::new();
    section.encode(&mut bytes);
    (relocations.len() as u32).encode(&mut bytes);
    for (ty, offset, symbol) in relocations {
        bytes.push(*ty);
        offset.encode(&mut bytes);
        symbol.encode(&mut bytes);
        if *ty == 4 {
            0u32.encode(&mut bytes);
        }
    }
    bytes
}

fn linked() -> Vec<u8> {
    let mut types = TypeSection::new();
    types.ty().function([], [ValType::I32]);
    let mut functions = FunctionSection::new();
    let mut names = NameMap::new();
    let mut symbols = SymbolTable::new();
    for (number, name) in (0..).zip(NAMES) {
        functions.function(0);
        names.append(number, name);
        symbols.function(0, number, Some(name));
    }
    for (number, name) in (0..).zip(["mains", "parts"]) {
        let definition = wasm_encoder::DataSymbolDefinition {
            index: 0,
            offset: 4 * number,
            size: 4,
        };
        symbols.data(0, name, Some(definition));
    }
    let mut tables = TableSection::new();
    tables.table(TableType {
        element_type: RefType::FUNCREF,
        table64: false,
        minimum: 2,
        maximum: Some(2),
        shared: false,
    });
    let mut memories = MemorySection::new();
    memories.memory(MemoryType {
        minimum: 1,
        maximum: None,
        memory64: false,
        shared: false,
        page_size_log2: None,
    });
    let mut exports = ExportSection::new();
    exports.export("memory", ExportKind::Memory, 0);
    exports.export("start", ExportKind::Func, START);
    let mut elements = ElementSection::new();
    let slot = ConstExpr::i32_const(SLOT as i32);
    elements.active(None, &slot, Elements::Functions([DOOR][..].into()));
    let (code, relocations) = bodies(&[
        &[Does::Address(DOOR), Does::Call(COMMON), Does::Data(0)],
        &[Does::Call(STEP), Does::Call(COMMON)],
        &[Does::Data(1)],
        &[],
    ]);
    let mut data = DataSection::new();
    let address = ConstExpr::i32_const(ADDRESS as i32);
    data.active(0, &address, *b"mainpart");
    let mut linking = LinkingSection::new();
    linking.symbol_table(&symbols);
    let mut name_section = NameSection::new();
    name_section.functions(&names);
    let mut module = wasm_encoder::Module::new();
    module
        .section(&types)
        .section(&functions)
        .section(&tables)
        .section(&memories)
        .section(&exports)
        .section(&elements)
        .section(&code)
        .section(&data)
        .section(&linking);
    for (name, section, relocations) in
        [("reloc.CODE", 6, &relocations[..]), ("reloc.DATA", 7, &[])]
    {
        module.section(&CustomSection {
            name: name.into(),
            data: relocation_section(section, relocations).into(),
        });
    }
    module.section(&name_section);
    module.finish()
}

/// A module without its relocations, as tools after the split leave it.
fn names_of(bytes: &[u8]) -> Vec<String> {
    let mut names = Vec::new();
    for payload in wasmparser::Parser::new(0).parse_all(bytes) {
        let wasmparser::Payload::CustomSection(section) = payload.unwrap() else {
            continue;
        };
        let wasmparser::KnownCustom::Name(sections) = section.as_known() else {
            continue;
        };
        for section in sections {
            if let wasmparser::Name::Function(map) = section.unwrap() {
                names.extend(
                    map.into_iter()
                        .map(|naming| naming.unwrap().name.to_owned()),
                );
            }
        }
    }
    names
}

fn contains(bytes: &[u8], text: &[u8]) -> bool {
    bytes.windows(text.len()).any(|window| window == text)
}

/// All that is in no part belongs to most first views.
fn split_linked() -> Split {
    split_with(&[START, COMMON], &[])
}

fn split_with(by_most: &[u32], by_some: &[u32]) -> Split {
    let called = Called {
        by_most: by_most.iter().copied().collect(),
        by_some: by_some.iter().copied().collect(),
    };
    split(&linked(), Some(&called)).expect("it is a module with relocations")
}

#[test]
fn what_is_reached_through_a_door_alone_goes_with_the_part() {
    let split = split_linked();
    let [(name, part)] = &split.parts[..] else {
        panic!(
            "{:?}",
            split.parts.iter().map(|(name, _)| name).collect::<Vec<_>>()
        );
    };
    assert_eq!(name, "x-y");
    assert_eq!(names_of(part), ["protocols::x::y::build", "step"]);
    assert_eq!(names_of(&split.main), ["start", "common"]);
}

#[test]
fn what_no_first_view_calls_leaves_the_main_module() {
    for (by_some, name) in [(&[][..], "rest"), (&[COMMON][..], "more")] {
        let split = split_with(&[START], by_some);
        assert_eq!(names_of(&split.main), ["start"]);
        let part = split.parts.iter().find(|(part, _)| part == name);
        let (_, part) = part.expect("what was put off is a part");
        assert_eq!(names_of(part), ["common"]);
        for (_, module) in &split.parts {
            wasmparser::validate(module).expect("it is valid");
        }
        wasmparser::validate(&split.main).expect("it is valid");
    }
}

#[test]
fn functions_note_that_they_are_called_as_long_as_nobody_knows() {
    let split = split(&linked(), None).expect("it is a module with relocations");
    wasmparser::validate(&split.main).expect("it is valid");
    for function in [START, COMMON] {
        assert!(contains(&split.main, format!("c{function}").as_bytes()));
    }
}

#[test]
fn data_goes_with_the_code_that_names_it_and_leaves_nothing_behind() {
    let split = split_linked();
    let (_, part) = &split.parts[0];
    assert!(contains(part, b"part") && !contains(part, b"main"));
    assert!(contains(&split.main, b"main\0\0\0\0"));
}

#[test]
fn both_are_valid_modules() {
    let split = split_linked();
    for module in split
        .parts
        .iter()
        .map(|(_, part)| part)
        .chain([&split.main])
    {
        wasmparser::validate(module).expect("it is valid");
    }
}

#[test]
fn the_listing_says_where_a_part_is_entered() {
    let listing = split_linked().listing;
    assert!(
        listing.contains("name: 'x-y'") && listing.contains("doors: [1]"),
        "{listing}"
    );
}

#[test]
fn a_module_without_relocations_is_refused() {
    let split = split_linked();
    let refused = Module::parse(&split.main)
        .err()
        .map(|error| error.to_string());
    assert!(refused.is_some_and(|error| error.contains("--emit-relocs")));
}
