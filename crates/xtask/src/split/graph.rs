//! What names what: functions and data as a graph.

use std::collections::BTreeSet;

use anyhow::Result;

use super::linking::Named;
use super::module::Module;

/// A function or some data, by its place in the graph: functions come first.
pub(super) type Node = u32;

/// Bytes that stay together: those of a symbol, and of symbols that overlap it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Blob {
    pub(super) segment: u32,
    pub(super) start: u32,
    pub(super) end: u32,
}

pub(super) struct Graph {
    /// How many functions there are.
    functions: u32,
    /// In the order of their places.
    pub(super) blobs: Vec<Blob>,
    /// What each node names.
    edges: Vec<Vec<Node>>,
    /// The functions that each function calls directly.
    calls: Vec<Vec<u32>>,
    /// What is named by bytes that no symbol has.
    pub(super) loose: Vec<Node>,
}

impl Graph {
    /// # Errors
    ///
    /// When a relocation cannot be read.
    pub(super) fn of(module: &Module<'_>) -> Result<Graph> {
        let functions = module.functions.len() as u32;
        let blobs = blobs(module);
        let nodes = functions as usize + blobs.len();
        let mut graph = Graph {
            functions,
            blobs,
            edges: vec![Vec::new(); nodes],
            calls: vec![Vec::new(); functions as usize],
            loose: Vec::new(),
        };
        for relocation in module.linking.relocations()? {
            let target = graph.target(relocation.names);
            match graph.source(module, relocation.at) {
                Some(source) => graph.edges[source as usize].extend(target),
                None => graph.loose.extend(target),
            }
            if let (Named::Call(called), Some(source)) =
                (relocation.names, graph.source(module, relocation.at))
            {
                graph.calls[source as usize].push(called);
            }
        }
        for list in graph.edges.iter_mut().chain(&mut graph.calls) {
            list.sort_unstable();
            list.dedup();
        }
        Ok(graph)
    }

    pub(super) fn nodes(&self) -> std::ops::Range<Node> {
        0..self.edges.len() as Node
    }

    /// What a node names.
    pub(super) fn names(&self, node: Node) -> &[Node] {
        &self.edges[node as usize]
    }

    /// The functions that a function calls directly.
    pub(super) fn calls(&self, function: u32) -> &[u32] {
        &self.calls[function as usize]
    }

    /// The function that a node is.
    pub(super) fn function(&self, node: Node) -> Option<u32> {
        (node < self.functions).then_some(node)
    }

    /// The bytes that a node is.
    pub(super) fn blob(&self, node: Node) -> Option<Blob> {
        let place = node.checked_sub(self.functions)?;
        self.blobs.get(place as usize).copied()
    }

    /// All that can be reached from some nodes, themselves among it, without entering what is `shut`.
    pub(super) fn reach(
        &self,
        from: impl IntoIterator<Item = Node>,
        is_shut: impl Fn(Node) -> bool,
    ) -> BTreeSet<Node> {
        let mut waiting: Vec<Node> = from.into_iter().collect();
        let mut reached: BTreeSet<Node> = waiting.iter().copied().collect();
        while let Some(node) = waiting.pop() {
            for &next in self.names(node) {
                if !is_shut(next) && reached.insert(next) {
                    waiting.push(next);
                }
            }
        }
        reached
    }

    fn target(&self, named: Named) -> Option<Node> {
        match named {
            Named::Call(function) | Named::Address(function) => Some(function),
            Named::Data {
                segment, offset, ..
            } => self.blob_at(segment, offset),
        }
    }

    fn blob_at(&self, segment: u32, offset: u32) -> Option<Node> {
        let after = self
            .blobs
            .partition_point(|blob| (blob.segment, blob.start) <= (segment, offset));
        let place = after.checked_sub(1)?;
        let blob = self.blobs[place];
        let is_in = blob.segment == segment && offset < blob.end;
        is_in.then_some(self.functions + place as Node)
    }

    /// What a place of the file belongs to.
    fn source(&self, module: &Module<'_>, at: usize) -> Option<Node> {
        let place = module.bodies.partition_point(|body| body.range().end <= at);
        let body = module.bodies.get(place);
        if body.is_some_and(|body| body.range().contains(&at)) {
            return Some((module.imports.len() + place) as Node);
        }
        let mut segments = module.segments.iter().enumerate();
        let (segment, held) = segments.rfind(|(_, segment)| segment.start <= at)?;
        self.blob_at(segment as u32, (at - held.start) as u32)
    }
}

/// The data of all symbols, with those that overlap in one.
fn blobs(module: &Module<'_>) -> Vec<Blob> {
    let mut all: Vec<Blob> = module
        .linking
        .data()
        .map(|(segment, offset, size)| Blob {
            segment,
            start: offset,
            end: offset + size,
        })
        .collect();
    all.sort_unstable();
    let mut blobs: Vec<Blob> = Vec::new();
    for blob in all {
        match blobs.last_mut() {
            Some(last) if last.segment == blob.segment && blob.start < last.end => {
                last.end = last.end.max(blob.end);
            }
            _ => blobs.push(blob),
        }
    }
    blobs
}
