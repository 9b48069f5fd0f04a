"""Guards requests as ``privet/edge`` does: verifies the JWT of a request and decides by the token in it. Needs ``privet[guard]``.

>>> guard = Guard([policy], key=public_key, issuer="https://id.shop.example", audience="https://api.shop.example", algorithms=["EdDSA"])
>>> session = guard.require(request.headers.get("authorization"), "orders.list")  # or raises Problem
"""

from __future__ import annotations

import json
import logging
import time
from typing import Any, Callable, Collection, Mapping, Sequence, Union

import jwt
from jwt.utils import base64url_decode

from . import _jwt
from ._errors import PrivetError
from ._policy import Policy, Session

__all__ = ["Guard", "Problem"]

_jws = jwt.PyJWS()
_log = logging.getLogger("privet")
_MOST_LETTERS = 8192
_LAYOUT = 12
_TITLES = {401: "Unauthorized", 403: "Forbidden", 500: "Internal Server Error", 503: "Service Unavailable"}
_PROBLEMS: dict[str, tuple[int, str]] = {
    "missing-token": (401, "no token was sent; send one where this service expects it, by default as bearer token"),
    "oversized-token": (401, "the token or its header is longer than 8,192 characters; send a smaller token"),
    "invalid-token": (401, "the token is malformed or not valid here; sign in again"),
    "expired-token": (401, "the token is expired; get a new one"),
    "wrong-issuer": (401, "the token is from another issuer; sign in here"),
    "wrong-audience": (401, "the token is for another audience; get one for this service"),
    "revoked-token": (401, "the token was revoked; sign in again"),
    "stale-token": (401, "the token belongs to a version of the policy that is no longer in force; get a new one"),
    "denied": (403, "this is not allowed"),
    "undecided": (403, "whether this is allowed depends on an unknown fact"),
    "obligation-owed": (403, "this has an obligation that was not fulfilled"),
    "conflicting-choice": (403, "the roles of the subject conflict"),
    "invalid-facts": (500, "the facts of the subject do not match the policy"),
    "keys-unavailable": (503, "the issuer's keys are unavailable"),
    "facts-unavailable": (503, "the facts of the subject are unavailable"),
    "revocation-unavailable": (503, "the revocation status of the token is unavailable"),
}

_CURVES = {"ES256": "secp256r1", "ES256K": "secp256k1", "ES384": "secp384r1", "ES512": "secp521r1", "ES521": "secp521r1"}

Key = Union[Any, Callable[[str], Any]]


class Problem(PrivetError):
    """A refused request: ``status``, ``headers`` and ``body`` are the response, problem details of RFC 9457.

    ``message`` is for logs. The response tells nothing of the policy, and neither contains the token.
    """

    def __init__(self, code: str, message: str | None = None, operation: str = "") -> None:
        self.status, self.detail = _PROBLEMS[code]
        super().__init__(code, message or self.detail, operation)

    @property
    def headers(self) -> dict[str, str]:
        """The headers of the response."""
        headers = {"content-type": "application/problem+json", "cache-control": "no-store"}
        if self.status == 401:
            error = "" if self.code == "missing-token" else ', error="invalid_token"'
            headers["www-authenticate"] = f'Bearer realm="privet"{error}'
        return headers

    @property
    def details(self) -> dict[str, Any]:
        """The members of the response."""
        return {"type": "about:blank", "title": _TITLES[self.status], "status": self.status, "code": self.code,
                "detail": self.detail}

    @property
    def body(self) -> bytes:
        """The body of the response."""
        return json.dumps(self.details).encode()


class Guard:
    """Verifies JWTs and decides by the token in them. Nothing is allowed by default. Threads may share it.

    ``policies``: the newest first; the first one with the layout of a token decides alone.
    ``key``: the issuer's public key as PyJWT takes it, or a function from the JWT to the key, such as
    ``lambda token: PyJWKClient(url).get_signing_key_from_jwt(token).key`` with one client for all requests.
    ``facts``: the current facts of the claims' subject; what it does not give is unknown.
    ``revoked``: whether the claims are revoked; only ``False`` lets them pass.
    """

    def __init__(
        self,
        policies: Sequence[Policy],
        *,
        key: Key,
        issuer: str,
        audience: str,
        algorithms: Sequence[str],
        claim: str = "privet",
        facts: Callable[[Mapping[str, Any], Policy], Mapping[str, Any]] | None = None,
        revoked: Callable[[Mapping[str, Any]], bool] | None = None,
        on_problem: Callable[[BaseException, str], None] | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        if isinstance(policies, (str, bytes)) or not policies or not all(isinstance(one, Policy) for one in policies):
            raise _invalid("policies", "must be a list of policies, which `Policy.open` opens")
        for option, text in (("issuer", issuer), ("audience", audience), ("claim", claim)):
            if not isinstance(text, str) or not text:
                raise _invalid(option, "must be a text that is not empty")
        for option, hook in (("facts", facts), ("revoked", revoked), ("on_problem", on_problem), ("clock", clock)):
            if hook is not None and not callable(hook):
                raise _invalid(option, "must be a function")
        _check_key(key, algorithms)
        self._policies, self._key, self._claim = tuple(policies), key, claim
        self._issuer, self._audience, self._algorithms = issuer, audience, list(algorithms)
        self._facts, self._revoked, self._clock = facts, revoked, clock
        self._tell = on_problem or (lambda error, during: _log.error("privet: %s: %s", during, error))

    def session(self, authorization: str | Collection[str] | None) -> Session:
        """The session of a request, from its Authorization header or headers. Raises ``Problem``."""
        token = _bearer(authorization)
        claims = self._verified(token)
        privet = claims.get(self._claim)
        if not isinstance(privet, str):
            raise Problem("invalid-token", f"the claim `{self._claim}` is missing")
        if self._revoked and self._ask("revocation-unavailable", lambda: self._revoked(claims)) is not False:  # type: ignore[misc]
            raise Problem("revoked-token")
        policy = next((policy for policy in self._policies if privet[:_LAYOUT] == policy.layout), self._policies[0])
        facts = self._ask("facts-unavailable", lambda: self._facts(claims, policy)) if self._facts else {}  # type: ignore[misc]
        try:
            return policy.restore(privet, facts)
        except (PrivetError, TypeError, ValueError) as error:
            code = getattr(error, "code", "")
            if code in ("invalid-token", "stale-token", "conflicting-choice"):
                raise Problem(code, str(error)) from error
            self._tell(error, "facts")
            raise Problem("invalid-facts", str(error)) from error

    def require(
        self, authorization: str | Collection[str] | None, operation: str, *, discharges: Collection[str] = ()
    ) -> Session:
        """The session of a request to which an operation is allowed. Raises ``Problem``.

        ``discharges``: the obligations that the handler fulfils; others that are owed refuse the request.
        """
        self.check(operation)
        session = self.session(authorization)
        if operation not in session.policy.operations:
            raise Problem("stale-token", f"the token is older than `{operation}`", operation)
        decision = session.decide(operation)
        if not decision.allowed:
            raise Problem(decision.decision, f"`{operation}` is {decision.decision}", operation)
        owed = [id for id in decision.obligations if id not in discharges]
        if owed:
            raise Problem("obligation-owed", f"`{operation}` owes {', '.join(owed)}", operation)
        return session

    def check(self, operation: str) -> None:
        """Check that a policy has an operation, for routes when they are made. Raises ``PrivetError`` with the code ``unknown-id``."""
        if not isinstance(operation, str) or not any(operation in policy.operations for policy in self._policies):
            self._policies[0].session({}).decide(operation)  # raises with what was probably meant

    def _verified(self, token: str) -> dict[str, Any]:
        try:
            key = self._key(token) if callable(self._key) else self._key
        except (jwt.PyJWKClientConnectionError, OSError) as error:
            self._tell(error, "keys")
            raise Problem("keys-unavailable", str(error)) from error
        except jwt.PyJWTError as error:
            raise Problem("invalid-token", str(error)) from error
        except Exception as error:
            self._tell(error, "keys")
            raise Problem("keys-unavailable", str(error)) from error
        try:
            if not _jwt.COMPACT.fullmatch(token):
                raise ValueError("not a compact JWS")
            # Of PyJWT only the signature: the header and the claims are read by the rule of all guards
            payload: bytes = _jws.decode(token, key, algorithms=self._algorithms)
            if "crit" in _jwt.parse(base64url_decode(token.partition(".")[0])):
                raise ValueError("`crit` is not understood")
            claims = _jwt.parse(payload)
            _jwt.check_kinds(claims)
            missing = [name for name in ("iss", "aud", "exp") if name not in claims]
            if missing:
                raise ValueError(f"the claim `{missing[0]}` is missing")
        except Exception as error:  # also what a malformed token makes a decoder raise
            raise Problem("invalid-token", str(error)) from error
        if claims["iss"] != self._issuer:
            raise Problem("wrong-issuer")
        audience = claims["aud"]
        if self._audience not in ([audience] if isinstance(audience, str) else audience):
            raise Problem("wrong-audience")
        now = self._clock()
        if not now < claims["exp"]:
            raise Problem("expired-token")
        if not claims.get("nbf", now) <= now:
            raise Problem("invalid-token", "the token is not valid yet")
        return claims

    def _ask(self, code: str, hook: Callable[[], Any]) -> Any:
        try:
            return hook()
        except Exception as error:
            self._tell(error, code)
            raise Problem(code, str(error)) from error


def _check_key(key: Key, algorithms: Sequence[str]) -> None:
    """Refuse algorithms that are none, and a key that is none, private, too short, or of another kind than an algorithm."""
    known = jwt.algorithms.get_default_algorithms()
    if isinstance(algorithms, str) or not algorithms:
        raise _invalid("algorithms", "must list those of the issuer, such as `ES256`")
    for name in algorithms:
        if name == "none" or name not in known:
            raise _invalid("algorithms", f"has `{name}`, which is none of {', '.join(sorted(set(known) - {'none'}))}")
    secrets = [name for name in algorithms if name.startswith("HS")]
    if secrets and len(secrets) < len(algorithms):
        raise _invalid("algorithms", "must be of one kind: secrets and public keys cannot be mixed")
    if callable(key):
        return
    value = key.key if isinstance(key, jwt.PyJWK) else key
    for name in algorithms:
        try:
            prepared = known[name].prepare_key(value)
        except Exception as error:
            raise _invalid("key", f"is no key for {name}: {error or 'not a key'}") from error
        if name in secrets:
            if len(prepared) < 32:
                raise _invalid("key", "is a secret of fewer than 32 bytes; use a longer one")
        elif not hasattr(prepared, "verify"):
            raise _invalid("key", "is a private key; give the public key of the issuer")
        elif name[:2] in ("RS", "PS") and prepared.key_size < 2048:
            raise _invalid("key", "is an RSA key of fewer than 2,048 bits")
        elif name in _CURVES and prepared.curve.name != _CURVES[name]:
            raise _invalid("key", f"has another curve than {name}")


def _invalid(option: str, fault: str) -> PrivetError:
    return PrivetError("invalid-options", f"option `{option}` {fault}", option)


def _bearer(authorization: str | Collection[str] | None) -> str:
    headers = [authorization] if isinstance(authorization, str) else list(authorization or ())
    if not headers:
        raise Problem("missing-token")
    if len(headers) > 1:
        raise Problem("invalid-token", "several Authorization headers were sent")
    if len(headers[0]) > _MOST_LETTERS:
        raise Problem("oversized-token")
    scheme, _, token = headers[0].partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Problem("missing-token")
    return token.strip()
