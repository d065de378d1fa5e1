"""Mappings between vocabularies as SSSOM 1.1 tables (https://mapping-commons.github.io/sssom/)."""

from ontology.interchange.sssom.reading import read_sssom
from ontology.interchange.sssom.writing import write_sssom

__all__ = ["read_sssom", "write_sssom"]
