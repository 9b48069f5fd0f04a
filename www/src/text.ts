// Every word that the page says of itself, in one place for translators. What a policy says comes from the policy, and why
// something is denied from the package.

const times = (count: number, one: string, many: string) => `${count.toLocaleString("en")} ${count === 1 ? one : many}`;

export const text = {
  title: "Privet",
  tagline: "the permission preview",
  loading: "Loading…", close: "Close",
  starting: "Opening the policy…",
  honest: "This page shows, the edge enforces: hiding a menu item protects nothing, so refuse the request as well, with the same pack. Nothing leaves this browser.",
  views: { preview: "Preview", guide: "Guide", compare: "Compare", review: "Review", organisation: "Organisation", policy: "Policy" },
  viewsLabel: "Views",
  skip: "Skip to the content",
  header: {
    policy: "System", own: "Your own policy…", ownLoaded: (title: string) => `${title} (yours)`, person: "Viewing as", undo: "Undo", redo: "Redo", share: "Copy link",
    shared: "The link is copied: it opens this view, with these people.", unshared: "The link is in the address bar.",
    theme: "Colours", themes: { auto: "Automatic", light: "Light", dark: "Dark" },
  },
  errors: {
    failed: "The policy did not open",
    people: (why: string) => `The link's people do not fit this policy, so the examples are shown: ${why}`,
    link: "The link is damaged, so the page starts afresh.",
    back: "Open VICIdial instead",
  },
  panes: { privileges: "Privileges", menu: "Menu", why: "Why" },
  panesLabel: "Panels",
  people: { first: "New person", name: "Name", add: "Add", copy: "Copy", remove: "Remove", title: "Person", copyOf: (name: string) => `${name} (copy)` },
  values: { none: "not granted", granted: "granted", on: "on", off: "off", unknown: "unknown", notSet: "not set", allowed: "allowed" },
  verdicts: { yes: "yes", no: "no", unknown: "unknown" },
  signs: { least: "at least", most: "at most", more: "more than", less: "less than", is: "is", not: "is not", set: "is set", or: " or " },
  assign: (label: string, value: string) => `${label}: ${value}`,
  roles: { title: "Roles", add: (label: string) => `role ${label}`, remove: (label: string) => `without the role ${label}`, by: (label: string) => `through ${label}`, assumed: (label: string) => `assumed while ${label}` },
  privileges: {
    search: "Search privileges, menu, operations", searchShort: "Search", none: "None", allowAll: "ALLOW ALL", allowNone: "ALLOW NONE",
    noEffect: "no effect", partly: (label: string) => `has its effect only as ${label}`, restricts: "restricts", unknownEffect: "effect unknown", nothing: "Nothing is called that.",
    foundItems: "In the menu", foundOperations: "Operations", granted: (count: number, all: number) => `${count} of ${all}`, undecided: "depends on a fact",
  },
  facts: {
    system: "System switches", systemHelp: (name: string) => `The installation's, the same for everybody: not ${name}’s to hold.`,
    own: (name: string) => `${name}’s circumstances`, ownHelp: "True of the person; nobody grants them.", system1: "system", own1: "circumstance",
  },
  menu: {
    title: (name: string) => `${name}’s menu`, exact: (name: string) => `Only what ${name} sees`, states: { shown: "shown", hidden: "hidden", undecided: "undecided" },
    why: "why?", gained: "gained", lost: "lost", empty: (name: string) => `${name} sees no menu at all.`, count: (shown: number, all: number) => `${shown} of ${all} shown`,
    tree: "Menu", save: "Set save point", revert: "Back to it", since: "Since the save point", would: "With this change", same: "nothing has changed",
    shown: (count: number) => `+${count} shown`, hidden: (count: number) => `−${count} hidden`, operations: (gained: number, lost: number) => `${gained} operations gained, ${lost} lost`,
    peeking: "This is how it would be: not applied yet", added: (verb: string) => `${verb}, gained`, removed: (verb: string) => `${verb}, lost`,
  },
  why: {
    hidden: (label: string) => `Why is “${label}” hidden?`, shown: (label: string) => `Why is “${label}” shown?`, undecided: (label: string) => `Why is “${label}” undecided?`,
    operation: (label: string) => `“${label}”`, of: (name: string, label: string) => `${name} and the operation “${label}”`, operations: "Operation", empty: "Ask why", ask: "Show why",
    emptyHelp: "Choose a menu item, and read why it is shown or hidden and what the least change would be.", missing: (name: string) => `Hidden from ${name}`,
    tree: "What it takes", all: "all of these", any: "any of these", not: "not this", needs: "needs", has: "has", nothing: "nothing: it is always so", never: "nobody can",
    decisions: { allowed: "allowed", denied: "not allowed", undecided: "undecided" }, fixes: "The least to change", noFixes: "Nothing that can be granted would allow it.", allMinimal: "Nothing smaller would do.",
    fixesDenied: "How it would be taken away", apply: "Apply", tryIt: "Look at it", effect: (shown: number, gained: number, lost: number) => [times(shown, "menu item appears", "menu items appear"), times(gained, "operation gained", "operations gained"), ...(lost > 0 ? [times(lost, "lost", "lost")] : [])].join(" · "),
    effects: "Everything that it does", appear: "Appears", disappear: "Disappears", gains: "Gained", loses: "Lost", owes: "Owed from then on", dormant: "Without effect from then on", wakes: "Has its effect from then on",
    system: "the system’s", circumstance: "a circumstance", privilege: "privilege", role: "role", excess: "Beyond what is needed:", near: "What else would have been enough", decisive: "Rests on", redundant: "Not needed besides",
    facts: "Depends on what is not known", dormantTitle: "Granted, but without effect", owed: "Still owed", inferred: "Read into the sources, not stated by them", applied: (sentence: string) => `Applied: ${sentence}`, note: "Note",
  },
  guide: {
    title: "Set-up paths", none: "This policy has no guides.", open: "Open VICIdial’s", choose: "Guide", actor: (who: string) => who.replaceAll("-", " "), states: { done: "done", ready: "ready", blocked: "blocked" },
    progress: (done: number, all: number) => `${done} of ${all} done`, waits: "Waits for", by: (name: string, who: string) => `${name}, as ${who}`, mark: "Mark as done", unmark: "Not done after all", who: "Who does what", apply: (name: string) => `Apply for ${name}`,
    yours: (name: string) => `It is ${name}’s turn.`, help: "Steps may belong to several people. Choose who plays each part, and apply what a blocked step lacks.",
  },
  compare: {
    title: "Side by side", mode: "Compare", people: "Two people", time: "Before and after", left: "Left", right: "Right", before: (name: string) => `${name}, at the save point`, after: (name: string) => `${name}, now`,
    all: "Also what is equal", held: "What they hold", menu: "What they see", may: "What they may do", equal: "No difference.", item: "Menu item", privilege: "Privilege, role or fact", operation: "Operation", yes: "can", no: "cannot", unknown: "undecided",
    summary: (left: string, right: string, more: number, less: number) => `${right} may do ${times(more, "thing", "things")} that ${left} may not, and lacks ${less}.`,
  },
  review: {
    title: "Who may make this change?", target: "Change to", kind: "What kind", kinds: { change: "Change", create: "Create", delete: "Delete" },
    change: "The change", none: (name: string) => `Nothing of ${name}’s has changed since the save point. Add a change here, or make it in the preview.`, add: "Add to the change", choose: "Choose a privilege…", waiting: "Once there is a change, everybody here is listed with whether they may make it, and which rule forbids it to them.", who: "Who", may: "May make it", yes: "may", no: "may not", unknown: "not known, so refused",
    because: "Rules that forbid it", norules: "This policy has no change rules, so it forbids nobody any change.", whole: "The whole rule", result: (count: number, all: number) => `${count} of ${all} people may make this change.`,
  },
  organisation: {
    title: "The whole organisation", drop: "Drop a CSV or JSON file of people here", choose: "Choose a file", sample: "Download a sample CSV", try: (count: number) => `Try ${count.toLocaleString("en")} made-up people`, local: "The file is read in this browser and sent nowhere.",
    mapping: "Columns", mappingHelp: (rows: number, file: string) => `${file}: ${times(rows, "person", "people")}. Say what each column is; what is ignored stays in the export.`, column: "Column", means: "Means", first: "First values", ignore: "Ignored", name: "Name", roles: "Roles", privilege: "Privilege", fact: "Fact",
    read: "Read the people", again: "Another file", cancel: "Cancel", progress: (done: number, all: number) => `${done.toLocaleString("en")} of ${all.toLocaleString("en")} people`, reading: "Reading the file…", cancelled: "Cancelled. Nothing was kept.",
    summary: (size: number, groups: number, errors: number, ms: number) => `${times(size, "person", "people")} in ${times(groups, "group", "groups")} of identical access · ${times(errors, "row", "rows")} with errors · ${(ms / 1000).toFixed(1)} s`,
    tabs: { map: "Map", who: "Who can", dormant: "Without effect", errors: "Errors" }, tabsLabel: "What to look at",
    map: (people: number, operations: number) => `Heat map of ${people} people in rows, grouped by identical access, and ${operations} operations in columns. The table below says the same.`, mapHelp: "Each row of the picture is people with the same access, the largest group first; each column an operation. What is coloured is allowed.",
    group: "Group", people: "People", may: "May do", someone: "For example", open: "Open in the preview", groupsLeft: (count: number) => `and ${count.toLocaleString("en")} smaller groups, all in the export`, whoTitle: (label: string) => `Who can: ${label}`, operation: "Operation", can: (count: number, all: number) => `${count.toLocaleString("en")} of ${all.toLocaleString("en")} can`, undecided: (count: number) => `${count.toLocaleString("en")} undecided`,
    listed: (count: number) => `The first ${count.toLocaleString("en")} are listed; the export has all.`, export: "Export as CSV", exportErrors: "Export these rows as CSV", noErrors: "Every row was understood.", row: "Row", what: "What is wrong", noDormant: "No grant is without effect.", privilegeColumn: "Privilege", errorsHelp: "Nothing was decided for these people, and they are in no count. The export has their rows as they were, to be mended and read again.",
    bad: { flag: (column: string, value: string) => `column \`${column}\`: \`${value}\` is neither yes nor no`, value: (column: string, value: string, choices: string) => `column \`${column}\`: \`${value}\` is none of ${choices}`, number: (column: string, value: string) => `column \`${column}\`: \`${value}\` is no whole number`, cells: (found: number, wanted: number) => `has ${found} cells; the header has ${wanted}`, quote: "a quoted cell is not closed", role: (value: string) => `no role \`${value}\`` },
    notList: "the file is no list of people: expected a JSON array of objects", noRows: "the file has no people: expected a header and at least one row", repeated: (label: string) => `two columns are “${label}”; choose one`, jsonRow: "is no object with `name`, `roles`, `grants` and `facts`",
  },
  policy: {
    title: "Policy", editing: (title: string) => `Editing a copy of ${title}`, load: "Use this policy", loaded: "In use", start: "Start from", blank: "A small example", fine: "No faults.", faults: (errors: number, warnings: number) => `${times(errors, "error", "errors")}, ${times(warnings, "warning", "warnings")}`, faultsTitle: "Faults", goTo: (line: number) => `line ${line}`,
    diff: "What it means differently", against: (title: string) => `Compared with ${title}`, equal: "It means the same.", added: "Added", removed: "Removed", renamed: "Renamed", changed: "Decided otherwise", unanswered: "Too large a question: may have changed", notNow: "Once it compiles, what changes for whom is shown here.", witness: "For example, with", before: "before", after: "now", nobody: "nothing at all", checking: "Checking…", editor: "Policy document", comparing: "Comparing…", requires: "what it requires", obligation: "what is owed",
    own: "Your own policy opens here: paste it, or change one that exists. It is compiled as you type and stays in this browser.", copied: "Open the preview",
  },
  keys: "Keys: / search · j k move · Enter choose · w why · z undo · Shift+Z redo",
} as const;
