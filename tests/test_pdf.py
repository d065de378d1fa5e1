"""PDFs of eight programs give the lines that were written, in reading order; what is no text is refused and said."""

import io
from collections.abc import Sequence
from pathlib import Path

import pyoxigraph as ox
import pytest

from ingest.readers.pdf import read_pdf
from ingest.record import Context, Document, Record
from ingest.visual_order import logical_lines, visual_votes
from ontology.errors import UnreadableFile
from ontology.kinds import DEFAULT_BASE
from ontology.model import Problem
from ontology.namespaces import DCTERMS, SKOS
from ontology.starter import PATHS
from tests.ingesting import place
from tests.pdf_producers import PRODUCERS, fpdf2, library, runs_right_to_left
from tests.pdf_texts import OWN
