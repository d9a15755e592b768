//! Functions' bodies, with the numbers that they have in another module.

use std::collections::BTreeMap;

use anyhow::{Result, anyhow};
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{CodeSection, FuncType, Function, Instruction, TypeSection};
use wasmparser::FunctionBody;

use super::module::Module;

/// The numbers that types, functions and globals have in the module that is written.
#[derive(Default)]
pub(super) struct Numbers {
    pub(super) functions: BTreeMap<u32, u32>,
    pub(super) globals: BTreeMap<u32, u32>,
    types: BTreeMap<u32, u32>,
}

impl Numbers {
    /// The number of a type; a type that has none yet is the next one.
    pub(super) fn of_type(&mut self, ty: u32) -> u32 {
        let next = self.types.len() as u32;
        *self.types.entry(ty).or_insert(next)
    }

    /// The types that were asked for, in the order of their numbers.
    pub(super) fn types(&mut self, module: &Module<'_>) -> Result<TypeSection> {
        let mut ordered: Vec<(u32, u32)> = self.types.iter().map(|(ty, at)| (*at, *ty)).collect();
        ordered.sort_unstable();
        let mut section = TypeSection::new();
        for (_, ty) in ordered {
            section
                .ty()
                .func_type(&func_type(&module.types[ty as usize])?);
        }
        Ok(section)
    }

    /// Adds the body of a function.
    pub(super) fn add_body(
        &mut self,
        code: &mut CodeSection,
        module: &Module<'_>,
        function: u32,
    ) -> Result<()> {
        self.add_body_after(&[], code, module, function)
    }

    /// Adds the body of a function, with instructions before it.
    pub(super) fn add_body_after(
        &mut self,
        first: &[Instruction<'_>],
        code: &mut CodeSection,
        module: &Module<'_>,
        function: u32,
    ) -> Result<()> {
        let body = module.body(function);
        let body = body.ok_or_else(|| anyhow!("function {function} has no body"))?;
        let written = self.written(first, body);
        let written = written.map_err(|error| anyhow!("{}: {error}", module.name(function)))?;
        code.function(&written);
        Ok(())
    }

    fn written(
        &mut self,
        first: &[Instruction<'_>],
        body: &FunctionBody<'_>,
    ) -> Result<Function, Error<anyhow::Error>> {
        let mut written = self.new_function_with_parsed_locals(body)?;
        for instruction in first {
            written.instruction(instruction);
        }
        let mut operators = body.get_operators_reader()?;
        while !operators.eof() {
            written.instruction(&self.parse_instruction(&mut operators)?);
        }
        Ok(written)
    }
}

/// A type of functions as it is written.
pub(super) fn func_type(ty: &wasmparser::FuncType) -> Result<FuncType> {
    FuncType::try_from(ty.clone()).map_err(|_| anyhow!("{ty} cannot be written"))
}

impl Reencode for Numbers {
    type Error = anyhow::Error;

    fn type_index(&mut self, ty: u32) -> Result<u32, Error<Self::Error>> {
        Ok(self.of_type(ty))
    }

    fn function_index(&mut self, function: u32) -> Result<u32, Error<Self::Error>> {
        number(&self.functions, function, "function")
    }

    fn global_index(&mut self, global: u32) -> Result<u32, Error<Self::Error>> {
        number(&self.globals, global, "global")
    }
}

fn number(numbers: &BTreeMap<u32, u32>, old: u32, what: &str) -> Result<u32, Error<anyhow::Error>> {
    let new = numbers.get(&old).copied();
    new.ok_or_else(|| Error::UserError(anyhow!("{what} {old} is not in this part")))
}
