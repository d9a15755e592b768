/**
 * All that the page itself says, by where it says it. What labs and protocols say is in their own files; the few sentences
 * that are there before the page is are in `index.html` and `embed.html`.
 *
 * Whoever translates the page writes this object again: each text is a whole sentence or a whole label, and what comes into
 * it (a number, a name, a time with its unit) comes as an argument. `tests/node/words.test.mjs` finds texts elsewhere.
 */
import { once } from './once.ts';

/** The page's language, for plurals and lists. */
export const LANGUAGE = 'en';

const plurals = once(() => new Intl.PluralRules(LANGUAGE));
const lists = once(() => new Intl.ListFormat(LANGUAGE, { style: 'narrow', type: 'conjunction' }));

/** The form that a number asks for. */
export function counted(count: number, forms: { one: string; other: string }): string {
  return plurals().select(count) === 'one' ? forms.one : forms.other;
}

/** A list of labels, each as it is. */
const list = (labels: readonly string[]): string => lists().format(labels);

/** What a lab has switches for. */
const kinds = { defences: 'defences', rules: 'rules' } as const;

const states = { holds: 'Holds', violated: 'Violated', undecided: 'Undecided' } as const;

/** Of a longer value its beginning is quoted. */
const LONGEST_QUOTE = 60;

export const words = {
  site: {
    name: 'Slowfire',
    title: (...parts: string[]) => [...parts, 'Slowfire'].join(' · '),
    /** A run, by its lab and what is special about it. */
    run: (...parts: string[]) => parts.join(' · '),
  },

  time: {
    seconds: (seconds: string | number) => `${seconds}\u00a0s`,
    at: (time: string) => `at ${time}`,
    of: (time: string, end: string) => `${time} of ${end}`,
    /** After the time that the run is at. */
    ofEnd: (end: string) => `of ${end}`,
  },

  list,

  /** What a button says that has copied something. */
  copied: 'Copied',

  unavailable: {
    noWebAssembly:
      'Slowfire’s simulator needs WebAssembly, which this browser does not know or has switched off. Try another browser, or allow WebAssembly in this one.',
    refused:
      'This page’s policy does not allow WebAssembly, which Slowfire’s simulator needs. Its author has to add “wasm-unsafe-eval” to script-src: see Slowfire’s documentation of embedding.',
    notLoaded: 'The simulator could not be loaded. Check your connection, then try again.',
    partsNotLoaded:
      'The part of the simulator that this run needs could not be loaded. Check your connection, then try again.',
    scriptNotLoaded:
      'A part of Slowfire could not be loaded: there is no connection, or a newer version has been published. Load the page again.',
    pageNotLoaded: 'A part of the page could not be loaded. Check your connection, then try again.',
    replaced:
      'A newer version of Slowfire has been published, and this part of the older one is gone. Load the page again: the link stays the same.',
    missing: (part: string) => `The part “${part}” of the simulator was called before it was loaded.`,
    broke: (link: string, fault: string) => `Slowfire’s simulator broke while it opened ${link}: ${fault}`,
  },

  failure: {
    broke: 'Slowfire’s simulator broke. This is a fault in Slowfire, not in anything you did.',
    outcome: {
      rebuilt: 'The run was built again from its link.',
      before: 'The run that its link names could not be opened. The one before it was built again.',
      none: 'This run could not be built again. Other labs can still be opened.',
      held: '',
      unloaded: '',
      replaced: '',
    },
    held: 'The page was closed while it was busy with this run. Opening the run again may take as long.',
    open: 'Open it',
    again: 'Try again',
    newer: 'Load the newer version',
    allLabs: 'All labs',
    link: 'This link lets somebody look into the fault:',
    goOn: 'Go on',
  },

  problems: {
    heldUp: (seconds: number) =>
      `One step of this run held up the page for ${seconds}\u00a0s. The run rests here. A shorter run, fewer nodes, or longer delays are lighter.`,
    noView: (view: string, shown: string) => `This lab has no view “${view}”. “${shown}” is shown instead.`,
    allLabs: 'All labs',
    dismiss: 'Dismiss',
  },

  start: {
    promise: 'Watch a distributed system fail: slowly, on purpose, and the same way every time.',
    about:
      'Messages get lost, clocks lie, machines stop for a while and do not know it. Each lab is a small system and one question about it. Play it, break it, switch on a defence, and see what the defence is worth.',
    begin: (lab: string) => `Begin with: ${lab}`,
    find: 'Find',
    example: 'fault, protocol, paper',
    open: 'Open a scenario, a trace or a history',
    documentation: 'How to embed, link, teach and cite',
    found: (found: number, all: number) =>
      counted(all, { one: `${found} of ${all} lab`, other: `${found} of ${all} labs` }),
    unread: (sentence: string) => sentence.charAt(0).toUpperCase() + sentence.slice(1),
    instead: (lab: string) => `Open “${lab}” instead`,
    /** Words of questions, which say little of what somebody looks for. */
    little:
      'a an and are as at be been but by can could did do does for from had has have he her him his how i if in is it its me my no not of on or our she so than that the their them then there they this to us was we were what when where which who whose why will with would you your',
    none: (sought: string) => `No lab is about “${sought}”.`,
  },

  header: {
    help: 'Help',
    helpHint: 'Help and settings (?)',
    present: 'Present',
    presentHint: 'Present in large type: the picture and the verdict (p)',
    copy: 'Copy link',
    copyHint: 'Copy a link that replays this run',
    notCopied: 'Copy it from the address bar',
    share: 'Share',
    shareHint: 'A link, a QR code, or a figure for your own page',
    dark: 'Dark colours',
    light: 'Light colours',
    seed: (seed: number) => `Seed ${seed}`,
    newSeed: 'New seed',
    newSeedHint: 'Run the same settings with other random numbers',
    hunt: 'Hunt',
    huntHint: 'Run many seeds, and count how often a check is violated',
    huntGoesOn: 'A hunt goes on: look at what it has found',
    undo: 'Undo',
    undoHint: 'Undo your last change to the run (Ctrl Z)',
    redo: 'Redo',
    redoHint: 'Redo what you undid (Ctrl Shift Z)',
  },

  /** What is printed. */
  sheet: {
    of: (lab: string, time: string) => `${lab}, ${time}`,
  },

  challenges: {
    title: 'Challenges',
    break: 'Break it with the fewest faults',
    save: 'Save it with the fewest defences',
    hint: 'Break this system with the fewest faults, or save it with the fewest defences',
    none: 'There is none in this lab: even with all its defences on, it promises nothing that must never happen in any weather. So there is nothing to break, and nothing to save.',
  },

  present: {
    leave: 'Leave the presentation',
    leaveHint: 'Leave the presentation (escape)',
  },

  help: {
    title: 'Keys',
    close: 'Close',
    keys: [
      [['Space'], 'Play or pause'],
      [['→'], 'Go to the next event'],
      [['←'], 'Go back one event'],
      [['Shift →'], 'Go to the next moment that matters'],
      [['Shift ←'], 'Go to the previous moment that matters'],
      [['Ctrl Z'], 'Undo your last change to the run'],
      [['Ctrl Shift Z'], 'Redo what you undid'],
      [['F'], 'While it is held: lift the fog of a perspective, and see the true world'],
      [['P'], 'Present in large type, for a wall'],
      [['Escape'], 'Close a card or a list, or leave the presentation'],
      [['+', '−'], 'Faster, slower'],
      [['?'], 'Open or close this sheet'],
    ] as readonly [keys: readonly string[], meaning: string][],
    pointer:
      'Click or tap a node, a message or a link to see what is known about it, and what you can do to it. Drag a line across links to cut them. With the keyboard, “As a list” above the picture does the same.',
    timeBar: 'On the time bar',
    settings: 'Settings on this device',
    documentation: 'How to embed, link, teach and cite',
    link: 'The address bar always holds a link to this run, with its seed, its sliders and its switches. Whoever opens that link sees exactly the same run.',
  },

  share: {
    title: 'Share this run',
    close: 'Close',
    opens: 'It opens',
    here: (time: string) => `from here, at ${time}`,
    start: 'from the start',
    version: 'Version',
    newest: 'latest',
    pinned: (version: string) => `always ${version}`,
    link: 'Link',
    copy: 'Copy',
    notCopied: 'Press Ctrl C',
    qr: 'The link as a QR code',
    saveQr: 'Save as SVG',
    noQr: 'The link is too long for a QR code.',
    page: 'On your own page',
    forms: { element: 'Element', frame: 'Frame', markdown: 'Markdown: a picture that links' },
    width: 'Width',
    height: 'Height',
    follows: 'As high as the figure needs (with a script)',
    preview: 'Preview',
  },

  motion: {
    label: 'Motion',
    system: 'follow the system',
    full: 'continuous',
    reduced: 'event by event',
  },

  autoplay: 'Play a lab as soon as it opens',

  views: {
    label: 'View',
    world: 'World',
    worldOf: (lab: string) => `The world of “${lab}”`,
    spacetime: 'Space-time',
    spacetimeOf: (lab: string) => `A space-time diagram of “${lab}”`,
    history: 'History',
    historyOf: (lab: string) =>
      `The history of “${lab}”: what the clients asked for, and what they were told`,
    logs: 'Logs',
    logsOf: (lab: string) => `The logs of the servers of “${lab}”, entry by entry`,
    both: 'Both',
    withLogs: 'World + logs',
    perspective: 'Perspective',
    perspectiveHint:
      'Only what this node sent, received, read from its clocks, and believes. Hold F, or press “Lift the fog”, to see the true world',
    everybody: 'all nodes',
    only: (node: string) => `only ${node}`,
    backToAll: 'Back to what all nodes know',
    list: 'As a list',
    listHint: 'Nodes, messages and links as a list, for the keyboard',
  },

  figure: {
    label: 'Simulation',
  },

  /** In a perspective: what one node cannot know. */
  fog: {
    lift: 'Lift the fog',
    liftHint: 'See the true world until you press again. To see it for a moment, hold F',
    rest: (node: string) =>
      `The rest lies in fog: ${node} cannot know it. Hold F, or press “Lift the fog”, to see it.`,
    plots: (node: string) =>
      `These plots measure all nodes, or compare what a node believes with the truth. ${node} can see neither.`,
    changes: (node: string) => `${node} cannot know what was done to the run, or what its lab does.`,
  },

  spacetime: {
    ownClocks: 'Own clocks',
    ownClocksHint: 'Draw each node’s line by what its own clock says',
    less: 'Show less time',
    more: 'Show more time',
  },

  legend: {
    label: 'Legend',
    hint: 'What the marks in the picture mean',
    empty: 'The picture shows only nodes and links at this moment.',
    strips: 'The whole run, beside the defences',
    holds: 'Thin: no check is violated',
    breaks: 'Thick and red: from here on a check is violated',
  },

  mirror: {
    at: (time: string) => `The picture at ${time}`,
    nodes: 'Nodes',
    messages: 'Messages in flight',
    links: 'Links',
    of: (list: string, run: string) => `${list} (${run})`,
    none: 'None',
    unseen: 'Nodes in the fog',
    seesNone: (node: string) => `${node} sees no message on its way, and no link.`,
    node: (name: string, role: string, status: string) => `${name}, ${role}: ${status}`,
    leads: 'leads',
    sentences: (said: string[]) => said.map((one) => one.replace(/\.?$/, '.')).join(' '),
    waiting: (count: number) =>
      counted(count, { one: `${count} message waits`, other: `${count} messages wait` }),
    value: (name: string, value: string) => `${name} ${value}`,
    clock: (time: string) => `its clock says ${time}`,
    clockOff: (time: string, offset: string) => `its clock says ${time} (${offset})`,
    message: (label: string, from: string, to: string, percent: number) =>
      `${label} from ${from} to ${to}, ${percent}\u00a0% of the way`,
    fate: { dying: 'about to be lost', duplicate: 'a duplicate' },
    link: (one: string, other: string) => `${one} and ${other}`,
  },

  /** Below a list that shows a part of what there is. */
  lists: {
    more: (count: number) => counted(count, { one: 'and one more', other: `and ${count} more` }),
    moreBefore: (count: number) =>
      counted(count, { one: 'and one more before it', other: `and ${count} more before them` }),
  },

  operations: {
    label: 'Operations',
    none: 'None',
    says: (client: string, says: string, begun: string, outcome: string) =>
      `${client}: ${says}, called at ${begun}, ${outcome}`,
    accused: (sentence: string) => `${sentence}; it shows a violation`,
    outcome: {
      'under way': 'under way',
      answered: 'answered',
      refused: 'refused',
      'given up': 'given up',
    },
    outcomeAt: (outcome: string, time: string) => `${outcome} at ${time}`,
  },

  /** What each server's log holds. */
  logs: {
    label: 'Logs',
    none: 'No server has an entry in its log yet.',
    earlier: 'Earlier entries',
    later: 'Later entries',
    latest: 'Follow the latest entries',
  },

  /** A published algorithm, with all of its rules or without some. */
  algorithm: {
    whole: (name: string, rules: number) => `${name}, with all of its ${rules} rules`,
    modified: (name: string) => `modified ${name}`,
    without: (name: string, rule: string) => `modified ${name}: without “${rule}”`,
    missing: (name: string, rules: number, off: number) =>
      `modified ${name}: ${off} of ${rules} rules ${off === 1 ? 'is' : 'are'} off`,
    rules: (name: string) => `All rules of ${name}`,
    off: (off: number) => `${off} off`,
    naming: (said: string, rules: string[]) => `${said} (${rules.join('; ')})`,
  },

  node: {
    running: 'running',
    paused: 'paused',
    crashed: 'crashed',
  },

  card: {
    close: 'Close',
    closeHint: 'Close (escape)',
    state: 'State',
    wallClock: 'Wall clock',
    offBy: (time: string, offset: string) => `${time} (${offset})`,
    monotonicClock: 'Monotonic clock',
    speed: 'Speed',
    slower: (times: number) => `${times} times slower`,
    inbox: 'Inbox',
    waiting: (count: number) => `${count} waiting`,
    disk: 'Disk',
    unsynced: (count: number) =>
      counted(count, { one: `${count} write not yet durable`, other: `${count} writes not yet durable` }),
    timer: 'Timer',
    timerDue: (says: string, time: string) => `${says}, in ${time}`,
    leads: 'leads',
    asKnown: (own: string, name: string) => `What ${own} knows of ${name}`,
    heard: 'Heard',
    takenFor: 'Belief',
    lastSaid: 'Last message',
    saidAt: (says: string | null, time: string) => (says === null ? `at ${time}` : `“${says}”, at ${time}`),
    inFog: 'what lies in fog',
    isDown: 'This node has crashed. It does nothing and knows nothing until it restarts.',
    quoted: (belief: string) => `“${belief}”`,
    askIt: 'Ask it to',
    argument: (does: string) => `${does}: which`,
    deeds: 'What you can do to it',
    message: 'message',
    duplicate: 'a duplicate',
    corrupted: 'corrupted',
    from: 'From',
    to: 'To',
    sent: 'Sent',
    due: 'Due',
    fate: 'Fate',
    because: 'Because',
    isGone: 'This message is no longer in flight.',
    link: 'link',
    between: (one: string, other: string) => `${one} – ${other}`,
    latency: 'Latency',
    jitter: 'Jitter',
    loss: 'Loss',
    cut: {
      open: 'open',
      dropped: 'cut: messages are lost',
      held: 'cut: messages wait',
    },
    event: (node: string) => `event at ${node}`,
    becauseOf: 'Because of',
    noCause: 'nothing in the run',
    cause: 'its cause',
    ledTo: 'Led to',
    noEffects: 'nothing so far',
    effect: (number: number) => `effect ${number}`,
    goTo: 'Go to this moment',
  },

  timeBar: {
    label: 'Time',
    /** The kinds of marks. */
    violation: 'A check was violated',
    fault: 'A fault, or something you did',
    leadership: 'Another node leads, or holds the lock',
    timeout: 'A timeout',
    fork: 'Another future begins',
  },

  way: {
    replaying: (time: string, aim: string) => `Replaying: ${time} of ${aim}`,
    progress: 'Replayed',
    stay: 'Stop here',
  },

  transport: {
    play: 'Play',
    playHint: 'Play (space)',
    pause: 'Pause',
    pauseHint: 'Pause (space)',
    restart: 'Restart',
    previous: 'Go to the previous moment that matters',
    previousHint: 'Go to the previous moment that matters (shift and left arrow)',
    stepBack: 'Step back',
    stepBackHint: 'Step back (left arrow)',
    step: 'Step',
    stepHint: 'Step (right arrow)',
    next: 'Go to the next moment that matters',
    nextHint: 'Go to the next moment that matters (shift and right arrow)',
  },

  speed: {
    label: 'Speed',
    hint: 'Simulated seconds per second of your time',
    times: (times: number) => `${times}×`,
    ofRealTime: (times: number) => `${times}× real time`,
  },

  pace: {
    slowDown: 'Slow down',
    slowDownHint: 'Slow down while much happens, so that you can follow each message',
    skip: 'Skip the quiet',
    skipHint: 'Jump over time in which nothing happens',
  },

  story: {
    label: 'Story',
    previous: 'Previous step',
    previousHint: 'Go back to the previous step',
    place: (place: number, count: number) => `${place} of ${count}`,
    next: 'Next',
    nextName: 'Next step',
    nextHint: 'Play on to the next step',
    further: 'Things to try',
    guess: 'Guess first',
    challenge: 'Challenges',
    guessHint: 'Be asked what has happened before you are told',
    seeking: 'Looking for a moment to ask about…',
    showMoment: (time: string) => `Show the moment, at ${time}`,
    never: 'In this run, that does not happen.',
    unknown: (node: string) =>
      `The story covers the whole run, and ${node} saw only part of it. The log below shows what ${node} saw.`,
    /** Beside a sample of the halo that is around it in the picture. */
    pointsAt: (name: string) => `points at ${name}`,
    message: 'a message',
    coming: 'Still to come',
    comingAt: (time: string) => `Still to come, at ${time}`,
  },

  verdicts: {
    label: 'Verdict',
    states,
    told: (state: keyof typeof states) => `${states[state]}.`,
    named: (state: keyof typeof states) => `${states[state]}:`,
    of: (check: string, state: keyof typeof states) => `${check}: ${states[state]}`,
    titled: (check: string, sentence: string) => `${check}. ${sentence}`,
    spoken: (check: string, state: keyof typeof states, sentence: string) =>
      `${check}: ${states[state].toLowerCase()}. ${sentence}`,
    spokenAt: (check: string, state: keyof typeof states, time: string, sentence: string) =>
      `${check}: ${states[state].toLowerCase()} at ${time}. ${sentence}`,
    showMoment: (time: string) => `Show the moment it broke, at ${time}`,
    showMe: 'Show me',
    showMeWhy: (check: string) => `Show me why: ${check}`,
    shrink: 'Shrink',
    shrinkThis: (check: string) => `Shrink: find the smallest run in which this fails: ${check}`,
    unknown: (node: string) => `${node} cannot know whether anything is wrong.`,
    counts: {
      violated: (count: number) => `${count} violated`,
      undecided: (count: number) => `${count} undecided`,
      holds: (count: number) => counted(count, { one: `${count} holds`, other: `${count} hold` }),
    },
    more: (count: number, counts: readonly string[]) => `${count} more: ${list(counts)}`,
    fewer: 'Fewer checks',
  },

  /** Where a run rests at its end. */
  ending: {
    nothing: (undecided: number) =>
      undecided === 0
        ? 'The end. Nothing broke.'
        : `The end. Nothing broke, but ${counted(undecided, { one: 'one check is', other: `${undecided} checks are` })} undecided.`,
    broke: (broken: number, all: number, first: string) =>
      all === 1
        ? `The end. It broke at ${first}.`
        : `The end. ${broken} of ${all} checks broke, the first at ${first}.`,
  },

  excerpt: {
    all: 'Show all',
    less: 'Show less',
  },

  defences: {
    label: 'Defences',
    now: 'Now:',
    /** What the run would be with the switch on, or off. */
    withIt: 'When on:',
    withoutIt: 'When off:',
    on: 'on',
    off: 'off',
    next: 'Flip a switch, and watch the same weather again.',
    none: 'None of these switches prevents this alone.',
    /** What a switch does: while the run is watched, and where the reader stays at a moment. */
    usual: [
      'A switch plays the same weather again, from the start.',
      'A switch shows this moment again. Restart plays from the start.',
    ],
    what: 'What they do',
    compare: (label: string) => `Compare with and without: ${label}`,
    compareHint: 'Compare with and without, side by side',
    holds: 'holds to the end',
    undecided: 'undecided to the end',
    ofUndecided: (open: number, all: number) =>
      counted(all, {
        one: `(${open} of ${all} check undecided)`,
        other: `(${open} of ${all} checks undecided)`,
      }),
    breaks: (time: string) => `breaks at ${time}`,
    /** At the same moment as now. */
    stillBreaks: (time: string) => `still breaks at ${time}`,
    breaksFirst: (check: string) => `Show the moment. What breaks first: ${check}`,
    ofChecks: (broken: number, all: number) =>
      counted(all, { one: `(${broken} of ${all} check)`, other: `(${broken} of ${all} checks)` }),
    inSeeds: (broken: number, all: number) => `(${broken}/${all} seeds)`,
    ofSeeds: (broken: number, all: number) =>
      counted(broken, {
        one: `${broken} of ${all} seeds breaks`,
        other: `${broken} of ${all} seeds break`,
      }),
  },

  controls: {
    network: 'Network',
    clocks: 'Clocks',
    processes: 'Processes',
    protocol: 'Protocol',
    further: 'Other faults',
    moved: (count: number) => `${count} changed`,
    set: (label: string, value: string | number) => `${label} ${value}`,
    setWithUnit: (label: string, value: number, unit: string) => `${label} ${value} ${unit}`,
  },

  presets: {
    label: 'Presets',
    hint: (hint: string, values: readonly string[]) => `${hint}: ${list(values)}`,
    oneRack: 'One rack',
    oneRackHint: 'A millisecond away, and nothing is lost',
    threeRegions: 'Three regions',
    threeRegionsHint: 'Across an ocean: late, but most of it arrives',
    badMobile: 'Bad mobile',
    badMobileHint: 'On a train, with one bar of signal',
    onFire: 'Everything is on fire',
    onFireHint: 'Everything that can go wrong does',
  },

  changes: {
    label: 'What was done to this run',
    toBoth: 'What was done to both runs',
    differ: (own: string, other: string) =>
      `They differ in one thing: ${own} in the first, ${other} in the second.`,
    takeAllBack: 'Back to the lab’s own run',
    takeBack: 'Take back',
    takeBackThis: (change: string) => `Take back: ${change}`,
    ofTheLab: 'by the lab',
    leftOut: 'left out',
    takeOut: 'Take out',
    takeThisOut: (deed: string) => `Take out of the lab: ${deed}`,
    bringBack: 'Bring back',
    bringThisBack: (deed: string) => `Bring back: ${deed}`,
    fromTheStart: 'from the start',
    at: 'at',
    second: 's',
    moment: (change: string) => `When, in seconds: ${change}`,
  },

  futures: {
    label: 'Futures',
    fromTheStart: 'from the start',
    from: (time: string) => `from ${time}`,
  },

  plots: {
    label: 'Measurements',
    none: 'Nothing has been measured yet.',
    title: (name: string, unit: string) => `${name} (${unit})`,
    latest: (name: string, value: string, unit: string) =>
      `${name}: ${value} ${unit} at the latest measurement`,
    unmeasured: (name: string) => `${name}: nothing has been measured yet`,
    share: (node: string, percent: number) => `${node}: ${percent}\u00a0% of the time so far`,
    shares: (name: string, nodes: readonly string[]) => `${name}. ${nodes.join('; ')}.`,
  },

  log: {
    label: 'What happened',
    in: (run: string) => `What happened (${run})`,
    none: 'Nothing yet.',
  },

  tries: {
    label: 'Things to try',
    limits: 'What it does not save you from',
    setUp: 'Set it up',
    setUpWithSeed: (seed: string) => `Set it up, with seed ${seed}`,
  },

  further: {
    promises: 'What is promised',
    holds: (check: string) => `${check}.`,
    defences: (on: readonly string[]) => `With: ${list(on)}.`,
    all: (count: number, kind: keyof typeof kinds) => `With all ${count} ${kinds[kind]} on.`,
    allBut: (count: number, kind: keyof typeof kinds, off: readonly string[]) =>
      `With all ${count} ${kinds[kind]} on but: ${list(off)}.`,
    sources: 'Sources',
  },

  facts: {
    events: (count: number) =>
      counted(count, { one: 'One event so far.', other: `${count} events so far.` }),
    digest: (digest: string) => `Digest of the run: ${digest}`,
    unknownDigest: 'Digest of the run: …',
  },

  element: {
    bad: (attribute: string, value: string, range: string) =>
      `${attribute} is “${value.length > LONGEST_QUOTE ? `${value.slice(0, LONGEST_QUOTE)}…` : value}”; it must be ${range}.`,
    between: (lowest: number, highest: number) => `a number from ${lowest} to ${highest}`,
    whole: (lowest: number, highest: number) => `a whole number from ${lowest} to ${highest}`,
    object: 'an object',
    moment: 'a moment from 0s to 3600s, such as 6s or 250ms',
    noRun: 'A figure shows a run. This link names a history, a path or a page: link to it instead.',
    oneOf: (all: readonly string[]) => `one of ${list(all)}`,
    markup: 'The page has put markup into the scenario. In Markdown, leave no blank line in it.',
    without: (source: string) => `left out where there is ${source}, which names the run`,
  },

  embed: {
    open: 'Slowfire: open this run on its full page',
    mayDiffer: 'May differ from what its author saw',
  },
};
