"""Run a conformance suite against the host: python3 conform.py FOLDER"""
from __future__ import annotations

import base64
import json
import sys
from pathlib import Path
from typing import Any, Callable, Iterator

from privet_host import Policy, PrivetError, Session, Snapshot, open_pack, read_snapshot

Comparison = tuple[str, Any, Any]  # where, expected, actual
MOST_DIFFERENCES, MOST_LETTERS = 20, 1000  # printed in all, and of each value


def answer_of(ask: Callable[[], Any]) -> Any:
    """Return an answer or a refusal in the form of the suite. Any other exception is a fault of the host."""
    try:
        return ask()
    except PrivetError as error:
        return {"error": {"code": error.code, "id": error.id}}
    except Exception as error:  # a difference, not the end of the run
        return {"crash": type(error).__name__}


def result_of(session: Session, policy: Policy) -> dict[str, Any]:
    """Ask a session everything that a result of the suite has."""
    return {"operations": [session.decide(id) for id in policy.operations],
            "allowed": session.allowed(), "menu": session.menu(),
            "holds": [session.holds(id) for id in policy.privileges],
            "from": [session.givers(id) for id in policy.privileges],
            "token": session.token(), "subject": session.subject(), "validUntil": session.valid_until(),
            "inputs": [session.inputs(id) for id in policy.operations], "snapshot": session.snapshot()}


def compare_packs(cases: list[dict[str, Any]]) -> Iterator[Comparison]:
    """Compare whether each pack opens, or is refused with `invalid-pack`."""
    for number, case in enumerate(cases):
        answer = answer_of(lambda: open_pack(base64.b64decode(case["pack"], validate=True)))
        refused = {"error": {"code": "invalid-pack", "id": ""}}
        actual = True if isinstance(answer, Policy) else False if answer == refused else answer
        yield f"pack {number} ({case['why']})", case["valid"], actual


def compare_snapshots(cases: list[dict[str, Any]]) -> Iterator[Comparison]:
    """Compare what each snapshot says."""
    for number, case in enumerate(cases):
        answer = answer_of(lambda: read_snapshot(case["snapshot"]))
        if isinstance(answer, Snapshot):
            carried = {id: answer.why(id) for id in answer.operations()}
            answer = {"fingerprint": answer.fingerprint, "allowed": answer.allowed(), "menu": answer.menu(),
                      "why": {id: why for id, why in carried.items() if why is not None}}
        where = f"snapshot {number} ({case['why']})"
        yield from compare_answer(where, case["is"], answer)


def compare_answer(where: str, expected: Any, actual: Any) -> Iterator[Comparison]:
    """Compare a refusal as a whole, and anything else by the answers that are expected."""
    if "error" in expected or "error" in actual:
        yield where, expected, actual
        return
    for key in expected:
        yield f"{where}: {key}", expected[key], actual.get(key)


def compare_policy(file: dict[str, Any]) -> Iterator[Comparison]:
    """Compare the cases of one policy: subjects, changes, tokens and unknown ids."""
    policy = answer_of(lambda: open_pack(base64.b64decode(file["pack"], validate=True)))
    yield "the pack", "opens", "opens" if isinstance(policy, Policy) else policy
    if not isinstance(policy, Policy):
        return
    sessions: list[Session] = []

    def compare(where: str, expected: dict[str, Any], begin: Callable[[], Session]) -> Iterator[Comparison]:
        session = answer_of(begin)
        if isinstance(session, Session):
            sessions.append(session)
            session = answer_of(lambda: result_of(sessions[-1], policy))
        yield from compare_answer(where, expected, session)

    for number, case in enumerate(file["cases"]):
        where = f"case {number}" + (f" ({case['why']})" if "why" in case else "")
        yield from compare(where, case["is"], lambda: policy.session(case["subject"], case.get("now")))
        for index, step in enumerate(case.get("changes", [])):
            yield from compare(f"{where}, change {index}", step["is"],
                               lambda: policy.session(case["subject"], case.get("now")).change(step["change"]))
        for index, step in enumerate(case.get("tokens", [])):
            yield from compare(f"{where}, token {index}", step["is"],
                               lambda: policy.restore(step["token"], step.get("facts", {})))
    for kind, id in file.get("unknown", []):
        method = {"operation": "decide", "privilege": "holds", "menu item": "menu_item"}[kind]
        answer = answer_of(lambda: getattr(sessions[0] if sessions else policy.session({}), method)(id))
        yield f"unknown {kind} {id}", {"error": {"code": "unknown-id", "id": id}}, answer


def main(folder: Path) -> int:
    """Run every file of a suite and report the differences."""
    policies = sorted((folder / "policies").glob("*.json"))
    files = [(folder / "packs.json", compare_packs), (folder / "snapshots.json", compare_snapshots)]
    files += [(path, compare_policy) for path in policies or [folder / "policies" / "*.json"]]
    total, differences, missing = 0, 0, 0
    for path, comparisons in files:
        if not path.is_file():
            print(f"{path.relative_to(folder)}: missing")
            missing += 1
            continue
        count = 0
        for where, expected, actual in comparisons(json.loads(path.read_text(encoding="utf-8"))):
            count += 1
            wanted, got = json.dumps(expected), json.dumps(actual)
            if wanted != got:
                differences += 1
                if differences <= MOST_DIFFERENCES:
                    print(f"  {ascii(where)[1:-1]}")
                    print(f"    expected {wanted[:MOST_LETTERS]}\n    actual   {got[:MOST_LETTERS]}")
        print(f"{path.relative_to(folder)}: {count} comparisons")
        total += count
    if differences or missing:
        print(f"{differences} differences, {missing} files missing, {total} comparisons")
        return 1
    print(f"{total} comparisons, no difference")
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python3 conform.py FOLDER")
    sys.exit(main(Path(sys.argv[1])))
