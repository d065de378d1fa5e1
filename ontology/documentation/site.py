"""The whole documentation: file names and texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from types import MappingProxyType

from ontology import release, turtle
from ontology.documentation.examples import examples
from ontology.documentation.indexpage import PAGE, index_page
from ontology.documentation.model import Vocabulary
from ontology.documentation.modulepage import ModulePage, questions_of
from ontology.documentation.pictures import overview, picture
from ontology.documentation.read import read
from ontology.documentation.triples import Triples
from ontology.questions import question, questions
from ontology.release import TermChange, changes

INDEX = f"{PAGE}.md"
OVERVIEW = "overview.svg"


@dataclass(frozen=True, slots=True)
class Sources:
    """What the documentation draws on beside the vocabulary itself.

    Attributes:
        starter: Turtle of the starter knowledge, by name; where the examples come from.
        queries: SPARQL of the named questions.
        told: What each of them answers.
        releases: Turtle of each release of the schema, by version, the oldest first.
    """

    starter: Mapping[str, str]
    queries: Mapping[str, str]
    told: Mapping[str, str]
    releases: Mapping[str, str]

    def changes(self) -> dict[str, tuple[TermChange, ...]]:
        """What each release did to the terms, the newest first."""
        steps = {now: changes(before, text) for (_, before), (now, text) in pairwise(self.releases.items())}
        return dict(reversed([*((it, ()) for it in [*self.releases][:1]), *steps.items()]))


def write(vocabulary: Vocabulary, sources: Sources) -> dict[str, str]:
    """The text of every file of the documentation, by its name."""
    shown = examples(Triples(sources.starter), vocabulary.classes, vocabulary.prefixes)
    files = {INDEX: index_page(vocabulary, sources.changes()), OVERVIEW: overview(vocabulary)}
    for module in vocabulary.modules:
        asked = {name: sources.told[name] for name in questions_of(module, vocabulary, sources.queries)}
        files[f"{module.name}.md"] = ModulePage(vocabulary, module, shown, asked).text()
        if module.classes:
            files[f"{module.name}.svg"] = picture(vocabulary, module)
    return files


@cache
def vocabulary() -> Vocabulary:
    """The vocabulary that ships with Kesher."""
    earlier = {it: release.schema_of(it) for it in release.versions()[:-1]}
    return read(turtle.schema_modules(), turtle.shape_modules(), earlier)


@cache
def site() -> Mapping[str, str]:
    """The documentation of the vocabulary that ships with Kesher."""
    told = questions()
    queries = {name: question(name) for name in told}
    releases = {it: release.schema_of(it) for it in release.versions()}
    return MappingProxyType(write(vocabulary(), Sources(turtle.starter(), queries, told, releases)))
