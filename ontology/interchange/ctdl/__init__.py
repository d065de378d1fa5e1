"""CTDL and CTDL-ASN (Credential Engine) as JSON-LD: competencies, programmes, credentials, pathways and jobs."""

from ontology.interchange.ctdl.reading import read_ctdl
from ontology.interchange.ctdl.writing import write_ctdl

__all__ = ["read_ctdl", "write_ctdl"]
