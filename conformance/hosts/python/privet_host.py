"""A host for Privet packs of format 5: it opens a pack and decides for subjects.

The sections are those of the page *The formats*. An *entry* is a fact, a privilege or a role. *Values* are
encoded: a list of integers, with more than one only for a set, and for a choice while roles are joined.
"""
from __future__ import annotations

import base64
import json
import re
import struct
import zlib
from functools import cached_property
from typing import Any, Callable, Iterator, NamedTuple

# ---- Conventions ----

NO, UNKNOWN, YES = range(3)  # verdicts: `a and b` is min(a, b), `not a` is 2 - a
DECISIONS, STATES = ("denied", "undecided", "allowed"), ("hidden", "undecided", "shown")
UNDECIDED = type("Undecided", (str,), {"__doc__": "Is no id of an option."})("undecided")
EMPTY: dict[str, Any] = {}
Row = tuple[int, ...]
Values = dict[str, list[int]]  # the encoded values of entries, by id, in policy order


def canonical(value: Any) -> str:
    """Write canonical JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def are_ids(values: Any, distinct: bool = False) -> bool:
    """Tell whether a value is a list of ids, and if asked, of different ids."""
    pattern = r"(?=.{1,128}\Z)[A-Za-z0-9]+([-._:][A-Za-z0-9]+)*"
    texts = values if isinstance(values, list) else [None]
    valid = all(isinstance(id, str) and re.fullmatch(pattern, id) for id in texts)
    return valid and (not distinct or len(set(values)) == len(values))


def is_whole(value: Any) -> bool:
    """Tell whether a value is a whole number from 0 to 4294967295."""
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return number and 0 <= value <= LARGEST and value == int(value)


def ascends(values: list[int]) -> bool:
    """Tell whether values ascend strictly."""
    return all(low < high for low, high in zip(values, values[1:]))


# ---- Errors ----

class PrivetError(Exception):
    """A refusal: `code` is stable, `id` names what it is about or is empty, `message` is for people."""

    def __init__(self, code: str, id: Any, message: str) -> None:
        super().__init__(message)
        self.code, self.id, self.message = code, id if isinstance(id, str) else "", message


def require(holds: object, code: str, id: Any, message: str) -> None:
    """Refuse if a condition does not hold."""
    if not holds:
        raise PrivetError(code, id, message)


def check(holds: object, where: str) -> None:
    """Refuse a pack of which a rule of the section Validity does not hold."""
    require(holds, "invalid-pack", "", f"malformed: {where}")


def find(table: dict[str, Any], id: Any, what: str) -> Any:
    """Find a thing of the policy by its id."""
    require(isinstance(id, str) and id in table, "unknown-id", id, f"unknown {what} {id!a}")
    return table[id]


# ---- Pack ----

def open_pack(data: bytes) -> Policy:
    """Open a pack, or refuse it with `invalid-pack`."""
    known = isinstance(data, bytes) and data[:5] == b"PRVT\x05"
    require(known, "invalid-pack", "", "not a pack of this release")
    n, p, r, d = struct.unpack_from("<4I", data, 5) if len(data) >= 25 else (0, 0, 0, 0)
    whole = len(data) == 25 + n + p + r + d and zlib.crc32(data[:-4]) == int.from_bytes(data[-4:], "little")
    require(whole, "invalid-pack", "", "damaged or cut short")
    return Policy(read_names(data[21:21 + n]), Program(data[21 + n:21 + n + p]))


# ---- Names ----

NAME_KEYS = ["id", "title", "version", "fingerprint",
             "facts", "privileges", "roles", "operations", "menu", "guides", "verbs", "renamed"]


GRANT_KEYS = ["role", "name", "grants", "value", "until"]  # keys of subjects, which no privilege is called


def read_names(data: bytes) -> dict[str, Any]:
    """Read the names and check what does not depend on the program."""
    try:
        names = json.loads(data.decode("utf-8"))
        valid = canonical(names).encode("utf-8") == data  # not so for equal keys or white space
    except (ValueError, RecursionError):
        valid = False
    check(valid and isinstance(names, dict) and list(names) == NAME_KEYS, "the names")
    check(all(isinstance(names[key], str) for key in NAME_KEYS[:4]), "the type of a name")
    check(are_ids([names["id"]]) and re.fullmatch("[0-9a-f]{64}", names["fingerprint"]), "id or fingerprint")
    for key in NAME_KEYS[4:]:
        rows = names[key]
        check(isinstance(rows, list) and all(isinstance(row, list) and row for row in rows), key)
        check(are_ids([row[0] for row in rows], distinct=True), key)
        for _, *rest in rows:
            if key == "menu":
                check(len(rest) in (1, 2) and all(isinstance(text, str) for text in rest), key)
                check(len(rest) == 1 or is_json(rest[1]), key)
            else:
                check(are_ids(rest, distinct=key != "operations"), key)
                check(not rest or key in ("facts", "privileges", "operations", "renamed"), key)
    present = {row[0] for key in ("facts", "privileges", "roles") for row in names[key]}
    old = [row[0] for row in names["renamed"]]
    check(old == sorted(old) and not present.intersection(old), "renamed")
    check(all(len(row) == 2 and row[1] in present for row in names["renamed"]), "renamed")
    check(not any(row[0] in GRANT_KEYS for row in names["privileges"]), "a privilege called like a key of a subject")
    check(len(names["guides"]) <= 65_536, "the number of guides")
    return names


def is_json(text: str) -> bool:
    """Tell whether a text is JSON: unlike the library, without `NaN`, `Infinity` and lone surrogates."""
    def refuse(word: str) -> None:
        raise ValueError(word)
    try:
        canonical(json.loads(text, parse_constant=refuse)).encode("utf-8")
    except (ValueError, RecursionError):
        return False
    return True


# ---- Program and Validity ----

SWITCH, FLAG, ROLE, LEVEL, SET, CHOICE, NUMBER = range(7)
KINDS = {"fact": (SWITCH, LEVEL, CHOICE, NUMBER), "privilege": (FLAG, LEVEL, SET, CHOICE, NUMBER), "role": (ROLE,)}
COUNTED = ["facts", "privileges", "roles", "operations", "menu", "verbs"]  # in the order of F, P, R, O, M, V
LARGEST = TOP_LEVEL = 0xFFFF_FFFF


class Program:
    """The header and the tables of a program."""

    def __init__(self, data: bytes) -> None:
        """Read the tables and check rules 1 to 4, of which 4 only for instructions."""
        check(68 <= len(data) < 2**28 and len(data) % 4 == 0, "the length of the program")
        self.words = struct.unpack(f"<{len(data) // 4}I", data)
        F, P, R, O, M, V, B, operations, obligations, menu, instructions, length = self.words[:12]
        self.end_of_facts, self.first_result = self.words[12:14]
        self.layout = data[56:65]
        check(length == len(data) and self.layout[0] == 2 and data[65:68] == bytes(3), "length or layout")
        check(max(F, P, R, O, M) <= 65_536 and V <= 32 and self.first_result < 2**28, "the counts")
        check(instructions <= length and (length - instructions) % 8 == 0, "the position of the instructions")
        self.entries = self.rows(68, F + P + R, 10)
        self.operations = self.rows(operations, O, 6)
        self.owed = self.rows(obligations, B)
        self.parents = self.rows(menu, M)
        self.instructions = self.rows(instructions, (length - instructions) // 8, 2)
        self.slots = self.first_result + len(self.instructions)
        self.taken = {"entries": 0, "operations": 0}
        results = enumerate(self.instructions, self.first_result)
        check(all(max(operands) < 2 * result for result, operands in results), "an operand of an instruction")

    def rows(self, position: int, count: int, width: int = 1) -> list[Any]:
        """Return a list that must be inside; rows of more than one word are tuples."""
        end = position + 4 * width * count
        check(position % 4 == 0 and end <= 4 * len(self.words), "a list is not inside")
        words = self.words[position // 4:end // 4]
        return list(words if width == 1 else zip(*[iter(words)] * width))

    def own_rows(self, owner: str, position: int, count: int, width: int = 1) -> list[Any]:
        """Return a list of entries or operations; all lists of each together are no longer than the section."""
        self.taken[owner] += 4 * width * count
        check(self.taken[owner] <= 4 * len(self.words), "the lists overlap too often")
        return self.rows(position, count, width)

    def references(self, *references: int) -> list[int]:
        """Check rule 4 for slot references outside of instructions."""
        check(all(reference < 2 * self.slots for reference in references), "a slot reference")
        return list(references)


class Entry:
    """A fact, a privilege or a role."""

    def __init__(self, owner: str, ids: list[str], row: Row, next_input: int, program: Program) -> None:
        """Read the row of an entry and check rules 4 to 7."""
        kind, first, values, position, compared, slots, numbers, numbered, a, b = row
        self.owner, self.id, self.names = owner, ids[0], ids[1:]  # the names are levels or options
        named, privilege, number = kind in (LEVEL, SET, CHOICE), owner == "privilege", kind == NUMBER
        check(kind in KINDS[owner] and first == next_input, f"kind or input of `{self.id}`")
        check(1 <= values <= (256 if named else 1), f"values of `{self.id}`")
        check(len(self.names) == (values if named else 0), f"names of `{self.id}`")
        check(number or not compared, f"comparisons of `{self.id}`")
        check(number and privilege or not numbered, f"role numbers of `{self.id}`")
        self.comparisons = program.own_rows("entries", position, compared, 2)
        self.role_numbers = program.own_rows("entries", numbers, numbered, 2)
        self.kind, self.group = kind, compared if number else values  # a group is as many inputs
        self.inputs = range(first, first + self.group * (2 if privilege and kind in (CHOICE, NUMBER) else 1))
        self.lowest, self.highest = {
            SWITCH: (0, 1), FLAG: (1, 1), ROLE: (1, 1), LEVEL: (1, values), SET: (0, values - 1),
            CHOICE: (0, values - 1), NUMBER: (a, b) if privilege else (0, LARGEST)}[kind]
        self.absent: list[int] = [b] if owner == "fact" and a == 1 else []
        self.conflict, self.grants = 1, {}  # the slot reference 1 is no
        if owner == "fact":
            check(a == 1 and self.accepts(b) or a == b == 0, f"the `absent` value of `{self.id}`")
        elif owner == "role":
            self.held, = program.references(slots)
            self.given = program.own_rows("entries", a, b, 2)
        else:
            references = program.references(*program.own_rows("entries", slots, self.group + values))
            self.granted, self.effective = references[:self.group], references[self.group:]
            if kind == CHOICE:
                self.conflict, = program.references(a)
            check(a <= b if number else b == 0 and (a == 0 or kind == CHOICE), f"a or b of `{self.id}`")
            check(not number or self.comparisons[:1] == [(0, 0)], f"the first comparison of `{self.id}`")
            program.references(*(reference for _, reference in self.role_numbers))
            check(ascends([least for least, _ in self.role_numbers]), f"role numbers of `{self.id}`")

    def name_grants(self, privileges: list[Entry]) -> None:
        """Sort the grants of a role by privilege and check rule 8."""
        for index, value in self.given:
            check(index < len(privileges) and privileges[index].accepts(value), f"a grant of `{self.id}`")
            self.grants.setdefault(privileges[index].id, []).append(value)

    def accepts(self, value: float) -> bool:
        """Tell whether an encoded value is in the range of this entry."""
        return self.lowest <= value <= self.highest

    def satisfies(self, value: int) -> list[bool]:
        """Tell for each input of a group whether a value satisfies it."""
        if self.kind == NUMBER:
            return [(value >= operand, value < operand, value == operand)[min(operator, 2)]
                    for operator, operand in self.comparisons]
        if self.kind in (LEVEL, SET, CHOICE):
            return [value > i if self.kind == LEVEL else value == i for i in range(self.group)]
        return [value == 1]

    def encode(self, value: Any) -> list[int]:
        """Encode a value of the JSON form, see Subject; a value that is no grant has no encoded values."""
        if self.kind in (SWITCH, FLAG) and isinstance(value, bool):
            return [int(value)] if value or self.kind == SWITCH else []
        if self.kind in (LEVEL, CHOICE) and isinstance(value, str) and value in self.names:
            return [self.names.index(value) + self.lowest]
        if self.kind == SET and are_ids(value, distinct=True) and set(value) <= set(self.names):
            return sorted(self.names.index(option) for option in value)
        if self.kind == NUMBER and isinstance(value, (int, float)) and not isinstance(value, bool):
            if self.accepts(value) and is_whole(value):
                return [int(value)]
        code = "invalid-fact" if self.owner == "fact" else "invalid-grant"
        raise PrivetError(code, self.id, f"`{self.id}` does not accept this value")

    def decode(self, values: list[int]) -> Any:
        """Write encoded values in the JSON form; no values are None."""
        if not values or self.kind == NUMBER:
            return values[0] if values else None
        names = [self.names[value - self.lowest] for value in values] if self.names else [values[0] == 1]
        return names if self.kind == SET else names[-1]


class Operation:
    """An operation; `owed` pairs each obligation with a reference, `places` are indices of menu items."""

    def __init__(self, ids: list[str], row: Row, owed: Iterator[int], program: Program) -> None:
        """Read the row of an operation and check rules 4 and 9."""
        self.decision, self.verbs, self.restricts, obligations, position, count = row
        self.id, verbs, items = ids[0], program.words[5], program.words[4]
        check(len(ids) == 1 + obligations, f"obligations of `{self.id}`")
        self.owed = list(zip(ids[1:], owed))
        self.references = program.references(self.decision, *(reference for _, reference in self.owed))
        self.places = program.own_rows("operations", position, count)
        check(self.verbs < 2**verbs and self.restricts <= 1, f"verbs or restricts of `{self.id}`")
        check(ascends(self.places) and max(self.places, default=-1) < items, f"placements of `{self.id}`")


class Policy:
    """An opened pack."""

    def __init__(self, names: dict[str, Any], program: Program) -> None:
        """Name the rows of the program and check the rest of Validity."""
        self.id, self.title, self.version, self.fingerprint = (names[key] for key in NAME_KEYS[:4])
        self.verbs, self.menu_names = [row[0] for row in names["verbs"]], names["menu"]
        self.renamed = dict(names["renamed"])
        self.program = program
        check(tuple(len(names[key]) for key in COUNTED) == program.words[:6], "names and program differ")

        self.facts, self.privileges, self.roles, entries, next_input = {}, {}, {}, iter(program.entries), 2
        for owner, key, table in (("fact", "facts", self.facts), ("privilege", "privileges", self.privileges),
                                  ("role", "roles", self.roles)):
            for ids in names[key]:
                table[ids[0]] = entry = Entry(owner, ids, next(entries), next_input, program)
                next_input = entry.inputs.stop
            check(owner != "fact" or next_input == program.end_of_facts, "the inputs of facts")
        check(next_input == program.first_result, "the number of slots before the first result")
        privileges = list(self.privileges.values())
        for role in self.roles.values():
            role.name_grants(privileges)
        check(sum(row[3] for row in program.operations) == len(program.owed), "the number of obligations")
        operations, owed = zip(names["operations"], program.operations), iter(program.owed)
        self.operations = {ids[0]: Operation(ids, row, owed, program) for ids, row in operations}
        ancestors: list[int] = []
        for item, parent in enumerate(program.parents):
            check(parent == TOP_LEVEL or parent < item, "a menu item precedes its parent")
            ancestors.append(0 if parent == TOP_LEVEL else ancestors[parent] + 1)
        check(max(ancestors, default=0) <= 64, "the depth of the menu")

    def session(self, subject: Any = EMPTY, now: float | None = None) -> Session:
        """Decide for a subject in its JSON form, at a time in seconds since 1970."""
        if now is not None and not 0 <= now < float("inf"):
            raise ValueError("the time is no number of seconds since 1970")
        return Session(self, read_subject(self, subject, now))

    def restore(self, token: str, facts: Any = EMPTY) -> Session:
        """Decide for the subject of a token, with these facts."""
        own, listed, join = read_token(self, token)
        known = read_values(self, facts, "facts")
        return Session(self, Subject(known, own, listed, [join] if join else [], {}, {}, None))


# ---- Subject ----

class Subject(NamedTuple):
    """A subject as it is evaluated: known facts, own grants, listed roles and inline roles."""

    facts: Values
    own: Values
    listed: Values
    inline: list[Values]
    names: dict[int, str]  # of inline roles, by place
    ends: dict[str, int]  # of own grants and listed roles, by id, in seconds since 1970
    now: float | None


def read_subject(policy: Policy, subject: Any, now: float | None = None) -> Subject:
    """Read the JSON form of a subject; what has ended is checked and left out."""
    parts = read(dict, subject, "", ("roles", "grants", "facts"))
    roles = [split_end(role, "role") for role in read(list, parts.get("roles", []), "roles")]
    runtime = [split_name(role) for role, end in roles if end is None and isinstance(role, dict)]
    inline = [read_values(policy, grants, "roles") for grants, _ in runtime]
    names = {place: name for place, (_, name) in enumerate(runtime) if name is not None}
    named = [(read(str, role, "roles" if end is None else "role"), end)
             for role, end in roles if end is not None or not isinstance(role, dict)]
    listed = read_roles(policy, [role for role, _ in named], "roles")
    ends = {present(policy, role): end for role, end in named if end is not None}
    grants = {id: split_end(value, "value") for id, value in read(dict, parts.get("grants", {}), "grants").items()}
    own = read_values(policy, {id: value for id, (value, _) in grants.items()}, "grants")
    ends |= {present(policy, id): end for id, (_, end) in grants.items() if end is not None}
    facts = read_values(policy, parts.get("facts", {}), "facts")
    return Subject(facts, *at_time(now, own, listed, ends), inline, names, ends, now)._replace(
        ends={id: end for id, end in ends.items() if now is not None and now < end})


ABSENT = object()  # no value of an end, unlike `None`, which takes a grant away


def split_end(given: Any, key: str) -> tuple[Any, int | None]:
    """Split `{ value, until }` or `{ role, until }` into what is given and its end; anything else has no end."""
    named = key == "role" and isinstance(given, dict) and ("name" in given or "grants" in given)
    if named or not isinstance(given, dict) or "until" not in given:
        return given, None
    read(dict, given, "", (key, "until"))
    require(is_whole(given["until"]), "invalid-subject", "until", "`until` is no time")
    value = given.get(key)
    return ABSENT if value is None else value, int(given["until"])


def split_name(role: dict[str, Any]) -> tuple[Any, str | None]:
    """Split `{ name, grants }` into the grants and the name; other inline roles have no name."""
    if "name" not in role and "grants" not in role:
        return role, None
    read(dict, role, "", ("name", "grants"))
    return read(dict, role.get("grants", {}), "grants"), read(str, role.get("name"), "name")


def at_time(now: float | None, own: Values, listed: Values, ends: dict[str, int]) -> tuple[Values, Values]:
    """Leave out own grants and listed roles that have ended."""
    for id in ends:
        require(now is not None, "time-missing", id, f"`{id}` has an end, and the time is not given")
    counts = {id for id, end in ends.items() if now is not None and now < end}
    return tuple({id: values for id, values in given.items() if id not in ends or id in counts}
                 for given in (own, listed))  # type: ignore[return-value]


def present(policy: Policy, id: Any) -> Any:
    """Return what an id was renamed to, or the id itself."""
    return policy.renamed.get(id, id) if isinstance(id, str) else id


def read(shape: type, value: Any, key: str, keys: tuple[str, ...] | None = None) -> Any:
    """Refuse a value of another type, or an object with other keys than these."""
    require(isinstance(value, shape), "invalid-subject", key, f"wrong type of `{key}`")
    for name in value if keys else ():
        require(name in keys, "invalid-subject", name, f"unknown key {name!a}")
    return value


def read_values(policy: Policy, values: Any, key: str) -> Values:
    """Encode the grants or facts of a key; values that are no grant and an allowed `null` leave no trace."""
    encoded: Values = {}
    table, what = (policy.facts, "fact") if key == "facts" else (policy.privileges, "privilege")
    for given, value in read(dict, values, key).items():
        id = present(policy, given)
        entry: Entry = find(table, id, what)
        require(id not in encoded, "invalid-subject", id, f"`{id}` is given twice")
        encoded[id] = [] if value is None and key in ("facts", "set") else entry.encode(value)
    return {id: encoded[id] for id in table if encoded.get(id)}


def read_roles(policy: Policy, ids: Any, key: str) -> Values:
    """Read the ids of listed roles."""
    listed: set[str] = set()
    for given in read(list, ids, key):
        id = present(policy, read(str, given, key))
        find(policy.roles, id, "role")
        require(id not in listed, "invalid-subject", id, f"the role `{id}` is listed twice")
        listed.add(id)
    return {id: [1] for id in policy.roles if id in listed}


def write_values(table: dict[str, Entry], values: Values) -> dict[str, Any]:
    """Write grants or facts in the JSON form."""
    return {id: table[id].decode(encoded) for id, encoded in values.items()}


# ---- Evaluation ----

class Session:
    """The answers for one subject; a session never changes, and `change` returns another one."""

    def __init__(self, policy: Policy, subject: Subject) -> None:
        """Evaluate the subject."""
        self._policy, self._subject, self._join = policy, subject, self._join_inline(policy, subject.inline)
        program = policy.program
        self._slots = [YES] + [UNKNOWN] * (program.end_of_facts - 1)
        self._slots += [NO] * (program.first_result - program.end_of_facts)
        for id, fact in policy.facts.items():
            self._set_inputs(fact, subject.facts.get(id, fact.absent), fact.inputs)
        for table, given in ((policy.privileges, subject.own), (policy.roles, subject.listed)):
            for id, values in given.items():
                self._set_inputs(table[id], values, table[id].inputs)
        for id, values in self._join.items():
            entry = policy.privileges[id]
            self._set_inputs(entry, values, entry.inputs[-entry.group:])  # the last group
        for left, right in program.instructions:
            self._slots.append(min(self._read(left), self._read(right)))
        for id, choice in policy.privileges.items():
            conflict = self._read(choice.conflict) == YES
            require(not conflict, "conflicting-choice", id, f"roles grant different options of `{id}`")

    @staticmethod
    def _join_inline(policy: Policy, inline: list[Values]) -> Values:
        """Join inline roles: the largest number or level, all values of other kinds."""
        join: Values = {}
        for id, entry in policy.privileges.items() if inline else ():
            if values := sorted({value for role in inline for value in role.get(id, [])}):
                join[id] = values[-1:] if entry.kind in (LEVEL, NUMBER) else values
        return join

    def _set_inputs(self, entry: Entry, values: list[int], inputs: range) -> None:
        """Set the inputs of a group that a value satisfies to yes, and for a fact the others to no."""
        for value in values:
            for slot, satisfied in zip(inputs, entry.satisfies(value)):
                if satisfied or entry.owner == "fact":
                    self._slots[slot] = YES if satisfied else NO

    def _read(self, reference: int) -> int:
        """Read a verdict through a slot reference."""
        verdict = self._slots[reference >> 1]
        return 2 - verdict if reference & 1 else verdict

    # ---- Decisions ----

    def decide(self, operation: str) -> tuple[str, list[str]]:
        """Return the decision for an operation and the obligations that it owes."""
        found: Operation = find(self._policy.operations, operation, "operation")
        verdict = self._read(found.decision)
        owed = [id for id, reference in found.owed if verdict == YES and self._read(reference) != NO]
        return DECISIONS[verdict], owed

    def allowed(self) -> list[str]:
        """List the allowed operations, without those that restrict."""
        operations = (found for found in self._policy.operations.values() if not found.restricts)
        return [found.id for found in operations if self._read(found.decision) == YES]

    # ---- Menu ----

    def menu(self) -> list[list[Any]]:
        """Return rows `[id, label, state, verbs, operations, children]` of the top-level items."""
        rows = zip(self._menu_rows(), self._policy.program.parents)
        return [row for row, parent in rows if parent == TOP_LEVEL]

    def menu_item(self, id: str) -> list[Any]:
        """Return the row of one menu item."""
        return find({row[0]: row for row in self._menu_rows()}, id, "menu item")

    def _menu_rows(self) -> list[list[Any]]:
        """Return a row for each item; parents come first, so the last item begins to pass states upwards."""
        parents, names = self._policy.program.parents, self._policy.verbs
        states, verbs = [NO] * len(parents), [0] * len(parents)
        rows: list[list[Any]] = [[id, label, "", [], [], []] for id, label, *_ in self._policy.menu_names]
        for operation in self._policy.operations.values():
            verdict = NO if operation.restricts else self._read(operation.decision)
            for item in operation.places:
                states[item] = max(states[item], verdict)
                if verdict == YES:
                    verbs[item] |= operation.verbs
                    rows[item][4].append(operation.id)
        for item, parent in reversed(list(enumerate(parents))):
            rows[item][2] = STATES[states[item]]
            rows[item][3] = [name for bit, name in enumerate(names) if verbs[item] >> bit & 1]
            if parent != TOP_LEVEL:
                states[parent] = max(states[parent], states[item])
        for row, parent in zip(rows, parents):
            if parent != TOP_LEVEL:
                rows[parent][5].append(row)
        return rows

    # ---- Holdings ----

    def holds(self, privilege: str) -> tuple[Any, Any]:
        """Return what is granted of a privilege and what is effective: a value, None or `UNDECIDED`."""
        entry: Entry = find(self._policy.privileges, privilege, "privilege")
        if entry.kind != NUMBER:
            return self._held_value(entry, entry.granted), self._held_value(entry, entry.effective)
        number = self._held_number(entry)
        return number, (None, UNDECIDED, number)[self._read(entry.effective[0])]

    def _held_value(self, entry: Entry, references: list[int]) -> Any:
        """Read a value from the slots of its levels, its options or itself."""
        verdicts = [self._read(reference) for reference in references]
        values = [i + entry.lowest for i, verdict in enumerate(verdicts) if verdict == YES]
        return UNDECIDED if UNKNOWN in verdicts else entry.decode(values)

    def _held_number(self, entry: Entry) -> Any:
        """Return the own number, else the largest number that roles grant."""
        if entry.id in self._subject.own:
            return self._subject.own[entry.id][0]
        of_roles = [(number, self._read(slot)) for number, slot in entry.role_numbers]
        sure = self._join.get(entry.id, []) + [number for number, verdict in of_roles if verdict == YES]
        largest = max(sure, default=-1)
        undecided = any(verdict == UNKNOWN and number > largest for number, verdict in of_roles)
        return UNDECIDED if undecided else largest if sure else None

    def givers(self, privilege: str) -> Any:
        """Return who gives what is granted of a privilege; of a set by option."""
        entry: Entry = find(self._policy.privileges, privilege, "privilege")
        if entry.kind == NUMBER:
            number = self._held_number(entry)
            values = [number] if isinstance(number, int) else []
        else:
            verdicts = [self._read(reference) for reference in entry.granted]
            held = [i + entry.lowest for i, verdict in enumerate(verdicts) if verdict == YES]
            values = [] if UNKNOWN in verdicts else held if entry.kind == SET else held[-1:]
        if entry.kind == SET:
            return {entry.decode([value])[0]: self._givers_of(entry, value) for value in values}
        return [giver for value in values for giver in self._givers_of(entry, value)]

    def _givers_of(self, entry: Entry, value: int) -> list[dict[str, Any]]:
        """Return who gives a value: the subject, held roles, inline roles."""
        subject = self._subject
        own = subject.own.get(entry.id, [])
        givers: list[dict[str, Any]] = [{"by": "own"}] if value in own else []
        if own and entry.kind in (CHOICE, NUMBER):
            return givers
        for role in self._policy.roles.values():
            if self._read(role.held) == YES and value in role.grants.get(entry.id, []):
                giver = {"by": "role", "role": role.id}
                if role.id not in subject.listed:
                    slots = self._slots_read([role.held])
                    facts = self._policy.facts.items()
                    giver["facts"] = [id for id, fact in facts if not slots.isdisjoint(fact.inputs)]
                givers.append(giver)
        inline = enumerate(subject.inline)
        giving = [i for i, role in inline if value in role.get(entry.id, [])]
        names = [{"name": subject.names[i]} if i in subject.names else {} for i in giving]
        return givers + [{"by": "inline", "index": i, **name} for i, name in zip(giving, names)]

    # ---- Change ----

    def change(self, change: Any) -> Session:
        """Return the session of the changed subject, unless a role undoes a part of the change."""
        policy, old, parts = self._policy, self._subject, read(dict, change, "", ("set", "facts", "roles"))
        roles = read(dict, parts.get("roles", {}), "roles", ("add", "remove", "amend"))
        inline = self._amended(read(list, roles.get("amend", []), "amend"))
        add, remove = (read_roles(policy, roles.get(key, []), key) for key in ("add", "remove"))
        for id in add:
            require(id not in remove, "invalid-subject", id, f"the role `{id}` is both added and removed")
        after = old.listed | add
        listed = {id: [1] for id in policy.roles if id in after and id not in remove}

        grants = {id: split_end(value, "value") for id, value in read(dict, parts.get("set", {}), "set").items()}
        changed = {present(policy, id) for id in grants}
        ends = {present(policy, id): end for id, (_, end) in grants.items() if end is not None}

        def replace(table: dict[str, Entry], before: Values, given: Any, key: str) -> Values:
            values = read_values(policy, given, key)
            replaced = {present(policy, id) for id in given}
            after = values | {id: before[id] for id in before if id not in replaced}
            return {id: after[id] for id in table if id in after}

        facts = replace(policy.facts, old.facts, parts.get("facts", {}), "facts")
        own = replace(policy.privileges, old.own, {id: value for id, (value, _) in grants.items()}, "set")
        own, _ = at_time(old.now, own, {}, ends)
        ends = {id: end for id, end in ends.items() if old.now is not None and old.now < end}
        kept = {id: end for id, end in old.ends.items() if id not in changed and id not in remove}
        new = Session(policy, Subject(facts, own, listed, inline, old.names, kept | ends, old.now))
        for id in remove:
            still_held = new._read(policy.roles[id].held) == YES
            require(not still_held, "held-by-fact", id, f"the role `{id}` is still held")
        new._refuse_undone(changed)
        return new

    def _amended(self, amend: list[Any]) -> list[Values]:
        """Return the inline roles after amendments."""
        inline, seen = list(self._subject.inline), set()
        for amendment in amend:
            read(dict, amendment, "amend", ("index", "set"))
            place, set_ = amendment.get("index"), amendment.get("set", {})
            require(is_whole(place), "invalid-subject", "index", "`index` is no place of an inline role")
            require(place not in seen and place < len(inline), "invalid-subject", "amend", "no such inline role")
            seen.add(place)
            values = read_values(self._policy, set_, "set")
            given = {present(self._policy, id) for id in set_}
            after = values | {id: encoded for id, encoded in inline[int(place)].items() if id not in given}
            inline[int(place)] = {id: after[id] for id in self._policy.privileges if id in after}
        return inline

    def _refuse_undone(self, changed: set[str]) -> None:
        """Refuse a change if an inline or held role grants more of a changed privilege than the own grant."""
        held = [role for role in self._policy.roles.values() if self._read(role.held) == YES]
        givers = [("held-by-role", self._join)]
        givers += [("held-by-role", role.grants) for role in held if role.id in self._subject.listed]
        givers += [("held-by-fact", role.grants) for role in held if role.id not in self._subject.listed]
        for code, grants in givers:
            for id in grants.keys() & changed:
                kind, own = self._policy.privileges[id].kind, self._subject.own.get(id, [])
                more = not own or kind == LEVEL and max(grants[id]) > own[0]
                more = more or kind == SET and not set(grants[id]) <= set(own)
                require(not more, code, id, f"a role grants more of `{id}`")

    # ---- Token ----

    def token(self) -> str:
        """Write the token of the subject."""
        return write_token(self._policy, self._subject.own, self._subject.listed, self._join)

    # ---- Record ----

    def subject(self) -> dict[str, Any]:
        """Write the whole subject, with the ends of grants and roles."""
        facts, own, listed, inline, names, ends, _ = self._subject
        subject = self._write_subject(own, listed, inline, write_values(self._policy.facts, facts))
        for place, name in names.items():
            place += len(listed)
            subject["roles"][place] = {"name": name, "grants": subject["roles"][place]}
        grants = {id: {"value": value, "until": ends[id]} if id in ends else value
                  for id, value in subject["grants"].items()}
        roles = [{"role": role, "until": ends[role]} if isinstance(role, str) and role in ends else role
                 for role in subject["roles"]]
        return {**subject, "roles": roles, "grants": grants}

    def valid_until(self) -> int | None:
        """Return when the first grant or role that counts ends."""
        return min(self._subject.ends.values(), default=None)

    def inputs(self, operation: str) -> dict[str, Any]:
        """Write the part of the subject that the decision and the obligations of an operation depend on."""
        policy, subject = self._policy, self._subject
        conflicts = [policy.privileges[id].conflict for id in self._contested - subject.own.keys()]
        slots = self._slots_read([*find(policy.operations, operation, "operation").references, *conflicts])
        facts, privileges, roles = ({id for id, entry in table.items() if not slots.isdisjoint(entry.inputs)}
                                    for table in (policy.facts, policy.privileges, policy.roles))
        own = {id: subject.own[id] for id in subject.own if id in privileges or id in self._contested}
        grants_read = {id for id, role in policy.roles.items() if not privileges.isdisjoint(role.grants)}
        listed = {id: [1] for id in subject.listed if id in roles or id in grants_read}
        inline = [{id: role[id] for id in role if id in privileges} for role in subject.inline]
        known = write_values(policy.facts, subject.facts)
        read_facts = {id: known.get(id) for id in policy.facts if id in facts}
        return self._write_subject(own, listed, [role for role in inline if role], read_facts)

    def _write_subject(self, own: Values, listed: Values, inline: list[Values], facts: Any) -> dict[str, Any]:
        """Write a subject in the form and order of the section Record."""
        privileges = self._policy.privileges
        roles = [*listed, *(write_values(privileges, role) for role in inline)]
        return {"roles": roles, "grants": write_values(privileges, own), "facts": facts}

    @cached_property
    def _contested(self) -> set[str]:
        """Find the choices of which roles that are listed, or held otherwise, may grant different options."""
        options: dict[str, set[int]] = {id: set() for id in self._policy.privileges}
        for role in self._policy.roles.values():
            if role.id in self._subject.listed or role.held != 2 * role.inputs.start:
                for id, values in role.grants.items():
                    options[id].update(values)
        privileges = self._policy.privileges
        return {id for id in privileges if privileges[id].kind == CHOICE and len(options[id]) > 1}

    def _slots_read(self, pending: list[int]) -> set[int]:
        """Find the slots of some references, also through instructions."""
        program, slots = self._policy.program, set()
        while pending:
            slot = pending.pop() >> 1
            if slot not in slots:
                slots.add(slot)
                if slot >= program.first_result:
                    pending += program.instructions[slot - program.first_result]
        return slots

    # ---- Snapshot ----

    def snapshot(self) -> str:
        """Write the answers for places where nothing can be evaluated."""
        def numbered(rows: list[list[Any]]) -> list[list[Any]]:
            return [[*row[:2], SNAPSHOT_STATES.index(row[2]), *row[3:5], numbered(row[5])] for row in rows]

        operations = self._policy.operations
        digits = "".join("1" if self._read(found.decision) == YES else "0" for found in operations.values())
        menu = numbered(self.menu())
        return canonical(["privet", 1, self._policy.fingerprint, list(operations), digits, menu])


# ---- Token ----

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def checksum(letters: str) -> str:
    """Write the CRC-32 of letters as six letters."""
    crc = zlib.crc32(letters.encode("ascii"))
    return "".join(LETTERS[crc >> shift & 63] for shift in (30, 24, 18, 12, 6, 0))


def write_field(entry: Entry, values: list[int]) -> str:
    """Write the bits of a grant or a listed role."""
    if entry.kind in (LEVEL, CHOICE):
        return f"{values[0] - entry.lowest + 1 if values else 0:0{len(entry.names).bit_length()}b}"
    if entry.kind == NUMBER:
        digits = f"{values[0]:b}" if values else ""
        return "0" if not values else "10" if values == [0] else f"11{len(digits) - 1:05b}{digits[1:]}"
    return "".join("1" if entry.lowest + i in values else "0" for i in range(entry.group))


def read_field(entry: Entry, take: Callable[[int], int]) -> list[int]:
    """Read the bits of a grant or a listed role; `take` returns the number that the next bits write."""
    if entry.kind in (LEVEL, CHOICE):
        code = take(len(entry.names).bit_length())
        return [code + entry.lowest - 1] if code else []
    if entry.kind == NUMBER:
        if not take(1):
            return []
        return [1 << (k := take(5)) | take(k)] if take(1) else [0]
    return [entry.lowest + i for i in range(entry.group) if take(1)]


def write_token(policy: Policy, own: Values, listed: Values, join: Values) -> str:
    """Write a token, without the choices of which inline roles grant different options."""
    several = {id for id in join if policy.privileges[id].kind == CHOICE and len(join[id]) > 1}
    join = {id: values for id, values in join.items() if id not in several}
    bits = ""
    for section, table in ((own, policy.privileges), (listed, policy.roles), (join, policy.privileges)):
        fields = (write_field(entry, section.get(id, [])) for id, entry in table.items())
        bits += "1" + "".join(fields) if section else "0"
    bits += "0" * (-len(bits) % 6)
    letters = base64.urlsafe_b64encode(policy.program.layout).decode()
    letters += "".join(LETTERS[int(bits[i:i + 6], 2)] for i in range(0, len(bits), 6))
    return letters + checksum(letters)


def read_token(policy: Policy, token: Any) -> tuple[Values, Values, Values]:
    """Read own grants, listed roles and the join of inline roles from a token."""
    invalid = "invalid-token", "", "not a valid token"
    require(isinstance(token, str) and re.fullmatch(r"[A-Za-z0-9_-]{18,}", token), *invalid)
    require(checksum(token[:-6]) == token[-6:], *invalid)
    known = base64.urlsafe_b64decode(token[:12]) == policy.program.layout
    require(known, "stale-token", "", "the token has another layout than this policy")
    bits, position = "".join(f"{LETTERS.index(letter):06b}" for letter in token[12:-6]), 0

    def take(count: int) -> int:
        nonlocal position
        position += count
        require(position <= len(bits), *invalid)
        return int("0" + bits[position - count:position], 2)

    sections: list[Values] = []
    for table in (policy.privileges, policy.roles, policy.privileges):
        present = take(1)
        fields = {id: read_field(entry, take) for id, entry in table.items() if present}
        sections.append({id: values for id, values in fields.items() if values})
        accepted = all(table[id].accepts(value) for id, values in sections[-1].items() for value in values)
        require(accepted, *invalid)
    own, listed, join = sections
    require(write_token(policy, own, listed, join) == token, *invalid)
    return own, listed, join


# ---- Snapshot ----

SNAPSHOT_STATES = ("hidden", "shown", "undecided")  # by their number


class Snapshot:
    """The answers that a snapshot carries."""

    def __init__(self, fingerprint: str, operations: dict[str, bool], menu: list[list[Any]],
                 reasons: dict[str, dict[str, Any]]) -> None:
        self.fingerprint, self._operations, self._menu, self._reasons = fingerprint, operations, menu, reasons

    def operations(self) -> list[str]:
        """List the operations."""
        return list(self._operations)

    def is_allowed(self, operation: str) -> bool:
        """Tell whether an operation is allowed."""
        return find(self._operations, operation, "operation")

    def allowed(self) -> list[str]:
        """List the allowed operations, also those that restrict."""
        return [id for id, allowed in self._operations.items() if allowed]

    def menu(self) -> list[list[Any]]:
        """Return the menu in the form of `Session.menu`."""
        return self._menu

    def why(self, operation: str) -> dict[str, Any] | None:
        """Return the reasons of an operation, if the snapshot carries them."""
        find(self._operations, operation, "operation")
        return self._reasons.get(operation)


def read_snapshot(text: str) -> Snapshot:
    """Read a snapshot, or refuse what is not JSON of this shape with `invalid-snapshot`."""
    def need(holds: bool) -> None:
        if not holds:
            raise ValueError

    def items(value: Any, count: int) -> list[Any]:
        need(isinstance(value, list) and len(value) == count)
        return value

    def read_menu(rows: Any, ancestors: int = 0) -> list[list[Any]]:
        need(isinstance(rows, list) and (ancestors <= 64 or not rows))
        menu = []
        for row in rows:
            id, label, state, verbs, operations, children = items(row, 6)
            need(are_ids([id]) and isinstance(label, str) and are_ids(verbs) and are_ids(operations))
            need(is_whole(state) and state <= 2)
            menu.append([id, label, SNAPSHOT_STATES[int(state)], verbs, operations, read_menu(children, ancestors + 1)])
        return menu

    def read_reasons(rows: Any, operations: list[str]) -> dict[str, dict[str, Any]]:
        need(isinstance(rows, list))
        reasons: dict[str, dict[str, Any]] = {}
        for row in rows:
            id, why = items(row, 2)
            need(id in operations and isinstance(why, dict))
            need(why.get("decision") in DECISIONS and isinstance(why.get("sentence"), str))
            need(isinstance(why.get("reasons"), list))
            reasons[id] = why
        return reasons

    try:
        need(isinstance(text, str) and bool(text.encode("utf-8")))  # lone surrogates are not UTF-8
        parts = json.loads(text)
        need(isinstance(parts, list) and len(parts) > 1 and is_whole(parts[1]) and parts[1] in (1, 2))
        name, _, fingerprint, operations, digits, menu, *reasons = items(parts, 5 + int(parts[1]))
        need(name == "privet" and isinstance(fingerprint, str))
        need(are_ids(operations, distinct=True) and isinstance(digits, str) and set(digits) <= {"0", "1"})
        need(len(digits) == len(operations))
        allowed = {id: digit == "1" for id, digit in zip(operations, digits)}
        return Snapshot(fingerprint, allowed, read_menu(menu), read_reasons((reasons or [[]])[0], operations))
    except (ValueError, RecursionError):
        raise PrivetError("invalid-snapshot", "", "not a snapshot") from None
