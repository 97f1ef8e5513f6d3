"""The files themselves, with comments for whoever reads them first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from textwrap import dedent

from tsdeploy.scaffold.answers import AuthKind, NewEnvironment
from tsdeploy.tml.dialect import Dialect, json_text, scalar_text

_WHOLE = re.compile(r"-?\d{1,10}")


def environment_text(environment: NewEnvironment, heading: str = "") -> str:
    """``environment.yaml``; ``heading`` is a first comment of its own."""
    return "\n".join([*([f"# {heading}"] if heading else []), *_environment_lines(environment)]) + "\n"


def mapping_text(environment: NewEnvironment) -> str:
    """``mapping.yaml`` without a rule, and with an example of each sort as a comment."""
    return _MAPPING.replace("SOURCE", environment.source).replace("TARGET", environment.name)


def project_text(tml: str) -> str:
    """``tsdeploy.yaml`` for TML in another folder than ``tml``; "" where none is needed."""
    return "" if tml == "tml" else f"version: 1\ntml: {json_text(tml)}\n"


def _environment_lines(environment: NewEnvironment) -> Iterator[str]:
    name = environment.name
    if environment.source:
        yield f"# tsdeploy plan {name}  shows what a deploy would do,  tsdeploy deploy {name}  does it."
    else:
        yield f"# Where objects are built:  tsdeploy export {name}  brings them into git."
    yield "# All keys, for editors and people:  tsdeploy schema environment"
    yield "version: 1"
    yield f"url: {environment.url}"
    yield _org(environment.org)
    if environment.source:
        yield f"source: {_scalar(environment.source)}  # whose identities the TML in git carries"
    yield from _auth(environment)
    yield from _guards(environment) if environment.source else _EXPORT


def _org(org: str) -> str:
    if not org:
        return "# org: 0  # its id or name; leave it out where Orgs are off"
    return f"org: {int(org) if _WHOLE.fullmatch(org) else _scalar(org)}"


def _auth(environment: NewEnvironment) -> Iterator[str]:
    keys: dict[AuthKind, str] = {"trusted": "secret_key", "password": "password", "token": "token"}
    others = " or ".join(kind for kind in keys if kind != environment.auth)
    yield "auth:"
    yield f"  type: {environment.auth}  # or {others}"
    if environment.auth != "token":
        yield f"  username: {_scalar(environment.username)}"
    yield f'  {keys[environment.auth]}: "${{env:{environment.variable}}}"  # a reference: no secret ever stands here'


_EXPORT = (
    "export:",
    "  # tags: [release]  # only what has this tag; without it every table, Model, answer, Liveboard",
    "  associated: true  # and what the selected objects are built on",
)


def _guards(environment: NewEnvironment) -> Iterator[str]:
    yield "guards:  # a deploy is refused"
    yield f"  branch: {_scalar(environment.branch)}  # from any other branch"
    yield "  clean_tree: true  # of what is not committed"
    yield "  # max_update_percent: 30  # that would update more of the release"
    yield '  # protect: ["model:Finance*"]  # that would update these'


def _scalar(text: str) -> str:
    return scalar_text(text, Dialect.SNAKEYAML)


_MAPPING = dedent(
    """\
    # How the names of SOURCE become those of TARGET. GUIDs need no rules: they are derived, recorded and looked up.
    #  tsdeploy plan TARGET  names each thing that TARGET has no counterpart for, with the line to add here.
    version: 1

    # Connections that TARGET has; they are referred to by name, and never written.
    # connections:
    #   Snowflake Dev: Snowflake Prod

    # Where tables are in the warehouse. The most specific rule wins.
    # tables:
    #   - {from: {connection: Snowflake Dev, db: DEV}, to: {db: PROD}}
    #   - {from: DEV.SALES.ORDERS_V2, to: PROD.SALES.ORDERS}

    # Objects that TARGET had before, by GUID:  tsdeploy map infer TARGET  proposes pairs.
    # objects:
    #   5f0c3f9e-6f0e-4a3e-9a55-0d3b6f0d8c11: 91aa7c52-2d5b-4a55-8a0e-6b0f9b1d2e77

    # Groups that row-level security names.
    # groups:
    #   analysts_dev: analysts

    # The last resort: literal text, and an error where it is never found.
    # text:
    #   - {in: "liveboard:*", find: dev.example.com, to: prod.example.com}
    """
)
