"""Measures the Python wrapper, and the component in wasmtime: python bench.py PACK COMPONENT"""

import json
import sys
import time
from pathlib import Path

import component
from wasmtime import Engine, Store
from wasmtime.component import Component, Linker

from privet import Policy
from privet._instance import Instance
from privet._policy import _default_module

PACK = Path(sys.argv[1]).read_bytes()
SUBJECT = {"roles": ["administrator"]}
OPERATION = "calls.flows.define"


def least(call, calls: int) -> float:
    """Microseconds of a call: the least of several rounds."""
    rounds = []
    for _ in range(7):
        start = time.perf_counter()
        for _ in range(calls):
            call()
        rounds.append((time.perf_counter() - start) * 1e6 / calls)
    return min(rounds)


policy = Policy.open(PACK)
session = policy.session(SUBJECT)
print(json.dumps({
    "host": "Python, wasmtime", "instantiate": least(lambda: Instance(_default_module()), 50), "open": least(lambda: Policy.open(PACK), 10),
    "session": least(lambda: policy.session(SUBJECT).can(OPERATION), 1000), "can": least(lambda: session.can(OPERATION), 100_000),
    "memory": policy._free[0].instance.memory_size}))

engine = Engine()
compiled = Component(engine, Path(sys.argv[2]).read_bytes())
instance = component.Instance(Path(sys.argv[2]).read_bytes())
opened = instance.open(PACK)
asked = opened.session(SUBJECT)


def once() -> None:
    made = opened.session(SUBJECT)
    made.can(OPERATION)
    made.close()


print(json.dumps({
    "host": "component, wasmtime in Python", "instantiate": least(lambda: Linker(engine).instantiate(Store(engine), compiled), 50),
    "open": least(lambda: instance.open(PACK).close(), 10), "session": least(once, 200), "can": least(lambda: asked.can(OPERATION), 2000)}))
