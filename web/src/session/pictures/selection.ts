/** What the reader has picked out of a picture, and what the simulator says of it. */
import type {
  EventCard,
  LinkCard,
  MessageCard,
  NodeCard,
  Picked,
  Run,
  StoryStep,
  UnseenCard,
} from '../../core/index.ts';

export type Selection = Picked;

export type Card =
  | { kind: 'node'; card: NodeCard }
  | { kind: 'unseen'; card: UnseenCard }
  | { kind: 'message'; card: MessageCard }
  | { kind: 'link'; card: LinkCard }
  | { kind: 'event'; card: EventCard };

/** Undefined when the moment has no such thing. */
export function cardOf(run: Run, selection: Selection): Card | undefined {
  switch (selection.kind) {
    case 'node':
      return (
        withCard('unseen', run.unseen_card(selection.id)) ?? withCard('node', run.node_card(selection.id))
      );
    case 'message':
      return withCard('message', run.message_card(selection.id));
    case 'link':
      return withCard('link', run.link_card(selection.from, selection.to));
    case 'event':
      return withCard('event', run.event_card(selection.id));
  }
}

/** What a step of a story speaks of. */
export function lightOf({ node, message }: StoryStep): Selection | undefined {
  if (message !== null) return { kind: 'message', id: message };
  return node === null ? undefined : { kind: 'node', id: node };
}

function withCard<K extends Card['kind']>(kind: K, card: Extract<Card, { kind: K }>['card'] | null) {
  return card === null ? undefined : ({ kind, card } as Extract<Card, { kind: K }>);
}
