"""The documentation is executed: its links exist, its files are read, its commands are run, its output is real."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.conftest import Cli, Estate
from tsdeploy.bundled import bundled
from tsdeploy.cli.main import run
from tsdeploy.config.environment import load_environment
from tsdeploy.mapping.reading import load_mapping

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("samples/*.md")])
README = ROOT / "README.md"


def marked(kind: str, name: str) -> str:
    """The content of the README's code block behind ``<!-- kind: name -->``."""
    found = re.search(rf"<!-- {kind}: {re.escape(name)} -->\n```\w*\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    assert found, f"README.md has no block {kind}: {name}"
    return found.group(1)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_between_pages_exist(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_environment_files_of_the_readme_are_valid(tmp_path: Path) -> None:
    for name in ("dev", "prod"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "environment.yaml").write_text(marked("file", f"environments/{name}/environment.yaml"), "utf-8")
        assert load_environment(folder, name).name == name


def test_mapping_file_of_the_readme_is_valid(tmp_path: Path) -> None:
    path = tmp_path / "mapping.yaml"
    path.write_text(marked("file", "environments/prod/mapping.yaml"), "utf-8")
    mapping = load_mapping(path, "mapping.yaml")
    assert (len(mapping.connections), len(mapping.tables), len(mapping.objects), len(mapping.text)) == (1, 2, 1, 1)


def test_first_promotion_of_the_readme_works(estate: Estate, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """The README's files and commands, with only addresses and warehouse names put in, as a reader would."""
    estate.load("dev", bundled("samples") / "retail")
    estate.load("prod", bundled("samples") / "prod-warehouse")
    tag_everything(estate, "release")
    for name in ("dev", "prod"):
        monkeypatch.setenv(f"TS_{name.upper()}_KEY", "sandbox")
        text = marked("file", f"environments/{name}/environment.yaml")
        url = estate.servers[name].url
        text = re.sub(r"https://\S+", url, text).replace("svc-deploy", "tsadmin")
        estate.write(f"environments/{name}/environment.yaml", text)
    section = README.read_text("utf-8").partition("**2. Bring dev into git.**")[2]
    commands = re.findall(r"^tsdeploy ([^#\n]*)", section, re.MULTILINE)
    assert commands[0] == "export dev"
    codes = []
    for line in commands:
        yes = ["--yes"] if line.startswith("deploy") else []
        codes.append(cli(*shlex.split(line), *yes).code)
        if len(codes) == 2:
            mapping = bundled("environments") / "prod" / "mapping.yaml"
            estate.write("environments/prod/mapping.yaml", mapping.read_text(encoding="utf-8"))
        estate.commit(f"after {line}")
    assert codes == [0, 1, 0, 0], list(zip(commands, codes, strict=True))


def tag_everything(estate: Estate, tag: str) -> None:
    """Give every Liveboard and answer of dev a tag."""
    with estate.session("dev") as session:
        found = session.request("POST", "metadata/search", {"metadata": [{"type": "LIVEBOARD"}, {"type": "ANSWER"}]})
        assert isinstance(found, list)
        session.request("POST", "tags/create", {"name": tag}, write=True)
        objects = [{"identifier": item["metadata_id"]} for item in found]
        body = {"metadata": objects, "tag_identifiers": [tag]}
        session.request("POST", "tags/assign", body, write=True)


def test_demo_output_in_the_readme_is_real(
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TS_SANDBOX_KEY", "sandbox")
    assert run(["demo"]) == 0
    real = settled(capfd.readouterr().out)
    if request.config.getoption("--update"):
        text = README.read_text("utf-8")
        block = re.compile(r"(<!-- output: demo -->\n```text\n).*?```", re.DOTALL)
        README.write_text(block.sub(lambda found: f"{found.group(1)}{real}```", text), "utf-8")
    assert marked("output", "demo") == real


def test_excerpt_of_the_demo_is_of_what_it_prints() -> None:
    lines = iter(marked("output", "demo").splitlines())
    assert [line for line in marked("excerpt", "demo").splitlines() if line not in lines] == []


def settled(output: str) -> str:
    """Output without what differs from run to run: ports, commits and seconds."""
    output = re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:8101", output, count=1)
    output = re.sub(r"127\.0\.0\.1:(?!8101)\d+", "127.0.0.1:8102", output)
    output = re.sub(r"--name dev --port \d+", "--name dev --port 8101", output)
    output = re.sub(r"--name prod --port \d+", "--name prod --port 8102", output)
    output = re.sub(r"Committed [0-9a-f]{10}", "Committed 1f3a9c07d2", output)
    return re.sub(r"took \d+ seconds", "took 2 seconds", output)
