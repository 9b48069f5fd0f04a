"""Policies and sessions."""

from __future__ import annotations

import json
import math
import threading
import weakref
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Iterable, Iterator, Literal, Mapping, Sequence

from wasmtime import Module

from ._errors import PrivetError
from ._instance import Instance, embedded, library

Verdict = Literal["allowed", "denied", "undecided"]
State = Literal["shown", "hidden", "undecided"]


@dataclass(frozen=True)
class Decision:
    """The decision on an operation, and the obligations that it owes. Only ``allowed`` permits anything."""

    decision: Verdict
    obligations: tuple[str, ...]

    @property
    def allowed(self) -> bool:
        """Whether the operation is allowed; obligations may be owed."""
        return self.decision == "allowed"


@dataclass(frozen=True)
class Holding:
    """What is granted of a privilege and what of it has an effect (``None`` for nothing), and who gives it."""

    granted: Any
    effective: Any
    givers: Any


@dataclass(frozen=True)
class MenuItem:
    """A menu item and its state."""

    id: str
    label: str
    state: State
    verbs: tuple[str, ...]
    operations: tuple[str, ...]
    children: tuple[MenuItem, ...]
    meta: Any = None

    @classmethod
    def _of(cls, item: Mapping[str, Any]) -> MenuItem:
        return cls(item["id"], item["label"], item["state"], tuple(item["verbs"]), tuple(item["operations"]),
                   tuple(map(cls._of, item["children"])), item.get("meta"))


class _Opened:
    """An instance with the policy open. ``closed`` has handles of sessions that nobody uses any more: a finalizer may run in any thread
    and at any time, so it only appends."""

    def __init__(self, module: Module, pack: bytes) -> None:
        self.instance = Instance(module)
        self.policy = self.instance.call("open", text=pack)
        self.lock = threading.Lock()
        self.closed: list[int] = []

    def __enter__(self) -> _Opened:
        self.lock.acquire()
        while self.closed:
            self.instance.number("close", self.closed.pop())
        return self

    def __exit__(self, *_: object) -> None:
        self.lock.release()


class Policy:
    """An opened policy. Threads may share it: it has a pool of instances, one for each thread that decides at the same time."""

    id: str
    title: str
    version: str
    fingerprint: str
    operations: tuple[str, ...]
    privileges: tuple[str, ...]
    roles: tuple[str, ...]
    facts: tuple[str, ...]
    menu_items: tuple[str, ...]

    def __init__(self, module: Module, pack: bytes) -> None:
        self._module, self._pack = module, pack
        self._free: list[_Opened] = []
        self._lock = threading.Lock()
        with self._instance() as opened:
            names = opened.instance.json("describe", opened.policy)
        self.id, self.title, self.version, self.fingerprint = (
            names[key] for key in ("id", "title", "version", "fingerprint"))
        self.layout: str = names["layout"]
        self.operations, self.privileges, self.roles, self.facts, self.menu_items = (
            tuple(names[key]) for key in ("operations", "privileges", "roles", "facts", "menu"))
        self._places = {id: place for place, id in enumerate(self.operations)}

    @classmethod
    def open(cls, pack: bytes) -> Policy:
        """Open a pack. Raises ``PrivetError`` with the code ``invalid-pack``."""
        if not isinstance(pack, (bytes, bytearray, memoryview)) or not pack:
            raise PrivetError("invalid-pack", "not a pack of this release at byte 0; compile the policy again")
        return cls(_default_module(), bytes(pack))

    @classmethod
    def embedded(cls, wasm: bytes) -> Policy:
        """Open the policy in a module that ``privet embed`` wrote. Raises ``PrivetError`` with the code ``invalid-pack``."""
        module = embedded(wasm, _default_module())
        try:
            return cls(module, b"")
        except Exception as error:  # whatever a module of something else does
            if getattr(error, "code", "") == "invalid-pack":
                raise
            raise PrivetError("invalid-pack", "a WebAssembly module of something else; give one that `privet embed` wrote") from error

    @contextmanager
    def _instance(self) -> Iterator[_Opened]:
        """An instance that no other thread uses."""
        with self._lock:
            opened = self._free.pop() if self._free else None
        opened = opened or _Opened(self._module, self._pack)
        try:
            with opened:
                yield opened
        except BaseException as error:
            if getattr(error, "code", "") != "load-failed":  # then the instance is not used again
                self._give_back(opened)
            raise
        self._give_back(opened)

    def _give_back(self, opened: _Opened) -> None:
        with self._lock:
            self._free.append(opened)

    def session(self, subject: Mapping[str, Any], *, now: float | None = None) -> Session:
        """Evaluate a subject, ``{"roles": [...], "grants": {...}, "facts": {...}}``.

        ``now``, in seconds since 1970, is for grants and roles that end.
        """
        text, seconds = _json(subject), _seconds(now)
        with self._instance() as opened:
            opened.instance.number("now", seconds)
            return Session(self, opened, opened.instance.call("session", opened.policy, text=text))

    def restore(self, token: str, facts: Mapping[str, Any] = MappingProxyType({})) -> Session:
        """Evaluate the subject of a token with its current facts."""
        if not isinstance(token, str):
            raise PrivetError("invalid-token", "not a Privet token; request a new one")
        text = token.encode("utf-8", "replace")
        with self._instance() as opened:
            return Session(self, opened, opened.instance.call(
                "restore", opened.policy, len(text), text=text + _json(facts)))

    def population(self, subjects: Sequence[Mapping[str, Any]], *, now: float | None = None) -> list[frozenset[str] | None]:
        """The operations that are allowed to each subject; ``None`` for a subject that is refused."""
        if isinstance(subjects, (str, bytes)) or not isinstance(subjects, Sequence):
            raise PrivetError("invalid-subject", f"`{subjects!r}` is no list of subjects")
        planes = self._planes(_json(list(subjects)), len(subjects), now)
        stride = -(-len(subjects) // 8)

        def bit(plane: int, row: int) -> int:
            return planes[plane * stride + row // 8] >> row % 8 & 1

        refused = len(self.operations)
        return [None if bit(refused, row) else frozenset(id for place, id in enumerate(self.operations) if bit(place, row))
                for row in range(len(subjects))]

    def _planes(self, subjects: bytes | str, count: int, now: float | None) -> bytes:
        """A plane of bits for each operation, then one of the refused subjects, of a JSON list of so many subjects."""
        text, seconds = subjects.encode("utf-8", "replace") if isinstance(subjects, str) else subjects, _seconds(now)
        with self._instance() as opened:
            opened.instance.number("now", seconds)
            planes = opened.instance.bytes("population", opened.policy, text=text)
        if len(planes) != (len(self.operations) + 1) * -(-count // 8):
            raise PrivetError("invalid-call", f"not a list of {count} subjects")
        return planes


class Session:
    """A subject evaluated against a policy: every decision. Immutable; threads may share it."""

    valid_until: int | None

    def __init__(self, policy: Policy, opened: _Opened, handle: int) -> None:
        self.policy, self._opened, self._handle = policy, opened, handle
        until = opened.instance.number("valid_until", handle)
        self.valid_until = None if math.isinf(until) else int(until)
        # `can` reads these bits, and crosses no border
        self._bits = opened.instance.bytes("allowed_bits", handle)
        weakref.finalize(self, opened.closed.append, handle)

    def can(self, operation: str) -> bool:
        """Whether the operation is allowed; ``False`` where that is undecided."""
        place = self.policy._places.get(operation) if isinstance(operation, str) else None
        if place is None:
            return self.decide(operation).allowed  # raises with what was probably meant
        return self._bits[place >> 3] >> (place & 7) & 1 == 1

    def decide(self, operation: str) -> Decision:
        """The decision on an operation, and its obligations."""
        answer = self._ask("decide", _id(operation, "operation"))
        return Decision(answer["decision"], tuple(answer["obligations"]))

    def allowed(self) -> tuple[str, ...]:
        """The allowed operations in policy order, without those that restrict."""
        return tuple(self._ask("allowed"))

    def menu(self) -> tuple[MenuItem, ...]:
        """The menu as a tree, including hidden items."""
        return tuple(map(MenuItem._of, self._ask("menu")))

    def menu_item(self, id: str) -> MenuItem:
        """A menu item with what is below it."""
        return MenuItem._of(self._ask("menu_item", _id(id, "menu item")))

    def holds(self, privilege: str) -> Holding:
        """What is granted of a privilege, what of it has an effect, and who gives it."""
        answer = self._ask("holds", _id(privilege, "privilege"))
        return Holding(answer["granted"], answer["effective"], answer["from"])

    def token(self) -> str:
        """The grants and listed roles as a short text, for a JWT.

        It has no ends of grants and roles: the JWT must expire at `valid_until`, if there is one, or before.
        """
        return self._bytes("token").decode()

    def subject(self) -> dict[str, Any]:
        """The subject."""
        answer: dict[str, Any] = self._ask("subject")
        return answer

    def inputs(self, operation: str) -> dict[str, Any]:
        """The part of the subject that the decision on an operation reads."""
        answer: dict[str, Any] = self._ask("inputs", _id(operation, "operation"))
        return answer

    def snapshot(self) -> str:
        """The decisions and the menu as a text for ``privet/read``."""
        return self._bytes("snapshot").decode()

    def change(self, change: Mapping[str, Any]) -> Session:
        """The session after a change; this one stays as it is."""
        with self._opened as opened:
            return Session(self.policy, opened, opened.instance.call("with", self._handle, text=_json(change)))

    def _bytes(self, name: str, text: str | None = None) -> bytes:
        with self._opened as opened:
            return opened.instance.bytes(name, self._handle, text=None if text is None else text.encode("utf-8", "replace"))

    def _ask(self, name: str, text: str | None = None) -> Any:
        return json.loads(self._bytes(name, text))


def _id(id: str, kind: str) -> str:
    """An id as it is given, which must be a text."""
    if isinstance(id, str):
        return id
    raise PrivetError("unknown-id", f"unknown {kind} `{id!r}`; the policy has no such {kind}", repr(id))


def _seconds(now: float | None) -> float:
    if now is None:
        return math.nan
    if isinstance(now, (int, float)) and abs(now) < 2**53:
        return float(now)
    raise PrivetError("invalid-options", "`now` must be seconds since 1970", "now")


def _json(value: Mapping[str, Any] | Iterable[Any]) -> bytes:
    plain = dict(value) if isinstance(value, Mapping) else value
    try:
        return json.dumps(plain, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode("utf-8", "replace")
    except (TypeError, ValueError, RecursionError) as error:
        raise PrivetError("invalid-subject", f"a value has no JSON: {error}") from error


_module: Module | None = None
_module_lock = threading.Lock()


def _default_module() -> Module:
    """The module of the package, compiled once."""
    global _module
    with _module_lock:
        _module = _module or library()
        return _module
