"""What a recommended tool must satisfy. A filter is hard: it is never relaxed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from language.script import primary
from ontology.model import Entity
from search.answers import HIGHEST_EVIDENCE, HIGHEST_GRADE, check_range


@dataclass(frozen=True, slots=True)
class ToolFilter:
    """Each field is a condition; None is none.

    Attributes:
        subject: Address or slug of a school subject; a tool without subjects serves all.
        content_lang: Language the tool itself is in; a tool without languages serves all.
        grade: School grade, 0 (kindergarten) to 20; a tool without grades serves all.
        min_evidence: Least research grade, 0-4; a tool that nobody has graded does not pass.
        min_field_evidence: Least grade from field experience, 0-4; likewise.
    """

    subject: str | None = None
    content_lang: str | None = None
    grade: int | None = None
    min_evidence: int | None = None
    min_field_evidence: int | None = None

    def check(self) -> None:
        """Refuse numbers outside their range.

        Raises:
            InvalidParameter: names the parameter.
        """
        check_range("grade", self.grade, 0, HIGHEST_GRADE)
        check_range("min_evidence", self.min_evidence, 0, HIGHEST_EVIDENCE)
        check_range("min_field_evidence", self.min_field_evidence, 0, HIGHEST_EVIDENCE)

    def refusals(self, tool: Entity) -> Iterator[str]:
        """The names of the conditions that a tool does not meet; `subject` must be an address by now."""
        if self.subject is not None and self.subject not in (tool.subjects or (self.subject,)):
            yield "subject"
        lang = self.content_lang and primary(self.content_lang)
        if lang and lang not in (tool.content_languages or (lang,)):
            yield "content_lang"
        if self.grade is not None and tool.grades and not tool.grades[0] <= self.grade <= tool.grades[1]:
            yield "grade"
        if self.min_evidence is not None and _below(tool.research_grade, self.min_evidence):
            yield "min_evidence"
        if self.min_field_evidence is not None and _below(tool.field_grade, self.min_field_evidence):
            yield "min_field_evidence"


#: No condition at all.
EVERY_TOOL = ToolFilter()


def _below(grade: int | None, least: int) -> bool:
    return grade is None or grade < least
