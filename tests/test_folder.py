"""The data folder: its lock, its format, and the way from one format to the next."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
import pytest
from typer.testing import CliRunner

from api.cli import app
from api.services import open_services
from api.settings import Settings
from graph.folder import DataFolder
from graph.migration import FORMAT, MIGRATIONS, migrate, pending
from ingest.ledger import Dataset
from language.hashing import HashEncoder
from ontology.errors import FolderDamaged, FolderInUse, FolderTooNew, FolderTooOld, Misconfigured

HOLD = """
import sys, time
from pathlib import Path
from graph.folder import DataFolder
folder = DataFolder(Path(sys.argv[1]), "kesher serve")
folder.announce("http://127.0.0.1:8123")
print("open", flush=True)
time.sleep(60)
"""


@dataclass
class Rename:
    """A migration that renames a file, whether or not it was renamed before."""

    old: str
    new: str

    @property
    def purpose(self):
        return f"rename {self.old} to {self.new}"

    def difference(self, folder):
        return [self.old] if (folder / self.old).exists() else []

    def run(self, folder):
        if (folder / self.old).exists():
            (folder / self.old).rename(folder / self.new)


class Crash:
    purpose = "be interrupted"

    def difference(self, _folder):
        return []

    def run(self, folder):
        raise KeyboardInterrupt(folder)


def folder_of_format(path: Path, number: object) -> Path:
    path.mkdir(exist_ok=True)
    (path / "format.json").write_text(json.dumps({"format": number}))
    return path


def test_an_absent_folder_is_made_with_the_present_format(tmp_path):
    with DataFolder(tmp_path / "new" / "data", "test") as folder:
        assert json.loads((folder.path / "format.json").read_text()) == {"format": FORMAT}
    with DataFolder(tmp_path / "new" / "data", "test"):
        pass


def test_everything_of_kesher_lies_inside(tmp_path):
    with DataFolder(tmp_path, "test") as folder:
        parts = [folder.graph, folder.private, folder.ledger, folder.tokens, folder.queries, folder.index]
        parts.append(folder.snapshots)
        assert len({*parts}) == 7
        assert all(part.parent == tmp_path for part in parts)


def test_a_folder_that_another_process_holds_names_it_and_its_address(tmp_path):
    with subprocess.Popen([sys.executable, "-c", HOLD, tmp_path], stdout=subprocess.PIPE) as holder:
        assert holder.stdout.readline() == b"open\n"
        with pytest.raises(FolderInUse) as refused:
            DataFolder(tmp_path, "test")
        assert (refused.value.pid, refused.value.url) == (holder.pid, "http://127.0.0.1:8123")
        assert f"process {holder.pid} (kesher serve)" in refused.value.message
        assert "--url http://127.0.0.1:8123" in refused.value.remedy
        holder.send_signal(signal.SIGKILL)
    with DataFolder(tmp_path, "test"):
        assert json.loads((tmp_path / "lock").read_text())["pid"] == os.getpid()


def test_a_folder_opens_again_after_it_is_closed(tmp_path):
    first = DataFolder(tmp_path, "test")
    with pytest.raises(FolderInUse):
        DataFolder(tmp_path, "test")
    first.close()
    first.close()
    DataFolder(tmp_path, "test").close()


def test_a_refused_folder_is_not_left_locked(tmp_path):
    folder_of_format(tmp_path, FORMAT + 1)
    with pytest.raises(FolderTooNew, match=f"format {FORMAT + 1}"):
        DataFolder(tmp_path, "test")
    folder_of_format(tmp_path, FORMAT)
    DataFolder(tmp_path, "test").close()


def test_an_older_folder_is_sent_to_migrate(tmp_path):
    folder_of_format(tmp_path, FORMAT - 1)
    with pytest.raises(FolderTooOld) as refused:
        DataFolder(tmp_path, "test")
    assert "kesher migrate" in refused.value.remedy


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"format": "new"}', '{"format": null}', "\x00"])
def test_an_unreadable_format_is_damage(tmp_path, text):
    (tmp_path / "format.json").write_text(text)
    with pytest.raises(FolderDamaged) as refused:
        DataFolder(tmp_path, "test")
    assert "last backup" in refused.value.remedy


def test_a_folder_of_something_else_is_left_alone(tmp_path):
    (tmp_path / "thesis.tex").write_text("mine")
    with pytest.raises(Misconfigured, match=r"no format\.json"):
        DataFolder(tmp_path, "test")
    assert not (tmp_path / "format.json").exists()


def test_a_path_that_cannot_be_a_folder_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(Misconfigured, match="cannot be made"):
        DataFolder(tmp_path / "file" / "data", "test")


def test_a_step_leads_from_every_older_format():
    assert set(MIGRATIONS) == set(range(1, FORMAT))


def test_migrations_are_told_first_and_then_done_in_order(tmp_path):
    folder_of_format(tmp_path, 1)
    (tmp_path / "a").write_text("kept")
    steps = {1: Rename("a", "b"), 2: Rename("b", "c")}

    told = pending(tmp_path, steps, to=3)
    assert [step.migration.purpose for step in told] == ["rename a to b", "rename b to c"]
    assert (tmp_path / "a").exists()

    assert migrate(tmp_path, steps, to=3) == told
    assert (tmp_path / "c").read_text() == "kept"
    assert json.loads((tmp_path / "format.json").read_text()) == {"format": 3}
    assert migrate(tmp_path, steps, to=3) == []


def test_an_interrupted_migration_goes_on_where_it_stopped(tmp_path):
    folder_of_format(tmp_path, 1)
    (tmp_path / "a").write_text("")
    with pytest.raises(KeyboardInterrupt):
        migrate(tmp_path, {1: Rename("a", "b"), 2: Crash()}, to=3)
    assert [step.start for step in pending(tmp_path, {2: Rename("b", "c")}, to=3)] == [2]
    migrate(tmp_path, {2: Rename("b", "c")}, to=3)
    assert (tmp_path / "c").exists()


def folder_of_format_one(path: Path) -> Path:
    """A folder as the first version of Kesher left it: no seals, no tallies."""
    with open_services(Settings(data=path), encoder=HashEncoder) as services:
        services.writer.replace("source/a", [], door="test", agent="https://example.org/a")
    with closing(sqlite3.connect(path / "ledger.sqlite")) as ledger:
        ledger.execute("alter table writes drop column tally")
        ledger.execute("alter table writes drop column seal")
        ledger.execute("drop table differences")
        ledger.execute("vacuum")
    (path / "closed.json").unlink()
    return folder_of_format(path, 1)


def test_an_old_folder_is_told_what_will_change_and_then_works(tmp_path, monkeypatch):
    folder = folder_of_format_one(tmp_path / "data")
    before = (folder / "ledger.sqlite").read_bytes()
    monkeypatch.setenv("KESHER_DATA", str(folder))
    told = json.loads(CliRunner().invoke(app, ["migrate", "--dry-run", "--json"]).output)
    assert [it["from"] for it in told["steps"]] == [1]
    assert [it.rpartition(" ")[2] for it in told["files"]] == ["tally", "seal"]
    assert (folder / "ledger.sqlite").read_bytes() == before
    migrate(folder)
    with open_services(Settings(data=folder), encoder=HashEncoder) as services:
        assert not services.agreement.look()
        triple = ox.Triple(ox.NamedNode("http://e.org/a"), ox.NamedNode("http://e.org/p"), ox.Literal("1"))
        services.writer.replace("source/a", [triple], door="test", agent="https://example.org/a")
        assert services.ledger.tally_of(Dataset.PUBLIC) == str(services.graph.tally())
    assert pending(folder) == []


def test_a_folder_in_use_is_not_migrated(tmp_path):
    with DataFolder(tmp_path, "kesher serve"), pytest.raises(FolderInUse, match="kesher serve"):
        migrate(tmp_path)


def test_a_format_that_no_migration_starts_from_is_damage(tmp_path):
    folder_of_format(tmp_path, 1)
    with pytest.raises(FolderDamaged, match="format 2"):
        pending(tmp_path, {1: Rename("a", "b")}, to=3)


def test_a_newer_folder_is_not_migrated_back(tmp_path):
    folder_of_format(tmp_path, 5)
    with pytest.raises(FolderTooNew):
        migrate(tmp_path, {}, to=3)


def test_migrating_nothing_leaves_nothing_behind(tmp_path):
    with pytest.raises(Misconfigured):
        migrate(tmp_path / "absent")
    assert not (tmp_path / "absent").exists()
