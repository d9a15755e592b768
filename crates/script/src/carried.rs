//! What the messages, timers and disks of a script carry.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use sim::protocol::Gist;

use crate::data::Data;

/// What a script says of a kind of message.
#[derive(Debug)]
pub(crate) struct Form {
    pub name: &'static str,
    /// Its place among the kinds.
    pub kind: u8,
    /// The fields that its words name.
    pub fields: Vec<String>,
    /// Bytes that such a message takes on the wire.
    pub bytes: u32,
}

/// A message of a script.
#[derive(Clone, Debug)]
pub struct Message {
    gist: Gist,
    form: Arc<Form>,
    data: Arc<[u8]>,
}

/// What it says is in its data.
impl Hash for Message {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.data.hash(state);
    }
}

impl Message {
    /// A message of this kind with this data, which was also read.
    pub(crate) fn new(form: Arc<Form>, data: Arc<[u8]>, read: &Data) -> Message {
        let mut args = [0; 3];
        for (word, field) in args.iter_mut().zip(&form.fields) {
            *word = read.get(field).map_or(0, Data::word);
        }
        let kind = form.kind;
        let gist = Gist { kind, args };
        Message { gist, form, data }
    }

    pub(crate) fn gist(&self) -> Gist {
        self.gist
    }

    pub(crate) fn data(&self) -> &[u8] {
        &self.data
    }

    /// Bytes that it takes on the wire.
    pub(crate) fn bytes(&self) -> u32 {
        self.form.bytes
    }

    /// Changes a number or a text in it, which `random` chooses.
    pub(crate) fn corrupt(&mut self, random: u64) {
        let mut data = Data::read(&self.data);
        if data.corrupt(random) {
            *self = Message::new(self.form.clone(), data.bytes().into(), &data);
        }
    }
}

/// A timer of a script.
#[derive(Clone, Debug, Hash)]
pub struct Timer {
    pub(crate) kind: u8,
    pub(crate) id: u32,
    pub(crate) name: Arc<str>,
    pub(crate) data: Arc<[u8]>,
}

/// What a script has put on disk at a place.
#[derive(Clone, Debug)]
pub struct Record {
    /// The place, as the script names it.
    pub(crate) key: Arc<Data>,
    pub(crate) value: Arc<[u8]>,
}

/// Its key follows from its place.
impl Hash for Record {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.value.hash(state);
    }
}
