"""`kesher entity` and `kesher feedback`: on the folder, and on a server that runs, with the token out of sight."""

import json
from pathlib import Path

import pytest

from tests.separate import Live, live
from tests.test_cli import Kesher, kesher

__all__ = ["kesher"]


@pytest.fixture(scope="module")
def service(tmp_path_factory) -> Live:
    with live(tmp_path_factory.mktemp("entity")) as started:
        yield started


def life_of_an_entry(kesher: Kesher, *where: str) -> None:
    made = kesher.json("entity", "create", "concept/okapi", *where)
    assert made["state"] == "draft"
    assert made["faults"][0]["at"] == "skos:prefLabel"
    kesher("entity", "publish", "concept/okapi", *where, code=1)
    assert "Give the entry a name" in kesher.said
    assert [it["iri"] for it in kesher.json("entity", "drafts", *where)["drafts"]] == [made["iri"]]
    kesher.json("entity", "edit", "concept/okapi", "--label", "en=Okapi", *where)
    assert kesher.json("entity", "publish", "concept/okapi", *where)["state"] == "published"
    kesher.json("entity", "edit", "concept/okapi", "--label", "en=Forest giraffe", *where)
    shown = kesher("entity", "show", "concept/okapi", *where)
    assert "Forest giraffe" in shown
    assert "published" in shown
    changed = kesher.json("entity", "diff", "concept/okapi", *where)
    assert ([it["value"] for it in changed["removed"]], [it["value"] for it in changed["added"]]) == (
        ["Okapi"],
        ["Forest giraffe"],
    )
    assert "- skos:prefLabel Okapi@en" in kesher("entity", "diff", "concept/okapi", *where)
    doors = [it["activity"] for it in kesher.json("entity", "history", "concept/okapi", *where)["versions"]]
    assert doors.count("curation") == 2
    assert "draft" in doors
    kesher.json("entity", "create", "concept/giraffe", "--label", "en=Giraffe", "--publish", *where)
    retired = kesher.json("entity", "retire", "concept/okapi", "--replaced-by", "concept/giraffe", *where)
    assert (retired["state"], retired["replacedBy"]) == ("retired", [made["iri"].replace("okapi", "giraffe")])
    assert kesher.json("entity", "discard", "concept/okapi", *where, code=1)["error"]["code"]
    kesher.json("entity", "create", "concept/zebra", *where)
    assert kesher.json("entity", "discard", "concept/zebra", *where) == {"discarded": "concept/zebra"}
    kesher("entity", "show", "concept/zebra", *where, code=1)
    kesher("entity", "create", "concept/okapi", *where, code=1)


def test_an_entry_lives_on_the_folder(kesher) -> None:
    life_of_an_entry(kesher)


def test_an_entry_lives_on_a_server_and_the_token_comes_from_a_file(kesher, service, tmp_path) -> None:
    held = tmp_path / "token"
    held.write_text(service.token + "\n", "utf-8")
    life_of_an_entry(kesher, "--url", f"http://127.0.0.1:{service.port}", "--token-file", str(held))


def test_a_reader_s_word_is_decided_on_the_command_line(kesher, service, monkeypatch) -> None:
    monkeypatch.setenv("KESHER_TOKEN", service.token)
    at = ("--url", f"http://127.0.0.1:{service.port}")
    made = kesher.json("entity", "create", "concept/quagga", "--label", "en=Quagga", "--publish", *at)
    word = {"iri": made["iri"], "text": "It has another name.", "predicate": "skos:altLabel", "value": "Plains zebra"}
    body = json.dumps(word | {"lang": "en"}).encode()
    for _ in range(2):
        assert service.send("POST", "/api/v1/feedback", body, content_type="application/json").status == 202
    first, second = (it["id"] for it in kesher.json("feedback", "list", *at)["waiting"])
    assert "Plains zebra" in kesher("feedback", "list", *at)
    kesher("feedback", "accept", first, *at)
    kesher("feedback", "dismiss", second, *at)
    assert kesher.json("feedback", "list", *at) == {"waiting": []}
    assert "Plains zebra" in json.dumps(kesher.json("entity", "show", "concept/quagga", *at))
    config = kesher("config")
    assert service.token.split("_", 2)[2] not in config


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("show", "okapi"), "is no kind/slug"),
        (("create", "thing/okapi"), "no kind"),
        (("create", "concept/okapi", "--label", "Okapi"), "has no language"),
        (("edit", "concept/okapi", "--label", "en=Okapi"), "no entity"),
        (("edit", "concept/okapi", "--edits", "{edits}"), "These are no edits"),
        (("create", "concept/okapi", "--edits", "nowhere.json"), "nowhere.json"),
        (("show", "concept/okapi", "--url", "http://127.0.0.1:1"), "No Kesher server answers"),
    ],
)
def test_what_is_asked_wrongly_is_told(kesher, tmp_path, arguments, told) -> None:
    edits = Path(tmp_path / "edits.json")
    edits.write_text('{"edits": [{"values": 7}]}', "utf-8")
    kesher("entity", *(it.format(edits=edits) for it in arguments), code=1)
    assert told in kesher.said
