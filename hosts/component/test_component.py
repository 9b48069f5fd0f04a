"""The conformance suite through the component in wasmtime."""

from __future__ import annotations

import base64
import gc
import json
from pathlib import Path
from typing import Any

import pytest
from component import ComponentError, Instance, Policy, Session
from conformance import POLICIES, Host

COMPONENT = (Path(__file__).parents[2] / "pkg" / "wasm" / "component.wasm").read_bytes()


def row(item: dict[str, Any]) -> list[Any]:
    own = [item[key] for key in ("id", "label", "state", "verbs", "operations")]
    return [*own, [row(child) for child in item["children"]]]


def answers(policy: Policy, session: Session) -> dict[str, Any]:
    decisions = [session.decide(id) for id in policy.operations]
    for id, decision in zip(policy.operations, decisions):
        assert session.can(id) == (decision["decision"] == "allowed")
    held = [session.holds(id) for id in policy.privileges]
    until = session.valid_until
    answers = {"operations": [[it["decision"], it["obligations"]] for it in decisions], "allowed": session.allowed(),
               "menu": [row(item) for item in session.menu()], "holds": [[it["granted"], it["effective"]] for it in held],
               "from": [it["from"] for it in held], "token": session.token(), "subject": session.subject(),
               "validUntil": until if until is None else int(until),
               "inputs": [session.inputs(id) for id in policy.operations], "snapshot": session.snapshot()}
    session.close()
    return answers


@pytest.fixture(scope="module")
def instance() -> Instance:
    return Instance(COMPONENT)


@pytest.fixture(scope="module")
def host(instance: Instance) -> Host:
    return Host(instance.open, ComponentError, answers)


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.stem)
def test_policies(host: Host, path: Path) -> None:
    host.check_policy(path)
    gc.collect()  # drops the resources that were not closed


def test_packs(host: Host, instance: Instance) -> None:
    host.check_packs()
    assert host.answer_of(instance.open) == {"error": {"code": "invalid-pack", "id": ""}}, "no policy is embedded"


def test_a_session_keeps_its_policy_open(instance: Instance) -> None:
    file = json.loads(POLICIES[0].read_text(encoding="utf-8"))
    policy = instance.open(base64.b64decode(file["pack"]))
    operation, session = policy.operations[0], policy.session(file["cases"][0]["subject"])
    decision = session.decide(operation)
    policy.close()
    assert session.decide(operation) == decision
    session.close()
