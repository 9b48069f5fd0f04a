"""The filter in Envoy: the conformance suite over HTTP, the requests of all guards, keys, routes, headers and counters."""

from __future__ import annotations

import json
import time
from contextlib import contextmanager
from typing import Any, Iterator

import pytest
from conformance import POLICIES
from issuer import CLERK, GUARD, KEEPER, REFUNDS, Issuer, Upstream, code, configuration, eventually
from proxy import Proxy

ROUTES = [
    {"method": "GET", "path": "/orders", "operation": "orders.list"},
    {"method": "POST", "path": "/orders/{id}/refund", "operation": "orders.refund"},
    {"path": "/stock/**", "operation": "stock.edit", "discharges": ["reviewed"]},
    {"path": "/health", "public": True},
]


@contextmanager
def running(filters: dict[str, Any], upstream: Upstream | None = None) -> Iterator[Proxy]:
    proxy = Proxy(filters, upstream)
    try:
        yield proxy
    finally:
        proxy.close()


def test_conformance() -> None:
    """Every decision of the suite that is about a token and its facts."""
    issuer = Issuer()
    files = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in POLICIES}
    asked = {}
    for name, file in files.items():
        steps = [step for case in file["cases"] for step in case.get("tokens", [])]
        counts = {len(step["is"]["operations"]) for step in steps if "operations" in step["is"]}
        if counts:
            asked[name] = (file["pack"], operations_of(file["pack"]), steps)
    filters = {
        name: configuration([pack], [{"path": f"/{number}", "operation": id} for number, id in enumerate(operations)], {"keys": [issuer.jwk()]}, facts_claim="facts")
        for name, (pack, operations, _) in asked.items()
    }
    expected = {"allowed": "allowed", "denied": "denied", "undecided": "undecided"}
    count = 0
    with running(filters) as proxy:
        for name, (_, operations, steps) in asked.items():
            for step in steps:
                authorization = [issuer.bearer(step["token"], facts=step.get("facts", {}))]
                if "error" in step["is"]:
                    status, _, body = proxy.ask(name, "/0", authorization)
                    known = {"invalid-token": 401, "stale-token": 401, "conflicting-choice": 403}
                    error = step["is"]["error"]["code"]
                    assert (status, code(body)) == ((known[error], error) if error in known else (500, "invalid-facts")), step
                    count += 1
                    continue
                for number, (decision, obligations) in enumerate(step["is"].get("operations", [])):
                    status, _, body = proxy.ask(name, f"/{number}", authorization)
                    actual = "allowed" if status == 200 else code(body)
                    is_owed = decision == "allowed" and obligations
                    assert actual == ("obligation-owed" if is_owed else expected[decision]), (name, step, operations[number])
                    count += 1
    assert count > 3_000, count


def operations_of(pack: str) -> list[str]:
    """The ids of the operations, from the names of a pack (docs/format.md)."""
    import base64

    content = base64.b64decode(pack)
    start = content.index(b'{"id":')
    names, _ = json.JSONDecoder().raw_decode(content[start:].decode("utf-8", "ignore"))
    return [row[0] for row in names["operations"]]


def test_requests_of_all_guards() -> None:
    cases = [case for case in GUARD["cases"] if case["why"] != "revoked"]  # the filter has no list of revoked tokens
    filters: dict[str, Any] = {}
    for number, case in enumerate(cases):
        name = "facts" + json.dumps(case["facts"])
        config = filters.setdefault(name, configuration([GUARD["pack"]], [], {"keys": [GUARD["jwk"]]}, facts=case["facts"]))
        config["routes"].append({"path": f"/{number}", "operation": case["operation"], "discharges": case["discharges"]})
    with running(filters) as proxy:
        for _ in range(2):  # the second time, what was verified is kept
            for number, case in enumerate(cases):
                status, headers, body = proxy.ask("facts" + json.dumps(case["facts"]), f"/{number}", case["authorization"])
                expected = case["is"]
                assert status == expected["status"], (case["why"], body)
                if status == 200:
                    continue
                problem = json.loads(body)
                assert {key: problem[key] for key in ("code", "title", "detail")} == {key: expected[key] for key in ("code", "title", "detail")}, case["why"]
                assert headers.get("www-authenticate") == expected["challenge"], case["why"]
                assert headers["content-type"] == "application/problem+json"
                assert headers["cache-control"] == "no-store"


def test_routes_headers_and_counters() -> None:
    issuer, upstream = Issuer(), Upstream()
    config = configuration([GUARD["pack"]], ROUTES, {"keys": [issuer.jwk()]}, facts={"open-day": True})
    clerk, keeper, refunds = ([issuer.bearer(token)] for token in (CLERK, KEEPER, REFUNDS))
    with running({"shop": config}, upstream) as proxy:
        def got(path: str, authorization: list[str], method: str = "GET") -> dict[str, str]:
            forged = [("x-privet-decision", "forged"), ("X-Privet-Roles", "owner"), ("x-other", "1")]
            status, _, body = proxy.ask("shop", path, authorization, method, forged)
            assert status == 200, body
            return {key: value for key, value in json.loads(body) if key.startswith("x-privet") or key == "x-other"}

        allowed = {"x-other": "1", "x-privet-decision": "allowed"}
        assert got("/orders?page=2", clerk) == {**allowed, "x-privet-operation": "orders.list", "x-privet-obligations": ""}
        assert got("/orders/17/refund", refunds, "POST") == {**allowed, "x-privet-operation": "orders.refund", "x-privet-obligations": ""}
        assert got("/stock/a/b", keeper) == {**allowed, "x-privet-operation": "stock.edit", "x-privet-obligations": "reviewed"}
        assert got("/health", []) == {"x-other": "1"}
        for path in ("/", "/order", "/orders/", "/orders/17", "/stock/../orders", "/stock/./x", "/stock//x", "/stock/%2e%2e/orders",
                     "/stock/a%2Fb", "/stock/a%5cb", "/health%00", "/HEALTH", "/health/x", "//health"):
            status, _, body = proxy.ask("shop", path, keeper)
            assert (status, code(body)) == (403, "denied"), path
        assert proxy.ask("shop", "/orders", clerk, "DELETE")[0] == 403
        assert code(proxy.ask("shop", "/orders/17/refund", clerk, "POST")[2]) == "denied"
        counters = dict(line.split(": ") for line in proxy.read("/stats?filter=privet_requests|privet.requests").splitlines())
        by_outcome = {name.replace("_", ".").rpartition("requests.")[2]: int(value) for name, value in counters.items()}
        assert (by_outcome["allowed"], by_outcome["public"], by_outcome["denied"]) == (3, 1, 16), counters


def test_expiry_of_kept_tokens() -> None:
    issuer = Issuer()
    config = configuration([GUARD["pack"]], ROUTES, {"keys": [issuer.jwk()]})
    with running({"shop": config}) as proxy:
        soon = [issuer.bearer(CLERK, exp=int(time.time()) + 3)]
        assert proxy.ask("shop", "/orders", soon)[0] == 200
        assert proxy.ask("shop", "/orders", soon)[0] == 200
        eventually(lambda: proxy.ask("shop", "/orders", soon)[0] == 401)
        assert code(proxy.ask("shop", "/orders", soon)[2]) == "expired-token"


def test_keys_of_the_issuer() -> None:
    old, new, upstream = Issuer("2026-1"), Issuer("2026-2"), Upstream()
    source = {"cluster": "upstream", "authority": "id.shop.example", "path": "/jwks.json", "refresh": 3600}
    with running({"shop": configuration([GUARD["pack"]], ROUTES, source)}, upstream) as proxy:
        def ask(issuer: Issuer) -> str:
            status, _, body = proxy.ask("shop", "/orders", [issuer.bearer(CLERK)])
            return "allowed" if status == 200 else code(body)

        assert ask(old) == "keys-unavailable", "the issuer does not answer yet"
        upstream.keys = [old.jwk()]
        eventually(lambda: ask(old) == "allowed")
        kept = [old.bearer(CLERK)]
        assert proxy.ask("shop", "/orders", kept)[0] == 200
        assert ask(new) == "invalid-token"
        upstream.keys = [new.jwk()]  # a key that is not known makes the filter look again
        eventually(lambda: ask(new) == "allowed")
        assert ask(old) == "invalid-token"
        assert proxy.ask("shop", "/orders", kept)[0] == 401, "new keys forget what was verified by old ones"
        assert ask(Issuer("2026-2")) == "invalid-token", "another key with the same name"


@pytest.mark.parametrize(("change", "why"), [
    ({"policies": []}, "policies, issuer and audience are required"),
    ({"policies": ["AAAA"]}, "policy 0: "),
    ({"algorithms": ["HS256"]}, "algorithms of public keys"),
    ({"issuer": ""}, "policies, issuer and audience are required"),
    ({"routes": [{"path": "/x", "operation": "orders.lst"}]}, "did you mean `orders.list`"),
    ({"routes": [{"path": "/x"}]}, "give `operation`, or `public: true` alone"),
    ({"routes": [{"path": "x", "public": True}]}, "must begin with `/`"),
    ({"routes": [{"path": "/**/x", "public": True}]}, "must be the last part"),
    ({"audiance": "x"}, "unknown field `audiance`"),
])
def test_wrong_configurations_are_refused(change: dict[str, Any], why: str) -> None:
    config = configuration([GUARD["pack"]], ROUTES, {"keys": [GUARD["jwk"]]}) | change
    with pytest.raises(RuntimeError, match=why.replace("`", "`")) as refused:
        Proxy({"shop": config}).close()
    assert "the configuration is refused" in str(refused.value)
