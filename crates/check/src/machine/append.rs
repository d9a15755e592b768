//! Lists and texts as a machine that knows which results are still to come.

use super::terms::{Lookahead, REFUSED};
use crate::history::{Call, Function};
use crate::model::{KvAppend, Specification, Symbol};
use crate::value::Value;
use rustc_hash::FxHashMap;
use sim::held::{Held, Measure};

/// A list or text whose states are nodes of a trie: the path from the root is the content.
///
/// With lookahead, only contents that some read returned, and their prefixes, are told apart.
/// Everything else is one state, [`BEYOND`]: contents only grow (or are replaced by a write), so
/// no read can be placed there. That leaves a search hardly any choice.
#[derive(Clone, Debug)]
pub(crate) struct AppendMachine {
    pub(crate) lookahead: Lookahead,
    nodes: Vec<Node>,
    /// Numbers of list elements; below [`FIRST_ELEMENT`] a symbol is a byte of a text.
    elements: FxHashMap<Value, u32>,
    element_values: Vec<Value>,
    classes: Vec<Class>,
    /// Symbols of all appends, one after another.
    appended: Vec<u32>,
    append_classes: FxHashMap<Value, u32>,
    write_classes: FxHashMap<u32, u32>,
    /// The path of the longest content that was read, since most reads return a part of it.
    longest: Vec<u32>,
    /// What that content is, if it is a text.
    longest_text: Vec<u8>,
}

#[derive(Clone, Copy, Debug)]
struct Node {
    symbol: u32,
    parent: u32,
    first_child: u32,
    next_sibling: u32,
    /// Whether some read returned it or an extension of it, or a write put it there.
    told: bool,
}

#[derive(Clone, Copy, Debug)]
enum Class {
    Found(u32),
    FoundSomething,
    Wrote(u32),
    Appended { start: u32, end: u32 },
}

const ROOT: u32 = 0;
/// Content that no read ever returns, nor any extension of it.
const BEYOND: u32 = 1;
const NO_NODE: u32 = u32::MAX;
const FIRST_ELEMENT: u32 = 256;

impl Node {
    fn new(symbol: u32, parent: u32) -> Self {
        Self {
            symbol,
            parent,
            first_child: NO_NODE,
            next_sibling: NO_NODE,
            told: false,
        }
    }
}

impl AppendMachine {
    pub(crate) fn new(lookahead: Lookahead) -> Self {
        let root = Node {
            told: true,
            ..Node::new(0, NO_NODE)
        };
        Self {
            lookahead,
            nodes: vec![root, Node::new(0, NO_NODE)],
            elements: FxHashMap::default(),
            element_values: Vec::new(),
            classes: Vec::new(),
            appended: Vec::new(),
            append_classes: FxHashMap::default(),
            write_classes: FxHashMap::default(),
            longest: vec![ROOT],
            longest_text: Vec::new(),
        }
    }

    pub(crate) fn specification(&self) -> KvAppend {
        KvAppend
    }

    fn element(&mut self, value: &Value) -> u32 {
        if let Some(&number) = self.elements.get(value) {
            return number;
        }
        let number = FIRST_ELEMENT + self.element_values.len() as u32;
        self.element_values.push(value.clone());
        self.elements.insert(value.clone(), number);
        number
    }

    fn child(&self, node: u32, symbol: u32) -> Option<u32> {
        let mut child = self.nodes[node as usize].first_child;
        while child != NO_NODE {
            let found = self.nodes[child as usize];
            if found.symbol == symbol {
                return Some(child);
            }
            child = found.next_sibling;
        }
        None
    }

    fn grow(&mut self, node: u32, symbol: u32) -> u32 {
        if let Some(child) = self.child(node, symbol) {
            return child;
        }
        let child = self.nodes.len() as u32;
        let sibling = self.nodes[node as usize].first_child;
        self.nodes.push(Node {
            next_sibling: sibling,
            ..Node::new(symbol, node)
        });
        self.nodes[node as usize].first_child = child;
        child
    }

    /// The node of a content of which the first `common` symbols lie on the longest path.
    fn extend(&mut self, common: usize, rest: impl Iterator<Item = u32>) -> u32 {
        let mut node = self.longest[common];
        let mut path = Vec::new();
        for symbol in rest {
            node = self.grow(node, symbol);
            self.nodes[node as usize].told = true;
            path.push(node);
        }
        if common + path.len() >= self.longest.len() {
            self.longest.truncate(common + 1);
            self.longest.extend(path);
        }
        node
    }

    fn text(&mut self, text: &[u8]) -> u32 {
        let common = common_start(text, &self.longest_text);
        let longer = text.len() + 1 > self.longest.len();
        let node = self.extend(common, text[common..].iter().map(|&b| u32::from(b)));
        if longer {
            self.longest_text.truncate(common);
            self.longest_text.extend_from_slice(&text[common..]);
        }
        node
    }

    fn list(&mut self, list: &[Value]) -> u32 {
        let same = |(value, node): &(&Value, &u32)| {
            let element = self.nodes[**node as usize]
                .symbol
                .checked_sub(FIRST_ELEMENT);
            element.is_some_and(|element| self.element_values[element as usize] == **value)
        };
        let common = list.iter().zip(&self.longest[1..]).take_while(same).count();
        let rest: Vec<u32> = list[common..].iter().map(|v| self.element(v)).collect();
        if common + rest.len() >= self.longest.len() {
            self.longest_text.clear();
        }
        self.extend(common, rest.into_iter())
    }

    fn content(&mut self, value: &Value) -> u32 {
        match value.bare() {
            Value::Text(text) => self.text(text.as_bytes()),
            Value::List(list) => self.list(list),
            _ => ROOT,
        }
    }

    pub(crate) fn class(&mut self, call: &Call, seen: Option<&Value>) -> u32 {
        match call.function {
            Function::Append => self.append_class(&call.argument),
            Function::Write => {
                let node = self.content(&call.argument);
                let next = self.classes.len() as u32;
                let class = *self.write_classes.entry(node).or_insert(next);
                if class == next {
                    self.classes.push(Class::Wrote(node));
                }
                class
            }
            _ => {
                let class = match seen {
                    Some(seen) => Class::Found(self.content(seen)),
                    None => Class::FoundSomething,
                };
                self.classes.push(class);
                self.classes.len() as u32 - 1
            }
        }
    }

    fn append_class(&mut self, argument: &Value) -> u32 {
        if let Some(&class) = self.append_classes.get(argument) {
            return class;
        }
        let start = self.appended.len() as u32;
        match argument {
            Value::Text(text) => self.appended.extend(text.bytes().map(u32::from)),
            value => {
                let symbol = self.element(value);
                self.appended.push(symbol);
            }
        }
        let class = self.classes.len() as u32;
        self.classes.push(Class::Appended {
            start,
            end: self.appended.len() as u32,
        });
        self.append_classes.insert(argument.clone(), class);
        class
    }

    #[inline]
    pub(crate) fn step(&mut self, state: u32, class: u32) -> u32 {
        match self.classes[class as usize] {
            Class::Found(node) if node == state => state,
            Class::Found(_) => REFUSED,
            Class::FoundSomething => state,
            Class::Wrote(node) => node,
            Class::Appended { start, end } => self.append(state, start, end),
        }
    }

    fn append(&mut self, state: u32, start: u32, end: u32) -> u32 {
        if state == BEYOND {
            return BEYOND;
        }
        let mut node = state;
        for i in start as usize..end as usize {
            let symbol = self.appended[i];
            node = match (self.child(node, symbol), self.lookahead) {
                (Some(child), Lookahead::All) if !self.nodes[child as usize].told => return BEYOND,
                (Some(child), _) => child,
                (None, Lookahead::All) => return BEYOND,
                (None, Lookahead::None) => self.grow(node, symbol),
            };
        }
        node
    }

    pub(crate) fn reads_only(&self, class: u32) -> bool {
        match self.classes[class as usize] {
            Class::Found(_) | Class::FoundSomething => true,
            Class::Appended { start, end } => start == end,
            Class::Wrote(_) => false,
        }
    }

    /// Only a write leads back from there.
    #[inline]
    pub(crate) fn beyond_results(&self, state: u32) -> bool {
        self.write_classes.is_empty() && !self.nodes[state as usize].told
    }

    /// Every call but a read can be placed in any state, and from any other state it leads to one
    /// that allows no less.
    #[inline]
    pub(crate) fn is_worst(&self, state: u32) -> bool {
        self.lookahead == Lookahead::All && !self.nodes[state as usize].told
    }

    pub(crate) fn describe(&self, state: u32) -> String {
        if state == BEYOND {
            return "the value is one that no read returns".to_owned();
        }
        let mut symbols = Vec::new();
        let mut node = state;
        while node != ROOT {
            let Node { symbol, parent, .. } = self.nodes[node as usize];
            symbols.push(match symbol.checked_sub(FIRST_ELEMENT) {
                Some(element) => Symbol::Element(self.element_values[element as usize].clone()),
                // Below 256, so it fits a byte.
                None => Symbol::Byte(symbol as u8),
            });
            node = parent;
        }
        symbols.reverse();
        self.specification().describe(&symbols)
    }

    pub(crate) fn held(&self, by: Measure) -> usize {
        self.nodes.held(by)
            + self.elements.held(by)
            + self.element_values.held(by)
            + self.classes.held(by)
            + self.appended.held(by)
            + self.append_classes.held(by)
            + self.write_classes.held(by)
            + self.longest.held(by)
            + self.longest_text.held(by)
    }

    pub(crate) fn bytes(&self) -> usize {
        size_of::<Node>() * self.nodes.len()
            + 96 * self.element_values.len()
            + 80 * self.classes.len()
            + 4 * (self.appended.len() + self.longest.len())
    }
}

/// How many bytes two texts have in common at their start.
fn common_start(a: &[u8], b: &[u8]) -> usize {
    const CHUNK: usize = 64;
    let chunks = a.chunks_exact(CHUNK).zip(b.chunks_exact(CHUNK));
    let equal = CHUNK * chunks.take_while(|(a, b)| a == b).count();
    equal
        + a[equal..]
            .iter()
            .zip(&b[equal..])
            .take_while(|(a, b)| a == b)
            .count()
}
