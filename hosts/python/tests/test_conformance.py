"""The conformance suite through the wrapper."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from conformance import POLICIES, Host

from privet import MenuItem, Policy, PrivetError, Session


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
