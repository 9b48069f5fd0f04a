"""Decides for people of any number in Spark: each partition asks the engine, batch by batch, in Arrow.

python decide.py POLICY.privetpack [--people 10000000] [--workers 2]

The people are made up here; a job reads its own: a table with a column `subject`, JSON text. What is printed is how many people each
operation is allowed to, and the time.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
from privet import Policy
from privet.people import decide
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as f
from pyspark.sql.types import BooleanType, LongType, StructField, StructType


def decided(people: DataFrame, pack: bytes) -> DataFrame:
    """The ids of people, and a column for each operation: whether it is allowed; null for those who are refused."""
    operations = Policy.open(pack).operations
    # Spark reads a dot in a name as a field of a struct
    names = [id.replace(".", "_") for id in operations]

    def run(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        policy = Policy.open(pack)  # once for each partition
        for batch in batches:
            columns = decide(policy, batch.column("subject")).columns
            yield pa.RecordBatch.from_arrays([batch.column("id"), *columns], names=["id", *names])

    fields = [StructField("id", LongType()), *(StructField(name, BooleanType()) for name in names)]
    return people.select("id", "subject").mapInArrow(run, StructType(fields))


def people(spark: SparkSession, policy: Policy, count: int) -> DataFrame:
    """People with some roles and some grants each: for `id`, those whose bit is set in a number that follows from it."""
    bits = spark.range(count).withColumn("bits", f.expr("(id * 2654435761) % 65536"))
    quoted = [f'"{role}"' for role in policy.roles[:6]]
    roles = f.concat_ws(",", *(f.when(f.expr(f"(bits >> {place}) & 1 = 1"), f.lit(role)) for place, role in enumerate(quoted)))
    return bits.select("id", f.concat(f.lit('{"roles":['), roles, f.lit("]}")).alias("subject"))


def counted(decisions: DataFrame, policy: Policy) -> tuple[int, dict[str, int]]:
    """How many people there are, and to how many each operation is allowed."""
    names = decisions.columns[1:]
    sums = [f.sum(f.col(name).cast("long")).alias(name) for name in names]
    row = decisions.agg(f.count("*").alias("people"), *sums).first()
    return row["people"], {id: row[name] or 0 for id, name in zip(policy.operations, names)}


def session_of(workers: int) -> SparkSession:
    """Spark on this machine: loopback alone, and no page of its own."""
    builder = SparkSession.builder.master(f"local[{workers}]").appName("privet")
    builder = builder.config("spark.driver.host", "127.0.0.1").config("spark.driver.bindAddress", "127.0.0.1")
    spark = builder.config("spark.ui.enabled", "false").config("spark.driver.memory", "1g").getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    return spark


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("pack", type=Path)
    arguments.add_argument("--people", type=int, default=10_000_000)
    arguments.add_argument("--workers", type=int, default=2)
    given = arguments.parse_args()
    pack = given.pack.read_bytes()
    policy, spark = Policy.open(pack), session_of(given.workers)
    start = time.monotonic()
    found, counts = counted(decided(people(spark, policy, given.people), pack), policy)
    seconds = time.monotonic() - start
    for id, count in counts.items():
        print(f"{id}\t{count}")
    print(f"{found} people x {len(counts)} operations in {seconds:.1f} s")
    spark.stop()


if __name__ == "__main__":
    main()
