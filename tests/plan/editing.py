"""What people do behind a deploy's back: in a browser, and in the files of the project."""

from __future__ import annotations

import re

from tests.conftest import Estate
from tsdeploy.rest import ExportOptions, ImportPolicy, ObjectRef, SearchQuery, Status, export_tml, import_tml
from tsdeploy.rest import search_metadata as search


def live_text(estate: Estate, environment: str, name: str, type_: str = "LIVEBOARD") -> str:
    """The TML of an object as a server has it."""
    with estate.session(environment) as session:
        (header,) = search(session, SearchQuery(types=(type_,), name_pattern=name))
        (exported,) = export_tml(session, [ObjectRef(header.id)], ExportOptions())
    assert exported.edoc is not None
    return exported.edoc


def put(estate: Estate, environment: str, *texts: str) -> None:
    """Import texts, as an administrator could by hand."""
    with estate.session(environment) as session:
        items = import_tml(session, list(texts), ImportPolicy.ALL_OR_NONE)
    assert [item.message for item in items if item.status is Status.ERROR and not item.notice_only] == []


def edit_live(estate: Estate, environment: str, name: str, old: str, new: str, type_: str = "LIVEBOARD") -> None:
    """Change an object on a server."""
    text = live_text(estate, environment, name, type_)
    assert old in text
    put(estate, environment, text.replace(old, new))


def edit_file(estate: Estate, name: str, old: str, new: str) -> str:
    """Change the file of an object in the project, and commit; the file's path."""
    (file,) = (path for path in estate.project.tml.rglob("*.tml") if path.name.startswith(name + "."))
    text = file.read_bytes().decode("utf-8")
    assert old in text
    file.write_bytes(text.replace(old, new).encode("utf-8"))
    estate.commit(f"edit {name}")
    return file.relative_to(estate.project.root).as_posix()


def describe_in_file(estate: Estate, name: str, description: str) -> str:
    """Give an object another description, in the project, and commit; the file's path."""
    (file,) = (path for path in estate.project.tml.rglob("*.tml") if path.name.startswith(name + "."))
    text = file.read_bytes().decode("utf-8")
    changed = re.sub(r"^  description: .*$", f'  description: "{description}"', text, count=1, flags=re.MULTILINE)
    assert changed != text
    file.write_bytes(changed.encode("utf-8"))
    estate.commit(f"describe {name}")
    return file.relative_to(estate.project.root).as_posix()
