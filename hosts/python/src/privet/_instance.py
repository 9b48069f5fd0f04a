"""Instances of the module: the calls of docs/host.md. An instance serves one thread at a time."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any, Callable

from wasmtime import Config, Engine, FuncType, Instance as WasmInstance, Memory, Module, Store, Trap, WasmtimeError

from ._errors import PrivetError

_engine = Engine(Config())


def library() -> Module:
    """Compile the module of the package."""
    return Module(_engine, files(__package__).joinpath("host.wasm").read_bytes())


def embedded(wasm: bytes, like: Module) -> Module:
    """Compile a module that ``privet embed`` wrote: it has the exports of the module of the package."""
    if not isinstance(wasm, (bytes, bytearray, memoryview)) or bytes(wasm[:4]) != b"\0asm":
        raise PrivetError("invalid-pack", "not a WebAssembly module; give the bytes of one that `privet embed` wrote")
    try:
        module = Module(_engine, bytes(wasm))
    except WasmtimeError as error:
        raise PrivetError("invalid-pack", "a damaged WebAssembly module, or a component; give a module that `privet embed` wrote") from error
    if module.imports or not _functions(like).items() <= _functions(module).items():
        raise PrivetError("invalid-pack", "a WebAssembly module of something else; give one that `privet embed` wrote")
    return module


def _functions(module: Module) -> dict[str, str]:
    """The names and types of the exports, but for that of ``privet embed``, and of the memory only that it is there."""
    kinds = {export.name: export.type for export in module.exports if export.name != "embedded"}
    return {name: f"{list(map(str, it.params))} -> {list(map(str, it.results))}" if isinstance(it, FuncType) else type(it).__name__
            for name, it in kinds.items()}


class Instance:
    """An instance. Its methods must not be called by two threads at once."""

    def __init__(self, module: Module) -> None:
        self._store = Store(_engine)
        try:
            exports = WasmInstance(self._store, module, []).exports(self._store)
        except (Trap, WasmtimeError) as error:
            raise PrivetError("load-failed", "the WebAssembly module does not start") from error
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

    def _run(self, name: str, *arguments: float) -> Any:
        try:
            return self._exports[name](self._store, *arguments)
        except (Trap, WasmtimeError) as error:
            raise PrivetError("load-failed", f"the WebAssembly module stopped in `{name}`; its memory may be exhausted") from error

    def number(self, name: str, *arguments: float) -> Any:
        """Call an export with numbers, and raise its error."""
        result = self._run(name, *arguments)
        if isinstance(result, int) and result < 0:
            error = json.loads(self._answer(-result))
            raise PrivetError(error["code"], error["message"], error["id"])
        return result

    def call(self, name: str, *arguments: int, text: bytes) -> int:
        """Call an export with numbers and bytes, of which it gets the length."""
        if text:
            room = self._run("room", len(text))
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
        start = self._run("answer") & 0xFFFF_FFFF
        return bytes(self._memory.read(self._store, start, start + length))
