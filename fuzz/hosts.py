"""Compare the Python host with the library on recorded random cases: python3 hosts.py core-cases.jsonl

The file is what `cargo test --test it core_cases_are_recorded` writes (tests/it/model/core_cases.rs). Prints the number of results that were
compared, and differences on standard error; the exit status is 1 if there is one.
"""
from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, Callable

sys.path.insert(0, str(Path(__file__).parent.parent / "conformance/hosts/python"))
from privet_host import Policy, PrivetError, Session, open_pack  # noqa: E402


class Unsayable(Exception):
    """A value that JavaScript has and Python has not."""


def value_of(written: Any) -> Any:
    """Read a value as the recording writes it: objects as lists of pairs, other values by their text."""
    if isinstance(written, list):
        return [value_of(item) for item in written]
    if not isinstance(written, dict):
        return written
    if "map" in written:
        return {key: value_of(item) for key, item in written["map"]}
    text = written["other"]
    if text in ("function", "symbol"):
        raise Unsayable
    return int(text) if text.lstrip("-").isdigit() else float(text)


def result_of(policy: Policy, begin: Callable[[], Session]) -> tuple[dict[str, Any], Session | None]:
    """Ask a session what the recording has of it, or return the refusal."""
    try:
        session = begin()
    except PrivetError as error:
        return {"error": [error.code, error.id]}, None
    return {
        "decisions": [list(session.decide(id)) for id in policy.operations],
        "allowed": session.allowed(),
        "holds": [list(session.holds(id)) for id in policy.privileges],
        "token": session.token(),
    }, session


def main(path: str) -> int:
    compared, differences = 0, 0

    def same(expected: dict[str, Any], actual: dict[str, Any], about: Any) -> None:
        nonlocal compared, differences
        # Of several faults a host may report any (docs/format.md), so it counts that there is one
        if "error" in expected and "error" in actual:
            expected = actual
        elif "error" not in expected and "error" not in actual:
            expected = {key: expected[key] for key in actual}
        compared += 1
        if expected != actual:
            differences += 1
            if differences <= 3:
                print(f"{about}\n  library {expected}\n  python  {actual}"[:3000], file=sys.stderr)

    for number, line in enumerate(Path(path).read_text(encoding="utf-8").splitlines()):
        recorded = json.loads(line)
        policy = open_pack(bytes.fromhex(recorded["pack"]))
        for case in recorded["cases"]:
            try:
                subject = value_of(case["subject"])
            except Unsayable:
                continue
            result, session = result_of(policy, lambda: policy.session(subject))
            same(case["is"], result, (number, case["subject"]))
            for restored in case["tokens"]:
                try:
                    facts = value_of(restored["facts"])
                except Unsayable:
                    continue
                result, _ = result_of(policy, lambda: policy.restore(restored["token"], facts))
                same(restored["is"], result, (number, restored["token"], restored["facts"]))
            for changed in case["changes"] if session else []:
                try:
                    change = value_of(changed["change"])
                except Unsayable:
                    continue
                result, _ = result_of(policy, lambda: session.change(change))
                same(changed["is"], result, (number, case["subject"], changed["change"]))
    print(compared)
    return 1 if differences or not compared else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
