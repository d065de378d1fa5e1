"""ESCO (European Skills, Competences, Qualifications and Occupations) as the CSV files in which it is published."""

from ontology.interchange.esco.reading import read_esco
from ontology.interchange.esco.writing import write_esco

__all__ = ["read_esco", "write_esco"]
