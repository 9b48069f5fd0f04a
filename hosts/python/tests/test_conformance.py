"""The conformance suite through the wrapper."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from conformance import POLICIES, Host

from privet import MenuItem, Policy, PrivetError, Session

HOSTS = Path(__file__).parents[2]
GUARD = json.loads((HOSTS / "test" / "guard.json").read_text(encoding="utf-8"))
HOST_WASM = (HOSTS / "python" / "src" / "privet" / "host.wasm").read_bytes()


def row(item: MenuItem) -> list[Any]:
    return [item.id, item.label, item.state, list(item.verbs), list(item.operations), [row(child) for child in item.children]]


def answers(policy: Policy, session: Session) -> dict[str, Any]:
    decisions = [session.decide(id) for id in policy.operations]
    for id, decision in zip(policy.operations, decisions):
        assert session.can(id) == decision.allowed
    held = [session.holds(id) for id in policy.privileges]
    return {"operations": [[it.decision, list(it.obligations)] for it in decisions], "allowed": list(session.allowed()),
            "menu": [row(item) for item in session.menu()], "holds": [[it.granted, it.effective] for it in held],
            "from": [it.givers for it in held], "token": session.token(), "subject": session.subject(),
            "validUntil": session.valid_until, "inputs": [session.inputs(id) for id in policy.operations],
            "snapshot": session.snapshot()}


HOST = Host(Policy.open, PrivetError, answers)


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.stem)
def test_policies(path: Path) -> None:
    HOST.check_policy(path)


def test_packs() -> None:
    HOST.check_packs()


MINIMAL = b"\0asm\1\0\0\0"


@pytest.mark.parametrize("wasm", [b"", b"junk", MINIMAL, MINIMAL + b"\xff", None, "(module)",
                                  base64.b64decode(GUARD["pack"]), HOST_WASM, HOST_WASM[:-1]], ids=range(9))
def test_modules_without_a_policy_are_refused(wasm: Any) -> None:
    with pytest.raises(PrivetError) as error:
        Policy.embedded(wasm)
    assert error.value.code == "invalid-pack"


def test_arguments_of_wrong_types_are_refused() -> None:
    policy: Any = Policy.open(base64.b64decode(GUARD["pack"]))
    session = policy.session({"roles": ["clerk"]})
    unknown = [lambda of=of, id=id: of(id) for of in (session.can, session.decide, session.inputs, session.holds, session.menu_item)
               for id in (None, 5, [], b"orders.list", "")]
    subjects = [lambda it=it: policy.session(it) for it in (None, 5, [], "clerk", {"roles": {1}}, {"roles": [b"clerk"]}, {"grants": {(): 1}})]
    for code, calls in {
        "unknown-id": unknown,
        "invalid-token": [lambda: policy.restore(None), lambda: policy.restore(5), lambda: policy.restore(b"x")],
        "invalid-subject": [*subjects, lambda: policy.restore(session.token(), 5), lambda: policy.restore(session.token(), {"open-day": set()}),
                            lambda: session.change(None), lambda: policy.population(5), lambda: policy.population("clerk"),
                            lambda: policy.session({"facts": {"open-day": float("nan")}})],
        "invalid-options": [lambda: policy.session({}, now="x"), lambda: policy.session({}, now=10**400)],
        "invalid-pack": [lambda: Policy.open(None), lambda: Policy.open("x"), lambda: Policy.open(b""), lambda: Policy.open(b"x")],
    }.items():
        for call in calls:
            with pytest.raises(PrivetError) as error:
                call()
            assert error.value.code == code
    assert session.can("orders.list")
