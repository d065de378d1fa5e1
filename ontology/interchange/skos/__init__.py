"""SKOS: vocabularies of others taken in clean, and ours written for any tool that reads SKOS."""

from ontology.interchange.skos.reading import is_vocabulary, read_skos
from ontology.interchange.skos.writing import skos_view, write_skos

__all__ = ["is_vocabulary", "read_skos", "skos_view", "write_skos"]
