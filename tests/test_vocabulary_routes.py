"""The vocabulary at its own address: pages in three languages, statements in four formats, pictures, versions."""

import re
from collections.abc import Iterator
from html import unescape

import pyoxigraph as ox
import pytest
from fastapi.testclient import TestClient

from api.portal.texts import texts_in
from graph.results import GRAPHS
from ontology import turtle
from ontology.documentation.markdown import anchor
from ontology.documentation.site import site, vocabulary
from ontology.model import LANGUAGES
from ontology.questions import question
from ontology.release import schema_of, versions
from tests.serving import serving
from tests.test_portal import Page, page

MODULES = [it.name for it in vocabulary().modules]
PAGES = ["/schema", *(f"/schema/{name}" for name in MODULES)]
FORMATS = ("text/turtle", "application/ld+json", "application/n-triples", "application/rdf+xml")


@pytest.fixture(scope="module")
def client(tmp_path_factory) -> Iterator[TestClient]:
    with serving(tmp_path_factory.mktemp("vocabulary")) as client:
        yield client


def statements(text: str | bytes, media_type: str = "text/turtle") -> ox.Dataset:
    """The statements in an order of their own, so that two sets compare whatever their blank nodes are called."""
    found = ox.Dataset(ox.Quad(it.subject, it.predicate, it.object) for it in ox.parse(text, format=GRAPHS[media_type]))
    found.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return found


# --- pages ---


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_stands_in_the_frame_of_the_portal_and_says_its_own_language(client, path, lang):
    found = page(client, path, lang)
    assert len(found.all("h1")) == 1
    assert {"class": "document", "lang": "en", "dir": "ltr"} in found.all("article")
    assert all(it["alt"] for it in found.all("img") if it["src"].startswith("/schema"))
    ids = [attrs["id"] for _, attrs in found.elements if "id" in attrs]
    assert len(ids) == len(set(ids))
    said = {text for text, _, _ in found.texts}
    assert (texts_in(lang)("vocabulary.in_english") in said) == (lang != "en")


@pytest.mark.parametrize("path", PAGES)
def test_hebrew_and_arabic_stand_in_their_own_language_and_direction(client, path):
    for text, lang, direction in page(client, path, "en").texts:
        if re.match(r"[\u0590-\u05ff]", text) and text != "עברית":
            assert (lang, direction) == ("he", "rtl"), text
        if re.match(r"[\u0600-\u06ff]", text) and text != "العربية":
            assert (lang, direction) == ("ar", "rtl"), text


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_inline_and_nothing_comes_from_elsewhere(client, path):
    found = page(client, path, "en")
    assert {it["src"] for it in found.all("script")} == {"/static/suggest.js"}
    assert not found.all("style")
    assert not any(name == "style" or name.startswith("on") for _, attrs in found.elements for name in attrs)
    assert all(it["src"].startswith("/") for it in found.all("img"))


def test_the_address_of_a_term_leads_to_its_place_in_the_index(client):
    ids = {attrs["id"] for _, attrs in page(client, "/schema", "he").elements if "id" in attrs}
    assert {anchor(iri, vocabulary()) for iri in vocabulary().terms} <= ids
    assert {"Role", "role"} <= ids


def test_every_link_within_leads_somewhere_in_the_reader_s_language(client):
    found = {path: page(client, path, "he") for path in PAGES}
    places = {path: {attrs["id"] for _, attrs in it.elements if "id" in attrs} for path, it in found.items()}
    links = set()
    for path, there in found.items():
        hrefs = {it["href"] for it in there.all("a") if "href" in it and "hreflang" not in it} - {"#content"}
        assert {it.removeprefix("#") for it in hrefs if it.startswith("#")} <= places[path]
        links |= {it for it in hrefs if it.startswith("/")}
    for href in links:
        target, _, place = href.partition("#")
        assert not place or place in places[target.partition("?")[0]], href
        if target.partition("?")[0] in PAGES and "format=" not in target:
            assert target.endswith("lang=he"), href
    for target in {it.partition("#")[0] for it in links if it.startswith("/s")}:
        assert client.get(target).status_code == 200, target


def test_every_page_of_the_portal_leads_to_the_vocabulary(client):
    links = page(client, "/", "ar").all("a")
    assert {"href": "/schema?lang=ar"} in links


def test_an_example_reads_on_the_page_as_it_does_in_the_repository(client):
    html = client.get("/schema/roles", headers={"Accept": "text/html"}).text
    shown = re.findall(r'<code class="language-turtle">(.*?)</code>', html, re.DOTALL)
    assert [unescape(it) for it in shown] == re.findall(r"```turtle\n(.*?)```", site()["roles.md"], re.DOTALL)


@pytest.mark.parametrize("name", ["nope", "README", "overview", "9.9.9", "../errors", "roles.md"])
def test_an_unknown_part_is_not_found_in_the_reader_s_language(client, name):
    answer = client.get(f"/schema/{name}?lang=he", headers={"Accept": "text/html"})
    assert answer.status_code == 404
    assert texts_in("he")("problem.not_found") in answer.text
    assert Page(answer.text).all("html")[0]["dir"] == "rtl"
    assert client.get(f"/schema/{name}", headers={"Accept": "text/turtle"}).status_code == 404
    assert client.get(f"/shapes/{name}", headers={"Accept": "text/html"}).status_code == 404
    assert client.get(f"/schema/{name}.svg").status_code == (200 if name == "overview" else 404)


# --- statements ---


@pytest.mark.parametrize("media_type", FORMATS)
@pytest.mark.parametrize(("path", "text"), [("/schema", turtle.schema()), ("/shapes", turtle.shapes())])
def test_the_whole_is_served_in_every_format_without_loss(client, path, text, media_type):
    answer = client.get(path, headers={"Accept": media_type})
    assert answer.headers["content-type"].startswith(media_type)
    assert "Accept" in answer.headers["Vary"]
    assert statements(answer.content, media_type) == statements(text)


def test_turtle_is_served_as_its_authors_wrote_it(client):
    assert client.get("/schema?format=turtle").text == turtle.schema()
    assert client.get("/shapes/roles?format=turtle").text == turtle.shape_modules()["roles"]


@pytest.mark.parametrize("name", turtle.schema_modules())
def test_a_module_is_served_alone(client, name):
    answer = client.get(f"/schema/{name}", headers={"Accept": "application/n-triples"})
    assert statements(answer.content, "application/n-triples") == statements(turtle.schema_modules()[name])


@pytest.mark.parametrize("version", versions())
def test_a_version_is_served_as_statements_whoever_asks(client, version):
    for accept in ("text/html", "*/*", "text/turtle"):
        answer = client.get(f"/schema/{version}", headers={"Accept": accept})
        assert answer.headers["content-type"].startswith("text/turtle")
        assert answer.text == schema_of(version)
    answer = client.get(f"/schema/{version}", headers={"Accept": "application/ld+json"})
    assert statements(answer.content, "application/ld+json") == statements(schema_of(version))


def test_a_page_names_its_formats_and_they_are_there(client):
    answer = client.get("/schema/tools", headers={"Accept": "text/html"})
    named = re.findall(r'<([^>]+)>; rel="alternate"; type="([^"]+)"', answer.headers["Link"])
    assert [media_type for _, media_type in named] == list(FORMATS)
    for url, media_type in named:
        assert client.get(url).headers["content-type"].startswith(media_type)


@pytest.mark.parametrize(("path", "page_there"), [("/shapes", "/schema"), ("/shapes/roles", "/schema/roles")])
def test_people_who_ask_for_shapes_are_led_to_the_documentation(client, path, page_there):
    answer = client.get(f"{path}?lang=ar", headers={"Accept": "text/html"}, follow_redirects=False)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{page_there}?lang=ar")


@pytest.mark.parametrize("path", ["/schema", "/schema/roles", "/shapes"])
def test_a_format_that_cannot_be_made_is_refused_with_those_that_can(client, path):
    answer = client.get(path, headers={"Accept": "image/png"})
    assert answer.status_code == 406
    assert "text/turtle" in answer.json()["remedy"]


# --- pictures and questions ---


@pytest.mark.parametrize("name", [name.removesuffix(".svg") for name in site() if name.endswith(".svg")])
def test_a_picture_is_served_as_it_stands_in_the_repository(client, name):
    answer = client.get(f"/schema/{name}.svg")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.text == site()[f"{name}.svg"]


def test_a_question_is_served_as_sparql(client):
    answer = client.get("/schema/questions/role-standards")
    assert answer.headers["content-type"].startswith("application/sparql-query")
    assert answer.text == question("role-standards")
    assert client.get("/schema/questions/nope").status_code == 404
