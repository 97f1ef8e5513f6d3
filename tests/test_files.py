"""Files are whole or not there, and names are safe wherever the repository is checked out."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tsdeploy.errors import TsdeployError
from tsdeploy.files import MAX_NAME_BYTES, first_free, safe_name, unwritten, write_atomically

ANY_TEXT = st.text(st.characters()) | st.text('con.prn /\\:*?"<>|\x00\n\u202e\u200f .é😀', max_size=12)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Sales", "Sales"),
        ("Net Sales 2026 (é😀)", "Net Sales 2026 (é😀)"),
        ("a/b\\c", "a_b_c"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ('<>:"|?*', "_"),
        ("a\nb\x00c\x7f\x85", "a_b_c_"),
        ("x\u202egpj.exe", "x_gpj.exe"),
        ("a\u200eb\u200fc\u2066d", "a_b_c_d"),
        ("a\ud800b", "a_b"),
        (" Sales. ", "Sales"),
        (".hidden", "hidden"),
        ("", "_"),
        ("...", "_"),
        ("con", "_con"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("com¹", "_com¹"),
        ("aux .x", "_aux .x"),
        ("console", "console"),
        ("e\u0301", "é"),
        ("con" + " " * 130 + "x", "_con"),
    ],
)
def test_a_name_becomes_safe(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@given(ANY_TEXT)
@example("é" * 200)
@example("x" * 119 + "😀")
@settings(max_examples=400, deadline=None)
def test_a_safe_name_is_safe(name: str) -> None:
    made = safe_name(name)
    assert 0 < len(made.encode("utf-8")) <= MAX_NAME_BYTES
    assert not set(made) & set('/\\:*?"<>|\n\r\t\x00')
    assert made == made.strip(" .")
    assert made.split(".")[0].lower() not in {"con", "prn", "aux", "nul"}


@given(ANY_TEXT)
@example("con" + " " * 130 + "x")
@settings(max_examples=400, deadline=None)
def test_a_safe_name_stays_as_it_is(name: str) -> None:
    assert safe_name(safe_name(name)) == safe_name(name)


@given(name=ANY_TEXT)
@settings(max_examples=60, deadline=None)
def test_a_safe_name_can_be_a_file(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    folder = tmp_path_factory.mktemp("x")
    write_atomically(folder / f"{safe_name(name)}.tml", b"x")
    assert len(list(folder.iterdir())) == 1


def test_a_file_is_written_with_its_folders(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "x"
    assert write_atomically(path, b"\x00\r\n")
    assert path.read_bytes() == b"\x00\r\n"


def test_an_unchanged_file_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "x"
    write_atomically(path, b"x")
    os.utime(path, ns=(1, 1))
    before = path.stat()
    assert not write_atomically(path, b"x")
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == (1, before.st_ino)


def test_a_changed_file_is_replaced_not_overwritten(tmp_path: Path) -> None:
    path, other = tmp_path / "x", tmp_path / "hard-link"
    write_atomically(path, b"old")
    other.hardlink_to(path)
    assert write_atomically(path, b"new")
    assert (path.read_bytes(), other.read_bytes()) == (b"new", b"old")


@pytest.mark.parametrize("content", [b"secret", b"new"])
def test_a_link_is_replaced_not_written_through(tmp_path: Path, content: bytes) -> None:
    outside, path = tmp_path / "outside", tmp_path / "x"
    outside.write_bytes(b"secret")
    path.symlink_to(outside)
    assert write_atomically(path, content)
    assert (path.is_symlink(), path.read_bytes(), outside.read_bytes()) == (False, content, b"secret")


def test_a_mode_is_set_from_the_start(tmp_path: Path) -> None:
    write_atomically(tmp_path / "x", b"x", mode=0o600)
    assert stat.S_IMODE((tmp_path / "x").stat().st_mode) == 0o600


@pytest.mark.parametrize("blocked", ["is a folder", "parent is a file"])
def test_what_cannot_be_written_is_an_error_and_leaves_nothing(tmp_path: Path, blocked: str) -> None:
    path = tmp_path / "x"
    if blocked == "is a folder":
        path.mkdir()
    else:
        path.write_bytes(b"kept")
        path /= "y"
    with pytest.raises(TsdeployError) as caught:
        write_atomically(path, b"x")
    assert (caught.value.code, str(caught.value.findings[0].location)) == ("TD001", str(path))
    assert [child.name for child in tmp_path.iterdir()] == ["x"]


def test_a_path_that_is_too_long_says_so(tmp_path: Path) -> None:
    with pytest.raises(TsdeployError) as caught:
        write_atomically(tmp_path / ("x" * 300), b"x")
    assert "that path is too long" in caught.value.findings[0].hint


REFUSALS = ["ENOSPC", "EDQUOT", "EROFS", "EACCES", "EPERM", "ENAMETOOLONG", "EMLINK"]


@pytest.mark.parametrize("name", REFUSALS)
def test_each_refusal_of_the_system_has_a_cure_of_its_own(name: str) -> None:
    hints = [
        unwritten("x", OSError(number, "why"), "write", "all is well").hint for number in (getattr(errno, name), 0)
    ]
    assert hints[0] != hints[1]
    assert hints[0].startswith("all is well; ")


def test_a_full_disk_leaves_the_old_file_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    write_atomically(tmp_path / "x", b"old")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(TsdeployError, match="No space left") as caught:
        write_atomically(tmp_path / "x", b"new")
    assert caught.value.findings[0].hint.startswith("the file is as it was; free some space")
    assert {child.name: child.read_bytes() for child in tmp_path.iterdir()} == {"x": b"old"}


def test_nothing_but_the_file_is_left(tmp_path: Path) -> None:
    for content in (b"a", b"b"):
        write_atomically(tmp_path / "x", content)
    assert [child.name for child in tmp_path.iterdir()] == ["x"]


@pytest.mark.parametrize(
    ("taken", "free"),
    [
        ([], "a/Sales.answer.tml"),
        (["a/sales.answer.tml"], "a/Sales~2.answer.tml"),
        (["a/sales.answer.tml", "a/sales~2.answer.tml"], "a/Sales~3.answer.tml"),
        (["b/sales.answer.tml"], "a/Sales.answer.tml"),
    ],
)
def test_the_first_free_path_ignores_case(taken: list[str], free: str) -> None:
    assert first_free(Path("a/Sales.answer.tml"), set(taken)) == Path(free)


def test_sharp_s_and_ss_collide() -> None:
    assert first_free(Path("Straße"), {"strasse"}) == Path("Straße~2")
