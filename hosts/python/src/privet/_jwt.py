"""The header and the claims of a JWT whose signature is valid, read by the rule of all guards (docs/host.md)."""

from __future__ import annotations

import json
import math
import re
from typing import Any

__all__ = ["COMPACT", "check_kinds", "parse"]

_PART = "(?:[A-Za-z0-9_-]{4})*(?:[A-Za-z0-9_-]{4}|[A-Za-z0-9_-][AQgw]|[A-Za-z0-9_-]{2}[AEIMQUYcgkosw048])"
COMPACT = re.compile(rf"{_PART}\.{_PART}\.{_PART}")
"""A compact JWS whose parts are canonical base64url."""

_MOST_DEPTH = 127
_MOST_SECONDS = 2**53 - 1
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')


def _object(members: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(members)
    if len(value) < len(members):
        raise ValueError("a name comes twice in an object")
    return value


def _number(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise ValueError("a number is too large")
    return value


def _integer(digits: str) -> int | float:
    _number(digits)
    return int(digits) if len(digits) < 20 else float(digits)


def _constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def parse(text: bytes) -> dict[str, Any]:
    """Parse a JSON object: in UTF-8, no name twice in an object, numbers of 64-bit floats, 127 levels at most. Raises ``ValueError``."""
    letters = text.decode("utf-8")
    depth = 0
    for letter in _STRING.sub("", letters):
        depth += (letter in "[{") - (letter in "]}")
        if depth > _MOST_DEPTH:
            raise ValueError("too many levels")
    value = json.loads(letters, object_pairs_hook=_object, parse_float=_number, parse_int=_integer, parse_constant=_constant)
    if not isinstance(value, dict):
        raise ValueError("not an object")
    return value


def check_kinds(claims: dict[str, Any]) -> None:
    """Check that the registered claims which are there have the kinds of RFC 7519. Raises ``ValueError``."""
    for name in ("iss", "sub", "jti"):
        if name in claims and not isinstance(claims[name], str):
            raise ValueError(f"`{name}` is no text")
    if "aud" in claims:
        audience = claims["aud"]
        if not isinstance(audience, str) and not (isinstance(audience, list) and all(isinstance(one, str) for one in audience)):
            raise ValueError("`aud` is no text and no list of texts")
    for name in ("exp", "nbf", "iat"):
        time = claims.get(name, 0)
        if isinstance(time, bool) or not isinstance(time, (int, float)) or abs(time) > _MOST_SECONDS:
            raise ValueError(f"`{name}` is no number of seconds")
