"""What can be found: the closed list of personal data that stops a record.

The list follows what lets somebody in a school be recognised or reached. Left out on purpose: the names of scholars and
of methods, institutions of higher learning, cities, class levels, ages without a class, and dates that are nobody's
birth, because accounts from the field are full of them and nobody is found by them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ontology.model import Certainty


class Category(StrEnum):
    """Kinds of personal data."""

    NAME = "name"
    PHONE = "phone"
    EMAIL = "e-mail"
    IDENTITY_NUMBER = "identity number"
    ADDRESS = "address"
    #: A day of birth, or an age together with one class among parallel ones: few fit it, often one.
    BIRTH = "birth"
    #: A school by its name; together with subject and year it leads to the teacher.
    SCHOOL = "school"
    HANDLE = "handle"
    #: One person's illness, diagnosis or family affairs: the law calls them sensitive, and neighbours recognise them.
    CIRCUMSTANCE = "circumstance"


@dataclass(frozen=True, slots=True)
class Finding:
    """Personal data in a text.

    Attributes:
        start: Where it begins: index of its first character.
        end: Index behind its last character.
        certainty: Sure by its form or its introduction, likely by a list, uncertain where a word may be a name.
    """

    start: int
    end: int
    kind: Category
    certainty: Certainty
