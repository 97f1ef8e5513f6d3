"""Real inputs to begin with: what this project, ThoughtSpot and other tools write."""

from __future__ import annotations

import json
from functools import cache

from tests.mapping.foreign import test_formats as formats
from tsdeploy.bundled import bundled

_GUID = "04829e91-0776-4a3a-bf88-a0ce9e745fb4"
_OTHER = "9a5c5542-7e89-4749-ab04-f13c30a823fc"


def _json(value: object) -> bytes:
    return json.dumps(value, indent=1).encode()


@cache
def tml() -> tuple[bytes, ...]:
    """The samples, the shortest first."""
    return tuple(sorted((path.read_bytes() for path in bundled("samples").rglob("*.tml")), key=len))


def environments() -> tuple[bytes, ...]:
    """Environment files: the example's, and one with everything."""
    return (
        (bundled("environments") / "prod" / "environment.yaml").read_bytes(),
        b"""\
version: 1
url: https://prod.example.thoughtspot.cloud
org: 7
source: dev
auth: {type: trusted, username: svc, secret_key: "${env:TS_KEY}"}
tls: {verify: true, ca_bundle: ca.pem}
timeout: {connect: 10, read: 300.5}
export: {tags: [release], kinds: [model], names: ["a*"], modified_since: 7d, layout: "{kind}/{name}.{id}.tml"}
backup: {branch: b, repository: ../../x.git, full_every_days: 7, keep: {daily: 1}}
new_guids: keep
guards:
  branch: main
  max_update_percent: 30
  windows: [{days: [mon], from: "22:00", to: "02:00", timezone: Europe/Vienna}]
  protect: ["model:Finance*"]
deploy:
  policy: partial
  batch_size: 10
  async_from: 3
  record: {commit: true, push: true, branch: tsdeploy/state, remote: origin}
  hooks: {before: [make, x], timeout: 3}
state:
- objects: ["liveboard:*"]
  tags: [a]
  share: [{group: g, access: READ_ONLY}]
  owner: me
""",
    )


def projects() -> tuple[bytes, ...]:
    """``tsdeploy.yaml``."""
    return (b"version: 1\ntml: content/tml\n",)


def suppressions() -> tuple[bytes, ...]:
    """``.tsdeploy-check.yaml``."""
    return (b"version: 1\nsuppress:\n- {rule: TD150, in: 'liveboard:Sales*', reason: decided}\n",)


def mappings() -> tuple[bytes, ...]:
    """Mapping files: the example's, and one with every section."""
    return (
        (bundled("environments") / "prod" / "mapping.yaml").read_bytes(),
        f"""\
version: 1
source: dev
identity: auto
include: [other.yaml]
connections: {{Dev: Prod, "dev *": "prod *"}}
tables:
- {{from: {{connection: Dev, db: DEV}}, to: {{db: "${{env:STAGE}}"}}}}
- {{from: DEV.SALES.ORDERS_V2, to: PROD.SALES.ORDERS, in: "table:*"}}
columns: [{{from: ORDERS.A, to: B, carry: true}}]
objects: {{{_GUID}: {_OTHER}, "model:Sales": obj_id:x}}
groups: [{{in: "model:*", from: a, to: b}}]
users: {{a: b}}
hosts: {{dev.example.com: prod.example.com}}
properties:
- {{in: "connection:*", path: "properties[key=warehouse].value", to: WH}}
- {{path: "tables[3].x", secret: "${{env:PW}}"}}
text: [{{in: "liveboard:S*", path: "visualizations[].note_tile", find: a, to: b}}]
""".encode(),
    )


def objects() -> tuple[bytes, ...]:
    """``objects.json``."""
    lines = [
        {"kind": "model", "name": "Sales", "guid": _GUID, "source": _OTHER, "hash": "a" * 64, "commit": "b" * 40},
        {"kind": "liveboard", "name": "B", "guid": _OTHER, "inner": {_GUID: _OTHER}, "tags": ["x"], "author": "me"},
        {"kind": "table", "name": "T", "obj_id": "T-1", "table": "DB.S.T", "live": "c" * 64},
    ]
    body = ",\n".join(json.dumps(line) for line in lines)
    return (f'{{\n"version": 1,\n"objects": [\n{body}\n]\n}}\n'.encode(),)


def plans() -> tuple[bytes, ...]:
    """A saved plan."""
    change = {"object": "model:Sales", "source": _GUID, "action": "update", "hash": "a" * 64, "live": "b" * 64}
    options = {"select": ["model:*"], "since": "", "overwrite": [], "warehouse": False}
    head = {"environment": "prod", "url": "https://x", "org": "", "commit": "c" * 40, "mapping": "d" * 64}
    return (_json({"version": 1, **head, "tool": "0.1.0", "options": options, "changes": [change]}),)


def releases() -> tuple[bytes, ...]:
    """The file of a release."""
    times = {"started": "2026-01-31T18:00:00Z", "finished": "2026-01-31T18:01:00Z"}
    item = {"object": "model:Sales", "source": _GUID, "action": "update", "status": "done", "guid": _OTHER}
    head = {"version": 1, "id": "20260131T180000Z-abc", "kind": "deploy", "commit": "c" * 40, "tool": "0.1.0"}
    return (_json({**head, **times, "status": "done", "by": "a <b>", "overrides": ["branch"], "objects": [item]}),)


def journals() -> tuple[bytes, ...]:
    """A journal without its sums, and the entries of the texts from before, which are signed anew."""
    record = {"kind": "model", "name": "Sales", "guid": _GUID, "tags": ["a"], "inner": {}}
    before = {"key": _GUID, "label": "model:Sales", "path": "tml/a.tml", "guid": _GUID, "text": "x", "record": record}
    line = {"at": "2026-01-31T18:00:00+00:00", "event": "begin", "commit": "c", "sum": "0" * 16}
    return (json.dumps(line).encode() + b"\n", json.dumps([before, {**before, "record": None}]).encode())


def locks() -> tuple[bytes, ...]:
    """What a shared lock says."""
    holder = {"user": "me", "host": "h", "pid": 42, "since": "2026-01-31T18:00:00+00:00", "what": "deploy"}
    return (json.dumps({**holder, "token": "ab"}).encode(),)


def manifests() -> tuple[bytes, ...]:
    """The manifest of a backup."""
    one = {"key": _GUID, "kind": "model", "name": "S", "path": "tml/model/S.tml", "sha256": "a" * 64, "guid": _GUID}
    head = {"environment": "prod", "url": "https://x", "org": "", "server_time": 1.5, "full_at": 1.0}
    return (_json({"version": 1, **head, "objects": [{**one, "modified": 5, "tags": ["a"], "depends": [_OTHER]}]}),)


def foreign() -> tuple[bytes, ...]:
    """Mapping files of other tools."""
    texts = (value for name, value in vars(formats).items() if name.isupper() and isinstance(value, str))
    return tuple(text.encode() for text in texts if len(text) > 60)


def expressions() -> tuple[bytes, ...]:
    """Selectors, paths of properties, bindings and layouts."""
    return (
        b"model:Sales*+\n+liveboard:*\n!tag:x\npath:tml/**\nobj_id:a\nname:a?b",
        b"properties[key=warehouse].value\nvisualizations[].note_tile\na[3].b[]",
        f"{_GUID}\nmodel:Sales\nobj_id:X-1\n{{kind}}/{{name}}.{{id}}.tml".encode(),
    )


def answers() -> tuple[bytes, ...]:
    """Answers of the server: lists, envelopes, errors in their shapes, a token, and what is none of them."""
    header = {"id": _GUID, "name": "S", "modified": 5, "tags": [{"name": "a"}], "author": _OTHER, "type": "WORKSHEET"}
    listed = {"metadata_id": _GUID, "metadata_type": "LOGICAL_TABLE", "metadata_name": "S", "metadata_header": header}
    info = {"id": _GUID, "name": "S", "type": "model", "status": {"status_code": "OK"}}
    exported = {"info": info, "edoc": "model:\n"}
    status = {"status_code": "ERROR", "error_code": 14544, "error_message": "x<br/>y"}
    imported = {"request_index": 0, "response": {"status": status, "header": {"id_guid": _GUID, "name": "S"}}}
    debug = json.dumps([{"code": 13003, "incident_id_guid": _OTHER}])
    token = {"token": "t", "creation_time_in_millis": 1, "expiration_time_in_millis": 3_600_000}
    task = {"task_id": _GUID, "task_status": "COMPLETED", "import_response": {"object": [imported]}}
    org = {"id": 0, "name": "Primary", "status": "ACTIVE", "current_org": {"id": 0, "name": "P"}, "privileges": ["A"]}
    user = {"id": _GUID, "name": "u", "display_name": "U", "user_groups": [{"id": _OTHER, "name": "g"}], "orgs": [org]}
    shared = {"objects": [{"guid": _GUID, "permissions": [{"principal": "a", "type": "USER", "access": "MODIFY"}]}]}
    sharing = {"metadata_permission_details": [{"metadata_id": _GUID, "principal_permission_info": []}]}
    variable = {"id": _GUID, "name": "v", "variable_type": "TABLE_MAPPING", "values": [{"value": "x", "org": "o"}]}
    plain: tuple[object, ...] = (
        [listed, listed],
        [exported],
        {"object": [exported, imported]},
        [imported, {**imported, "request_index": 1}],
        {"error": {"message": {"code": 10002, "incident_id_guid": _GUID, "debug": debug}}},
        {"error": {"message": "plain"}},
        token,
        {"status_list": [task]},
        [{**org, **user}],
        {**org, **user, "release_version": "10.4.0.cl-1", "timezone": "UTC"},
        sharing,
        shared,
        [variable],
        {"data_warehouse_objects": {"databases": [{"name": "d", "schemas": [{"name": "s", "tables": []}]}]}},
    )
    return (*map(_json, plain), b"<html>System Maintenance</html>", b"")
