"""The conformance suite (conformance/README.md) through the wrapper."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any, Callable

import pytest

from privet import MenuItem, Policy, PrivetError, Session

SUITE = Path(__file__).parents[3] / "conformance" / "5"


def answer_of(ask: Callable[[], Any]) -> Any:
    try:
        return ask()
    except PrivetError as error:
        return {"error": {"code": error.code, "id": error.id}}


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


def compare(policy: Policy, expected: dict[str, Any], begin: Callable[[], Session]) -> int:
    session = answer_of(begin)
    if not isinstance(session, Session):
        assert session == expected
        return 1
    actual = answers(policy, session)
    assert "error" not in expected
    for key, value in expected.items():
        assert json.dumps(actual[key]) == json.dumps(value), key
    return len(expected)


@pytest.mark.parametrize("path", sorted((SUITE / "policies").glob("*.json")), ids=lambda path: path.stem)
def test_policies(path: Path) -> None:
    file = json.loads(path.read_text(encoding="utf-8"))
    policy = Policy.open(base64.b64decode(file["pack"]))
    count = 0
    for case in file["cases"]:
        begin = lambda: policy.session(case["subject"], now=case.get("now"))  # noqa: E731
        count += compare(policy, case["is"], begin)
        for step in case.get("changes", []):
            count += compare(policy, step["is"], lambda: begin().change(step["change"]))
        for step in case.get("tokens", []):
            count += compare(policy, step["is"], lambda: policy.restore(step["token"], step.get("facts", {})))
    session = policy.session({})
    ask = {"operation": session.can, "privilege": session.holds, "menu item": session.menu_item}
    for kind, id in file.get("unknown", []):
        assert answer_of(lambda: ask[kind](id)) == {"error": {"code": "unknown-id", "id": id}}
    assert count > 0


def test_packs() -> None:
    for case in json.loads((SUITE / "packs.json").read_text(encoding="utf-8")):
        answer = answer_of(lambda: Policy.open(base64.b64decode(case["pack"])))
        expected = isinstance(answer, Policy) if case["valid"] else answer == {"error": {"code": "invalid-pack", "id": ""}}
        assert expected, case["why"]
