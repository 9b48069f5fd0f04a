//! A small policy with every kind, written by hand, and subjects of it.

/// The document.
pub(super) const KINDS: &str = r#"{
  "format": 1, "id": "kinds", "title": "Every kind", "version": "1",
  "facts": [
    { "id": "open", "kind": "switch", "label": "Open", "absent": false },
    { "id": "guest", "kind": "switch", "label": "Guest" },
    { "id": "country", "kind": "choice", "label": "Country", "options": [{ "id": "de", "label": "Germany" }, { "id": "fr", "label": "France" }] },
    { "id": "seats", "kind": "number", "label": "Seats" },
    { "id": "plan", "kind": "level", "label": "Plan", "levels": [{ "id": "free", "label": "Free" }, { "id": "Pro", "label": "Pro" }, { "id": "Pro_Max", "label": "Max" }] },
    { "id": "season", "kind": "level", "label": "Season", "absent": "off", "levels": [{ "id": "off", "label": "Off" }, { "id": "high", "label": "High" }] }],
  "conditions": [
    { "id": "Paid", "label": "A plan is paid", "requires": "plan >= Pro" },
    { "id": "busy", "label": "It is busy", "requires": "Paid and (season = high or seats > 50)" }],
  "renamed": { "vend": "sell", "shopkeeper": "vendor", "vendor": "seller", "premises": "open", "shut": "back" },
  "privileges": [
    { "id": "sell", "kind": "flag", "label": "Sell" },
    { "id": "stock", "kind": "level", "label": "Stock", "levels": [{ "id": "view", "label": "View" }, { "id": "modify", "label": "Modify", "requires": "open" }] },
    { "id": "desk", "kind": "choice", "label": "Desk", "options": [{ "id": "left", "label": "Left" }, { "id": "right", "label": "Right" }, { "id": "middle", "label": "Middle" }] },
    { "id": "doors", "kind": "set", "label": "Doors", "options": [{ "id": "front", "label": "Front" }, { "id": "back", "label": "Back" }, { "id": "side", "label": "Side" }] },
    { "id": "limit", "kind": "number", "label": "Limit", "min": 5, "max": 60 },
    { "id": "total", "kind": "number", "label": "Total" },
    { "id": "refund", "kind": "flag", "label": "Refund", "requires": "sell and limit >= 20" }],
  "roles": [
    { "id": "seller", "label": "Seller", "grants": { "sell": true, "desk": "left", "limit": 10 } },
    { "id": "clerk", "label": "Clerk", "grants": { "stock": "view", "desk": "right", "doors": ["front"], "limit": 30 } },
    { "id": "visitor", "label": "Visitor", "inferred": true, "when": "guest", "grants": { "doors": ["back"], "limit": 20, "total": 7 } },
    { "id": "deputy", "label": "Deputy", "inherits": ["clerk", "seller"], "grants": { "desk": "middle", "doors": ["side"], "limit": 15 } },
    { "id": "temp", "label": "Temporary help", "inherits": ["visitor"], "when": "busy", "grants": { "total": 9 } },
    { "id": "local", "label": "Local", "when": "country = de and seats >= 3", "grants": { "desk": "middle", "stock": "modify" } }],
  "verbs": [{ "id": "add", "label": "Add" }, { "id": "edit", "label": "Edit" }, { "id": "see", "label": "See" }],
  "menu": [{ "id": "orders", "label": "Orders", "meta": { "href": "/orders", "order": 1.5 } }, { "id": "orders.new", "label": "New", "parent": "orders" }, { "id": "shop", "label": "The \"shop\"", "meta": null }],
  "operations": [
    { "id": "orders.add", "label": "Add orders", "menu": ["orders.new", "shop"], "verbs": ["add"], "requires": "sell and desk in (left, middle)",
      "obligations": [{ "id": "needs-review", "label": "Review", "when": "not (seats < 10)" }, { "id": "by-hand", "label": "By hand", "when": "country = fr" }] },
    { "id": "orders.own", "label": "Only own orders", "menu": ["orders"], "restricts": true, "requires": "not (country = de)" },
    { "id": "stock.edit", "label": "Edit stock", "menu": ["shop"], "verbs": ["edit", "see"], "requires": "stock >= modify or doors = side" },
    { "id": "refunds", "label": "Refunds", "menu": ["orders"], "verbs": ["edit"], "requires": "refund and total is set and total < 100" },
    { "id": "plans.compare", "label": "Compare plans", "requires": "plan in (free, Pro) or total > 3" },
    { "id": "plans.above", "label": "A plan above the highest, which none is", "requires": "sell and (plan > Pro_Max or not (plan <= Pro_Max))" },
    { "id": "rush", "label": "Rush orders", "requires": "busy and plan != Pro and season >= high or plan = Pro_Max" },
    { "id": "back", "label": "Back door", "requires": "doors = back and (seats = 7 or not guest)" }]
}"#;

/// Subjects, each with the reason for it.
pub(super) const SUBJECTS: &[(&str, &str)] = &[
    ("the empty subject", "{}"),
    ("empty lists are as good as none", r#"{"facts":{},"roles":[],"grants":{}}"#),
    (
        "own grants of every kind",
        r#"{"grants":{"refund":true,"total":0,"limit":20,"doors":["side","front"],"desk":"middle","stock":"modify","sell":true},"facts":{"seats":10,"country":"fr","guest":false,"open":true}}"#,
    ),
    ("values that are no grant", r#"{"grants":{"sell":false,"doors":[]}}"#),
    (
        "null is not given, also where a fact has an absent value",
        r#"{"facts":{"open":null,"guest":null,"seats":null}}"#,
    ),
    ("a listed role", r#"{"roles":["seller"],"facts":{"guest":false,"seats":1,"country":"de"}}"#),
    ("two roles that grant different options", r#"{"roles":["clerk","seller"]}"#),
    ("an own option settles it", r#"{"roles":["clerk","seller"],"grants":{"desk":"right"},"facts":{"guest":true}}"#),
    (
        "a role held by its when conflicts with a listed one",
        r#"{"roles":["seller"],"facts":{"country":"de","seats":3}}"#,
    ),
    ("a conflict that is only possible does not refuse", r#"{"roles":["seller"],"facts":{"country":"de"}}"#),
    ("inline roles that conflict with each other", r#"{"roles":[{"desk":"left"},{"desk":"right"}]}"#),
    (
        "an own option settles that as well, and the token leaves the inline options out",
        r#"{"roles":[{"desk":"left"},{"desk":"right","sell":true}],"grants":{"desk":"left"}}"#,
    ),
    (
        "a token without an inline section: only options that conflict",
        r#"{"roles":[{"desk":"left"},{"desk":"right"}],"grants":{"desk":"middle"},"facts":{"seats":99}}"#,
    ),
    ("an inline role conflicts with a listed one", r#"{"roles":["seller",{"desk":"right"}]}"#),
    (
        "of several numbers the largest counts",
        r#"{"roles":["seller",{"limit":7},{"limit":25,"total":4294967295}],"facts":{"guest":false}}"#,
    ),
    (
        "a smaller own number counts before larger ones of roles",
        r#"{"roles":["clerk"],"grants":{"limit":5,"sell":true,"refund":true}}"#,
    ),
    ("a role that may be held grants a larger number", r#"{"roles":["seller"]}"#),
    ("a role that may be held grants a smaller number", r#"{"roles":["clerk"]}"#),
    ("an inline role that grants nothing", r#"{"roles":[{}, {"doors":[]}, {"sell":false}]}"#),
    (
        "an inline role with a name",
        r#"{"roles":[{"name":"Night \"shift\"","grants":{"vend":true,"desk":"left"}},{"sell":true}]}"#,
    ),
    ("a name alone", r#"{"roles":[{"name":"Guests"}]}"#),
    ("grants of a role without a name", r#"{"roles":[{"grants":{"sell":true}}]}"#),
    ("a name that is no text", r#"{"roles":[{"name":7,"grants":{}}]}"#),
    ("another key beside a name", r#"{"roles":[{"name":"Guests","sell":true}]}"#),
    ("a listed role behind inline roles", r#"{"roles":[{"sell":true},"visitor",{"stock":"view"},"clerk"]}"#),
    (
        "a level whose requirement is unknown is not needed for a lower one",
        r#"{"grants":{"stock":"modify"},"facts":{"open":true}}"#,
    ),
    ("numbers at the bounds", r#"{"grants":{"limit":60,"total":4294967295},"facts":{"seats":4294967295}}"#),
    ("zero is a number", r#"{"grants":{"total":0},"facts":{"seats":0}}"#),
    ("the lowest level of a fact", r#"{"facts":{"plan":"free"}}"#),
    (
        "the highest level of a fact",
        r#"{"facts":{"plan":"Pro_Max","season":"high","guest":false},"grants":{"sell":true}}"#,
    ),
    ("a level in the middle, and a condition that makes a role held", r#"{"facts":{"plan":"Pro","season":"high"}}"#),
    ("a role with what it inherits", r#"{"roles":["deputy"],"facts":{"guest":false,"country":"fr"}}"#),
    (
        "ids that were renamed",
        r#"{"roles":["shopkeeper",{"vend":true}],"grants":{"vend":true},"facts":{"premises":true}}"#,
    ),
    ("an old id beside its new one", r#"{"grants":{"sell":true,"vend":true}}"#),
    ("a role by an old and an older id", r#"{"roles":["vendor","shopkeeper"]}"#),
    ("a fact by its old id beside its new one", r#"{"facts":{"open":true,"premises":null}}"#),
    ("an id of a privilege that was renamed, among the facts", r#"{"facts":{"vend":true}}"#),
    ("operations are not renamed in subjects", r#"{"grants":{"shut":true}}"#),
    ("-0 is the whole number 0", r#"{"grants":{"total":-0},"facts":{"seats":-0.0}}"#),
    ("7.0 is the whole number 7", r#"{"grants":{"limit":7.0},"facts":{"seats":7.0}}"#),
];

/// Changes to the subject of the same place in [`SUBJECTS`], by its reason.
pub(super) const CHANGES: &[(&str, &str, &str)] = &[
    ("the empty subject", "an empty change", "{}"),
    (
        "the empty subject",
        "a change of everything",
        r#"{"set":{"sell":true,"stock":"view","desk":"left","doors":["back","front"],"limit":6,"total":1},"facts":{"open":true,"guest":false,"country":"fr","seats":2},"roles":{"add":["clerk"],"remove":["seller"]}}"#,
    ),
    (
        "own grants of every kind",
        "null takes grants away",
        r#"{"set":{"sell":null,"stock":null,"desk":null,"doors":null,"limit":null,"total":null,"refund":null}}"#,
    ),
    ("own grants of every kind", "values that are no grant take grants away", r#"{"set":{"sell":false,"doors":[]}}"#),
    ("own grants of every kind", "null makes facts not given", r#"{"facts":{"open":null,"seats":null}}"#),
    ("a listed role", "adding a listed role does nothing", r#"{"roles":{"add":["seller"]}}"#),
    ("a listed role", "removing a role that is not listed does nothing", r#"{"roles":{"remove":["clerk"]}}"#),
    ("a listed role", "the role still grants the flag", r#"{"set":{"sell":false}}"#),
    ("a listed role", "the role still grants the number", r#"{"set":{"limit":null}}"#),
    ("a listed role", "a smaller own number has an effect", r#"{"set":{"limit":6}}"#),
    ("a listed role", "another own option has an effect", r#"{"set":{"desk":"right"}}"#),
    ("a listed role", "without the role", r#"{"set":{"sell":false},"roles":{"remove":["seller"]}}"#),
    ("a listed role", "an added role that conflicts", r#"{"roles":{"add":["clerk"]}}"#),
    ("a listed role", "a fact that makes a role conflict", r#"{"facts":{"seats":3}}"#),
    (
        "a listed role behind inline roles",
        "the role grants an option that is not among the own",
        r#"{"set":{"doors":["side"]}}"#,
    ),
    (
        "a listed role behind inline roles",
        "inline roles are amended",
        r#"{"roles":{"amend":[{"index":1,"set":{"stock":"modify","doors":["side"]}},{"index":0,"set":{"sell":null}}]}}"#,
    ),
    (
        "a listed role behind inline roles",
        "an amended role has a smaller level",
        r#"{"set":{"stock":null},"roles":{"amend":[{"index":1,"set":{"stock":null}}]}}"#,
    ),
    (
        "a listed role behind inline roles",
        "an amended role makes roles conflict",
        r#"{"roles":{"amend":[{"index":0,"set":{"desk":"left"}}]}}"#,
    ),
    (
        "a listed role behind inline roles",
        "an inline role that there is none of",
        r#"{"roles":{"amend":[{"index":2,"set":{}}]}}"#,
    ),
    (
        "a listed role behind inline roles",
        "an inline role is amended twice",
        r#"{"roles":{"amend":[{"index":0,"set":{}},{"index":0,"set":{"sell":true}}]}}"#,
    ),
    ("a listed role behind inline roles", "an amendment without a place", r#"{"roles":{"amend":[{"set":{}}]}}"#),
    ("a listed role behind inline roles", "a place below 0", r#"{"roles":{"amend":[{"index":-1,"set":{}}]}}"#),
    ("a listed role behind inline roles", "a place with a fraction", r#"{"roles":{"amend":[{"index":1.5,"set":{}}]}}"#),
    ("a listed role behind inline roles", "a place that is a text", r#"{"roles":{"amend":[{"index":"0","set":{}}]}}"#),
    (
        "a listed role behind inline roles",
        "the largest place, at which there is no role",
        r#"{"roles":{"amend":[{"index":4294967295,"set":{}}]}}"#,
    ),
    (
        "a listed role behind inline roles",
        "a place behind the largest",
        r#"{"roles":{"amend":[{"index":4294967296,"set":{}}]}}"#,
    ),
    ("a listed role behind inline roles", "an amendment that sets nothing", r#"{"roles":{"amend":[{"index":1.0}]}}"#),
    ("a listed role behind inline roles", "an amendment that is no object", r#"{"roles":{"amend":[0]}}"#),
    (
        "a listed role behind inline roles",
        "an amendment whose grants are no object",
        r#"{"roles":{"amend":[{"index":0,"set":null}]}}"#,
    ),
    (
        "a listed role behind inline roles",
        "an amendment with another key",
        r#"{"roles":{"amend":[{"index":0,"grants":{}}]}}"#,
    ),
    (
        "a listed role behind inline roles",
        "a value that the privilege does not accept",
        r#"{"roles":{"amend":[{"index":0,"set":{"limit":4}}]}}"#,
    ),
    (
        "an inline role with a name",
        "the name stays",
        r#"{"roles":{"amend":[{"index":0,"set":{"vend":null,"desk":null}}]}}"#,
    ),
    ("a listed role behind inline roles", "an inline role grants a level", r#"{"set":{"stock":null}}"#),
    ("a listed role behind inline roles", "an equal own level is enough", r#"{"set":{"stock":"view"}}"#),
    ("an own option settles it", "a role held by its when still grants", r#"{"set":{"total":null}}"#),
    ("an own option settles it", "a role that is removed is held by its when", r#"{"roles":{"remove":["visitor"]}}"#),
    (
        "an own option settles it",
        "the removed role is told first",
        r#"{"set":{"total":null},"roles":{"remove":["visitor"]}}"#,
    ),
    (
        "an own option settles it",
        "the fact is changed with it",
        r#"{"set":{"total":null},"facts":{"guest":false},"roles":{"remove":["visitor"]}}"#,
    ),
    ("an own option settles it", "without the own option the roles conflict", r#"{"set":{"desk":null}}"#),
    (
        "a role that may be held grants a larger number",
        "a role that may be held does not undo a change",
        r#"{"set":{"total":null,"doors":["front"]}}"#,
    ),
];

/// Subjects with grants and roles that end, with the time if it is given.
pub(super) const TIMED: &[(&str, Option<u32>, &str)] = &[
    ("a grant counts before its end", Some(99), r#"{"grants":{"sell":{"value":true,"until":100}}}"#),
    ("a grant does not count at its end", Some(100), r#"{"grants":{"sell":{"value":true,"until":100}}}"#),
    ("a role counts before its end", Some(99), r#"{"roles":[{"role":"seller","until":100}]}"#),
    ("a role does not count at its end", Some(100), r#"{"roles":[{"role":"seller","until":100}, "clerk"]}"#),
    (
        "the earliest end of what counts",
        Some(100),
        r#"{"roles":["clerk",{"role":"visitor","until":300}],"grants":{"sell":{"value":true,"until":50},"stock":{"value":"view","until":200}}}"#,
    ),
    ("the time is not needed where nothing ends", Some(100), r#"{"grants":{"sell":true}}"#),
    ("a grant ends and the time is not given", None, r#"{"grants":{"sell":{"value":true,"until":100}}}"#),
    ("a role ends and the time is not given", None, r#"{"roles":[{"role":"seller","until":100}]}"#),
    ("a grant that ends is checked", Some(0), r#"{"grants":{"limit":{"value":4,"until":100}}}"#),
    ("a grant that has ended is checked", Some(100), r#"{"grants":{"limit":{"value":4,"until":100}}}"#),
    ("a privilege that has ended is looked up", Some(100), r#"{"grants":{"sale":{"value":true,"until":1}}}"#),
    ("a role that has ended is looked up", Some(100), r#"{"roles":[{"role":"sellers","until":1}]}"#),
    ("a role that has ended is listed twice", Some(100), r#"{"roles":["seller",{"role":"seller","until":1}]}"#),
    ("an end that is no time", Some(0), r#"{"grants":{"sell":{"value":true,"until":"tomorrow"}}}"#),
    ("an end before 1970", Some(0), r#"{"roles":[{"role":"seller","until":-1}]}"#),
    ("an end with a fraction", Some(0), r#"{"grants":{"sell":{"value":true,"until":1.5}}}"#),
    ("an end in milliseconds", Some(0), r#"{"grants":{"sell":{"value":true,"until":1800000000000}}}"#),
    ("another key beside the end", Some(0), r#"{"grants":{"sell":{"value":true,"until":1,"from":0}}}"#),
    ("an end without a value", Some(0), r#"{"grants":{"sell":{"until":1}}}"#),
    ("an end without a role", Some(0), r#"{"roles":[{"until":1}]}"#),
    ("a value without an end is no grant", Some(0), r#"{"grants":{"sell":{"value":true}}}"#),
    ("grants of inline roles do not end", Some(0), r#"{"roles":[{"sell":{"value":true,"until":1}}]}"#),
    ("facts do not end", Some(0), r#"{"facts":{"open":{"value":true,"until":1}}}"#),
    (
        "a renamed grant and role that end",
        Some(9),
        r#"{"roles":[{"role":"vendor","until":10}],"grants":{"vend":{"value":true,"until":11}}}"#,
    ),
    (
        "a value that is no grant, with an end, counts for the time until which a session is valid",
        Some(9),
        r#"{"grants":{"doors":{"value":[],"until":20},"stock":{"value":"view","until":30}}}"#,
    ),
    ("a value that is no grant, with an end, needs a time", None, r#"{"grants":{"sell":{"value":false,"until":20}}}"#),
    ("null with an end", Some(9), r#"{"grants":{"sell":{"value":null,"until":20}}}"#),
    (
        "a grant, a role and an inline role: inputs have no ends and no names",
        Some(9),
        r#"{"roles":[{"role":"seller","until":20},{"name":"Night","grants":{"stock":"modify"}}],"grants":{"sell":{"value":true,"until":30}},"facts":{"open":true}}"#,
    ),
    (
        "a role that has ended, and a grant that has not",
        Some(20),
        r#"{"roles":[{"role":"seller","until":20}],"grants":{"limit":{"value":7,"until":30}}}"#,
    ),
    ("a session without a time", None, r#"{"grants":{"sell":true}}"#),
    (
        "the largest end and the last time before it",
        Some(4_294_967_294),
        r#"{"grants":{"sell":{"value":true,"until":4294967295}}}"#,
    ),
    (
        "the largest end is not after the largest time",
        Some(4_294_967_295),
        r#"{"grants":{"sell":{"value":true,"until":4294967295}}}"#,
    ),
    ("an end behind the largest", Some(0), r#"{"grants":{"sell":{"value":true,"until":4294967296}}}"#),
    ("an empty object is no grant", None, r#"{"grants":{"sell":{}}}"#),
    ("an end among roles with another key", Some(0), r#"{"roles":[{"until":1,"sell":true}]}"#),
    ("an end that is null", Some(0), r#"{"grants":{"sell":{"value":true,"until":null}}}"#),
    ("a role without an end is an inline role", None, r#"{"roles":[{"role":"seller"}]}"#),
    ("a name beside a role", None, r#"{"roles":[{"name":"Guests","role":"seller"}]}"#),
    ("grants beside a role", None, r#"{"roles":[{"grants":{},"name":"Guests","role":"seller"}]}"#),
    ("a name beside an end", None, r#"{"roles":[{"name":"Guests","until":9}]}"#),
    ("grants that are null", None, r#"{"roles":[{"name":"Guests","grants":null}]}"#),
    ("the empty name", None, r#"{"roles":[{"name":"","grants":{"sell":true}}]}"#),
];

/// Changes to the subject of the same place in [`TIMED`], by its reason.
pub(super) const TIMED_CHANGES: &[(&str, &str, &str)] = &[
    (
        "a grant, a role and an inline role: inputs have no ends and no names",
        "an end stays where nothing is changed",
        r#"{"set":{"stock":"view"},"roles":{"amend":[{"index":0,"set":{"stock":null}}]}}"#,
    ),
    (
        "a grant, a role and an inline role: inputs have no ends and no names",
        "a new grant has the end that it is given",
        r#"{"set":{"vend":{"value":true,"until":10},"total":{"value":3,"until":40}}}"#,
    ),
    (
        "a grant, a role and an inline role: inputs have no ends and no names",
        "a new grant without an end replaces one with an end",
        r#"{"set":{"sell":true}}"#,
    ),
    (
        "a grant, a role and an inline role: inputs have no ends and no names",
        "a grant that has ended takes the grant away, and the role still grants it",
        r#"{"set":{"sell":{"value":true,"until":9}}}"#,
    ),
    (
        "a grant, a role and an inline role: inputs have no ends and no names",
        "a value that is no grant takes the grant away, and its end counts",
        r#"{"set":{"doors":{"value":[],"until":15}}}"#,
    ),
    (
        "a grant, a role and an inline role: inputs have no ends and no names",
        "null with an end takes nothing away",
        r#"{"set":{"total":{"value":null,"until":15}}}"#,
    ),
    (
        "a grant, a role and an inline role: inputs have no ends and no names",
        "an end without a value takes nothing away",
        r#"{"set":{"total":{"until":15}}}"#,
    ),
    (
        "a grant, a role and an inline role: inputs have no ends and no names",
        "adding a listed role leaves its end",
        r#"{"roles":{"add":["vendor"]}}"#,
    ),
    (
        "a grant, a role and an inline role: inputs have no ends and no names",
        "a role that is removed takes its end with it",
        r#"{"roles":{"remove":["seller"]}}"#,
    ),
    (
        "a grant, a role and an inline role: inputs have no ends and no names",
        "a role that is added has no end",
        r#"{"roles":{"add":[{"role":"clerk","until":50}]}}"#,
    ),
    (
        "a grant, a role and an inline role: inputs have no ends and no names",
        "grants of an inline role have no end",
        r#"{"roles":{"amend":[{"index":0,"set":{"sell":{"value":true,"until":50}}}]}}"#,
    ),
    (
        "a grant, a role and an inline role: inputs have no ends and no names",
        "an end of a change that is no time",
        r#"{"set":{"sell":{"value":true,"until":"later"}}}"#,
    ),
    (
        "a grant, a role and an inline role: inputs have no ends and no names",
        "another key beside the end of a change",
        r#"{"set":{"sell":{"value":true,"until":50,"from":1}}}"#,
    ),
    (
        "a role that has ended, and a grant that has not",
        "a role that has ended is listed anew, without an end",
        r#"{"roles":{"add":["seller"]}}"#,
    ),
    (
        "a role that has ended, and a grant that has not",
        "what has ended is not there to be removed",
        r#"{"set":{"limit":null},"roles":{"remove":["seller"]}}"#,
    ),
    ("a session without a time", "a grant that ends needs a time", r#"{"set":{"stock":{"value":"view","until":50}}}"#),
];

/// A smaller policy with every kind, from which packs are forged.
pub(super) const SMALL: &str = r#"{
  "format": 1, "id": "small", "title": "Every kind", "version": "1",
  "facts": [
    { "id": "open", "kind": "switch", "label": "" },
    { "id": "country", "kind": "choice", "label": "", "options": [{ "id": "de", "label": "" }, { "id": "fr", "label": "" }] },
    { "id": "seats", "kind": "number", "label": "" }],
  "privileges": [
    { "id": "sell", "kind": "flag", "label": "" },
    { "id": "stock", "kind": "level", "label": "", "levels": [{ "id": "view", "label": "" }, { "id": "modify", "label": "" }] },
    { "id": "desk", "kind": "choice", "label": "", "options": [{ "id": "left", "label": "" }, { "id": "right", "label": "" }, { "id": "middle", "label": "" }] },
    { "id": "doors", "kind": "set", "label": "", "options": [{ "id": "front", "label": "" }, { "id": "back", "label": "" }, { "id": "side", "label": "" }] },
    { "id": "limit", "kind": "number", "label": "", "min": 5, "max": 60 }],
  "roles": [
    { "id": "seller", "label": "", "grants": { "sell": true, "desk": "left", "limit": 10 } },
    { "id": "clerk", "label": "", "grants": { "stock": "view", "doors": ["front"], "limit": 30 } },
    { "id": "visitor", "label": "", "when": "open", "inferred": true, "grants": { "limit": 20 } }],
  "verbs": [{ "id": "add", "label": "" }, { "id": "edit", "label": "" }, { "id": "see", "label": "" }],
  "menu": [{ "id": "orders", "label": "Orders" }, { "id": "orders.new", "label": "", "parent": "orders", "meta": [1] }, { "id": "shop", "label": "\"Shop\"" }],
  "renamed": { "gone": "sell", "lost": "open" },
  "operations": [
    { "id": "add", "label": "", "menu": ["orders.new", "shop"], "verbs": ["add"], "requires": "sell",
      "obligations": [{ "id": "review", "label": "", "when": "seats >= 3" }, { "id": "by-hand", "label": "", "when": "open" }] },
    { "id": "own", "label": "", "menu": ["orders"], "restricts": true, "requires": "country = de" },
    { "id": "back", "label": "", "requires": "stock >= modify and doors = side" }]
}"#;
