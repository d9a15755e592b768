/** What is asked of a history, and what the answer says: as `crates/judge` has it. */

export interface Asked {
  model?: string;
  consistency?: string;
  keyed?: string;
  initial?: string;
}

export interface Bar {
  row: number;
  from: number;
  to: number | null;
  label: string;
  sentence: string;
  outcome: 'ok' | 'fail' | 'info' | 'open';
  is_accused: boolean;
  is_unplaced: boolean;
  line: number;
}

export interface HistoryPicture {
  rows: string[];
  columns: number;
  bars: Bar[];
  before: number;
  after: number;
}

export interface Told {
  line: number;
  operation: string;
}

/** The first of a list, and how many come after them. */
export interface List {
  told: Told[];
  more: number;
}

export interface Order {
  before: number;
  order: Told[];
  state: string;
  unplaced: List;
}

export interface Judged {
  answer: 'valid' | 'invalid' | 'bad-input' | 'unknown';
  sentence: string;
  at: [line: number, column: number] | null;
  notes: string[];
  model: string;
  consistency: string;
  operations: number;
  conflict: List;
  /** What came before those in `conflict`, which then fit nowhere, instead of contradicting each other. */
  before: List | null;
  orders: Order[];
  picture: HistoryPicture | null;
}

export interface Choices {
  models: string[];
  consistencies: string[];
}

export interface Question {
  text: string;
  asked: Asked;
}

/** What the worker answers: what can be chosen, and what the history is; or what went wrong, empty where the judge could not be loaded. */
export type Answer = { judged: Judged; choices: Choices } | { fault: string };
