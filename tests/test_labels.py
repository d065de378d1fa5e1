import pytest

from language.labels import LabelEntry, LabelIndex
from ontology.kinds import Iri, Kind

BASE = "https://w3id.org/kesher/id/"
COORDINATOR = Iri(f"{BASE}role/subject-coordinator")
ASSESSMENT = Iri(f"{BASE}role/assessment-data-lead")
NOTICING = Iri(f"{BASE}competency/dia-2")
FRAME = Iri(f"{BASE}tool/noticing-frame")
VIDEO_LM = Iri(f"{BASE}tool/video-lm")


@pytest.fixture
def labels() -> LabelIndex:
    return LabelIndex(
        [
            LabelEntry(COORDINATOR, Kind.ROLE, "School subject coordinator", "en"),
            LabelEntry(COORDINATOR, Kind.ROLE, "רכז/ת מקצוע", "he"),
            LabelEntry(COORDINATOR, Kind.ROLE, "مركّز/ة الموضوع", "ar", needs_review=True),
            LabelEntry(ASSESSMENT, Kind.ROLE, "רכז/ת הערכה", "he"),
            LabelEntry(NOTICING, Kind.COMPETENCY, "Professional noticing", "en"),
            LabelEntry(NOTICING, Kind.COMPETENCY, "DIA.2", "", preferred=False),
            LabelEntry(FRAME, Kind.TOOL, "Noticing frame", "en"),
            LabelEntry(VIDEO_LM, Kind.TOOL, "VIDEO-LM / Adasha six-lens framework", "en"),
        ]
    )


@pytest.mark.parametrize(
    ("text", "iri"),
    [
        ("school  Subject COORDINATOR", COORDINATOR),
        ("רכז מקצוע", COORDINATOR),
        ("רכזת מקצוע", COORDINATOR),
        ("مركز الموضوع", COORDINATOR),
        ("مركزة الموضوع", COORDINATOR),
        ("dia.2", NOTICING),
        ("video-lm", VIDEO_LM),
        ("Video LM", VIDEO_LM),
        (f"{VIDEO_LM}", VIDEO_LM),
    ],
)
def test_exact_names_in_every_script_and_spelling(labels, text, iri):
    assert [it.iri for it in labels.exact(text)] == [iri]


def test_what_is_nearly_a_name_is_not_exact(labels):
    assert labels.exact("subject coordinators") == []
    assert labels.exact("") == []


def test_preferred_names_come_before_others(labels):
    both = labels.replaced([FRAME], [LabelEntry(FRAME, Kind.TOOL, "DIA.2", "en")])
    assert [it.iri for it in both.exact("DIA.2")] == [FRAME, NOTICING]


def test_the_best_name_for_a_reader(labels):
    assert labels.best(COORDINATOR, "he").text == "רכז/ת מקצוע"
    assert labels.best(COORDINATOR, "ar-IL").needs_review
    assert labels.best(NOTICING, "ar").text == "Professional noticing"
    assert labels.best(ASSESSMENT, "en").lang == "he"
    assert labels.best(Iri("urn:unknown"), "en") is None


def suggested(labels: LabelIndex, text: str, lang: str = "en", limit: int = 10) -> list[str]:
    return [it.text for it in labels.suggest(text, lang, limit)]


def test_suggestions_begin_with_what_is_typed_then_contain_it(labels):
    assert suggested(labels, "notic") == ["Noticing frame", "Professional noticing"]
    assert suggested(labels, "v") == ["VIDEO-LM / Adasha six-lens framework"]
    assert suggested(labels, "six-l") == ["VIDEO-LM / Adasha six-lens framework"]


def test_suggestions_prefer_the_language_of_the_reader(labels):
    assert suggested(labels, "רכ", "he") == ["רכז/ת הערכה", "רכז/ת מקצוע"]
    assert suggested(labels, "مركز", "ar") == ["مركّز/ة الموضوع"]


def test_suggestions_forgive_slips_in_every_word(labels):
    assert suggested(labels, "profesional notcing") == ["Professional noticing"]
    assert suggested(labels, "coordiantor") == ["School subject coordinator"]
    assert suggested(labels, "רכז מקצעו", "he") == ["רכז/ת מקצוע"]


def test_short_words_are_not_bent(labels):
    assert suggested(labels, "lns") == []


def test_suggestions_name_each_entity_once_and_keep_the_limit(labels):
    assert len(labels.suggest("o", "en", 1)) <= 1
    many = LabelIndex(LabelEntry(VIDEO_LM, Kind.TOOL, f"video {number}", "en") for number in range(20))
    assert len(many.suggest("video", "en")) == 1
    assert suggested(labels, " ... ") == []


def test_replacing_gives_a_new_index_and_leaves_the_old_one(labels):
    changed = labels.replaced([FRAME], [LabelEntry(FRAME, Kind.TOOL, "Frame for noticing", "en")])
    assert changed.exact("noticing frame") == [] or changed.exact("noticing frame")[0].iri == FRAME
    assert changed.best(FRAME, "en").text == "Frame for noticing"
    assert labels.best(FRAME, "en").text == "Noticing frame"
    assert labels.replaced([FRAME], []).best(FRAME, "en") is None


def test_entities_of_a_kind(labels):
    assert [it.iri for it in labels.of_kind(Kind.ROLE)] == [ASSESSMENT, COORDINATOR]


def test_suggestions_look_past_what_is_written_together_with_a_word(labels):
    assert suggested(labels, "והרכז", "he") == ["רכז/ת הערכה", "רכז/ת מקצוע"]
    assert suggested(labels, "לרכזת מקצ", "he") == ["רכז/ת מקצוע"]
    assert suggested(labels, "ערכה", "he") == ["רכז/ת הערכה"]
    assert suggested(labels, "موضوع", "ar") == ["مركّز/ة الموضوع"]
    assert suggested(labels, "والموضوع", "ar") == ["مركّز/ة الموضوع"]


def test_a_name_with_the_word_itself_comes_before_one_that_needs_a_prefix_off(labels):
    more = labels.replaced([FRAME], [LabelEntry(FRAME, Kind.TOOL, "ערכה להערכת שיעורים", "he")])
    assert suggested(more, "ערכה", "he") == ["ערכה להערכת שיעורים", "רכז/ת הערכה"]


def test_letters_that_writers_interchange_are_the_same(labels):
    more = labels.replaced([FRAME], [LabelEntry(FRAME, Kind.TOOL, "أدوات لإدارة المهمّة", "ar")])
    for typed in ("ادوات", "إدوات", "أدوات لادارة", "ادارة المهمه"):
        assert suggested(more, typed, "ar") == ["أدوات لإدارة المهمّة"]


def test_many_small_changes_give_what_one_great_one_gives(labels):
    entries = [LabelEntry(Iri(f"{BASE}tool/{it}"), Kind.TOOL, f"tool number {it} {it % 7}", "en") for it in range(200)]
    stepwise = labels
    for number, it in enumerate(entries):
        stepwise = stepwise.replaced([it.iri], [it])
        if number % 3 == 0:  # and some that are taken out again, after others have come
            stepwise = stepwise.replaced([entries[number // 3].iri], [])
    kept = [it for it in entries if stepwise.best(it.iri, "en")]
    assert 100 < len(kept) < 200
    at_once = labels.replaced([], kept)
    assert len(stepwise) == len(at_once)
    for typed in ("tool", "number 5", "toool numbr 12", "number 199", "notic"):
        assert stepwise.suggest(typed, "en", 50) == at_once.suggest(typed, "en", 50)
    assert stepwise.of_kind(Kind.TOOL) == at_once.of_kind(Kind.TOOL)


def test_a_word_that_no_name_has_any_more_is_no_longer_near(labels):
    assert labels.nearest("notcing") == ["noticing"]
    fewer = labels.replaced([NOTICING, FRAME], [])
    assert fewer.nearest("notcing") == []
    assert labels.knows("noticing")
    assert not fewer.knows("noticing")
    assert fewer.written("noticing") == ""
