"""Files of people, by DuckDB and Arrow: the decisions are those of sessions."""

from __future__ import annotations

import base64
import csv
import json
import random
import tracemalloc
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from privet import Policy, PrivetError
from privet.people import decide, matrix, who_can

ROOT = Path(__file__).parents[3]
SHOP = Policy.open(base64.b64decode(json.loads((ROOT / "hosts" / "test" / "guard.json").read_text())["pack"]))


def subjects_of(count: int) -> list[dict[str, Any]]:
    draw = random.Random(7)
    return [{"roles": draw.sample(["clerk", "left"], draw.randint(0, 2)), "facts": draw.choice([{}, {"open-day": draw.random() < 0.5}]),
             "grants": draw.choice([{}, {"orders:refund": True}, {"stock": "edit"}])} for _ in range(count)]


def expected_of(subject: Any) -> list[bool | None]:
    try:
        session = SHOP.session(subject)
    except PrivetError:
        return [None] * len(SHOP.operations)
    return [session.can(id) for id in SHOP.operations]


def rows_of(batch: pa.RecordBatch | pa.Table) -> list[list[bool | None]]:
    return [list(row.values()) for row in batch.select(list(SHOP.operations)).to_pylist()]


def test_decisions_are_those_of_sessions() -> None:
    subjects: list[Any] = [*subjects_of(1003), {"roles": ["none"]}, [], None, {"roles": ["left"], "facts": {"open-day": True}}]
    texts = [json.dumps(it) for it in subjects] + ["", "{", "{},{}", "{} {}", "[" * 100_000]
    decided = decide(SHOP, pa.array(texts))
    assert rows_of(decided) == [expected_of(it) for it in subjects] + [[None] * 3] * 5
    assert decide(SHOP, pa.array([None, "{}"])).to_pylist()[0] == dict.fromkeys(SHOP.operations)
    assert len(decide(SHOP, pa.array([], pa.string()))) == 0


@pytest.mark.parametrize("form", ["subject", "columns", "jsonl", "csv"])
def test_files(tmp_path: Path, form: str) -> None:
    subjects = subjects_of(500)
    if form == "jsonl":
        path = tmp_path / "people.jsonl"
        path.write_text("".join(json.dumps({"id": place, **it}) + "\n" for place, it in enumerate(subjects)))
    elif form == "csv":
        path = tmp_path / "people.csv"
        with path.open("w", newline="") as file:
            csv.writer(file).writerows([["id", "subject"], *([place, json.dumps(it)] for place, it in enumerate(subjects))])
    else:
        path = tmp_path / "people.parquet"
        ids = pa.array(range(len(subjects)))
        texts = {part: pa.array([json.dumps(it[part]) for it in subjects]) for part in ("grants", "facts")}
        columns = {"id": ids, "subject": pa.array([json.dumps(it) for it in subjects])}
        if form == "columns":
            import duckdb

            table = pa.table({"id": ids, "roles": pa.array([it["roles"] for it in subjects], pa.list_(pa.string())), **texts})
            duckdb.connect().from_arrow(table).project('id, roles, grants::JSON AS grants, facts::JSON AS "Facts"').write_parquet(str(path))
        else:
            pq.write_table(pa.table(columns), path)
    progress: list[int] = []
    counts = matrix(SHOP, path, tmp_path / "out.parquet", on_progress=progress.append)
    written = pq.read_table(tmp_path / "out.parquet").sort_by("id")
    assert written.column_names == ["id", *SHOP.operations]
    expected = [expected_of(it) for it in subjects]
    assert rows_of(written) == expected
    assert counts.people == progress[-1] == 500
    assert counts.refused == sum(row[0] is None for row in expected)
    assert counts.allowed == {id: sum(row[place] is True for row in expected) for place, id in enumerate(SHOP.operations)}
    who = sorted(id for batch in who_can(SHOP, path, "stock.edit") for id in batch.column("id").to_pylist())
    assert who == [place for place, row in enumerate(expected) if row[2]]


def test_faults(tmp_path: Path) -> None:
    path = tmp_path / "people.parquet"
    pq.write_table(pa.table({"id": [1], "name": ["x"]}), path)
    with pytest.raises(ValueError, match="no column `subject`"):
        matrix(SHOP, path, tmp_path / "out.parquet")
    with pytest.raises(ValueError, match="is no file of people"):
        matrix(SHOP, tmp_path / "people.txt", tmp_path / "out.parquet")
    with pytest.raises(PrivetError, match="did you mean `orders.list`"):
        next(who_can(SHOP, path, "orders.lst"))


def test_memory_does_not_grow_with_the_people(tmp_path: Path) -> None:
    def peak(people: int) -> int:
        texts = [json.dumps(it) for it in subjects_of(97)]
        path = tmp_path / f"{people}.parquet"
        pq.write_table(pa.table({"id": range(people), "subject": [texts[place % 97] for place in range(people)]}), path, row_group_size=50_000)
        before = pa.total_allocated_bytes()
        most = 0

        def note(_: int) -> None:
            nonlocal most
            most = max(most, pa.total_allocated_bytes() - before)

        tracemalloc.start()
        assert matrix(SHOP, path, tmp_path / "out.parquet", on_progress=note).people == people
        python = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most + python

    assert peak(1_000_000) < 3 * peak(200_000)
