"""What an entity is called: every name with its certainty, the best one for a reader, and what is told beside it."""

from __future__ import annotations

from collections.abc import Iterable

from api.schemas import LabelOut
from api.statements import Statement, Statements
from ontology.kinds import Iri, Kind, kind_of, local_name
from ontology.model import Certainty, Entity, Label, certainty_of
from ontology.namespaces import DCTERMS, FOAF, KS, RDF, RDFS, SKOS, SKOSXL
from search.naming import Named

#: Plain label property -> the one whose value is a SKOS-XL label, which says how certain the name is.
LABELS = {str(SKOS.prefLabel): str(SKOSXL.prefLabel), str(SKOS.altLabel): str(SKOSXL.altLabel)}
#: What names a thing that has no SKOS label, best first.
_FALLBACK = tuple(map(str, (DCTERMS.title, RDFS.label, FOAF.name, SKOSXL.literalForm, DCTERMS.description, KS.setting)))


def read_name(statements: Statements, iri: Iri, lang: str) -> Named:
    """An entity as it is mentioned: its kind and its best name for a reader of `lang`."""
    shown = best_name(iri, read_labels(statements, iri), lang)
    own = statements.about(iri)
    return Named(
        iri=iri,
        kind=kind_among(own),
        label=shown.text,
        lang=shown.lang,
        needs_review=shown.needs_review,
        statuses=tuple(statuses_among(own)),
    )


def foresee_names(statements: Statements, iris: Iterable[Iri]) -> None:
    """Read together what naming these will ask for: what is said of them, and of the labels that are nodes."""
    named = list(iris)
    statements.foresee(named)
    nodes = (it.object for iri in named for it in statements.about(iri) if it.predicate in LABELS.values())
    statements.foresee(it for it in nodes if it)


def read_labels(statements: Statements, iri: Iri) -> list[LabelOut]:
    """Every name of an entity, preferred ones first, each as certain as its SKOS-XL label says."""
    found = {
        _label_out(statements, it, reified) for plain, reified in LABELS.items() for it in statements.about(iri, plain)
    }
    if not any(it.preferred for it in found):
        named = (statements.about(iri, predicate) for predicate in _FALLBACK)
        found |= {_label_out(statements, it, "") for it in next(filter(None, named), [])}
    return sorted(found, key=lambda it: (not it.preferred, it.lang, it.text))


def _label_out(statements: Statements, label: Statement, reified: str) -> LabelOut:
    said: dict[str, str] = {}
    for link in statements.about(label.subject, reified) if reified else ():
        node = statements.about(Iri(link.value))
        if any(it.value == label.value and it.lang == label.lang for it in node):
            said = {it.term: it.value for it in node}
    certainty = certainty_of(said.get("certainty", Certainty.SURE))
    return LabelOut(
        text=label.value,
        lang=label.lang,
        preferred=label.predicate != str(SKOS.altLabel),
        certainty=certainty,
        needs_review=certainty is not Certainty.SURE,
        basis=said.get("basis"),
    )


def best_name(iri: Iri, labels: Iterable[LabelOut], lang: str) -> Label:
    """The best name for a reader of `lang`, with how sure it is."""
    names = tuple(Label(it.text, it.lang, it.preferred, it.certainty) for it in labels)
    return Entity(iri, Kind.CONCEPT, names).label(lang)


def kind_among(own: Iterable[Statement]) -> Kind | None:
    """The kind that these statements about an entity say it is."""
    return kind_of({it.value for it in own if it.predicate == str(RDF.type)})


def statuses_among(own: Iterable[Statement]) -> list[str]:
    """The statuses that these statements say, in lower case."""
    return sorted({local_name(it.value).lower() for it in own if it.predicate == str(KS.status)})
