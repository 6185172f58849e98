#!/usr/bin/env python3
"""Walks OSCQuery's whole tree with Python's own http.client: each node alone is what the tree says
of it, each attribute alone is the node's, and the arrays are as long as TYPE.
    e2e_oscquery.py HOST:PORT
"""
import http.client
import json
import sys
import urllib.parse

HOST, PORT = sys.argv[1].rsplit(":", 1)
ATTRIBUTES = ["FULL_PATH", "CONTENTS", "TYPE", "ACCESS", "VALUE", "RANGE", "DESCRIPTION", "UNIT",
              "CLIPMODE", "OVERLOADS"]
JSON_OF = {"i": int, "f": (int, float), "s": str}

connection = http.client.HTTPConnection(HOST, int(PORT), timeout=30)
requests = 0


def get(path, query=""):
    global requests
    requests += 1
    connection.request("GET", urllib.parse.quote(path) + (f"?{query}" if query else ""))
    response = connection.getresponse()
    body = response.read()
    if response.status != 200:
        assert response.status == 204 and not body, f"{path}?{query}: {response.status} {body}"
        return None
    assert response.getheader("Content-Type") == "application/json", path
    return json.loads(body)


def check_types(path, form, access):
    types = form.get("TYPE")
    for attribute in ("VALUE", "RANGE", "UNIT", "CLIPMODE"):
        if attribute in form:
            assert len(form[attribute]) == len(types), f"{path}: {attribute} does not fit {types}"
    for kind, value in zip(types or "", form.get("VALUE", [])):
        assert isinstance(value, JSON_OF[kind]), f"{path}: {value!r} is no {kind}"
    for kind, value, allowed in zip(types or "", form.get("VALUE", []), form.get("RANGE", [])):
        if allowed and "VALS" in allowed:
            assert value in allowed["VALS"], f"{path}: {value} is none of {allowed}"
        elif allowed:
            assert allowed["MIN"] <= value <= allowed["MAX"], f"{path}: {value} out of {allowed}"
    assert ("VALUE" in form) <= bool(access & 1), f"{path}: a value that may not be read"


def walk(path, node):
    count = 1
    assert node["FULL_PATH"] == path, f"{path} calls itself {node['FULL_PATH']}"
    assert get(path) == node, f"{path} alone is not what the tree says"
    check_types(path, node, node["ACCESS"])
    for overload in node.get("OVERLOADS", []):
        check_types(path, overload, 2)
    for attribute in ATTRIBUTES:
        alone = get(path, attribute)
        if attribute in node:
            assert alone == {attribute: node[attribute]}, f"{path}?{attribute}: {alone}"
        else:
            assert not alone, f"{path}?{attribute}: {alone}"
    for name, child in node.get("CONTENTS", {}).items():
        count += walk(path.rstrip("/") + "/" + name, child)
    return count


info = get("/", "HOST_INFO")
assert info["OSC_TRANSPORT"] == "UDP" and info["WS_PORT"] == int(PORT), info
nodes = walk("/", get("/"))
assert nodes > 40, f"only {nodes} nodes"
print(f"http.client: {nodes} nodes, {requests} requests over one connection, all as they should be")
