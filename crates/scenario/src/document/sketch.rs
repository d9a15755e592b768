//! What a document looks like, noted by the code that reads it.

use std::cell::RefCell;
use std::rc::Rc;

use crate::terms::quantity::Range;

/// The fields of an object, in the order in which they are asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sketch(Rc<RefCell<Vec<(&'static str, Form)>>>);

/// What a field looks like.
#[derive(Clone, Debug)]
pub(crate) enum Form {
    /// A number with its unit, and what it is if nothing is said.
    Quantity(Range, Option<f64>),
    /// Two numbers.
    Pair(Range),
    /// A text of at most so many characters.
    Text(usize),
    /// One of these words; any text if there are none.
    Choice(Vec<&'static str>),
    /// At most so many texts of at most so many characters each.
    Texts(usize, usize),
    /// An object.
    Object(Sketch),
    /// At most so many objects.
    List(usize, Sketch),
}

impl Sketch {
    /// Notes a field. If a field is noted twice, the later note counts: it knows more.
    pub fn note(&self, field: &'static str, form: Form) {
        let mut fields = self.0.borrow_mut();
        match fields.iter_mut().find(|(name, _)| *name == field) {
            Some((_, noted)) => *noted = form,
            None => fields.push((field, form)),
        }
    }

    /// All fields.
    pub fn fields(&self) -> Vec<(&'static str, Form)> {
        self.0.borrow().clone()
    }
}
