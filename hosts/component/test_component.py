"""The conformance suite (conformance/README.md) through the component in wasmtime."""

from __future__ import annotations

import base64
import gc
import json
from pathlib import Path
from typing import Any, Callable

import pytest
from component import ComponentError, Instance, Policy, Session

ROOT = Path(__file__).parents[2]
SUITE = ROOT / "conformance" / "5"
COMPONENT = (ROOT / "pkg" / "wasm" / "component.wasm").read_bytes()


@pytest.fixture(scope="module")
def instance() -> Instance:
    return Instance(COMPONENT)


def answer_of(ask: Callable[[], Any]) -> Any:
    try:
        return ask()
    except ComponentError as error:
        return {"error": {"code": error.code, "id": error.id}}


def row(item: dict[str, Any]) -> list[Any]:
    own = [item[key] for key in ("id", "label", "state", "verbs", "operations")]
    return [*own, [row(child) for child in item["children"]]]


def answers(policy: Policy, session: Session) -> dict[str, Any]:
    decisions = [session.decide(id) for id in policy.operations]
    for id, decision in zip(policy.operations, decisions):
        assert session.can(id) == (decision["decision"] == "allowed")
    held = [session.holds(id) for id in policy.privileges]
    until = session.valid_until
    return {"operations": [[it["decision"], it["obligations"]] for it in decisions], "allowed": session.allowed(),
            "menu": [row(item) for item in session.menu()], "holds": [[it["granted"], it["effective"]] for it in held],
            "from": [it["from"] for it in held], "token": session.token(), "subject": session.subject(),
            "validUntil": until if until is None else int(until),
            "inputs": [session.inputs(id) for id in policy.operations], "snapshot": session.snapshot()}


def compare(policy: Policy, expected: dict[str, Any], begin: Callable[[], Session]) -> int:
    session = answer_of(begin)
    if not isinstance(session, Session):
        assert session == expected
        return 1
    actual = answers(policy, session)
    session.close()
    assert "error" not in expected
    for key, value in expected.items():
        assert json.dumps(actual[key]) == json.dumps(value), key
    return len(expected)


@pytest.mark.parametrize("path", sorted((SUITE / "policies").glob("*.json")), ids=lambda path: path.stem)
def test_policies(instance: Instance, path: Path) -> None:
    file = json.loads(path.read_text(encoding="utf-8"))
    policy = instance.open(base64.b64decode(file["pack"]))
    count = 0
    for case in file["cases"]:
        begin = lambda: policy.session(case["subject"], now=case.get("now"))  # noqa: E731
        count += compare(policy, case["is"], begin)
        for step in case.get("changes", []):
            count += compare(policy, step["is"], lambda: begin().change(step["change"]))
        for step in case.get("tokens", []):
            count += compare(policy, step["is"], lambda: policy.restore(step["token"], step.get("facts", {})))
    session = policy.session({})
    policy.close()  # the session keeps it open
    ask = {"operation": session.can, "privilege": session.holds, "menu item": session.menu_item}
    for kind, id in file.get("unknown", []):
        assert answer_of(lambda: ask[kind](id)) == {"error": {"code": "unknown-id", "id": id}}
    assert count > 0
    gc.collect()


def test_packs(instance: Instance) -> None:
    for case in json.loads((SUITE / "packs.json").read_text(encoding="utf-8")):
        answer = answer_of(lambda: instance.open(base64.b64decode(case["pack"])))
        expected = isinstance(answer, Policy) if case["valid"] else answer == {"error": {"code": "invalid-pack", "id": ""}}
        assert expected, case["why"]
    assert answer_of(lambda: instance.open()) == {"error": {"code": "invalid-pack", "id": ""}}, "no policy is embedded"
