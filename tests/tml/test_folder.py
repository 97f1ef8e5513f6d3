"""A folder of TML in any layout: what is read, what is left out, and every fault at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tml.tml_texts import answer, feedback, guid, model, table
from tsdeploy.errors import Finding, Location, TmlError
from tsdeploy.tml.folder import decode, duplicates, load_folder, read_documents, tml_files


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "tml"
    made.mkdir()
    return made


def put(folder: Path, path: str, text: str) -> Path:
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode("utf-8"))
    return file


def faults(*files: tuple[str, str]) -> tuple[Finding, ...]:
    content = read_documents((path, text.encode("utf-8")) for path, text in files)
    with pytest.raises(TmlError) as caught:
        content.checked()
    return caught.value.findings


def test_any_layout_is_read_in_path_order(folder: Path) -> None:
    put(folder, "b/deep/er/x.tml", answer("B", 2, "S", 9))
    put(folder, "a.TML", answer("A", 1, "S", 9))
    put(folder, "c.tsl", answer("C", 3, "S", 9))
    put(folder, "README.md", "no TML")
    assert [one.name for one in load_folder(folder).checked()] == ["A", "B", "C"]


def test_paths_are_shown_below_the_given_name(folder: Path) -> None:
    put(folder, "a/x.tml", answer("A", 1, "S", 9))
    assert [one.path for one in load_folder(folder, shown="tml").documents] == ["tml/a/x.tml"]


def test_a_text_is_kept_byte_for_byte(folder: Path) -> None:
    text = "\ufeff" + answer("é😀", 1, "S", 9).replace("\n", "\r\n").removesuffix("\r\n")
    put(folder, "x.tml", text)
    assert [one.text for one in load_folder(folder).documents] == [text]


@pytest.mark.parametrize("path", [".git/x.tml", ".tsdeploy/x.tml", "a/.old/x.tml", ".x.tml"])
def test_hidden_files_and_folders_are_left_out(folder: Path, path: str) -> None:
    put(folder, path, answer("A", 1, "S", 9))
    assert list(tml_files(folder)) == []


def test_the_folder_itself_may_be_hidden(tmp_path: Path) -> None:
    put(tmp_path, ".backup/x.tml", answer("A", 1, "S", 9))
    assert len(list(tml_files(tmp_path / ".backup"))) == 1


def test_a_link_that_leads_out_is_left_out(folder: Path) -> None:
    outside = put(folder.parent, "outside.tml", answer("A", 1, "S", 9))
    (folder / "x.tml").symlink_to(outside)
    (folder / "sub").symlink_to(folder.parent)
    assert list(tml_files(folder)) == []


def test_a_link_inside_the_folder_is_read(folder: Path) -> None:
    put(folder, "a/x.tml", answer("A", 1, "S", 9))
    (folder / "y.tml").symlink_to(folder / "a" / "x.tml")
    assert [path.name for path in tml_files(folder)] == ["x.tml", "y.tml"]


def test_broken_links_and_folders_called_tml_are_left_out(folder: Path) -> None:
    (folder / "x.tml").symlink_to("nowhere.tml")
    (folder / "y.tml").mkdir()
    assert list(tml_files(folder)) == []


def test_no_folder_has_no_documents(tmp_path: Path) -> None:
    assert load_folder(tmp_path / "nowhere").checked() == ()


def test_every_unreadable_file_is_reported_at_once(folder: Path) -> None:
    put(folder, "a.tml", "a: [")
    put(folder, "b.tml", "")
    put(folder, "c.tml", "x\n")
    (folder / "d.tml").write_bytes(b"a: \xff")
    put(folder, "e.tml", answer("fine", 1, "S", 9))
    found = load_folder(folder)
    assert [finding.code for finding in found.findings] == ["TD102", "TD104", "TD103", "TD101"]
    assert [one.name for one in found.documents] == ["fine"]


def test_a_file_that_is_not_utf_8_is_located() -> None:
    with pytest.raises(TmlError) as caught:
        decode("a: ü\nb: ü".encode("latin-1"), "x.tml")
    assert caught.value.findings[0].location == Location("x.tml", 1, 4)


def test_the_same_guid_twice_is_reported_with_both_files() -> None:
    (finding,) = faults(("a.tml", answer("A", 1, "S", 9)), ("b.tml", answer("B", 1, "S", 9)))
    assert (finding.code, str(finding.location)) == ("TD110", "b.tml:1:1")
    assert ("a.tml" in finding.message, guid(1) in finding.message) == (True, True)


def test_the_same_obj_id_twice_is_reported() -> None:
    (finding,) = faults(("a.tml", answer("A", "o", "S", 9)), ("b.tml", model("B", "o")))
    assert finding.code == "TD110"


def test_the_same_name_twice_without_identity_is_reported() -> None:
    (finding,) = faults(("a.tml", answer("A", "", "S", 9)), ("b.tml", answer("A", "", "T", 9)))
    assert (finding.code, finding.location) == ("TD110", Location("b.tml", 1, 1))


def test_a_copy_is_reported_once_for_guid_and_obj_id() -> None:
    text = f"obj_id: o\n{answer('A', 1, 'S', 9)}"
    assert len(faults(("a.tml", text), ("b.tml", text))) == 1


def test_feedback_may_carry_its_model_s_guid() -> None:
    content = read_documents([("a.tml", model("A", 1).encode()), ("b.tml", feedback(1).encode())])
    assert duplicates(content.documents) == []


def test_two_feedback_files_of_a_model_are_reported() -> None:
    (finding,) = faults(("a.tml", feedback(1)), ("b.tml", feedback(1)))
    assert finding.message.endswith(guid(1))


def test_faults_and_duplicates_come_together() -> None:
    files = [("a.tml", "["), ("b.tml", table("B", 1)), ("c.tml", table("C", 1))]
    assert [finding.code for finding in faults(*files)] == ["TD102", "TD110"]
