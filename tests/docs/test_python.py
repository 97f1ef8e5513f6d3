"""The page about Python: each example runs against sandboxes, prints what the page says, and is seen by mypy."""

from __future__ import annotations

import contextlib
import io
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Estate, environment_yaml
from tests.docs.pages import DOCS, Block, blocks
from tests.docs.walkthrough import settled
from tsdeploy.bundled import bundled

PAGE = DOCS / "python.md"
TYPED = Path(__file__).with_name("python_examples.py")
HEAD = '''\
"""The examples of docs/python.md, for mypy and ruff; nobody imports it, and ``pytest --update`` rewrites it."""

# fmt: off
from __future__ import annotations

'''


@pytest.fixture
def estate_with_test(retail: Estate, monkeypatch: pytest.MonkeyPatch) -> Iterator[Estate]:
    """The retail estate, a second environment to go to, and its folder as the present one."""
    from tsdeploy.sandbox import Cluster, Server

    with Cluster() as cluster, Server(cluster) as server:
        retail.clusters["test"] = cluster
        retail.load("test", bundled("samples") / "prod-warehouse")
        retail.add_group("test", "Web Shop")
        retail.write("environments/test/environment.yaml", environment_yaml(server.url, "source: dev\n"))
        mapping = retail.project.root / "environments" / "prod" / "mapping.yaml"
        retail.write("environments/test/mapping.yaml", mapping.read_text("utf-8"))
        retail.commit()
        monkeypatch.chdir(retail.project.root)
        yield retail


def examples() -> list[tuple[Block, Block | None]]:
    """Each example but the lines that all begin with, and the block of what it prints, where it prints something."""
    _, *found = (block for block in blocks(PAGE) if block.language in ("python", "text"))
    pairs = zip(found, [*found[1:], None], strict=True)
    return [(one, then if then and then.language == "text" else None) for one, then in pairs if one.language != "text"]


def beginning() -> str:
    return blocks(PAGE)[0].text


def printed(block: Block) -> str:
    """What an example prints, run behind the lines that all begin with."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(beginning() + block.text, str(block), "exec"), {"__name__": "example"})
    return "".join(f"{line.rstrip()}\n" for line in out.getvalue().splitlines())


@pytest.mark.usefixtures("estate_with_test")
def test_every_example_does_what_the_page_says(
    request: pytest.FixtureRequest, capfd: pytest.CaptureFixture[str]
) -> None:
    text = PAGE.read_text("utf-8")
    for block, output in examples():
        made = printed(block)
        if request.config.getoption("--update") and output is not None:
            shown, front = (
                output.text if settled(made) == settled(output.text) else made,
                f"{block.text}```\n\n```text\n",
            )
            text = text.replace(f"{front}{output.text}```", f"{front}{shown}```")
        else:
            assert settled(made) == settled(output.text if output else ""), block
    if request.config.getoption("--update"):
        PAGE.write_text(text, "utf-8")
    assert capfd.readouterr() == ("", ""), "the library itself prints nothing"


def test_mypy_sees_the_examples(request: pytest.FixtureRequest) -> None:
    """CI reads the file with ``mypy --strict``."""
    parts = [HEAD + beginning()]
    for number, (block, _) in enumerate(examples(), 1):
        parts.append(f"\n\ndef example_{number}() -> None:\n{textwrap.indent(block.text, '    ')}")
    if request.config.getoption("--update"):
        TYPED.write_text("".join(parts), "utf-8")
    assert TYPED.read_text("utf-8") == "".join(parts)
