"""The shapes of path by which practice and research meet, one line each. Pure.

`competency ^develops tool supportedBy source` reads: a competency, a tool that develops it, a source that supports the
tool. `^` walks against the statement; `about` is schema:about or, for what was ingested, dcterms:subject.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from ontology.kinds import Iri, Kind
from ontology.namespaces import DCTERMS, KS, SCHEMA

_ABOUT = frozenset({Iri(str(SCHEMA.about)), Iri(str(DCTERMS.subject))})

_TO_SOURCES = """
competency supportedBy source
tool supportedBy source
misconception supportedBy source
claim supportedBy source
claim disputedBy source
concept ^about source
competency ^about source
misconception ^about source
competency ^about claim supportedBy source
tool ^about claim supportedBy source
competency ^develops tool supportedBy source
misconception diagnosedBy tool supportedBy source
practice about competency supportedBy source
practice about competency ^about source
practice about misconception supportedBy source
practice about misconception ^about source
practice about concept ^about source
practice usedTool tool supportedBy source
practice observedMisconception misconception supportedBy source
practice ^observedIn claim supportedBy source
"""

_TO_TOOLS = """
tool
claim about tool
competency ^develops tool
misconception diagnosedBy tool
source ^supportedBy tool
source ^supportedBy claim about tool
source ^supportedBy misconception diagnosedBy tool
source ^supportedBy competency ^develops tool
concept ^about tool
competency ^about tool
misconception ^about tool
practice usedTool tool
practice observedMisconception misconception diagnosedBy tool
practice about competency ^develops tool
"""

_TO_ROLES = """
role
competency ^requires role
tool develops competency ^requires role
standard ^hasStandard role
standard evidences competency ^requires role
claim about competency ^requires role
source ^supportedBy competency ^requires role
source ^supportedBy claim about competency ^requires role
source ^supportedBy tool develops competency ^requires role
source about competency ^requires role
"""

_TO_PRACTICES = """
tool ^usedTool practice
competency ^about practice
concept ^about practice
misconception ^observedMisconception practice
misconception ^about practice
claim observedIn practice
source ^supportedBy tool ^usedTool practice
source ^supportedBy competency ^about practice
source ^supportedBy misconception ^observedMisconception practice
source ^supportedBy claim observedIn practice
source about concept ^about practice
source about competency ^about practice
source about misconception ^about practice
source about misconception ^observedMisconception practice
"""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a metapath.

    Attributes:
        predicates: Any of them.
        forward: From the subject to the object.
        kind: What it must arrive at.
    """

    predicates: frozenset[Iri]
    forward: bool
    kind: Kind


@dataclass(frozen=True, slots=True)
class Metapath:
    """A shape of path: the kind that it starts from, and its steps, of which there may be none."""

    start: Kind
    steps: tuple[Step, ...]


def _metapaths(lines: str) -> tuple[Metapath, ...]:
    return tuple(_metapath(it.split()) for it in lines.strip().splitlines())


def _metapath(words: list[str]) -> Metapath:
    pairs = zip(words[1::2], words[2::2], strict=True)
    return Metapath(Kind(words[0]), tuple(_step(named, Kind(kind)) for named, kind in pairs))


def _step(named: str, kind: Kind) -> Step:
    local = named.removeprefix("^")
    predicates = _ABOUT if local == "about" else frozenset({Iri(str(getattr(KS, local)))})
    return Step(predicates, forward=local == named, kind=kind)


#: Kind of answer -> the paths that lead to it.
METAPATHS: Mapping[Kind, tuple[Metapath, ...]] = MappingProxyType(
    {
        Kind.SOURCE: _metapaths(_TO_SOURCES),
        Kind.TOOL: _metapaths(_TO_TOOLS),
        Kind.ROLE: _metapaths(_TO_ROLES),
        Kind.PRACTICE: _metapaths(_TO_PRACTICES),
    }
)
