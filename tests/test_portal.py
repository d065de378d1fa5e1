"""The pages: readable in three languages, without JavaScript, with every text in its own language and direction."""

import re
import tomllib
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pyoxigraph as ox
import pytest
from fastapi.testclient import TestClient

from api.portal.texts import MESSAGES, choose_lang, texts_in
from language.script import Script, script_of
from ontology.kinds import Iri, Kind
from ontology.model import LANGUAGES
from tests.serving import BASE, services_of, serving

PORTAL = MESSAGES.parent
PAGES = [
    "/", "/search", "/search?q=video club", "/search?q=מתמטיקה&kind=tool", "/page/tool/video-lm",
    "/page/role/subject-coordinator", "/page/competency/obs-2", "/page/source/karsenty2017", "/problems/no-worker",
    "/page/job/subject-coordinator-2", "/page/pathway/subject-leadership", "/page/standard/std-05",
    "/page/programme/instructors-programme", "/page/misconception/plants-feed-from-soil",
    "/page/practice/exit-tickets-on-decimals", "/page/standard-item/std-01-1", "/page/task/subject-coordinator-2-1",
    "/page/requirement/assessment-data-lead--dia-3", "/page/label/role-assessment-data-lead-he",
    "/page/rubric/feedback-conversation", "/ingest",
]  # fmt: skip
VOID = {"meta", "link", "img", "input", "br", "hr"}


@pytest.fixture(scope="module")
def client(tmp_path_factory) -> Iterator[TestClient]:
    with serving(tmp_path_factory.mktemp("portal")) as client:
        yield client


class Page(HTMLParser):
    """A page as a reader meets it: each text with the language and direction it stands in."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[tuple[str, dict[str, str]]] = []
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[tuple[str, str, str]] = []  # text, lang, dir
        self.feed(html)
        assert not self.open, "an element is not closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = (tag, {name: value or "" for name, value in attrs})
        self.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        opened, _ = self.open.pop()
        assert opened == tag

    def handle_data(self, data: str) -> None:
        if data.strip() and not any(tag in {"style", "script"} for tag, _ in self.open):
            self.texts.append((data.strip(), self.nearest("lang"), self.nearest("dir")))

    def nearest(self, name: str) -> str:
        return next((attrs[name] for _, attrs in reversed(self.open) if name in attrs), "")

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attrs for found, attrs in self.elements if found == tag]


def page(client: TestClient, path: str, lang: str) -> Page:
    answer = client.get(path + ("&" if "?" in path else "?") + f"lang={lang}", headers={"Accept": "text/html"})
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Language"] == lang
    return Page(answer.text)


@pytest.fixture(params=LANGUAGES)
def lang(request) -> str:
    return request.param


@pytest.mark.parametrize("path", PAGES)
def test_every_text_stands_in_its_own_language_and_direction(client, path, lang):
    found = page(client, path, lang)
    expected = {Script.HEBREW: ("he", "rtl"), Script.ARABIC: ("ar", "rtl")}
    for text, text_lang, direction in found.texts:
        if (script := script_of(text)) in expected and text not in {"עברית", "العربية"}:
            assert (text_lang, direction) == expected[script], text
        elif script is Script.LATIN and lang != "en" and len(text) > 12:
            assert direction in {"ltr", "auto"}, text


@pytest.mark.parametrize("path", PAGES)
def test_the_frame_is_accessible(client, path, lang):
    found = page(client, path, lang)
    (html,) = found.all("html")
    assert (html["lang"], html["dir"]) == (lang, "ltr" if lang == "en" else "rtl")
    assert len(found.all("h1")) == 1
    assert len(found.all("main")) == 1
    assert {"href": "#content", "class": "skip"} in found.all("a")
    labelled = {it["for"] for it in found.all("label")}
    fields = [it for tag in ("input", "select") for it in found.all(tag) if it.get("type") != "hidden"]
    assert {it["id"] for it in fields} <= labelled
    assert all("alt" in it for it in found.all("img"))
    languages = [it["hreflang"] for it in found.all("a") if "hreflang" in it]
    assert languages == list(LANGUAGES)
    ids = [attrs["id"] for _, attrs in found.elements if "id" in attrs]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_inline_and_nothing_comes_from_elsewhere(client, path):
    found = page(client, path, "en")
    own = ["/static/ingest.js"] if path == "/ingest" else []
    assert [it["src"] for it in found.all("script")] == ["/static/suggest.js", *own]
    assert not found.all("style")
    assert not any(name == "style" or name.startswith("on") for _, attrs in found.elements for name in attrs)
    sources = [it["href"] for it in found.all("link")] + [it["src"] for it in found.all("img")]
    assert all(it.startswith("/") for it in sources)


def test_every_link_within_leads_somewhere(client):
    local = {
        it["href"]
        for path in PAGES
        for tag in ("a", "link")
        for it in page(client, path, "he").all(tag)
        if it["href"].startswith("/")
    }
    entity_pages = sorted(it for it in local if it.startswith("/page/"))
    others = local - set(entity_pages)
    assert len(entity_pages) > 50
    for href in [*others, *entity_pages[::10]]:
        assert client.get(href).status_code == 200, href


def test_the_language_links_keep_the_question(client):
    links = [it["href"] for it in page(client, "/search?q=video club&kind=tool", "en").all("a") if "hreflang" in it]
    assert all("q=video" in it and "kind=tool" in it for it in links)


def test_statuses_stand_beside_what_they_mark(client):
    tool = client.get("/page/tool/ai-check?lang=en").text
    assert re.search(r'badge mark">illustrative<.*?<h1>', tool, re.DOTALL)
    names = client.get("/page/role/plc-leader?lang=ar").text
    assert texts_in("ar")("entity.needs_review") in names
    hits = client.get("/search?q=retention monitor&kind=tool&lang=en").text
    assert "illustrative" in hits


def test_a_search_says_why_and_pages_on(client):
    found = client.get("/search?q=video club&lang=he").text
    assert texts_in("he")("search.because") in found
    (onward,) = re.findall(r'href="(\?[^"]+)" rel="next"', found)
    assert client.get("/search" + onward.replace("&amp;", "&")).status_code == 200


def test_the_page_of_a_role_shows_its_tools_with_reasons_and_its_gaps(client):
    found = client.get("/page/role/subject-coordinator?lang=en").text
    assert "requires" in found
    assert texts_in("en")("entity.uncovered") in found


def test_a_page_names_its_formats(client):
    answer = client.get("/page/tool/video-lm")
    for url, media_type in re.findall(r'<([^>]+)>; rel="alternate"; type="([^"]+)"', answer.headers["Link"]):
        assert client.get(url).headers["content-type"].startswith(media_type)


def test_an_unknown_page_is_a_page_in_the_reader_s_language(client):
    answer = client.get("/page/tool/nope?lang=ar", headers={"Accept": "text/html"})
    assert answer.status_code == 404
    assert texts_in("ar")("problem.not_found") in answer.text
    assert Page(answer.text).all("html")[0]["dir"] == "rtl"


def test_what_comes_in_cannot_act_on_a_page(client):
    """Labels with markup, an address that is a script, a name with bidi marks: shown, never run, never linked."""
    services, iri = services_of(client), f"{BASE}id/tool/hostile"
    skos, dcterms = "http://www.w3.org/2004/02/skos/core#", "http://purl.org/dc/terms/"

    def triple(predicate: str, value: ox.NamedNode | ox.Literal) -> ox.Triple:
        return ox.Triple(ox.NamedNode(iri), ox.NamedNode(predicate), value)

    said = [
        triple("http://www.w3.org/1999/02/22-rdf-syntax-ns#type", ox.NamedNode("https://w3id.org/kesher/schema#Tool")),
        triple(f"{skos}prefLabel", ox.Literal('<img src=x onerror="alert(1)">Zebrafish', language="en")),
        triple(f"{skos}definition", ox.Literal("</script><script>alert(2)</script> zebrafish", language="en")),
        triple(f"{dcterms}source", ox.NamedNode("javascript:alert(3)")),
        triple(f"{dcterms}relation", ox.NamedNode("https://example.org/fine")),
    ]
    services.writer.replace("source/hostile.ttl", said, door="test", agent=services.agent)
    services.search.follow()
    for path in ("/page/tool/hostile", "/search?q=zebrafish", '/search?q="><script>alert(4)</script>'):
        html = client.get(path).text
        assert "<script" not in html.replace('<script src="/static/suggest.js" defer></script>', "")
        assert "<img src=x" not in html
        assert 'href="javascript:' not in html
    assert 'href="https://example.org/fine"' in client.get("/page/tool/hostile").text
    assert "javascript:alert(3)" in client.get("/page/tool/hostile").text


def test_an_imported_thing_that_keeps_its_own_address_has_a_page(client):
    services, iri = services_of(client), Iri("https://example.org/tools/7?a=b&c=d")
    said = [
        ox.Triple(ox.NamedNode(iri), ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"),
                  ox.NamedNode("https://w3id.org/kesher/schema#Tool")),
        ox.Triple(ox.NamedNode(iri), ox.NamedNode("http://purl.org/dc/terms/title"), ox.Literal("Axolotl"))
    ]  # fmt: skip
    services.writer.replace("source/imported.ttl", said, door="test", agent=services.agent)
    services.search.follow()
    html = client.get("/search?q=axolotl&lang=en").text
    (href,) = {it.replace("&amp;", "&") for it in re.findall(r'href="(/page\?[^"]+)"', html)}
    assert "Axolotl" in client.get(href).text


def test_a_better_spelling_is_a_link_to_its_search(client):
    html = client.get("/search?q=vidoe club&lang=he").text
    assert 'href="/search?q=video+club&amp;lang=he"' in html or 'href="/search?q=video%20club&amp;lang=he"' in html
    assert "video club</bdi>" in html


def test_a_search_in_vain_says_so_and_offers_broader_topics(client):
    for lang in LANGUAGES:
        html = client.get(f"/search?q=sourdough bread recipe&lang={lang}").text
        words = texts_in(lang)
        assert words("search.unanswered") in html
        assert words("search.counted") in html
        assert words("search.broader") in html
        assert words("search.related") not in html
    assert texts_in("en")("search.counted") not in client.get("/search?q=sourdough bread&kind=tool&lang=en").text


def test_what_is_linked_stands_in_a_block_of_its_own(client):
    html = client.get("/search?q=video club&lang=en").text
    hits, _, linked = html.partition('aria-labelledby="related"')
    assert texts_in("en")("search.related") in linked
    assert not set(re.findall(r'<h2><a href="([^"]+)"', hits)) & set(
        re.findall(r'<li><span.*?<a href="([^"]+)"', linked)
    )


def test_words_of_the_query_are_marked_where_the_snippet_says_them(client):
    html = client.get("/search?q=feedback observation&lang=ar").text
    marked = re.findall(r"<mark>([^<]+)</mark>", html)
    assert {"feedback", "observation"} & {it.lower() for it in marked}
    assert "\u2068" not in html


def test_an_entity_has_a_search_near_it_and_similar_entries(client):
    html = client.get("/page/tool/video-club?lang=en").text
    assert f'name="near" value="{BASE}id/tool/video-club"' in html
    assert texts_in("en")("entity.similar") in html
    near = client.get(f"/search?q=noticing&near={BASE}id/tool/video-club&lang=en").text
    assert texts_in("en")("search.near") in near
    assert near.count('<li class="sheet hit">') > 0
    nowhere = client.get("/search?q=noticing&near=tool/nowhere", headers={"Accept": "text/html"})
    assert nowhere.status_code == 404


# --- words and style ---


def test_every_key_stands_in_every_language_and_is_translated():
    words = {lang: texts_in(lang).words for lang in LANGUAGES}
    assert set(words["en"]) == set(words["he"]) == set(words["ar"])
    for key, english in words["en"].items():
        for lang in ("he", "ar"):
            own = words[lang][key]
            assert set(re.findall(r"\{\w+\}", own)) == set(re.findall(r"\{\w+\}", english)), key
            if not key.startswith("language.") and "{" not in own:
                assert script_of(own) is not Script.LATIN, f"{key} is not translated to {lang}: {own}"


def test_every_word_that_a_template_asks_for_is_there():
    asked = set()
    for template in (PORTAL / "templates").glob("*.html"):
        asked |= set(re.findall(r"""\bt(?:\.around)?\(['"]([a-z_]+\.[a-zA-Z_]+)['"]""", template.read_text()))
    known = set(texts_in("en").words)
    assert asked - known == set()
    assert {f"{table}.{kind}" for kind in Kind for table in ("kind", "kinds")} <= known


def test_no_word_is_left_over():
    used = "".join(it.read_text() for it in [*PORTAL.rglob("*.html"), *PORTAL.rglob("*.py")])
    looked_up = {
        "kind",
        "kinds",
        "status",
        "value",
        "out",
        "in",
        "property",
        "language",
        "ingest",
    }  # by a key that is composed
    left = [key for key in texts_in("en").words if key.partition(".")[0] not in looked_up and f'{key}"' not in used
            and f"{key}'" not in used]  # fmt: skip
    assert left == []


def test_the_message_files_have_no_key_twice():
    for lang in LANGUAGES:
        tomllib.loads((MESSAGES / f"{lang}.toml").read_text(encoding="utf-8"))  # refuses a key that stands twice


def test_style_knows_no_side():
    for sheet in (PORTAL / "static").glob("*.css"):
        rules = re.sub(r"/\*.*?\*/", "", Path(sheet).read_text(), flags=re.DOTALL)
        assert not re.findall(r"\b(?:left|right)\b", rules)
        assert not re.findall(r"(?:margin|padding|border)-(?:top|bottom)\b", rules)
        assert "url(" not in rules


@pytest.mark.parametrize(
    ("asked", "accepted", "expected"),
    [
        (None, "", "en"),
        ("he", "ar", "he"),
        ("xx", "ar;q=0.8, he;q=0.9", "he"),
        (None, "fr-FR, ar-IL;q=0.5, en;q=0.2", "ar"),
        (None, "he;q=0, en;q=0.1", "en"),
        (None, "he;q=oops, ar", "ar"),
    ],
)
def test_the_language_is_the_one_asked_for_or_else_accepted(asked, accepted, expected):
    assert choose_lang(asked, accepted) == expected
