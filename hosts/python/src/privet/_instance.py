"""Instances of the module: the calls of docs/host.md. An instance serves one thread at a time."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any, Callable

from wasmtime import Config, Engine, Instance as WasmInstance, Memory, Module, Store

from ._errors import PrivetError

_engine = Engine(Config())


def module_of(wasm: bytes | None = None) -> Module:
    """Compile a module: that of the package, or one that ``privet embed`` wrote."""
    return Module(_engine, wasm if wasm is not None else files(__package__).joinpath("host.wasm").read_bytes())


class Instance:
    """An instance. Its methods must not be called by two threads at once."""

    def __init__(self, module: Module) -> None:
        self._store = Store(_engine)
        exports = WasmInstance(self._store, module, []).exports(self._store)
        self._exports: dict[str, Callable[..., Any]] = {}
        for name, export in exports.items():
            if isinstance(export, Memory):
                self._memory = export
            elif callable(export):
                self._exports[name] = export

    @property
    def memory_size(self) -> int:
        """The bytes of the memory."""
        return self._memory.data_len(self._store)

    def number(self, name: str, *arguments: float) -> Any:
        """Call an export with numbers, and raise its error."""
        result = self._exports[name](self._store, *arguments)
        if isinstance(result, int) and result < 0:
            error = json.loads(self._answer(-result))
            raise PrivetError(error["code"], error["message"], error["id"])
        return result

    def call(self, name: str, *arguments: int, text: bytes) -> int:
        """Call an export with numbers and bytes, of which it gets the length."""
        if text:
            room = self._exports["room"](self._store, len(text))
            if room == 0:
                raise PrivetError("invalid-call", "no room for the bytes of the call")
            self._memory.write(self._store, text, room & 0xFFFF_FFFF)
        result: int = self.number(name, *arguments, len(text))
        return result

    def bytes(self, name: str, *arguments: int, text: bytes | None = None) -> bytes:
        """Call an export that answers bytes."""
        length = self.number(name, *arguments) if text is None else self.call(name, *arguments, text=text)
        return self._answer(length)

    def json(self, name: str, *arguments: int, text: bytes | None = None) -> Any:
        """Call an export that answers JSON."""
        return json.loads(self.bytes(name, *arguments, text=text))

    def _answer(self, length: int) -> bytes:
        start = self._exports["answer"](self._store) & 0xFFFF_FFFF
        return bytes(self._memory.read(self._store, start, start + length))
