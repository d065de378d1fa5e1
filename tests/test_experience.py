"""What the field knows: misconceptions, practice records, communities, events and claims, and the lists they draw on.

Records, communities and events are made up and say so; claims and misconceptions are proposed, with real sources.
"""

import re
from datetime import date
from itertools import combinations

import pyoxigraph as ox
import pytest

from ontology import turtle
from ontology.kinds import DEFAULT_BASE
from ontology.model import LANGUAGES
from ontology.namespaces import ASN, DCTERMS, FOAF, KS, ORG, PROV, SCHEMA, SKOS
from ontology.validate import validate
from tests.starting import RDF_TYPE, instances, iri, objects, statuses, store, value, values

FILES = (
    "claims",
    "communities",
    "costs",
    "event-kinds",
    "grade-bands",
    "misconceptions",
    "practice",
    "proficiency-levels",
)
MADE_UP = (KS.PracticeRecord, KS.TeachingEpisode, KS.Contributor, KS.Community)
PERSONAL = re.compile(
    r"[\w.]+@[\w.]+\.\w+"  # a mail address
    r"|\d[\d -]{6,}\d"  # a telephone or identity number
    r"|\b(?:Mr|Mrs|Ms|Dr|Prof)\b\.?"
    r"|(?<!\w)(?:גב׳|גב'|ד״ר|ד\"ר|פרופ׳|פרופ'|מר)(?!\w)"
    r"|(?<!\w)(?:السيّد|السيد|السيّدة|السيدة|الدكتور|الدكتورة|الأستاذ|الأستاذة)(?!\w)"
)


def statements(name: str) -> list[ox.Quad]:
    graph = ox.NamedNode(f"{DEFAULT_BASE}graph/starter/{name}")
    return list(store().quads_for_pattern(None, None, None, graph))


def made_up_events() -> set[str]:
    return {it.subject.value for it in statements("communities")} & instances(KS.Event)


def texts(address: str) -> list[ox.Literal]:
    """Every text of an entry that has a language."""
    found = store().quads_for_pattern(ox.NamedNode(address), None, None)
    return [it.object for it in found if isinstance(it.object, ox.Literal) and it.object.language]


def languages(address: str, predicate: str) -> list[str]:
    return sorted(it.language or "" for it in objects(address, predicate) if isinstance(it, ox.Literal))


@pytest.mark.parametrize(
    ("cls", "least"),
    [
        (KS.Misconception, 24),
        (KS.PracticeRecord, 12),
        (KS.Community, 5),
        (KS.EvidenceClaim, 14),
        (KS.GradeBand, 17),
        (ASN.ProgressionLevel, 4),
    ],
)
def test_there_is_enough_to_show_each_part_at_work(cls: str, least: int):
    assert len(instances(cls)) >= least


@pytest.mark.parametrize(("subject", "least"), [("mathematics", 10), ("physics", 5), ("chemistry", 4), ("biology", 4)])
def test_every_subject_has_its_misconceptions(subject: str, least: int):
    found = [it for it in instances(KS.Misconception) if iri("subject", subject) in values(it, KS.subject)]
    assert len(found) >= least


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_language_has_practice_records_of_its_own(lang: str):
    assert len([it for it in instances(KS.PracticeRecord) if value(it, DCTERMS.language) == lang]) >= 4


def test_everything_keeps_to_its_shape():
    classes = store().quads_for_pattern(None, RDF_TYPE, None)
    assert validate((it for name in FILES for it in statements(name)), context=classes) == []


@pytest.mark.parametrize("name", FILES)
def test_every_address_that_is_pointed_at_is_there(name: str):
    entries = {it.subject.value for it in store()}
    targets = {it.object.value for it in statements(name) if isinstance(it.object, ox.NamedNode)}
    assert {it for it in targets if it.startswith(f"{DEFAULT_BASE}id/")} <= entries


@pytest.mark.parametrize("name", FILES)
def test_every_name_stands_in_three_languages(name: str):
    named = {it.subject.value for it in statements(name)} - instances(KS.TeachingEpisode)
    for address in named:
        assert languages(address, SKOS.prefLabel) == sorted(LANGUAGES), address


@pytest.mark.parametrize("name", FILES)
def test_drafted_names_wait_for_a_reader(name: str):
    drafted = {it.subject.value for it in statements(name)} - instances(KS.TeachingEpisode) - instances(KS.Contributor)
    for address in drafted:
        assert value(address, KS.needsReview) == "true", address
        assert any("no native review" in it for it in values(address, KS.basis)), address


@pytest.mark.parametrize("name", FILES)
def test_a_file_keeps_its_entries_in_order(name: str):
    subjects = re.findall(r"^(\w+):(\S+)$", turtle.starter()[f"starter/{name}"], re.MULTILINE)
    for kind in {kind for kind, _ in subjects} - {"concept"}:
        slugs = [slug for each, slug in subjects if each == kind]
        assert slugs == sorted(slugs), kind


def test_what_is_made_up_says_so_in_three_languages():
    for address in set().union(*map(instances, MADE_UP), made_up_events()):
        assert statuses(address) == {"Illustrative"}, address
        assert languages(address, SKOS.editorialNote) == sorted(LANGUAGES), address


def test_a_published_record_shows_consent_and_hides_its_persons():
    for address in instances(KS.PracticeRecord):
        assert value(address, KS.consent) == "public", address
        assert value(address, KS.anonymisation) == "full", address
        assert languages(address, KS.consentPurpose) == sorted(LANGUAGES), address


def test_where_pupils_showed_an_idea_their_guardians_agreed():
    for address in instances(KS.PracticeRecord):
        if values(address, KS.observedMisconception):
            assert value(address, KS.guardianConsent) == "true", address


def test_a_record_comes_from_one_episode_and_a_contributor_under_a_sign():
    episodes = [value(it, PROV.wasGeneratedBy) for it in instances(KS.PracticeRecord)]
    assert set(episodes) == instances(KS.TeachingEpisode)
    assert len(set(episodes)) == len(episodes)
    for address in instances(KS.PracticeRecord):
        assert value(address, DCTERMS.contributor) in instances(KS.Contributor), address
    for address in instances(KS.Contributor):
        assert not values(address, FOAF.mbox) + values(address, FOAF.phone), address


def test_a_record_is_told_in_its_own_language_and_in_english():
    for address in instances(KS.PracticeRecord):
        told = sorted({value(address, DCTERMS.language), "en"} - {None})
        assert languages(address, KS.observation) == told, address
        assert languages(address, KS.outcome) == told, address


def test_records_and_settings_name_nobody():
    for address in instances(KS.PracticeRecord) | instances(KS.TeachingEpisode) | instances(KS.Contributor):
        for text in texts(address):
            assert not PERSONAL.search(text.value), (address, text.value)


def test_the_words_that_give_persons_away_are_found():
    for text in ("Ask Dr. Nobody", "call 050-1234567", "a.b@example.org", "גב׳ פלונית אמרה", "قالت السيدة فلانة"):
        assert PERSONAL.search(text), text


def test_a_misconception_has_a_correction_and_a_task_that_are_not_the_same():
    for address in instances(KS.Misconception):
        for lang in LANGUAGES:
            parts = [
                it.value
                for predicate in (SKOS.prefLabel, KS.correction, KS.diagnosticTask)
                for it in objects(address, predicate)
                if isinstance(it, ox.Literal) and it.language == lang
            ]
            assert len(parts) == 3, (address, lang)
            assert all(one != other for one, other in combinations(parts, 2)), (address, lang)


def test_a_misconception_has_a_subject_a_band_and_a_tool_that_serves_the_subject():
    for address in instances(KS.Misconception):
        assert statuses(address) == {"Proposed"}, address
        assert values(address, KS.gradeBand), address
        assert values(address, KS.diagnosedBy), address
        for tool in values(address, KS.diagnosedBy):
            served = set(values(tool, KS.subject))
            assert not served or served & set(values(address, KS.subject)), (address, tool)


def test_a_misconception_without_a_source_says_so():
    for address in instances(KS.Misconception):
        assert bool(values(address, KS.supportedBy)) != bool(values(address, SKOS.editorialNote)), address


def test_no_two_entries_say_the_same():
    for cls, predicate in (
        (KS.Misconception, KS.correction),
        (KS.Misconception, KS.diagnosticTask),
        (KS.PracticeRecord, KS.observation),
        (KS.PracticeRecord, KS.outcome),
        (KS.TeachingEpisode, KS.setting),
        (KS.EvidenceClaim, SKOS.definition),
        (KS.Community, SKOS.definition),
    ):
        said = [it for address in instances(cls) for it in objects(address, predicate)]
        assert len(set(said)) == len(said), predicate


def test_a_community_has_roles_topics_a_rhythm_and_somebody_who_runs_it():
    for address in instances(KS.Community):
        assert values(address, KS.forRole), address
        assert values(address, SCHEMA.about), address
        assert languages(address, KS.meetingRhythm) == sorted(LANGUAGES), address
        assert value(address, DCTERMS.publisher) in instances(ORG.Organization), address


def test_events_fall_in_the_school_year_and_have_a_kind():
    assert len(made_up_events()) >= 6
    for address in made_up_events():
        first, last = (date.fromisoformat(value(address, it) or "") for it in (SCHEMA.startDate, SCHEMA.endDate))
        assert date(2026, 9, 1) <= first <= last <= date(2027, 8, 31), address
        assert first.weekday() not in (4, 5), f"{address}: schools are closed on Friday and Saturday"
        assert iri("concept", "event-kinds") in values(value(address, KS.eventKind) or "", SKOS.inScheme), address


def test_a_series_contains_its_meetings():
    meetings = [it for it in made_up_events() if values(it, SCHEMA.superEvent)]
    assert len(meetings) >= 2
    for address in meetings:
        series = value(address, SCHEMA.superEvent) or ""
        assert value(series, KS.eventKind) == iri("concept", "event-kind-series")
        assert (value(series, SCHEMA.startDate) or "") <= (value(address, SCHEMA.startDate) or "")
        assert (value(address, SCHEMA.endDate) or "") <= (value(series, SCHEMA.endDate) or "")


def test_there_are_eight_kinds_of_event_and_three_costs():
    for scheme, count in (("event-kinds", 8), ("costs", 3)):
        members = list(
            store().quads_for_pattern(None, ox.NamedNode(SKOS.inScheme), ox.NamedNode(iri("concept", scheme)))
        )
        assert len(members) == count, scheme


def test_a_claim_rests_on_research_or_on_the_field_and_never_mixes_the_grades():
    for address in instances(KS.EvidenceClaim):
        research = values(address, KS.supportedBy) + values(address, KS.disputedBy)
        field = values(address, KS.observedIn)
        assert bool(research) == bool(values(address, KS.researchGrade)) == bool(values(address, KS.evidenceBasis))
        assert bool(field) == bool(values(address, KS.fieldGrade)) == bool(values(address, KS.fieldBasis))
        assert statuses(address) == {"Illustrative" if field else "Proposed"}, address
        assert values(address, SCHEMA.about), address
        assert values(address, KS.population), address
        assert date.fromisoformat(value(address, KS.nextReview) or "") > date(2026, 11, 1), address


def test_a_figure_says_in_what_it_counts_and_where_it_was_seen():
    measured = [it for it in instances(KS.EvidenceClaim) if values(it, KS.effectSize)]
    assert measured
    for address in measured:
        assert value(address, KS.effectMeasure), address
        assert value(address, KS.verifiedWhere), address
        low, high = value(address, KS.effectSizeLow), value(address, KS.effectSizeHigh)
        assert (low is None) == (high is None), address
        if low and high:
            assert float(low) <= float(value(address, KS.effectSize) or "nan") <= float(high), address


def test_where_sources_disagree_the_claim_shows_both_sides_and_what_differs():
    disputed = [it for it in instances(KS.EvidenceClaim) if values(it, KS.disputedBy)]
    assert len([it for it in disputed if values(it, KS.supportedBy)]) >= 2
    for address in disputed:
        assert not set(values(address, KS.supportedBy)) & set(values(address, KS.disputedBy)), address
        assert languages(address, SKOS.scopeNote) == sorted(LANGUAGES), address


def test_at_least_two_claims_rest_on_practice_records():
    assert len([it for it in instances(KS.EvidenceClaim) if values(it, KS.observedIn)]) >= 2


def test_every_grade_of_school_lies_in_its_stage():
    for number in range(1, 13):
        grade = iri("concept", f"grade-{number}")
        stage = value(grade, SKOS.broader) or ""
        assert value(grade, KS.gradeMin) == value(grade, KS.gradeMax) == str(number)
        assert int(value(stage, KS.gradeMin) or 99) <= number <= int(value(stage, KS.gradeMax) or 0)
        assert value(grade, KS.iscedLevel) == value(stage, KS.iscedLevel)


def test_hebrew_letters_number_the_grades():
    letters = [value(iri("concept", f"grade-{number}"), SKOS.notation) for number in range(1, 13)]
    assert letters == ["א", "ב", "ג", "ד", "ה", "ו", "ז", "ח", "ט", "י", "יא", "יב"]


def test_the_levels_of_proficiency_are_counted_from_one():
    model = iri("concept", "proficiency-levels")
    levels = values(model, ASN.hasProgressionLevel)
    assert sorted(value(it, KS.ordinal) or "" for it in levels) == ["1", "2", "3", "4"]
    assert all(value(it, SKOS.inScheme) == model for it in levels)
