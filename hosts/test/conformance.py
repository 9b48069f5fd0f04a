"""The conformance suite (conformance/README.md) through a host in Python. The tests of hosts/python and hosts/component run it."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable

SUITE = Path(__file__).parents[2] / "conformance" / "5"
POLICIES = sorted((SUITE / "policies").glob("*.json"))


@dataclass(frozen=True)
class Host:
    """A host: how it opens a pack, its error with `code` and `id`, and all that a session of a policy answers, by the keys of the suite."""

    open: Callable[[bytes], Any]
    error: type[Exception]
    answers: Callable[[Any, Any], dict[str, Any]]

    def answer_of(self, ask: Callable[[], Any]) -> Any:
        """What a call answers, also with an error, as the suite has it."""
        try:
            return ask()
        except self.error as error:
            return {"error": {"code": getattr(error, "code"), "id": getattr(error, "id")}}

    def compare(self, policy: Any, expected: dict[str, Any], begin: Callable[[], Any]) -> int:
        """Compares what a session answers, and returns the number of comparisons."""
        session = self.answer_of(begin)
        if isinstance(session, dict):
            assert session == expected
            return 1
        assert "error" not in expected
        actual = self.answers(policy, session)
        for key, value in expected.items():
            assert json.dumps(actual[key]) == json.dumps(value), key
        return len(expected)

    def check_policy(self, path: Path) -> None:
        """Runs a file of POLICIES."""
        file = json.loads(path.read_text(encoding="utf-8"))
        policy = self.open(base64.b64decode(file["pack"]))
        count = 0
        for case in file["cases"]:
            begin = lambda: policy.session(case["subject"], now=case.get("now"))  # noqa: E731
            count += self.compare(policy, case["is"], begin)
            for step in case.get("changes", []):
                count += self.compare(policy, step["is"], lambda: begin().change(step["change"]))
            for step in case.get("tokens", []):
                count += self.compare(policy, step["is"], lambda: policy.restore(step["token"], step.get("facts", {})))
        session = policy.session({})
        ask = {"operation": session.can, "privilege": session.holds, "menu item": session.menu_item}
        for kind, id in file.get("unknown", []):
            assert self.answer_of(lambda: ask[kind](id)) == {"error": {"code": "unknown-id", "id": id}}
        assert count > 0

    def check_packs(self) -> None:
        """Opens valid and broken packs."""
        for case in json.loads((SUITE / "packs.json").read_text(encoding="utf-8")):
            answer = self.answer_of(lambda: self.open(base64.b64decode(case["pack"])))
            expected = not isinstance(answer, dict) if case["valid"] else answer == {"error": {"code": "invalid-pack", "id": ""}}
            assert expected, case["why"]
