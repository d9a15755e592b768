//! A reader, who looks at each new photo as of the moment at which it was posted.

use sim::held::{Held, Measure};
use sim::protocol::{Description, Outlook};
use sim::trace::{Fact, Function};
use sim::{Context, NodeId, SimDuration};

use super::{Choices, Item, Kind, Message, Node, Timer, shown};
use crate::describe::roles::Role;
use crate::parts::numbers::Numbers;
use crate::parts::open::Open;

/// What a reader has heard about one item of a snapshot: nothing yet, or which transaction committed it, if any did.
type Heard = Option<Option<u32>>;

/// A snapshot that is being read.
#[derive(Clone, Copy, Debug, Hash)]
struct Snapshot {
    photo: u32,
    /// As of which time.
    at: i64,
    block: Heard,
    post: Heard,
}

/// A reader.
#[derive(Clone, Debug, Hash)]
pub struct Reader {
    shards: Vec<NodeId>,
    timeout: SimDuration,
    numbers: Numbers,
    open: Option<Open<Snapshot>>,
    /// The latest snapshot that is complete.
    latest: Option<Snapshot>,
    reads: u32,
}

impl Reader {
    /// The reader at `place` among all who ask for something.
    pub(super) fn new(choices: &Choices, place: usize) -> Reader {
        Reader {
            shards: choices.shards.clone(),
            timeout: choices.timeout,
            numbers: Numbers::new(place, choices.callers()),
            open: None,
            latest: None,
            reads: 0,
        }
    }

    /// There is a new photo. A reader who is still busy with another one passes it over.
    pub fn new_photo(&mut self, photo: u32, stamp: i64, context: &mut Context<'_, Node>) {
        let is_known = self.latest.is_some_and(|latest| latest.photo == photo);
        if self.open.is_some() || is_known {
            return;
        }
        let operation = self.numbers.next_number();
        context.record(Fact::Invoked {
            operation,
            function: Function::Read,
            key: i64::from(photo),
            value: stamp,
        });
        let snapshot = Snapshot {
            photo,
            at: stamp,
            block: None,
            post: None,
        };
        self.ask(Open::new(operation, snapshot, context), context);
    }

    /// Asks for what it has not heard yet.
    fn ask(&mut self, mut open: Open<Snapshot>, context: &mut Context<'_, Node>) {
        let Snapshot {
            photo,
            at,
            block,
            post,
        } = open.request;
        for (kind, heard) in [(Kind::Block, block), (Kind::Photo, post)] {
            if heard.is_none() {
                let (read, item) = (open.operation, Item { kind, photo });
                context.send(item.shard(&self.shards), Message::Read { read, item, at });
            }
        }
        open.wait(self.timeout, Timer::NoAnswer, context);
        self.open = Some(open);
    }

    pub fn no_answer(&mut self, context: &mut Context<'_, Node>) {
        if let Some(mut open) = self.open.take() {
            open.retry(context);
            self.ask(open, context);
        }
    }

    /// A shard has answered.
    pub fn found(
        &mut self,
        read: u32,
        kind: Kind,
        operation: Option<u32>,
        context: &mut Context<'_, Node>,
    ) {
        let Some(open) = self.open.as_mut().filter(|open| open.operation == read) else {
            return;
        };
        match kind {
            Kind::Block => open.request.block = Some(operation),
            Kind::Photo => open.request.post = Some(operation),
        }
        if let (Some(block), Some(post)) = (open.request.block, open.request.post) {
            self.complete(block, post, context);
        }
    }

    /// The snapshot is complete: the reader is shown what is in it.
    fn complete(&mut self, block: Option<u32>, post: Option<u32>, context: &mut Context<'_, Node>) {
        let Some(open) = self.open.take() else {
            return;
        };
        for item in [block, post].into_iter().flatten() {
            context.record(Fact::Shown {
                item: i64::from(item),
                after: i64::from(open.operation),
            });
        }
        open.answered(post.or(block).map_or(0, i64::from), context);
        self.latest = Some(open.request);
        self.reads += 1;
    }
}

impl Snapshot {
    /// What the reader sees in it, in a few words.
    fn seen(&self) -> String {
        match (self.block, self.post) {
            (Some(Some(block)), _) => format!("blocked by #{block}"),
            (_, Some(Some(post))) => format!("sees photo #{post}, no block"),
            _ => String::new(),
        }
    }
}

impl Role<Node> for Reader {
    fn held(&self, by: Measure) -> usize {
        self.shards.held(by)
    }

    fn start(&mut self, context: &mut Context<'_, Node>) {
        self.numbers.start(context);
    }

    fn describe(&self, _: &Outlook<'_>) -> Description {
        let mut state = vec![("reads".to_owned(), self.reads.to_string())];
        let latest = self.latest.as_ref();
        state.extend(latest.map(|latest| ("latest snapshot".to_owned(), shown(latest.at))));
        let latest = latest.map(|latest| {
            let (at, seen) = (shown(latest.at), latest.seen());
            format!("As of {at}: {seen}.")
        });
        let open = self.open.map(|open| {
            let at = shown(open.request.at);
            format!("I read what there was as of {at}.")
        });
        let badge = match &self.open {
            Some(open) => format!("reads as of {}", shown(open.request.at)),
            None => self
                .latest
                .as_ref()
                .map_or_else(String::new, Snapshot::seen),
        };
        Description {
            badge,
            state,
            beliefs: latest.into_iter().chain(open).collect(),
        }
    }
}
