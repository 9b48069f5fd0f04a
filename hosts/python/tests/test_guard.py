"""The guard: the requests of hosts/test/guard.json with the answers of privet/edge, and the examples."""

from __future__ import annotations

import base64
import gc
import importlib.util
import json
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from privet import Policy, PrivetError
from privet.guard import Guard, Problem

ROOT = Path(__file__).parents[1]
FILE = json.loads((ROOT.parent / "test" / "guard.json").read_text(encoding="utf-8"))
PACK = base64.b64decode(FILE["pack"])
OPTIONS: dict[str, Any] = {
    "key": FILE["pem"], "issuer": FILE["issuer"], "audience": FILE["audience"], "algorithms": [FILE["algorithm"]]}
POLICY = Policy.open(PACK)
GOOD = FILE["cases"][0]["authorization"]


def quiet(error: BaseException, during: str) -> None:
    """Takes what is not the client's fault."""


@pytest.mark.parametrize("case", FILE["cases"], ids=lambda case: case["why"])
def test_requests(case: dict[str, Any]) -> None:
    guard = Guard([POLICY], **OPTIONS, facts=lambda claims, policy: case["facts"], on_problem=quiet,
                  revoked=lambda claims: claims.get("sub") == "mallory")
    answer: dict[str, Any] = {"status": 200}
    try:
        session = guard.require(case["authorization"], case["operation"], discharges=case["discharges"])
        assert session.can(case["operation"])
    except Problem as problem:
        details = json.loads(problem.body)
        answer = {"status": problem.status, "code": problem.code, "title": details["title"], "detail": details["detail"],
                  "challenge": problem.headers.get("www-authenticate")}
    assert answer == case["is"]


def test_hooks_that_fail_refuse() -> None:
    def fail(*_: Any) -> Any:
        raise RuntimeError("down")

    told: list[str] = []
    tell = lambda error, during: told.append(during)  # noqa: E731
    for hooks, code in [({"facts": fail}, "facts-unavailable"), ({"revoked": fail}, "revocation-unavailable"),
                        ({"key": fail}, "keys-unavailable")]:
        guard = Guard([POLICY], **{**OPTIONS, "on_problem": tell, **hooks})
        with pytest.raises(Problem) as refused:
            guard.require(GOOD, "orders.list")
        assert (refused.value.code, refused.value.status) == (code, 503)
    assert len(told) == 3
    with pytest.raises(Problem) as refused:
        Guard([POLICY], **OPTIONS, revoked=lambda claims: None).require(GOOD, "orders.list")  # type: ignore[arg-type,return-value]
    assert refused.value.code == "revoked-token"


def pem(key: Any, is_private: bool = False) -> bytes:
    from cryptography.hazmat.primitives import serialization as to

    if is_private:
        return key.private_bytes(to.Encoding.PEM, to.PrivateFormat.PKCS8, to.NoEncryption())  # type: ignore[no-any-return]
    return key.public_key().public_bytes(to.Encoding.PEM, to.PublicFormat.SubjectPublicKeyInfo)  # type: ignore[no-any-return]


def test_options_that_are_unsafe_are_refused() -> None:
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

    es256, es384 = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP384R1())
    ed, rs = ed25519.Ed25519PrivateKey.generate(), rsa.generate_private_key(65537, 2048)
    wrong: list[dict[str, Any]] = [
        {"algorithms": []}, {"algorithms": ["none"]}, {"algorithms": "ES256"}, {"algorithms": ["XX1"]}, {"algorithms": ["ES256", "XX1"]},
        {"algorithms": ["HS256"]}, {"algorithms": ["HS256"], "key": b"short"}, {"algorithms": ["HS256", "ES256"]}, {"algorithms": ["ES256", "RS256"]},
        {"key": None}, {"key": "junk"}, {"key": b""}, {"key": 5}, {"key": PACK}, {"key": es256}, {"key": pem(es256, True)}, {"key": pem(es384)},
        {"key": pem(ed)}, {"key": pem(rs)}, {"key": b"k" * 32}, {"algorithms": ["EdDSA"], "key": ed}, {"algorithms": ["RS256"], "key": pem(rs, True)},
        {"algorithms": ["EdDSA"]}, {"algorithms": ["PS256"], "key": pem(rsa.generate_private_key(65537, 1024))}, {"issuer": ""}, {"audience": ""}, {"issuer": None}, {"audience": ["a"]}, {"claim": ""}, {"facts": {}},
        {"revoked": False}, {"clock": 5}, {"on_problem": "x"}]
    for options in wrong:
        with pytest.raises(PrivetError) as error:
            Guard([POLICY], **{**OPTIONS, **options})
        assert error.value.code == "invalid-options", options
    for policies in ([], [PACK], PACK, None, [POLICY, None]):
        with pytest.raises(PrivetError) as error:
            Guard(policies, **OPTIONS)  # type: ignore[arg-type]
        assert error.value.code == "invalid-options", policies
    for right in ({"algorithms": ["ES384"], "key": pem(es384)}, {"algorithms": ["EdDSA"], "key": ed.public_key()}, {"key": es256.public_key()},
                  {"algorithms": ["RS256", "PS256"], "key": pem(rs)}, {"algorithms": ["HS256"], "key": b"k" * 32}, {"key": lambda token: None}):
        assert Guard([POLICY], **{**OPTIONS, **right})


def test_an_operation_that_no_policy_has_is_an_error_of_the_code() -> None:
    with pytest.raises(PrivetError) as error:
        Guard([POLICY], **OPTIONS).require(GOOD, "orders.lits")
    assert error.value.code == "unknown-id" and not isinstance(error.value, Problem)
    assert "did you mean `orders.list`?" in str(error.value)
    guard: Any = Guard([POLICY], **OPTIONS)
    for operation in ("orders.lits", None, [], 5):
        with pytest.raises(PrivetError) as error:
            guard.check(operation)
        assert error.value.code == "unknown-id"
    guard.check("orders.list")


def test_threads_share_a_policy_and_a_session() -> None:
    policy = Policy.open(PACK)
    shared = policy.session({"roles": ["clerk"]})
    wrong: list[Any] = []

    def work(number: int) -> None:
        for turn in range(200):
            subject = {"roles": ["clerk"]} if (number + turn) % 2 else {}
            session = policy.session(subject)
            expected = ("orders.list",) if subject else ()
            if session.allowed() != expected or session.can("orders.list") != bool(subject):
                wrong.append(session.allowed())
            if shared.decide("orders.list").decision != "allowed" or shared.token() != policy.restore(shared.token()).token():
                wrong.append("shared")

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert wrong == []


def test_sessions_that_nobody_uses_are_freed() -> None:
    policy = Policy.open(PACK)
    sizes = []
    for _ in range(3):
        for _ in range(2000):
            policy.session({"roles": ["clerk"]})
        gc.collect()
        sizes.append(sum(opened.instance.memory_size for opened in policy._free))
    assert sizes[0] == sizes[2]


def test_populations() -> None:
    subjects = [{"roles": ["clerk"]}, {}, {"grants": {"stock": "edit"}}, {"grants": {"stcok": "edit"}}] * 5
    expected = [frozenset({"orders.list"}), frozenset(), frozenset({"stock.edit"}), None] * 5
    assert POLICY.population(subjects) == expected


def example(name: str, monkeypatch: pytest.MonkeyPatch, folder: Path) -> Any:
    """Run an example with the pack and the key of the requests."""
    (folder / "pack").write_bytes(PACK)
    (folder / "key").write_text(FILE["pem"])
    monkeypatch.setenv("PRIVET_PACK", str(folder / "pack"))
    monkeypatch.setenv("PRIVET_KEY", str(folder / "key"))
    source = (ROOT / "examples" / f"{name}.py").read_text().replace('["EdDSA"]', '["ES256"]')
    spec = importlib.util.spec_from_loader(name, loader=None)
    assert spec
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, name, module)
    exec(compile(source, name, "exec"), module.__dict__)
    return module


def test_fastapi(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    testclient = pytest.importorskip("fastapi.testclient")
    client = testclient.TestClient(example("fastapi_shop", monkeypatch, tmp_path).app)
    allowed = client.get("/orders", headers={"authorization": GOOD[0]})
    assert (allowed.status_code, allowed.json()) == (200, ["orders.list"])
    refused = client.get("/orders")
    assert (refused.status_code, refused.json()["code"]) == (401, "missing-token")
    assert refused.headers["content-type"] == "application/problem+json"


def test_django(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pytest.importorskip("django")
    example("django_shop", monkeypatch, tmp_path)
    from django.test import Client

    client = Client()
    allowed = client.get("/orders", headers={"authorization": GOOD[0]})
    assert (allowed.status_code, allowed.json()) == (200, ["orders.list"])
    refused = client.get("/orders")
    assert (refused.status_code, refused.json()["code"]) == (401, "missing-token")
    assert refused["www-authenticate"] == 'Bearer realm="privet"'
