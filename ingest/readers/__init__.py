"""One reader for each format: a document in, records, statements and problems out, as they are met.

A reader raises `UnreadableFile` for a file that cannot be taken at all, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from ingest.formats import Format
from ingest.readers.crossref import read_crossref
from ingest.readers.csl import read_csl
from ingest.readers.docx import read_docx
from ingest.readers.html import read_html
from ingest.readers.interchange import Reader, mapped, understood
from ingest.readers.jats import read_jats
from ingest.readers.jsonld import read_json_ld
from ingest.readers.markdown import read_markdown
from ingest.readers.oai import read_oai
from ingest.readers.openalex import read_openalex
from ingest.readers.pdf import read_pdf
from ingest.readers.plain_text import read_plain_text
from ingest.readers.pptx import read_pptx
from ingest.readers.rdf import read_n_quads, read_n_triples, read_trig, read_turtle
from ingest.readers.rdfxml import read_rdf_xml
from ingest.readers.ris import read_ris
from ingest.readers.table import read_table
from ingest.readers.xlsx import read_xlsx
from ingest.record import Context, Document, Record
from ontology.interchange.case import read_case
from ontology.interchange.ctdl import read_ctdl
from ontology.interchange.digcomp import read_digcomp
from ontology.interchange.esco import read_esco
from ontology.interchange.sssom import read_sssom
from ontology.model import Problem


def read_bibtex(document: Document, context: Context) -> Iterator[Record | Problem]:
    """As of `ingest.readers.bibtex`, whose tables of LaTeX are read with the first file that needs them."""
    from ingest.readers import bibtex  # noqa: PLC0415 - it takes longer to import than all other readers

    return bibtex.read_bibtex(document, context)


READERS: Mapping[Format, Reader] = MappingProxyType(
    {
        Format.TURTLE: understood(read_turtle),
        Format.N_TRIPLES: understood(read_n_triples),
        Format.N_QUADS: understood(read_n_quads),
        Format.TRIG: understood(read_trig),
        Format.JSON_LD: understood(read_json_ld),
        Format.RDF_XML: understood(read_rdf_xml),
        Format.BIBTEX: read_bibtex,
        Format.RIS: read_ris,
        Format.CSV: read_table,
        Format.MARKDOWN: read_markdown,
        Format.TEXT: read_plain_text,
        Format.HTML: read_html,
        Format.DOCX: read_docx,
        Format.PPTX: read_pptx,
        Format.XLSX: read_xlsx,
        Format.PDF: read_pdf,
        Format.CASE: mapped(read_case),
        Format.CTDL: mapped(read_ctdl),
        Format.DIGCOMP: mapped(read_digcomp),
        Format.ESCO: mapped(read_esco),
        Format.SSSOM: mapped(read_sssom),
        Format.CSL: read_csl,
        Format.CROSSREF: read_crossref,
        Format.OPENALEX: read_openalex,
        Format.JATS: read_jats,
        Format.OAI: read_oai,
    }
)
