"""SSSOM tables come in as links and go out as the same table; what a program found waits for a person."""

from collections import Counter
from contextlib import suppress

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import SH, Graph, URIRef

from ontology.errors import UnreadableFile
from ontology.interchange.curies import Curies
from ontology.interchange.outcome import Count, Mapped, Tally
from ontology.interchange.sssom import read_sssom, write_sssom
from ontology.interchange.sssom.sheet import join, read_sheet, split, write_sheet
from ontology.interchange.sssom.slots import ROW_SLOTS, SET_SLOTS
from ontology.kinds import DEFAULT_BASE
from ontology.namespaces import KS, OWL, PREFIXES, RDF, RDFS, SKOS, SSSOM, XSD
from ontology.validate import validate
from tests.mutating import is_balanced

HEAD = """#curie_map:
#  ex: https://example.org/
#  orcid: https://orcid.org/
#mapping_set_id: https://example.org/set
#license: https://creativecommons.org/licenses/by/4.0/
"""
FOUR = ("subject_id", "predicate_id", "object_id", "mapping_justification")
BY_HAND, BY_WORDS = "semapv:ManualMappingCuration", "semapv:LexicalMatching"
SET = "https://example.org/set"


def table(*rows: dict[str, str], head: str = HEAD) -> str:
    """A file with these rows; what a row does not say of the four is said for it."""
    plain = dict(zip(FOUR, ("ex:a", "skos:exactMatch", "ex:b", BY_HAND), strict=True))
    whole = [{**plain, **row} for row in rows]
    columns = list(dict.fromkeys(name for row in whole for name in row))
    lines = ["\t".join(columns), *("\t".join(row.get(name, "") for name in columns) for row in whole)]
    return head + "\n".join(lines) + "\n"


def mapped(text: str) -> Mapped:
    return read_sssom(text, DEFAULT_BASE, "some.sssom.tsv")


def codes(found: Mapped) -> list[tuple[str, str]]:
    return [(it.code, it.place) for it in found.problems]


def values(found: Mapped, predicate: str, subject: str | None = None) -> list[str]:
    wanted = ox.NamedNode(predicate)
    kept = (it for it in found.triples if it.predicate == wanted and subject in {None, it.subject.value})
    return sorted(str(it.object) for it in kept)


def edges(found: Mapped) -> list[tuple[str, str, str]]:
    """Direct statements between what the rows are about."""
    own = (it for it in found.triples if it.subject.value in {"https://example.org/a", "https://example.org/x"})
    return sorted((it.subject.value, it.predicate.value, it.object.value) for it in own)


def again(found: Mapped) -> Mapped:
    return mapped(write_sssom(found.triples))


# --- What a row becomes ---


def test_a_row_becomes_a_link_with_every_slot_under_the_property_of_the_standard(shared):
    schema = Graph().parse(shared / "data/schemas/sssom_schema.shacl.ttl")

    def paths(cls: str) -> set[str]:
        (shape,) = schema.subjects(SH.targetClass, URIRef(cls))
        return {str(schema.value(it, SH.path)) for it in schema.objects(shape, SH.property)}

    assert {slot.property for slot in ROW_SLOTS.values()} == paths(OWL.Axiom)
    of_the_file = {"sssom_version", "curie_map", "mappings", "mapping_set_id", "extension_definitions"}
    assert {it.property for it in SET_SLOTS.values()} == paths(SSSOM.MappingSet) - {
        f"{SSSOM}{it}" for it in of_the_file
    }


def test_what_a_row_says_stands_on_its_link():
    found = mapped(
        table({"author_id": "orcid:1|orcid:2", "confidence": "0.950", "comment": "so", "mapping_date": "2025-07-14"})
    )
    assert found.kept == Count(links=1)
    assert values(found, RDF.type) == [f"<{KS.Link}>", f"<{SSSOM.MappingSet}>"]
    assert values(found, "http://purl.org/pav/authoredBy") == ["<https://orcid.org/1>", "<https://orcid.org/2>"]
    assert values(found, SSSOM.confidence) == [f'"0.95"^^<{XSD.decimal}>']
    assert values(found, RDFS.comment) == ['"so"']
    assert values(found, "http://purl.org/dc/terms/created") == [f'"2025-07-14"^^<{XSD.date}>']


def test_links_that_were_read_satisfy_the_shapes():
    rows = [
        {"reviewer_id": "orcid:1", "confidence": "1"},
        {"object_id": "ex:c", "mapping_justification": BY_WORDS, "confidence": "0.5"},
        {"object_id": "ex:d", "predicate_modifier": "Not", "reviewer_id": "orcid:1"},
        {"object_id": "ex:e", "predicate_modifier": "Not"},
    ]
    assert validate(mapped(table(*rows)).triples) == []


@pytest.mark.parametrize(
    ("row", "state", "is_stated"),
    [
        ({"reviewer_id": "orcid:1"}, "accepted", True),
        ({"reviewer_id": "orcid:1", "mapping_justification": "semapv:MappingReview"}, "accepted", True),
        ({}, "declared", False),
        ({"mapping_justification": BY_WORDS}, "proposed", False),
        ({"mapping_justification": BY_WORDS, "reviewer_id": "orcid:1"}, "declared", False),
        ({"predicate_modifier": "Not", "reviewer_id": "orcid:1"}, "rejected", False),
        ({"predicate_modifier": "Not"}, "declared", False),
        ({"predicate_modifier": "Not", "reviewer_id": "orcid:1", "ext_link_state": "accepted"}, "accepted", False),
        ({"reviewer_id": "orcid:1", "object_id": "sssom:NoTermFound"}, "accepted", False),
        ({"ext_link_state": "stale"}, "stale", False),
    ],
)
def test_a_direct_statement_stands_only_beside_what_a_person_accepted(row, state, is_stated):
    found = mapped(table(row))
    assert values(found, KS.linkState) == [f'"{state}"']
    stated = [("https://example.org/a", str(SKOS.exactMatch), "https://example.org/b")]
    assert edges(found) == (stated if is_stated else [])


def test_identity_that_a_program_found_is_closeness_until_somebody_reviews_it():
    found = mapped(table({"mapping_justification": BY_WORDS}))
    assert values(found, OWL.annotatedProperty) == [f"<{SKOS.closeMatch}>"]
    assert values(found, f"{SSSOM}predicate_id") == [f"<{SKOS.exactMatch}>"]
    assert codes(found) == [("W190", "row 7")]
    reviewed = mapped(table({"mapping_justification": BY_WORDS, "reviewer_id": "orcid:1"}))
    assert values(reviewed, OWL.annotatedProperty) == [f"<{SKOS.exactMatch}>"]


def test_a_negated_row_keeps_its_predicate_and_its_negation():
    found = mapped(table({"mapping_justification": BY_WORDS, "predicate_modifier": "Not"}))
    assert values(found, OWL.annotatedProperty) == [f"<{SKOS.exactMatch}>"]
    assert values(found, SSSOM.predicate_modifier) == [f"<{SSSOM}NegatedPredicate>"]


def test_a_decision_that_names_nobody_is_none():
    found = mapped(table({"ext_link_state": "accepted"}))
    assert values(found, KS.linkState) == ['"declared"']
    assert codes(found) == [("W191", "row 7")]


# --- What is refused, with its row ---


@pytest.mark.parametrize(
    ("row", "code", "told"),
    [
        ({"subject_id": "foo:a"}, "E123", "foo"),
        ({"subject_id": "a"}, "E123", "no prefix"),
        ({"subject_id": "ex:a b"}, "E123", "subject_id"),
        ({"subject_id": "https://example.org/a"}, "E123", "https"),
        ({"confidence": "1.2"}, "E123", "confidence"),
        ({"confidence": "-0.1"}, "E123", "confidence"),
        ({"confidence": "high"}, "E123", "confidence"),
        ({"confidence": "NaN"}, "E123", "confidence"),
        ({"confidence": "1e-999999999"}, "E123", "confidence"),
        ({"mapping_date": "yesterday"}, "E123", "mapping_date"),
        ({"predicate_modifier": "Maybe"}, "E123", "predicate_modifier"),
        ({"object_id": ""}, "E124", "object_id"),
        ({"mapping_justification": " "}, "E124", "mapping_justification"),
        ({"subject_id": "", "subject_type": "rdfs literal", "subject_label": "apple"}, "E124", "subject_id"),
    ],
)
def test_a_row_that_cannot_be_taken_is_named_and_the_others_stand(row, code, told):
    found = mapped(table({"subject_id": "ex:x"}, row))
    (problem,) = found.problems
    assert (problem.code, problem.place) == (code, "row 8")
    assert told in problem.message
    assert (found.kept, found.dropped) == (Count(links=1), Count(links=1))


def test_the_same_row_twice_is_taken_once_and_the_same_mapping_with_other_words_twice():
    found = mapped(table({"comment": "a"}, {"comment": "a"}, {"comment": "b"}))
    assert codes(found) == [("E173", "row 8")]
    assert found.kept == Count(links=2)
    assert len(values(found, f"{SSSOM}mappings")) == 2


def test_a_record_twice_is_taken_once():
    found = mapped(table({"record_id": "ex:r", "comment": "a"}, {"record_id": "ex:r", "comment": "b"}))
    assert codes(found) == [("E173", "row 8")]
    assert values(found, f"{SSSOM}mappings") == ["<https://example.org/r>"]


def test_a_row_with_too_few_cells_or_an_open_quote_is_named():
    good = table({"comment": "fine"})
    found = mapped(good + "ex:a\tskos:exactMatch\tex:b\n" + f'ex:a\tskos:exactMatch\tex:c\t{BY_HAND}\t"open\n')
    assert codes(found) == [("E120", "row 8"), ("E125", "row 9")]
    assert found.kept == Count(links=1)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("subject_id\tobject_id\nex:a\tex:b\n", "E126"),
        (HEAD + "\t".join((*FOUR, "comment", "comment")) + "\n", "E126"),
        (HEAD, "E126"),
        ("#curie_map: [ex]\n" + "\t".join(FOUR), "E193"),
        ("#curie_map:\n#  skos: https://example.org/\n" + "\t".join(FOUR), "E193"),
        ("#a: b: c\n" + "\t".join(FOUR), "E193"),
        ("#license: x\n#license: y\n" + "\t".join(FOUR), "E193"),
    ],
)
def test_a_file_whose_header_or_columns_are_no_sssom_is_refused_whole(text, problem):
    with pytest.raises(UnreadableFile) as caught:
        mapped(text)
    assert caught.value.problem == problem


def test_a_header_without_licence_and_name_says_so():
    found = mapped(table({}, head="#curie_map: {ex: https://example.org/}\n"))
    assert codes(found) == [("W184", "header"), ("W197", "header")]
    assert values(found, RDF.type, f"{DEFAULT_BASE}id/mapping-set/some-sssom-tsv")


def test_what_holds_for_all_rows_is_said_of_each_unless_a_row_says_it_itself():
    head = HEAD + "#mapping_tool: a program\n#mapping_provider: https://example.org/them\n"
    found = mapped(table({"mapping_tool": "another"}, {"object_id": "ex:c"}, head=head))
    assert values(found, SSSOM.mapping_tool, SET) == ['"a program"']
    assert Counter(values(found, f"{SSSOM}mapping_provider")) == {"<https://example.org/them>": 2}


def test_extensions_keep_the_property_that_the_header_gives_and_others_are_kept_with_a_word():
    defined = "#extension_definitions:\n#  - {slot_name: ext_n, property: ex:n, type_hint: xsd:integer}\n"
    broken = "#  - {slot_name: ext_m, property: foo:m}\n#  - {slot_name: comment}\n#ext_n: 7\n"
    found = mapped(table({"ext_n": "5", "odd": "kept"}, head=HEAD + defined + broken))
    assert values(found, "https://example.org/n") == [f'"5"^^<{XSD.integer}>', f'"7"^^<{XSD.integer}>']
    assert values(found, "http://sssom.invalid/odd") == ['"kept"']
    assert codes(found) == [("W193", "header"), ("W193", "header"), ("W169", "columns")]


def test_text_that_was_encoded_twice_is_repaired_with_its_row():
    found = mapped(table({"comment": "a â€“ b"}))
    assert values(found, RDFS.comment) == ['"a – b"']
    assert codes(found) == [("W154", "row 7")]


# --- There and back ---


FULL = (
    HEAD
    + """#mapping_set_title: 'A set: of "links"'
#creator_id: [orcid:1, orcid:2]
#object_source: ex:vocabulary
#mapping_date: 2025-07-14
#ext_n: 7
#extension_definitions:
#- {slot_name: ext_n, property: ex:n, type_hint: xsd:integer}
#- {slot_name: ext_e, property: ex:e, type_hint: linkml:uriOrCurie}
"""
)
ROWS = (
    {"reviewer_id": "orcid:1", "match_string": "a\\|b|c\\\\|d", "comment": '"two\tcells ""quoted"""', "ext_e": "ex:e1"},
    {"mapping_justification": BY_WORDS, "confidence": "0.25", "odd": "x", "subject_type": "skos concept"},
    {"mapping_justification": BY_WORDS, "confidence": "0.75", "subject_label": "תפוח"},
    {"predicate_modifier": "Not", "reviewer_id": "orcid:2", "record_id": "ex:records/9"},
    {"object_id": "sssom:NoTermFound", "similarity_score": "1"},
)


def test_a_file_goes_out_as_the_graph_that_it_came_in_as():
    found = mapped(table(*ROWS, head=FULL))
    assert found.kept == Count(links=len(ROWS))
    assert again(found).triples == found.triples


def test_what_is_written_stays_the_same_when_written_again():
    written = write_sssom(mapped(table(*ROWS, head=FULL)).triples)
    assert write_sssom(mapped(written).triples) == written


def test_a_suggestion_goes_out_as_the_closeness_it_is_held_to_be():
    written = write_sssom(mapped(table({"mapping_justification": BY_WORDS})).triples)
    (row,) = read_sheet(written, Tally("x")).rows
    assert (row.cells["predicate_id"], row.cells["ext_stated_predicate"]) == ("skos:closeMatch", "skos:exactMatch")
    assert row.cells["ext_link_state"] == "proposed"


def test_a_suggestion_that_a_person_accepted_comes_back_accepted():
    found = mapped(table({"mapping_justification": BY_WORDS, "reviewer_id": "orcid:1", "ext_link_state": "accepted"}))
    assert edges(found)
    assert again(found).triples == found.triples


def test_links_of_several_sets_are_written_as_a_new_set_that_names_them():
    other = HEAD.replace("example.org/set", "example.org/other")
    triples = mapped(table({})).triples | mapped(table({"object_id": "ex:c"}, head=other)).triples
    sheet = read_sheet(write_sssom(triples, "https://example.org/new"), Tally("x"))
    assert sheet.header["mapping_set_id"] == "https://example.org/new"
    assert sheet.header["mapping_set_source"] == ["https://example.org/other", SET]
    assert sheet.header["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert sorted(row.cells["mapping_source"] for row in sheet.rows) == ["ex:other", "ex:set"]


def test_a_link_that_never_was_in_a_table_is_written_with_its_own_properties_as_extensions():
    link = ox.NamedNode("https://example.org/link/1")
    said = {
        RDF.type: KS.Link, OWL.annotatedSource: f"{DEFAULT_BASE}id/tool/a", OWL.annotatedProperty: KS.develops,
        OWL.annotatedTarget: f"{DEFAULT_BASE}id/competency/b", KS.grouping: f"{DEFAULT_BASE}id/concept/group",
    }  # fmt: skip
    triples = {ox.Triple(link, ox.NamedNode(name), ox.NamedNode(value)) for name, value in said.items()}
    triples.add(ox.Triple(link, ox.NamedNode(KS.linkState), ox.Literal("declared")))
    found = mapped(write_sssom(triples))
    assert triples <= found.triples
    assert values(found, SSSOM.mapping_justification) == ["<https://w3id.org/semapv/vocab/UnspecifiedMatching>"]


# Without control characters, which are taken out of every text.
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\t\n\r"), max_size=12)
CELLS = st.dictionaries(st.sampled_from(["subject_label", "comment", "other", "object_id", "confidence"]), WORDS)
MANY = st.lists(WORDS.map(str.strip).filter(bool), min_size=1, max_size=4)


@given(MANY)
def test_several_values_in_one_cell_come_back_as_they_were(words):
    assert split(join(words)) == words


@given(st.lists(CELLS, max_size=4), st.dictionaries(st.sampled_from(["comment", "other", "license"]), WORDS))
def test_a_sheet_of_any_text_comes_back_as_it_was(rows, header):
    tally = Tally("x")
    wanted = [{name: tally.text(it, "").strip() for name, it in row.items()} for row in rows]
    sheet = read_sheet(write_sheet(header, [*FOUR, "subject_label", "comment", "other", "confidence"], wanted), tally)
    assert [row.cells for row in sheet.rows] == [
        kept for row in wanted if (kept := {k: v for k, v in row.items() if v})
    ]


@settings(max_examples=60)
@given(st.lists(CELLS, max_size=5), MANY, WORDS)
def test_whatever_stands_in_the_cells_what_was_read_goes_out_and_comes_back(rows, strings, title):
    columns = [*FOUR, "subject_label", "comment", "other", "confidence", "match_string"]
    plain = dict(zip(FOUR, ("ex:a", "skos:exactMatch", "ex:b", BY_WORDS), strict=True))
    header = {"curie_map": {"ex": "https://example.org/"}, "mapping_set_id": SET, "mapping_set_title": title}
    text = write_sheet(header, columns, [{**plain, "match_string": join(strings), **row} for row in rows])
    found = mapped(text)
    assert is_balanced(found, Count(links=len(rows)))
    assert again(found).triples == found.triples


@settings(max_examples=60)
@given(st.text(alphabet='#:\t\n"\\| -[]{}aé\u05d0,&*!', max_size=120))
def test_no_text_ends_the_reader_otherwise_than_by_refusing_it(text):
    for whole in (text, HEAD + "\t".join(FOUR) + "\n" + text):
        with suppress(UnreadableFile):
            mapped(whole)


def test_the_longest_prefix_stands_for_an_address_and_one_is_made_up_where_none_does():
    curies = Curies({**PREFIXES, "ex": "https://example.org/", "deep": "https://example.org/deep/"})
    assert curies.contract("https://example.org/deep/a") == "deep:a"
    assert curies.contract("https://example.org/deep/") == "ex:deep/"
    assert curies.expand(curies.contract("urn:x:y")).value == "urn:x:y"


# --- What strangers send ---

BOMB = "\n".join(
    ["#a0: &a0 [" + ", ".join(["lol"] * 10) + "]"]
    + [f"#a{n}: &a{n} [" + ", ".join([f"*a{n - 1}"] * 10) + "]" for n in range(1, 10)]
)


@pytest.mark.parametrize(
    "last", ["#sssom_version: *a9", "#extension_definitions: [{slot_name: *a9}]", "#mapping_set_id: https://a.b/c"]
)
def test_a_header_that_multiplies_itself_is_refused_before_it_does(last):
    with pytest.raises(UnreadableFile) as caught:
        mapped(table({}, head=f"#license: https://a.b/c\n{BOMB}\n{last}\n"))
    assert (caught.value.problem, caught.value.place) == ("E193", "line 2")


def test_an_alias_alone_is_refused_with_its_line():
    with pytest.raises(UnreadableFile) as caught:
        mapped(table({}, head="#license: https://a.b/c\n#sssom_version: *nothing\n"))
    assert (caught.value.problem, caught.value.place) == ("E193", "line 2")


def test_a_set_that_claims_the_address_of_a_role_is_told():
    role = f"{DEFAULT_BASE}id/role/plc-leader"
    assert codes(mapped(table({}, head=HEAD.replace(SET, role)))) == [("W231", role)]


def test_links_to_and_from_entries_here_claim_nothing():
    found = mapped(
        table(
            {"subject_id": "c:dia-1"}, head=f"{HEAD}".replace("#  ex:", f"#  c: {DEFAULT_BASE}id/competency/\n#  ex:")
        )
    )
    assert (found.kept, codes(found)) == (Count(links=1), [])


def test_a_text_that_is_too_long_takes_out_its_own_row_only():
    found = mapped(table({"comment": "x" * 2_000_000}, {"object_id": "ex:c"}))
    assert (found.kept, found.dropped) == (Count(links=1), Count(links=1))
    assert codes(found) == [("E150", "row 7, comment")]


def test_a_licence_is_stated_of_a_new_set_only_if_it_is_that_of_every_link():
    one = mapped(table({})).triples
    silent = mapped(table({"object_id": "ex:c"}, head=HEAD.replace("/set", "/other").rpartition("#license")[0])).triples
    alone = {ox.Triple(it.subject, it.predicate, it.object) for it in silent if SET not in str(it)}
    alone = {
        it for it in alone if it.predicate.value != f"{SSSOM}mappings" and it.object.value != str(SSSOM.MappingSet)
    }
    for others in (silent, alone):
        sheet = read_sheet(write_sssom({*one, *others}), Tally("x"))
        assert len(sheet.rows) == 2
        assert "creativecommons" not in str(sheet.header["license"])
