"""What the tests of the guards of proxies need: the requests of all guards, an issuer's key, a service behind the proxy, and the configuration."""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Callable

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

ISSUER, AUDIENCE = "https://id.shop.example", "https://api.shop.example"
GUARD = json.loads(Path(__file__).with_name("guard.json").read_text(encoding="utf-8"))


def token_of(why: str) -> str:
    """The token in a request of guard.json."""
    [authorization] = next(case["authorization"] for case in GUARD["cases"] if case["why"] == why)
    return jwt.decode(authorization.split()[1], options={"verify_signature": False})["privet"]


CLERK, KEEPER, REFUNDS = (token_of(why) for why in ("allowed", "an obligation that is fulfilled", "a fact that the service knows"))


class Issuer:
    """A key of an issuer, and tokens by it."""

    def __init__(self, kid: str | None = None) -> None:
        self.key, self.kid = ec.generate_private_key(ec.SECP256R1()), kid

    def jwk(self) -> dict[str, Any]:
        key = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(self.key.public_key()))
        return {**key, "alg": "ES256", "use": "sig", **({"kid": self.kid} if self.kid else {})}

    def bearer(self, token: str, **claims: Any) -> str:
        body = {"iss": ISSUER, "aud": AUDIENCE, "exp": int(time.time()) + 600, "privet": token, **claims}
        headers = {"kid": self.kid} if self.kid else None
        return "Bearer " + jwt.encode(body, self.key, algorithm="ES256", headers=headers)


class Upstream:
    """Answers the path and the headers of a request as JSON; at `/jwks.json`, the keys."""

    def __init__(self) -> None:
        self.keys: list[dict[str, Any]] | None = None
        upstream = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                is_keys = self.path == "/jwks.json"
                status = 503 if is_keys and upstream.keys is None else 200
                body = json.dumps({"keys": upstream.keys} if is_keys else [[":path", self.path], *([k.lower(), v] for k, v in self.headers.items())]).encode()
                self.send_response(status)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_POST = do_GET

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.port = self.server.server_port


def configuration(policies: list[str], routes: list[dict[str, Any]], jwks: Any, **more: Any) -> dict[str, Any]:
    return {"policies": policies, "issuer": ISSUER, "audience": AUDIENCE, "algorithms": ["ES256"], "jwks": jwks, "routes": routes, **more}


def eventually(check: Callable[[], bool]) -> None:
    """Waits until something holds, at most half a minute."""
    deadline = time.monotonic() + 30
    while not check():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def code(body: bytes) -> str:
    return json.loads(body)["code"]
