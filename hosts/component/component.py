"""The component in Python, by the component model of wasmtime: policies and sessions with values instead of JSON.

A program that wants Privet alone uses the wrapper (`hosts/python`), which is faster; this shows how a host of the component model
asks a component, and the tests run the conformance suite through it.
"""

from __future__ import annotations

import json
from typing import Any

from wasmtime import Engine, Store
from wasmtime.component import Component, Linker

INTERFACE = "privet:policy/policies@0.1.0"


class ComponentError(Exception):
    """An error of a call, with its stable code and the id that it is about."""

    def __init__(self, code: str, id: str, message: str) -> None:
        super().__init__(message)
        self.code, self.id = code, id


class Instance:
    """An instance of a component, for one thread at a time."""

    def __init__(self, component: bytes) -> None:
        engine = Engine()
        self.store = Store(engine)
        self.instance = Linker(engine).instantiate(self.store, Component(engine, component))
        self.interface = self.instance.get_export_index(self.store, INTERFACE)
        self.functions: dict[str, Any] = {}

    def call(self, name: str, *given: Any) -> Any:
        """What a function of the interface returns; its error is raised."""
        function = self.functions.get(name)
        if function is None:
            index = self.instance.get_export_index(self.store, name, self.interface)
            function = self.functions[name] = self.instance.get_func(self.store, index)
        answer = function(self.store, *given)
        code = getattr(answer, "code", None)
        if code is not None:
            raise ComponentError(code, answer.id, answer.message)
        return answer

    def open(self, pack: bytes | None = None) -> Policy:
        """Opens a pack, or the policy that is in the component."""
        return Policy(self, self.call("[static]policy.open", pack))


class Policy:
    """An open policy. It stays open while a session of it is."""

    def __init__(self, instance: Instance, resource: Any) -> None:
        self._instance, self._resource = instance, resource
        described = json.loads(self._call("describe"))
        self.id, self.fingerprint = described["id"], described["fingerprint"]
        self.operations, self.privileges, self.roles = (described[key] for key in ("operations", "privileges", "roles"))

    def _call(self, name: str, *given: Any) -> Any:
        return self._instance.call("[method]policy." + name, self._resource, *given)

    def session(self, subject: dict[str, Any], *, now: float | None = None) -> Session:
        return Session(self._instance, self._call("session", json.dumps(subject), None if now is None else float(now)))

    def restore(self, token: str, facts: dict[str, Any] | None = None) -> Session:
        return Session(self._instance, self._call("restore", token, json.dumps(facts or {})))

    def population(self, subjects: list[dict[str, Any]], *, now: float | None = None) -> bytes:
        return bytes(self._call("population", json.dumps(subjects), None if now is None else float(now)))

    def close(self) -> None:
        self._resource.drop(self._instance.store)


class Session:
    """A subject evaluated against a policy."""

    def __init__(self, instance: Instance, resource: Any) -> None:
        self._instance, self._resource = instance, resource

    def _call(self, name: str, *given: Any) -> Any:
        return self._instance.call("[method]session." + name, self._resource, *given)

    def can(self, operation: str) -> bool:
        return bool(self._call("can", operation))

    def decide(self, operation: str) -> dict[str, Any]:
        return json.loads(self._call("decide", operation))

    def allowed(self) -> list[str]:
        return json.loads(self._call("allowed"))

    def menu(self) -> list[dict[str, Any]]:
        return json.loads(self._call("menu"))

    def menu_item(self, id: str) -> dict[str, Any]:
        return json.loads(self._call("menu-item", id))

    def holds(self, privilege: str) -> dict[str, Any]:
        return json.loads(self._call("holds", privilege))

    def token(self) -> str:
        return self._call("token")

    def subject(self) -> dict[str, Any]:
        return json.loads(self._call("subject"))

    def inputs(self, operation: str) -> dict[str, Any]:
        return json.loads(self._call("inputs", operation))

    def snapshot(self) -> str:
        return self._call("snapshot")

    @property
    def valid_until(self) -> float | None:
        return self._call("valid-until")

    def change(self, change: dict[str, Any]) -> Session:
        return Session(self._instance, self._call("change", json.dumps(change)))

    def close(self) -> None:
        self._resource.drop(self._instance.store)
