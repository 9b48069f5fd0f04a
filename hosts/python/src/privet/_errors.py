"""The errors of Privet."""

from __future__ import annotations


class PrivetError(Exception):
    """An error with a stable code. Nothing was decided.

    ``code`` is one of the codes of the npm package, such as ``unknown-id`` or ``stale-token``; ``id`` is the id that it is about, or
    empty.
    """

    def __init__(self, code: str, message: str, id: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.id = id
        self.message = message
