"""The counts of the Spark job are those of sessions that are decided one by one."""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path

from decide import counted, decided, people, session_of
from privet import Policy

PEOPLE = int(os.environ.get("PRIVET_PEOPLE", "200000"))
SUITE = Path(__file__).parents[2] / "conformance" / "5" / "policies"


def test_counts_are_those_of_sessions() -> None:
    pack = base64.b64decode(json.loads((SUITE / "contact.json").read_text(encoding="utf-8"))["pack"])
    policy = Policy.open(pack)
    spark = session_of(workers=2)
    try:
        everybody = people(spark, policy, PEOPLE)
        found, counts = counted(decided(everybody, pack), policy)
        expected = dict.fromkeys(policy.operations, 0)
        different = everybody.groupBy("subject").count().collect()
        for row in different:
            for id in policy.population([json.loads(row["subject"])])[0] or ():
                assert policy.session(json.loads(row["subject"])).can(id)
                expected[id] += row["count"]
    finally:
        spark.stop()
    assert (found, counts) == (PEOPLE, expected)
    assert len(different) > 10
    assert any(0 < count < PEOPLE for count in counts.values())
