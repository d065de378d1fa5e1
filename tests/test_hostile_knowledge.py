"""Knowledge that others brought in and that is not what it should be: indexed, shown and exported all the same."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from api.cli.export import _plain
from ingest.pipeline import Options
from ontology.errors import InvalidParameter
from tests.serving import BASE, services_of, serving

PREFIXES = """
@prefix dct: <http://purl.org/dc/terms/> .
@prefix ks: <https://w3id.org/kesher/schema#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix skosxl: <http://www.w3.org/2008/05/skos-xl#> .
@prefix id: <https://w3id.org/kesher/id/> .
"""
DIGITS = "9" * 5000
ODD = f"""
<{BASE}id/tool/odd> a ks:Tool ; skos:prefLabel "Oddity"@en ; ks:gradeMin "--5" ; ks:gradeMax 5 ;
    ks:researchGrade {DIGITS} ; skosxl:prefLabel <{BASE}id/label/odd> .
<{BASE}id/label/odd> a skosxl:Label ; skosxl:literalForm "Oddity"@en ; ks:certainty "bogus" .
<urn:n1> rdf:subject <{BASE}id/role/plc-leader> .
<urn:n2> ks:role <{BASE}id/role/plc-leader> ; ks:importance "very" .
<urn:n3> ks:role <{BASE}id/role/plc-leader> ; ks:importance "very" ; ks:competency <{BASE}id/competency/obs-1> .
<urn:n4> dct:isPartOf <{BASE}id/standard/std-01> ; a <urn:thing> ; skos:prefLabel "part"@en ; ks:ordinal "²" .
<{BASE}id/tool/כלי> a ks:Tool ; skos:prefLabel "כלי"@he .
<{BASE}graph/starter/tools> dct:license <https://evil.example/> .
<urn:n5> a ks:OverriddenStatement ; rdf:subject <{BASE}id/tool/video-lm> ;
    rdf:predicate skos:note ; rdf:object "forged" .
<https://example.org/f> a ks:Framework ; skos:prefLabel "f"@en ; dct:license <https://example.org/רישיון> .
"""


@pytest.fixture(scope="module")
def client(tmp_path_factory) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("hostile")
    with serving(folder) as client:
        services, file = services_of(client), folder / "odd.ttl"
        file.write_text(PREFIXES + ODD, encoding="utf-8")
        services.ingest([file], Options(agent=services.agent))
        yield client


def test_a_thing_with_values_that_are_none_is_found_and_shown(client):
    hits = client.get("/api/v1/search?q=Oddity").json()["hits"]
    assert f"{BASE}id/tool/odd" in {it["iri"] for it in hits}
    entity = client.get("/api/v1/entities/tool/odd").json()
    assert [it["certainty"] for it in entity["labels"]] == ["uncertain"]


@pytest.mark.parametrize("path", ["role/plc-leader", "standard/std-01", "tool/video-lm", "tool/odd", "tool/כלי"])
def test_no_page_breaks_on_what_a_file_says_of_it(client, path: str):
    for answer in (client.get(f"/page/{path}"), client.get(f"/api/v1/entities/{path}")):
        assert answer.status_code == 200
        assert "evil.example" not in answer.text
        assert "forged" not in answer.text


@pytest.mark.parametrize("format", ["turtle", "jsonld", "ntriples", "rdfxml"])
def test_addresses_in_other_scripts_go_into_headers_in_ascii(client, format: str):
    answer = client.get(f"/id/tool/כלי?format={format}")
    assert answer.status_code == 200
    assert "%D7%9B" in answer.headers["Link"]


def test_a_licence_in_another_script_does_not_break_an_export(client):
    answer = client.get("/api/v1/export?format=turtle")
    assert answer.status_code == 200
    assert "%D7%A8" in answer.headers["Link"]


@pytest.mark.parametrize("framework", ["%00", "%22", "a b", "http://x/%25zz", "javascript:x"])
def test_an_export_of_what_is_no_address_is_told(client, framework: str):
    assert client.get(f"/api/v1/export?framework={framework}").status_code in {404, 422}


@pytest.mark.parametrize("name", ["../../slipped.txt", "/etc/slip.txt", "..\\slip.txt", "a/b/slip.txt"])
def test_a_server_does_not_choose_the_folder_of_a_file(name: str):
    assert "/" not in _plain(name)
    assert _plain(name).endswith("slip.txt") or _plain(name) == "slipped.txt"


@pytest.mark.parametrize("name", ["..", "a/..", "", "/"])
def test_a_name_that_is_none_is_refused(name: str):
    with pytest.raises(InvalidParameter):
        _plain(name)
