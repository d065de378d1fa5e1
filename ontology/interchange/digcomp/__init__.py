"""DigComp 3.0, the European framework of digital competence: its JSON-LD, and the CSV files of its translations."""

from ontology.interchange.digcomp.reading import read_digcomp
from ontology.interchange.digcomp.writing import write_digcomp

__all__ = ["read_digcomp", "write_digcomp"]
