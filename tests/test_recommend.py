"""Tools for a role: the starter knowledge whole, and small graphs where every number can be computed by hand."""

import re
from collections.abc import Callable, Iterator
from itertools import pairwise

import pyoxigraph as ox
import pytest

from graph.embedded import EmbeddedGraph
from language.labels import LabelIndex
from ontology.errors import InvalidParameter, UnknownEntity
from ontology.kinds import DEFAULT_BASE, Iri, Kind
from ontology.namespaces import KS, SKOS
from search.diversify import coverage, diversify, evidence_prior
from search.entities import label_entries, read_entities
from search.paths import DAMPING, ONE_HOP, Metapath, paths_from
from search.recommend import Recommender
from search.toolfilter import EVERY_TOOL, ToolFilter
from search.toolgraph import read_toolgraph
from search.why import NOWHERE, why
from tests.searching import address, load, starter

ROLE = address(Kind.ROLE, "lead")


def plain(sentence: str) -> str:
    """Isolates as brackets that one can see."""
    return sentence.translate({0x2068: "⟨", 0x2069: "⟩"})


def recommender_of(graph: EmbeddedGraph) -> Recommender:
    labels = LabelIndex(label_entries(read_entities(graph)))
    return Recommender(graph, lambda: labels, DEFAULT_BASE)


@pytest.fixture(scope="module")
def knowledge(tmp_path_factory) -> Iterator[EmbeddedGraph]:
    graph = starter(tmp_path_factory.mktemp("graph"))
    yield graph
    graph.close()


@pytest.fixture(scope="module")
def recommender(knowledge) -> Recommender:
    return recommender_of(knowledge)


@pytest.fixture
def made(tmp_path) -> Iterator[Callable[[str], Recommender]]:
    graph = EmbeddedGraph(tmp_path)

    def make(text: str) -> Recommender:
        load(graph, text)
        return recommender_of(graph)

    yield make
    graph.close()


SMALL = """
    r:lead a ks:Role ; skos:prefLabel "Lead"@en ; ks:requires c:a , c:b ; ks:hasStandard std:one .
    q:a ks:role r:lead ; ks:competency c:a ; ks:importance 5 ; ks:weight 1.0 .
    q:b ks:role r:lead ; ks:competency c:b ; ks:importance 2 ; ks:weight 0.4 .
    c:a a ks:Competency ; skos:prefLabel "Noticing"@en .
    c:b a ks:Competency ; skos:prefLabel "Planning"@en ; skos:broader c:top .
    c:top a ks:Competency ; skos:prefLabel "Work"@en .
    c:part a ks:Competency ; skos:prefLabel "Looking"@en ; skos:broader c:a .
    c:else a ks:Competency ; skos:prefLabel "Else"@en .
    std:one a ks:ProfessionalStandard ; skos:prefLabel "Sees what pupils think."@en ; ks:evidences c:a .
    t:frame a ks:Tool ; skos:prefLabel "Frame"@en ; ks:develops c:a ; ks:researchGrade 4 ; ks:supportedBy s:study .
    t:both a ks:Tool ; skos:prefLabel "Both"@en ; ks:develops c:a , c:b ; ks:researchGrade 0 ;
        ks:status ks:Illustrative .
    t:top a ks:Tool ; skos:prefLabel "Top"@en ; ks:develops c:top .
    t:part a ks:Tool ; skos:prefLabel "Part"@en ; ks:develops c:part .
    t:other a ks:Tool ; skos:prefLabel "Other"@en ; ks:develops c:else .
    s:study a ks:ResearchSource ; skos:prefLabel "A study"@en .
"""


# --- the arithmetic ---


def test_contributions_are_weights_and_damped_degrees(made):
    paths = paths_from(made(SMALL).toolgraph, ROLE)

    def contribution(tool: str, metapath: Metapath) -> float:
        return sum(it.contribution for it in paths[address(Kind.TOOL, tool)] if it.metapath is metapath)

    two = 2**-DAMPING
    assert contribution("frame", Metapath.REQUIRES) == pytest.approx(1.0 * two)
    assert contribution("frame", Metapath.STANDARD) == pytest.approx(1.0 * two)
    assert contribution("both", Metapath.REQUIRES) == pytest.approx(1.0 * two * two + 0.4 * two)
    assert contribution("top", Metapath.BROADER) == pytest.approx(0.4 * ONE_HOP)
    assert contribution("part", Metapath.NARROWER) == pytest.approx(1.0 * ONE_HOP)
    assert address(Kind.TOOL, "other") not in paths


def test_a_requirement_that_nobody_weighed_counts_as_three_of_five(made):
    [path] = paths_from(made("r:lead a ks:Role ; ks:requires c:a . t:x a ks:Tool ; ks:develops c:a .").toolgraph, ROLE)[
        address(Kind.TOOL, "x")
    ]
    assert (path.contribution, path.importance) == (0.6, None)


def test_a_statement_in_two_graphs_is_one_path(tmp_path):
    graph = EmbeddedGraph(tmp_path)
    text = """
        r:lead a ks:Role ; ks:requires c:a ; ks:hasStandard std:one . std:one ks:evidences c:a .
        t:x a ks:Tool ; ks:develops c:a ; ks:supportedBy s:a .
    """
    load(graph, text, "source/b")
    load(graph, text, "source/a")
    found = paths_from(read_toolgraph(graph), ROLE)[address(Kind.TOOL, "x")]
    assert [it.metapath for it in found] == [Metapath.STANDARD, Metapath.REQUIRES]
    assert {link.graph for it in found for link in it.links} == {f"{DEFAULT_BASE}graph/source/a"}


def test_evidence_lowers_and_never_removes():
    assert evidence_prior(4) == 1
    assert evidence_prior(None) == evidence_prior(0) == pytest.approx(0.85)
    assert evidence_prior(2) == pytest.approx(0.925)


def test_diversity_prefers_a_need_that_is_still_open():
    a, b, c = Iri("urn:a"), Iri("urn:b"), Iri("urn:c")
    develops = {a: {Iri("x")}, b: {Iri("x")}, c: {Iri("y")}}
    needs = {Iri("x"): 1.0, Iri("y"): 1.0}
    assert diversify({a: 1.0, b: 0.9, c: 0.8}, develops, needs) == [a, c, b]
    assert diversify({b: 0.5, a: 0.5}, develops, needs) == [a, b]
    assert diversify({}, {}, {}) == []
    assert coverage([a, c], develops, needs) == pytest.approx(0.7)
    assert coverage([a, b], develops, needs) == pytest.approx((1 - 0.3 * 0.3) / 2)


# --- the answer ---


def test_the_score_is_the_sum_of_what_is_shown(recommender):
    for role in recommender.toolgraph.roles:
        for it in recommender.tools_for(role, limit=100).recommendations:
            assert it.score == pytest.approx(sum(reason.contribution for reason in it.because) + it.further, abs=1e-9)
            assert 0 < it.score <= 1
            shown = [reason.contribution for reason in it.because]
            assert shown == sorted(shown, reverse=True)


def test_every_statement_of_a_path_is_in_the_graph_that_it_names(recommender, knowledge):
    links = {
        link
        for role in recommender.toolgraph.roles
        for it in recommender.tools_for(role, limit=100).recommendations
        for reason in it.because
        for link in reason.path
    }
    assert len(links) > 300
    for it in links:
        nodes = [ox.NamedNode(term) for term in (it.subject, it.predicate, it.object, it.graph)]
        assert list(knowledge.quads(*nodes)), it


def test_paths_lead_from_the_role_to_the_tool_and_on_to_a_source(recommender):
    result = recommender.tools_for("video-coach", limit=100)
    for it in result.recommendations:
        for reason in it.because:
            walk = [link for link in reason.path if link.predicate != str(KS.supportedBy)]
            assert walk[0].subject == result.role.iri
            assert walk[-1].subject == it.tool.iri
            for one, next_ in pairwise(walk):
                assert {one.subject, one.object} & {next_.subject, next_.object}
            supported = [link for link in reason.path if link.predicate == str(KS.supportedBy)]
            assert bool(supported) == bool(recommender.toolgraph.sources.get(it.tool.iri))
            assert all(link.subject == it.tool.iri for link in supported)


def test_deleting_what_is_cited_takes_the_score_away(made):
    before = made(SMALL).tools_for("lead").recommendations
    assert "Frame" in {it.tool.label for it in before}
    cited = SMALL.replace("ks:develops c:a ; ks:researchGrade 4", "ks:researchGrade 4")
    assert "Frame" not in {it.tool.label for it in made(cited).tools_for("lead").recommendations}


def test_what_no_tool_covers_is_returned_most_important_first(recommender):
    uncovered = {
        it.competency.iri for role in recommender.toolgraph.roles for it in recommender.tools_for(role).uncovered
    }
    slugs = "kct-5 kct-6-4 ins-5 ins-6 lea-5 lea-7 tec-4 equ-3 equ-5 pro-4 pro-5".split()  # noqa: SIM905 - it reads so
    assert uncovered == {address(Kind.COMPETENCY, it) for it in slugs}
    shown = [it.importance for it in recommender.tools_for("subject-coordinator").uncovered]
    assert shown == sorted(shown, reverse=True)


def test_a_filter_leaves_needs_open_and_says_so(recommender):
    every = recommender.tools_for("subject-coordinator")
    few = recommender.tools_for("subject-coordinator", ToolFilter(min_evidence=4))
    assert len(few.uncovered) > len(every.uncovered)


@pytest.mark.parametrize(
    ("where", "check"),
    [
        (ToolFilter(content_lang="ar"), lambda it: "ar" in (it.content_languages or ["ar"])),
        (ToolFilter(content_lang="ar-IL"), lambda it: "ar" in (it.content_languages or ["ar"])),
        (ToolFilter(subject="physics"), lambda it: not it.subjects or address(Kind.SUBJECT, "physics") in it.subjects),
        (ToolFilter(grade=5), lambda it: it.grades is None or it.grades[0] <= 5 <= it.grades[1]),
        (ToolFilter(min_evidence=3), lambda it: it.research_grade >= 3),
    ],
)
def test_filters_are_hard(recommender, where, check):
    found = recommender.tools_for("district-instructor", where, limit=100).recommendations
    assert found
    assert all(check(recommender.toolgraph.tools[it.tool.iri]) for it in found)


def test_field_evidence_is_apart_from_research(recommender, made):
    assert recommender.tools_for("subject-coordinator", ToolFilter(min_field_evidence=1)).recommendations == ()
    graded = made(SMALL.replace("ks:researchGrade 0", "ks:researchGrade 0 ; ks:fieldGrade 3"))
    [only] = graded.tools_for("lead", ToolFilter(min_field_evidence=2)).recommendations
    assert (only.tool.label, only.evidence.research, only.evidence.field) == ("Both", 0, 3)


def test_a_tool_has_one_score_for_a_role_whatever_the_filter(recommender):
    every = {it.tool.iri: it.score for it in recommender.tools_for("subject-coordinator", limit=100).recommendations}
    some = recommender.tools_for("subject-coordinator", ToolFilter(grade=3, content_lang="he"), limit=100)
    assert some.recommendations
    assert all(every[it.tool.iri] == it.score for it in some.recommendations)


def test_the_list_covers_more_of_the_role_than_the_scores_alone(recommender):
    for role in recommender.toolgraph.roles:
        ranking = recommender.rank(role, EVERY_TOOL)
        needs = {it.competency: it.weight for it in ranking.requirements}
        develops = {it: {link.object for link in recommender.toolgraph.develops[it]} for it in ranking.order}
        by_score = sorted(ranking.order, key=lambda it: -sum(path.contribution for path in ranking.paths[it]))
        assert coverage(list(ranking.order[:8]), develops, needs) >= coverage(by_score[:8], develops, needs) - 1e-9


def test_the_same_question_gets_the_same_answer(recommender, knowledge):
    assert recommender_of(knowledge).tools_for("video-coach", limit=50) == recommender.tools_for(
        "video-coach", limit=50
    )


def test_statuses_travel_with_role_and_tool(recommender, made):
    assert "illustrative" in recommender.tools_for("subject-coordinator").role.statuses
    tools = {it.tool.label: it.tool.statuses for it in made(SMALL).tools_for("lead").recommendations}
    assert tools["Both"] == ("illustrative",)


@pytest.mark.parametrize(
    "named",
    ["subject-coordinator", "רכז מקצוע", "School subject coordinator", f"{DEFAULT_BASE}id/role/subject-coordinator"],
)
def test_a_role_is_found_by_slug_name_and_address(recommender, named):
    assert recommender.tools_for(named).role.iri == address(Kind.ROLE, "subject-coordinator")


def test_an_unknown_role_is_named_with_the_nearest(recommender):
    with pytest.raises(UnknownEntity, match="subject-cordinator") as unknown:
        recommender.tools_for("subject-cordinator")
    assert "subject-coordinator" in unknown.value.remedy
    with pytest.raises(UnknownEntity):
        recommender.tools_for("video-lm")


@pytest.mark.parametrize(
    ("where", "limit", "parameter"),
    [
        (ToolFilter(subject="alchemy"), 10, "subject"),
        (ToolFilter(grade=21), 10, "grade"),
        (ToolFilter(min_evidence=-1), 10, "min_evidence"),
        (ToolFilter(min_field_evidence=5), 10, "min_field_evidence"),
        (EVERY_TOOL, 0, "limit"),
        (EVERY_TOOL, 101, "limit"),
    ],
)
def test_bad_parameters_are_named(recommender, where, limit, parameter):
    with pytest.raises(InvalidParameter) as refused:
        recommender.tools_for("subject-coordinator", where, limit=limit)
    assert refused.value.parameter == parameter


# --- in words ---


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        (
            "en",
            "The role ⟨Lead⟩ requires ⟨Noticing⟩ (importance 5 of 5), and the tool ⟨Frame⟩ develops it. "
            "The source ⟨A study⟩ supports the tool.",
        ),
        (
            "he",
            "התפקיד ⟨Lead⟩ דורש את הכשירות ⟨Noticing⟩ (חשיבות 5 מתוך 5), והכלי ⟨Frame⟩ מפתח אותה. "
            "המקור ⟨A study⟩ תומך בכלי.",
        ),
        (
            "ar",
            "يتطلّب الدور ⟨Lead⟩ الكفاية ⟨Noticing⟩ (الأهمية 5 من 5)، والأداة ⟨Frame⟩ تطوّرها. "
            "المصدر ⟨A study⟩ يدعم الأداة.",
        ),
    ],
)
def test_sentences_in_three_languages(made, lang, expected):
    recommended = {it.tool.label: it for it in made(SMALL).tools_for("lead", lang=lang).recommendations}
    assert expected in [plain(it.sentence) for it in recommended["Frame"].because]


def test_every_kind_of_path_has_its_sentence(made):
    sentences = {
        it.tool.label: " | ".join(plain(reason.sentence) for reason in it.because)
        for it in made(SMALL).tools_for("lead").recommendations
    }
    assert "⟨Planning⟩ (importance 2 of 5), a part of ⟨Work⟩, which the tool ⟨Top⟩ develops." in sentences["Top"]
    assert "the tool ⟨Part⟩ develops a part of it: ⟨Looking⟩." in sentences["Part"]
    assert "The standard ⟨Sees what pupils think⟩ of the role ⟨Lead⟩ is evidence of ⟨Noticing⟩" in sentences["Frame"]


@pytest.mark.parametrize("lang", ["en", "he", "ar"])
def test_isolates_are_balanced_and_nothing_is_left_open(recommender, lang):
    for it in recommender.tools_for("video-coach", lang=lang, limit=100).recommendations:
        for reason in it.because:
            assert re.fullmatch(r"([^\u2068\u2069]*\u2068[^\u2068\u2069]+\u2069)+[^\u2068\u2069]*", reason.sentence)
            assert "{" not in reason.sentence


# --- why, and why not ---


def test_why_a_tool_is_recommended(made):
    account = why(made(SMALL), "lead", "frame")
    assert (account.recommended, account.place, account.against, account.missing) == (True, 2, (), ())
    assert account.score == pytest.approx(sum(it.contribution for it in account.because))


def test_why_not_names_the_edge_that_is_missing(made):
    account = why(made(SMALL), "lead", "other", lang="en")
    assert (account.recommended, account.place, account.score, account.because) == (False, None, 0.0, ())
    assert [(it.subject, it.predicate, it.object, it.graph) for it in account.missing] == [
        (address(Kind.TOOL, "other"), str(KS.develops), address(Kind.COMPETENCY, slug), NOWHERE) for slug in "ab"
    ]
    assert plain(account.against[0]) == (
        "The role ⟨Lead⟩ requires ⟨Noticing⟩ (importance 5 of 5), but nothing states that the tool ⟨Other⟩ develops it."
    )


def test_why_not_names_the_filter(made):
    account = why(made(SMALL), "lead", "both", ToolFilter(min_evidence=2), lang="he")
    assert not account.recommended
    assert account.because
    assert account.missing == ()
    assert tuple(map(plain, account.against)) == ("הכלי ⟨Both⟩ אינו עומד בסינון ⟨ראיות מחקריות לפחות: 2⟩.",)


def test_why_not_where_the_role_requires_nothing(made):
    account = why(
        made('r:lead a ks:Role ; skos:prefLabel "Lead"@en . t:x a ks:Tool ; skos:prefLabel "X"@en .'), "lead", "x"
    )
    assert tuple(map(plain, account.against)) == ("Nothing states which competencies the role ⟨Lead⟩ requires.",)


def test_why_of_what_does_not_exist(recommender):
    with pytest.raises(UnknownEntity, match="tool 'vide-lm'") as unknown:
        why(recommender, "subject-coordinator", "vide-lm")
    assert "video-lm" in unknown.value.remedy


def test_a_change_shows_after_refreshing(tmp_path):
    graph = EmbeddedGraph(tmp_path)
    load(graph, SMALL)
    found = recommender_of(graph)
    load(graph, SMALL.replace("t:other a ks:Tool ;", "t:other a ks:Tool ; ks:develops c:a ;"))
    found.refresh()
    assert "Other" in {it.tool.label for it in found.tools_for("lead").recommendations}
    assert str(SKOS.broader) in {link.predicate for it in found.toolgraph.broader.values() for link in it}
