"""The guest in Viceroy, the local server of Fastly Compute, as it is deployed: the configuration is in the module."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, Iterator

import pytest
from issuer import CLERK, GUARD, KEEPER, Issuer, Upstream, code, configuration, eventually

MODULE, VICEROY = os.environ["PRIVET_FASTLY_WASM"], os.environ.get("PRIVET_VICEROY")
WIZER = Path(__file__).parents[1] / "node_modules" / ".bin" / "wizer"
needs_viceroy = pytest.mark.skipif(not VICEROY, reason="Viceroy is not installed")


def configured(path: Path, guard: dict[str, Any], **more: Any) -> subprocess.CompletedProcess[bytes]:
    """Writes the module with a configuration."""
    config = json.dumps({"backend": "origin", "guard": guard, **more}).encode()
    return subprocess.run([WIZER, "--allow-wasi", MODULE, "-o", str(path)], input=config, capture_output=True, timeout=120)


class Guest:
    """A running guest, whose backends are one server."""

    def __init__(self, folder: Path, module: Path, upstream: Upstream) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        assert VICEROY is not None
        manifest, self.log = folder / "fastly.toml", folder / "log"
        url = f'url = "http://127.0.0.1:{upstream.port}"'
        manifest.write_text(f'manifest_version = 3\nname = "shop"\nlanguage = "rust"\n[local_server.backends.origin]\n{url}\n[local_server.backends.issuer]\n{url}\n')
        with self.log.open("wb") as log:
            arguments = [VICEROY, "serve", "-C", str(manifest), "--addr", f"127.0.0.1:{self.port}", str(module)]
            self.process = subprocess.Popen(arguments, stdout=log, stderr=log)
        deadline = time.monotonic() + 300  # a debug build of Viceroy compiles the module for a minute
        while True:
            assert self.process.poll() is None and time.monotonic() < deadline, self.log.read_text()
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.2)

    def ask(self, path: str, authorization: list[str] = [], method: str = "GET", headers: list[tuple[str, str]] = []) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body of a request."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.putrequest(method, path, skip_accept_encoding=True)
        for key, value in [("authorization", it) for it in authorization] + list(headers):
            connection.putheader(key, value)
        connection.endheaders()
        response = connection.getresponse()
        answer = response.status, {key.lower(): value for key, value in response.getheaders()}, response.read()
        connection.close()
        return answer

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(30)


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Any]:
    guests: list[Guest] = []

    def start(guard: dict[str, Any], upstream: Upstream, **more: Any) -> Guest:
        module = tmp_path / "shop.wasm"
        written = configured(module, guard, **more)
        assert written.returncode == 0, written.stderr
        guests.append(Guest(tmp_path, module, upstream))
        return guests[-1]

    yield start
    for guest in guests:
        guest.close()


@needs_viceroy
def test_requests_of_all_guards(serve: Any) -> None:
    cases = [case for case in GUARD["cases"] if case["why"] != "revoked" and not case["facts"]]
    routes = [{"path": f"/{number}", "operation": case["operation"], "discharges": case["discharges"]} for number, case in enumerate(cases)]
    routes += [{"path": "/stock/**", "operation": "stock.edit", "discharges": ["reviewed"]}, {"path": "/health", "public": True}]
    guest = serve(configuration([GUARD["pack"]], routes, {"keys": [GUARD["jwk"]]}), Upstream())
    for number, case in enumerate(cases):
        status, headers, body = guest.ask(f"/{number}", case["authorization"])
        expected = case["is"]
        assert status == expected["status"], (case["why"], body, guest.log.read_text())
        if status != 200:
            problem = json.loads(body)
            assert {key: problem[key] for key in ("code", "title", "detail")} == {key: expected[key] for key in ("code", "title", "detail")}, case["why"]
            assert headers.get("www-authenticate") == expected["challenge"], case["why"]
            assert (headers["content-type"], headers["cache-control"]) == ("application/problem+json", "no-store")

    def got(path: str, authorization: list[str]) -> dict[str, str]:
        forged = [("x-privet-decision", "forged"), ("X-Privet-Roles", "owner"), ("x-other", "1")]
        status, _, body = guest.ask(path, authorization, "GET", forged)
        assert status == 200, body
        return {key: value for key, value in json.loads(body) if key.startswith("x-privet") or key in ("x-other", ":path")}

    [good] = (case["authorization"] for case in cases if case["why"] == "allowed")
    [keeper] = (case["authorization"] for case in cases if case["why"] == "an obligation that is fulfilled")
    allowed = {":path": "/0?page=2", "x-other": "1", "x-privet-decision": "allowed", "x-privet-operation": "orders.list", "x-privet-obligations": ""}
    assert got("/0?page=2", good) == allowed
    assert got("/stock/a/b", keeper)["x-privet-obligations"] == "reviewed"
    assert got("/health", []) == {":path": "/health", "x-other": "1"}
    assert got("/stock/%2e%2e/health", []) == {":path": "/health", "x-other": "1"}, "the service gets the path that was decided"
    for path in ("/", "/nowhere", "/stock//x", "/stock/..%2fhealth", "/stock/%2e%2e/nowhere"):
        assert guest.ask(path, keeper)[0] == 403, path


@needs_viceroy
def test_keys_of_the_issuer(serve: Any) -> None:
    old, new, upstream = Issuer("2026-1"), Issuer("2026-2"), Upstream()
    source = {"backend": "issuer", "authority": "id.shop.example", "path": "/jwks.json", "refresh": 3600}
    routes = [{"path": "/orders", "operation": "orders.list"}, {"path": "/stock", "operation": "stock.edit", "discharges": ["reviewed"]}]
    guest = serve(configuration([GUARD["pack"]], routes, source), upstream, requests=3)

    def ask(issuer: Issuer, token: str = CLERK, path: str = "/orders") -> str:
        status, _, body = guest.ask(path, [issuer.bearer(token)])
        return "allowed" if status == 200 else code(body)

    assert ask(old) == "keys-unavailable", "the issuer does not answer"
    upstream.keys = [old.jwk()]
    assert (ask(old), ask(old, KEEPER, "/stock"), ask(old, KEEPER)) == ("allowed", "allowed", "denied")
    assert ask(Issuer("2026-1")) == "invalid-token", "another key with the same name"
    upstream.keys = [old.jwk(), new.jwk()]  # a key that is not known makes the guest look again
    assert ask(new) == "allowed"
    upstream.keys = None
    assert (ask(old), ask(new)) == ("allowed", "allowed"), "the keys are kept"
    eventually(lambda: ask(Issuer("2026-3")) == "keys-unavailable")


def test_the_configuration_is_in_the_module(tmp_path: Path) -> None:
    module = tmp_path / "shop.wasm"
    written = configured(module, configuration([GUARD["pack"]], [], {"keys": [GUARD["jwk"]]}))
    assert written.returncode == 0, written.stderr
    assert b"https://id.shop.example" in module.read_bytes()


@pytest.mark.parametrize(("change", "why"), [
    ({"policies": ["AAAA"]}, "policy 0: "),
    ({"algorithms": ["HS256"]}, "algorithms of public keys"),
    ({"routes": [{"path": "/x", "operation": "orders.lst"}]}, "did you mean `orders.list`"),
    ({"audiance": "x"}, "unknown field `audiance`"),
])
def test_wrong_configurations_are_refused(tmp_path: Path, change: dict[str, Any], why: str) -> None:
    module = tmp_path / "shop.wasm"
    written = configured(module, configuration([GUARD["pack"]], [], {"keys": [GUARD["jwk"]]}) | change)
    assert written.returncode != 0 and not (module.exists() and module.read_bytes())
    assert why in written.stderr.decode() and "the configuration is refused" in written.stderr.decode()


@needs_viceroy
def test_without_a_configuration_nothing_is_served(tmp_path: Path) -> None:
    guest = Guest(tmp_path, Path(MODULE), Upstream())
    try:
        assert guest.ask("/orders")[0] == 503
    finally:
        guest.close()
