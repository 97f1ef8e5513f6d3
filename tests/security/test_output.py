"""Names from TML, servers and git reach people as text: on terminals, in pipelines, in HTML and in Markdown."""

from __future__ import annotations

import contextlib
import io
import json
import re
import unicodedata

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from tests.conftest import Estate
from tests.review.repositories import Workshop, make_workshop
from tsdeploy.cli.main import run
from tsdeploy.cli.output import safe
from tsdeploy.sandbox import Settings
from tsdeploy.visible import inert, json_text, visible

TERMINAL = "\x1b]0;owned\x07\x1b[2J\u202egnp.exe\u200b\u3164\u2800\U000e0041\r"
PIPELINE = "##vso[task.setvariable variable=PATH]/evil"
LINES = "x\n::add-mask::y\n   ::error file=a::b\n##[add-path]z"
HTML = "</script><img src=x onerror=alert(1)><!--"
MARKDOWN = "@everyone `code` [x](https://evil.invalid) <b> #1 ~~s~~ ``` |"
EVIL = f"{TERMINAL}{PIPELINE}{LINES}{HTML}{MARKDOWN}"
FILE = "::error file=a,line=1::##vso[x].tml"


KEPT = ("Store Performance", "Retail Sales.9a5c5542", "SALES", "STORES")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    """A project in which everything that can have a name has this one: objects, columns, a file, an environment."""
    made = make_workshop(tmp_path_factory.mktemp("hostile") / "project")
    for path in made.project.tml.rglob("*.tml"):
        if not path.name.startswith(KEPT):
            path.unlink()
    made.commit()
    made.repository.run("tag", "--force", "start")
    name = json.dumps(EVIL)
    for path in made.project.tml.rglob("*.tml"):
        text = path.read_bytes().decode("utf-8")
        path.write_bytes(re.sub(r"(?m)^(\s*(?:- )?name): .*$", rf"\1: {_escaped(name)}", text).encode())
    (made.project.tml / FILE).write_text(f"answer:\n  name: {name}\n  tables:\n  - id: {name}\n", encoding="utf-8")
    folder = made.project.root / "environments" / "@everyone ##vso[x]"
    folder.mkdir()
    (folder / "environment.yaml").write_text("version: 1\nsource: dev\n", encoding="utf-8")
    made.commit(EVIL.replace("\n", " ").replace("\r", ""))
    return made


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\")


COMMANDS: dict[str, tuple[str, ...]] = {
    "check": ("check",),
    "check in JSON": ("check", "--format", "json"),
    "check in SARIF": ("check", "--format", "sarif"),
    "diff": ("diff", "start", ""),
    "diff in JSON": ("diff", "start", "", "--format", "json"),
    "diff in Markdown": ("diff", "start", "", "--format", "markdown"),
    "graph": ("graph",),
    "everything said": ("-vv", "graph"),
    "graph in DOT": ("graph", "--format", "dot"),
    "graph in Mermaid": ("graph", "--format", "mermaid"),
    "graph in JSON": ("graph", "--format", "json"),
    "graph in HTML": ("graph", "--format", "html"),
    "plan": ("plan", "prod", "--offline", "--detail"),
    "plan in JSON": ("plan", "prod", "--offline", "--format", "json"),
    "plan in Markdown": ("plan", "prod", "--offline", "--format", "markdown"),
    "plan in HTML": ("plan", "prod", "--offline", "--format", "html"),
    "plan of no environment": ("plan", EVIL),
    "map check": ("map", "check", "prod"),
    "map show": ("map", "show", "prod"),
    "history": ("history", "prod"),
    "textconv": ("diff", "--textconv", FILE),
    "git's diff": ("diff", "--external", FILE, FILE, "0", "0", "/dev/null", "0", "0"),
}
MARK = "\n(standard error)\n"
FORMS = ("markdown", "html", "json", "sarif", "code-quality", "junit")
EVERYTHING = (*COMMANDS, "review", *(f"review in {form}" for form in FORMS))
PAGES = ("graph in HTML", "plan in HTML", "review in html")


@pytest.fixture(scope="module")
def shown(hostile: Workshop, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What a command writes to standard output and to standard error."""
    folder = tmp_path_factory.mktemp("out")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(hostile.project.tml)
        known = {name: _written(hostile, arguments) for name, arguments in COMMANDS.items()}
        outs = [word for form in FORMS for word in ("--out", f"{form}={folder / form}")]
        known["review"] = _written(hostile, ("review", "--base", "start", "--offline", *outs))
    return {**known, **{f"review in {form}": (folder / form).read_bytes().decode("utf-8") for form in FORMS}}


def _written(hostile: Workshop, arguments: tuple[str, ...]) -> str:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run(["--project", str(hostile.project.root), *arguments])
    assert code not in (70, 2) or EVIL in arguments, err.getvalue()
    return out.getvalue() + MARK + err.getvalue()


@pytest.mark.parametrize("name", EVERYTHING)
def test_s30_nothing_steers_a_terminal_or_hides(shown: dict[str, str], name: str) -> None:
    text = shown[name]
    assert text
    kept = {one for one in text if not one.isprintable() and one not in "\n\t" and unicodedata.category(one) != "Zs"}
    assert kept | {*text}.intersection("\u3164\u2800") == set()


@pytest.mark.parametrize("name", EVERYTHING)
def test_s31_nothing_is_a_command_to_a_pipeline(shown: dict[str, str], name: str) -> None:
    """GitHub reads ``::x::`` where a line begins, and ``##[x]`` anywhere; Azure ``##vso[x]`` anywhere."""
    text = shown[name]
    assert re.findall(r"##\w*\[", text) == []
    assert [line for line in text.splitlines() if line.lstrip().startswith("::")] == []


@pytest.mark.parametrize("name", [name for name in EVERYTHING if name != "textconv"])
def test_s35_a_name_is_no_line_of_its_own(shown: dict[str, str], name: str) -> None:
    """Else it could say that a plan is empty, or that a check found nothing."""
    assert [line for line in shown[name].splitlines() if re.match(r"\W*(\\u003a)?:?add-mask", line)] == []


@given(st.text(st.sampled_from("#:[vso] \n\tax\\")))
def test_s31_whatever_the_text(text: str) -> None:
    for made in (visible(text), safe(text)):
        assert not re.search(r"##\w*\[", made)
        assert not any(line.lstrip().startswith("::") for line in made.splitlines())
    assert inert(inert(text)) == inert(text)
    assert json.loads(json_text({"x": text}, 1)) == {"x": text}
    assert not re.search(r"##\w*\[", json_text(text))


@pytest.mark.parametrize("name", PAGES)
def test_s32_a_page_holds_names_as_data_and_runs_its_own_script_alone(shown: dict[str, str], name: str) -> None:
    page = shown[name].partition(MARK)[0]
    assert "<img src=x" not in page
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert policy
    assert "default-src &#x27;none&#x27;" in policy[1]
    assert re.findall(r"script-src (?!&#x27;sha256-)|unsafe", policy[1]) == []
    assert len(re.findall(r"<script", page)) == len(re.findall(r"</script>", page)) <= 2


@pytest.mark.parametrize("name", ["diff in Markdown", "plan in Markdown", "review in markdown"])
def test_s33_in_a_comment_every_word_from_outside_is_code(shown: dict[str, str], name: str) -> None:
    tokens = [
        token
        for block in MarkdownIt("commonmark").parse(shown[name].partition(MARK)[0])
        for token in (block, *(block.children or ()))
    ]
    assert any("everyone" in token.content for token in tokens if token.type == "code_inline")
    words = [token.content for token in tokens if token.type in ("text", "html_inline", "html_block")]
    assert [word for word in words if re.search(r"@|evil|everyone|onerror|!--", word)] == []
    assert not any(token.type in ("link_open", "image") for token in tokens)


def test_s34_the_sandbox_s_page_has_its_own_script_alone(estate: Estate) -> None:
    answer = requests.get(estate.servers["dev"].url, timeout=10)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


FOREIGN = (
    {"Host": "rebound.example"},
    {"Origin": "https://page.example"},
    {"Origin": "null"},
    {"Origin": "http://127.0.0.1:1"},
)
PATHS = ("api/rest/2.0/auth/token/full", "callosum/v1/tspublic/v1/session/login", "sandbox/health")


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
@pytest.mark.parametrize("path", PATHS)
def test_s36_a_web_page_cannot_use_a_sandbox(estate: Estate, path: str, headers: dict[str, str]) -> None:
    """Everybody knows its passwords, and a name that a page comes from can be made to lead to this machine."""
    body = {"username": "tsadmin", "password": Settings().password}
    answer = requests.post(f"{estate.servers['dev'].url}/{path}", json=body, headers=headers, timeout=10)
    assert answer.status_code == 403
    assert "no web page" in answer.text
