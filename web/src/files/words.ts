/**
 * What the page says of files: those that a run is saved as, and those that are opened. Few readers need them, so they are
 * loaded with what they are about, and not with `words.ts`.
 */

/** A limit is rounded down, so that what exceeds it has another size. */
const rounded = (round: (size: number) => number) => (bytes: number) =>
  bytes < 1e5 ? `${round(bytes / 1000)}\u00a0KB` : `${(round(bytes / 1e5) / 10).toFixed(1)}\u00a0MB`;
const size = rounded(Math.ceil);
const limit = rounded(Math.floor);

/** As much of somebody else's text as tells it from others: it may have any length, and no space to break it at. */
const brief = (text: string) => (text.length <= 80 ? text : `${text.slice(0, 50)}…${text.slice(-28)}`);
/** So many names stand in a sentence. */
const MOST_NAMES = 8;

export const words = {
  save: {
    title: 'As a file',
    form: 'File',
    forms: {
      svg: [
        'Picture of this moment (SVG)',
        'The world as it is at this moment, in shapes that stay sharp at any size.',
      ],
      png: ['Picture of this moment (PNG)', 'The same in 2,560 by 1,440 pixels, for slides and chats.'],
      spacetime: [
        'Space-time diagram (SVG)',
        'Who sent what to whom, and when, over the stretch of time that the page shows. Its text can be selected.',
      ],
      'history-svg': [
        'History (SVG)',
        'What each client asked for and was told, over the stretch of time that the page shows. Its text can be selected.',
      ],
      webm: [
        'Film (WebM)',
        'A stretch of the run as a film of 1,280 by 720 pixels. It takes as long to make as it is.',
      ],
      gif: [
        'Animation (GIF)',
        'A stretch of the run that plays wherever pictures are shown, in 800 by 450 pixels.',
      ],
      page: [
        'Page that plays offline (HTML)',
        'One file with the simulator and this run: for slides, archives and mail. It needs no network.',
      ],
      scenario: [
        'Scenario (JSON)',
        'The document from which the run is built. Drop it on this page to open it again.',
      ],
      trace: ['Trace (JSON lines)', 'Every event up to this moment with its cause, one per line.'],
      shiviz: [
        'Log for ShiViz',
        'Every event of a node with its vector clock. ShiViz reads it with the expression that it proposes.',
      ],
      mermaid: [
        'Sequence diagram (Mermaid)',
        'The latest 120 messages and faults up to this moment, as text for Markdown.',
      ],
      history: [
        'Clients’ history (Jepsen EDN)',
        'What the clients asked for and were told up to this moment. “slowfire check” and this page judge it, if it is of registers, lists, counters or locks.',
      ],
    } as const satisfies Record<string, readonly [name: string, sentence: string]>,
    from: 'From, in seconds',
    to: 'To, in seconds',
    lasts: (seconds: string, frames: number) => `${seconds}\u00a0s to watch, ${frames} pictures.`,
    save: 'Save',
    cancel: 'Cancel',
    progress: 'Progress',
    saved: (name: string, bytes: number) => `Saved as ${name}, ${size(bytes)}.`,
    cancelled: 'Cancelled. Nothing was saved.',
    failed: (why: string) => `The file could not be made. ${why}`,
    noFilm: 'This browser records no films. An animated GIF shows the same.',
    noPicture: 'This browser gave no picture.',
    notLoaded: 'A part of Slowfire could not be loaded. Check your connection, and try again.',
    emptyStretch: 'The stretch must end after it begins, and both must lie within the run.',
    tooLong: (seconds: number) =>
      `The stretch must take at most ${seconds}\u00a0s to watch. Choose a shorter one.`,
    broke: (detail: string) => `The simulator broke while it made the file: ${detail}`,
  },

  /** Of a file that a link names. */
  elsewhere: {
    fetching: 'Fetching the file…',
    noAddress: (text: string) =>
      `“${brief(text)}” is not an address that can be opened: it must begin with https://. Correct the link, or download the file and open it here.`,
    noGist: (text: string) =>
      `“${brief(text)}” is not the id of a gist, such as 9f3d6c2a41. Correct the link.`,
    notInGist: (files: readonly string[]) => {
      const names = files.slice(0, MOST_NAMES).map(brief).join(', ');
      const more = files.length > MOST_NAMES ? `, and ${files.length - MOST_NAMES} more` : '';
      return files.length === 0
        ? 'The gist has no file.'
        : `The gist has no such file. It has: ${names}${more}.`;
    },
    noAnswer: (address: string) =>
      `${brief(address)} answered, but not with a gist. Try again later, or download the file and open it here.`,
    unreachable: (address: string) =>
      `${brief(address)} could not be read. Either its host is out of reach, or it does not allow other pages to read this file: it must send “Access-Control-Allow-Origin: *”. Download the file and open it here.`,
    here: (address: string) =>
      `${brief(address)} could not be read. Either the host of this page is out of reach, or it sends readers of this file to another address: that one must stand in the link.`,
    silent: (address: string, seconds: number) =>
      `${brief(address)} sent nothing for ${seconds}\u00a0s. Try again, or download the file and open it here.`,
    brokenOff: (address: string) =>
      `${brief(address)} broke off before the file was whole. Try again, or download the file and open it here.`,
    missing: (address: string, status: number) =>
      `${brief(address)} is not there: its host answered ${status}. Check the link.`,
    unwilling: (address: string, status: number) =>
      `${brief(address)} could not be fetched: its host answered ${status}. Try again later, or download the file and open it here.`,
    tooLarge: (address: string, most: number) =>
      `${brief(address)} has more than ${limit(most)}. Download the file: “slowfire check FILE” judges any.`,
    ask: (hosts: readonly string[]) =>
      `This link asks for a file from ${hosts.map(brief).join(' and ')}, and wherever that leads. Nothing has been fetched yet.`,
    /** Whole, since a reader consents to it. */
    fetch: (hosts: readonly string[]) => `Fetch it from ${hosts.join(' and ')}`,
    again: 'Try again',
    stopped: 'Stopped. Nothing was opened.',
  },

  open: {
    title: 'Open a file',
    page: 'A history, judged',
    about:
      'Drop a file anywhere on this page, or choose one. It stays on this device: nothing is sent anywhere.',
    kinds: [
      [
        'A history',
        'of any system: Jepsen’s EDN, the same entries as JSON, or history.txt. The checkers judge it.',
      ],
      ['A trace', 'that Slowfire wrote. Its run is opened.'],
      ['A scenario', 'as JSON. Its run is opened.'],
    ] as readonly (readonly [kind: string, about: string])[],
    choose: 'Choose a file',
    another: 'Open another file',
    copy: 'Copy link',
    notCopied: 'Copy it from the address bar',
    tooLong: 'The history is too large for a link. Share the file instead.',
    judging: 'Judging the history…',
    stop: 'Stop',
    stopped: 'Stopped. Ask something else, or open another file.',
    ofFile: (name: string) => `${brief(name)}:`,
    unreadable:
      'The file could not be read. Perhaps it was moved or changed after it was chosen: choose it again.',
    notOpened: (detail: string) => `The file could not be opened, which is a fault of Slowfire: ${detail}`,
    noText: 'The file is not text. A history, a trace or a scenario is, in UTF-8 or UTF-16.',
    compressed: 'The file is compressed. Unpack it first.',
    toml: 'The file is TOML, which the page does not read. “slowfire link FILE” makes a link of it.',
    largeDocument: (bytes: number, most: number) =>
      `The scenario has ${size(bytes)}, and one may have at most ${limit(most)}.`,
    tooLarge: (bytes: number, most: number) =>
      `The file has ${size(bytes)}, and the page opens at most ${limit(most)}. “slowfire check FILE” judges any.`,
    damaged:
      'The link of this history is damaged: perhaps its end is missing. Or it holds more than a link may: then open the file.',
    broke: (detail: string) =>
      `The checkers broke over this history, which is a fault of Slowfire: ${detail}`,
    answers: {
      valid: (consistency: string, operations: number) =>
        `Valid: ${operations} ${operations === 1 ? 'operation' : 'operations'}, ${consistency}`,
      invalid: (consistency: string) => `Not ${consistency}`,
      unknown: 'No answer',
      'bad-input': 'This is no history that the checkers can read',
    },
    at: (line: number, column: number) => `Line ${line}, column ${column}:`,
    line: (line: number) => `line ${line}`,
    because: (sentence: string) => `${sentence}.`,
    question: 'What is asked',
    model: 'Object',
    consistency: 'Must be',
    keyed: 'Values',
    keyedBy: { '': 'find out', pairs: 'pairs of key and value', plain: 'as they are' },
    initial: 'At the start',
    initialHint: 'nil',
    notes: 'Taken for granted',
    picture: 'The history, in the order of its entries',
    legend:
      'A bar goes from a call to its answer. Without a right end it may take effect at any later time; pale ones failed. Red ones are those that the verdict names, and ✗ marks what no order has a place for.',
    left: (before: number, after: number) =>
      [
        ...(before > 0 ? [`${before} earlier operations are not drawn.`] : []),
        ...(after > 0 ? [`${after} later operations are not drawn.`] : []),
      ].join(' '),
    conflict: 'The operations that contradict each other',
    unfit: 'What fits nowhere',
    earlier: 'What came before, or was under way',
    order: 'As far as an order goes',
    before: (count: number) => `${count} before these`,
    then: (state: string) => `Then ${state}.`,
    unplaced: 'There is no place for:',
    more: (count: number) => `And ${count} more.`,
    process: (name: string) => `process ${name}`,
  },
};
