"""Decides for people in files of any size: Parquet, CSV and JSON lines, by DuckDB and Arrow. Needs ``privet[people]``.

>>> counts = matrix(policy, "everybody.parquet", "decided.parquet")
>>> for batch in who_can(policy, "everybody.parquet", "orders.refund"): ...

A row is a person. Its column ``subject`` is JSON text, or it has ``roles`` (a list of texts), ``grants`` and ``facts`` (structs, maps or JSON), of
which any may be missing. A batch at a time is in memory.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ._policy import Policy

__all__ = ["Counts", "decide", "matrix", "who_can"]

_PARTS = ("roles", "grants", "facts")
_READERS = {".parquet": "read_parquet", ".csv": "read_csv", ".json": "read_json", ".jsonl": "read_json", ".ndjson": "read_json"}
_ROWS = 1 << 16
Progress = Callable[[int], None]
Source = str | Path | duckdb.DuckDBPyRelation


@dataclass
class Counts:
    """How many people there are, how many of them are refused, and to how many each operation is allowed."""

    people: int = 0
    refused: int = 0
    allowed: dict[str, int] = field(default_factory=dict)


def decide(policy: Policy, subjects: pa.Array, *, now: float | None = None) -> pa.RecordBatch:
    """A column of booleans for each operation: whether it is allowed to each of these subjects, JSON texts. It is null for a subject that is
    refused. Equal subjects are decided once.

    ``now``, in seconds since 1970, is for grants and roles that end.
    """
    encoded = subjects if pa.types.is_dictionary(subjects.type) else pc.dictionary_encode(subjects)
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    texts = encoded.dictionary.to_pylist()
    planes = memoryview(policy._planes("[" + ",".join(map(_plain, texts)) + "]", len(texts), now))
    stride = -(-len(texts) // 8)
    refused = planes[len(policy.operations) * stride:]
    known = pa.py_buffer(bytes(~byte & 255 for byte in refused))
    columns = []
    for place in range(len(policy.operations)):
        plane = pa.py_buffer(planes[place * stride:(place + 1) * stride])
        columns.append(pa.Array.from_buffers(pa.bool_(), len(texts), [known, plane]).take(encoded.indices))
    return pa.RecordBatch.from_arrays(columns, names=list(policy.operations))


def _plain(text: str) -> str:
    """One JSON value: text that is none, or more than one, is the subject `null`, which is refused."""
    try:
        return json.dumps(json.loads(text), ensure_ascii=False)
    except (ValueError, TypeError, RecursionError):
        return "null"


def matrix(policy: Policy, source: Source, to: str | Path, *, now: float | None = None, on_progress: Progress | None = None) -> Counts:
    """Write a Parquet file with the other columns of the people and a column of booleans for each operation.

    ``source`` is a path, or a relation of DuckDB. ``on_progress`` gets the number of people so far after each batch.
    """
    counts = Counts(allowed=dict.fromkeys(policy.operations, 0))
    writer = None
    try:
        for people, decided in _decided(policy, source, now):
            table = pa.Table.from_arrays([*people.columns, *decided.columns], names=[*people.schema.names, *decided.schema.names])
            writer = writer or pq.ParquetWriter(to, table.schema)
            writer.write_table(table)
            counts.people += len(decided)
            counts.refused += decided.column(0).null_count if decided.num_columns else 0
            for id, column in zip(policy.operations, decided.columns):
                counts.allowed[id] += column.true_count
            if on_progress:
                on_progress(counts.people)
    finally:
        if writer:
            writer.close()
    return counts


def who_can(policy: Policy, source: Source, operation: str, *, now: float | None = None, on_progress: Progress | None = None) -> Iterator[pa.RecordBatch]:
    """The people to whom an operation is allowed: batches of their other columns. Raises ``PrivetError`` for an operation that the policy lacks."""
    policy.session({}, now=now).can(operation)
    place, done = policy.operations.index(operation), 0
    for people, decided in _decided(policy, source, now):
        # A subject that is refused is not allowed anything
        yield people.filter(decided.column(place), null_selection_behavior="drop")
        done += len(decided)
        if on_progress:
            on_progress(done)


def _decided(policy: Policy, source: Source, now: float | None) -> Iterator[tuple[pa.RecordBatch, pa.RecordBatch]]:
    """The other columns of the people, and the decisions, batch by batch."""
    people = _subjects(source)
    # DuckDB 2 has another name for it
    read = getattr(people, "to_arrow_reader", None) or people.fetch_record_batch
    for batch in read(_ROWS):
        subjects = batch.column(batch.num_columns - 1)
        yield batch.select(range(batch.num_columns - 1)), decide(policy, subjects, now=now)


def _subjects(source: Source) -> duckdb.DuckDBPyRelation:
    """The other columns of the people, then the subject as JSON text."""
    people = source if isinstance(source, duckdb.DuckDBPyRelation) else _read(Path(source))
    names = {name.lower(): name for name in people.columns}

    def quoted(name: str) -> str:
        return '"' + names[name].replace('"', '""') + '"'

    if "subject" in names:
        used, subject = ["subject"], f"{quoted('subject')}::VARCHAR"
    else:
        used = [part for part in _PARTS if part in names]
        if not used:
            raise ValueError("the people have no column `subject`, `roles`, `grants` or `facts`")
        # A part that is missing is left out: a null is none
        parts = ", ".join(f"'{part}', to_json({quoted(part)})" for part in used)
        subject = f"json_merge_patch('{{}}', json_object({parts}))::VARCHAR"
    others = [quoted(name) for name in names if name not in used]
    return people.project(", ".join([*others, f'{subject} AS "privet subject"']))


def _read(path: Path) -> duckdb.DuckDBPyRelation:
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise ValueError(f"`{path}` is no file of people; give one that ends with {', '.join(_READERS)}")
    return getattr(duckdb.connect(), reader)(str(path))
