"""A form with files (multipart/form-data, RFC 7578), taken apart while it comes: files go to a folder, piece by piece.

Of a part only its head and its short fields are ever in memory. A name is what messages call a file, and is no path: in
the folder it lies under its number.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BufferedWriter
from pathlib import Path

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from api.jobs.file_name import file_name
from api.jobs.job import MAPPING
from ingest.source import BESIDE, Sent
from ontology.errors import BadInput, InvalidParameter, UnsupportedFormat

#: Fields of a file; browsers and programs call them so or so.
_FILES = {"file", "files"}
_MOST_PARTS = 1_000
_MOST_HEADERS = 8
_LONGEST_HEADER = 4_096
_LONGEST_FIELD = 2_000
_PLAIN = {b"binary", b"8bit", b"7bit"}


@dataclass(slots=True)
class Form:
    """What a form has.

    Attributes:
        fields: Its short fields; an empty one is as good as none.
        files: What is to be read.
        beside: YAML files that say what others mean, by name.
    """

    fields: dict[str, str] = field(default_factory=dict)
    files: list[Sent] = field(default_factory=list)
    beside: dict[str, Path] = field(default_factory=dict)


@dataclass(slots=True)
class _Part:
    """What is being read: a field while `path` is None, else a file."""

    name: str = ""
    path: Path | None = None
    file: BufferedWriter | None = None
    text: bytearray = field(default_factory=bytearray)
    called: str = ""
    size: int = 0


class FormReader:
    """Takes a form apart. For one thread at a time; close it in the end, whatever happened.

    Args:
        content_type: Of the request; names the boundary.
        folder: Where the files go.
        known: Names of the short fields that there are.

    Raises:
        UnsupportedFormat: it is no such form.
        BadInput: it names no boundary.
    """

    def __init__(self, content_type: str, folder: Path, known: frozenset[str]) -> None:
        media_type, options = parse_options_header(content_type.encode("latin-1", "replace"))
        if media_type != b"multipart/form-data":
            remedy = "Send multipart/form-data: curl -F files=@notes.docx ..."
            raise UnsupportedFormat("Files are sent as a form.", remedy=remedy)
        boundary = options.get(b"boundary", b"")
        if not boundary:
            raise BadInput("The form names no boundary.", remedy="Content-Type: multipart/form-data; boundary=...")
        self._form = Form()
        self._folder = folder
        self._known = known
        self._part = _Part()
        self._parts = 0
        self._headers: dict[bytes, bytes] = {}
        self._header, self._value = bytearray(), bytearray()
        self._whole = False
        with _readable():
            self._parser = MultipartParser(
                boundary,
                {
                    "on_part_begin": self._begin,
                    "on_header_field": lambda data, start, end: self._header.extend(data[start:end]),
                    "on_header_value": lambda data, start, end: self._value.extend(data[start:end]),
                    "on_header_end": self._end_header,
                    "on_headers_finished": self._open,
                    "on_part_data": self._take,
                    "on_part_end": self._end,
                    "on_end": self._finish,
                },
                max_header_count=_MOST_HEADERS,
                max_header_size=_LONGEST_HEADER,
            )

    def feed(self, some: bytes) -> None:
        """Take the next bytes of the body.

        Raises:
            BadInput: they keep no form.
            InvalidParameter: a field or a file of it is not as it should be.
        """
        with _readable():
            self._parser.write(some)

    def form(self) -> Form:
        """The form, when all has come.

        Raises:
            BadInput: its end is missing, or it has no file.
        """
        if not self._whole:
            raise BadInput("The form is cut off: its last boundary is missing.", remedy="Send it again.")
        if not self._form.files:
            raise BadInput("The form has no file.", remedy="Send each as a part `files` with its file name.")
        self._pair()
        return self._form

    def close(self) -> None:
        """Let go of the file that is being written."""
        if self._part.file:
            self._part.file.close()

    def _begin(self) -> None:
        self._parts += 1
        if self._parts > _MOST_PARTS:
            raise BadInput(f"The form has more than {_MOST_PARTS:,} parts.", remedy="Send several smaller ones.")
        self._part, self._headers = _Part(), {}

    def _end_header(self) -> None:
        self._headers[bytes(self._header).lower()] = bytes(self._value)
        self._header.clear()
        self._value.clear()

    def _open(self) -> None:
        """The head of a part has come: is it a field that is known, or a file?"""
        disposition, options = parse_options_header(self._headers.get(b"content-disposition"))
        if disposition != b"form-data" or b"name" not in options:
            raise BadInput("A part of the form has no name.", remedy='Content-Disposition: form-data; name="files"')
        if self._headers.get(b"content-transfer-encoding", b"binary").strip().lower() not in _PLAIN:
            raise BadInput("A part of the form is encoded.", remedy="Send its bytes as they are (RFC 7578, 4.7).")
        name = options[b"name"].decode("utf-8", "replace")
        if name in _FILES or name == "mapping":
            self._open_file(name, options.get(b"filename"))
        elif name not in self._known:
            known = ", ".join(sorted(self._known | {"files", "mapping"}))
            raise InvalidParameter(name[:40], f"There is no field {name[:40]!r} here.", remedy=f"Known are: {known}.")
        elif name in self._form.fields:
            raise InvalidParameter(name, f"The field {name} stands twice.", remedy="Send it once.")
        self._part.name = name

    def _open_file(self, name: str, called: bytes | None) -> None:
        if called is None and name in _FILES:
            raise InvalidParameter(name, "A file has no name.", remedy='Add `filename="..."`, as forms do.')
        if called == b"" or called is None:  # a browser sends this where no file was chosen
            self._part.called, path = "", self._folder / (MAPPING if name == "mapping" else "nameless")
        elif name == "mapping":
            path = self._folder / MAPPING
        else:
            self._part.called = file_name(called)
            self._expect_new(self._part.called)
            path = self._folder / self._own_name(self._part.called)
        if path.exists():
            raise InvalidParameter(name, f"The field {name} stands twice.", remedy="Send it once.")
        self._part.path, self._part.file = path, path.open("xb")

    def _expect_new(self, called: str) -> None:
        if called in self._form.beside or any(it.name == called for it in self._form.files):
            remedy = "Send the second apart, with a `source` of its own."
            raise InvalidParameter("files", f"Two files are called {called!r}.", remedy=remedy)

    def _own_name(self, called: str) -> str:
        """What a file is called in the folder: its number."""
        if called.endswith(BESIDE):
            return f"beside-{len(self._form.beside)}"
        return str(len(self._form.files))

    def _take(self, data: bytes, start: int, end: int) -> None:
        self._part.size += end - start
        if self._part.file:
            self._part.file.write(memoryview(data)[start:end])
            return
        if self._part.size > _LONGEST_FIELD:
            name = self._part.name
            raise InvalidParameter(name, f"The field {name} is longer than {_LONGEST_FIELD:,} bytes.")
        self._part.text += data[start:end]

    def _end(self) -> None:
        part = self._part
        if part.path is None:
            try:
                self._form.fields[part.name] = part.text.decode().strip()
            except UnicodeDecodeError as error:
                raise InvalidParameter(part.name, f"The field {part.name} is not UTF-8.") from error
            return
        self.close()
        if not part.called and not part.size:
            part.path.unlink()
        elif part.name in _FILES and not part.called:
            raise InvalidParameter(part.name, "A file has no name.", remedy='Add `filename="..."`, as forms do.')
        elif part.called.endswith(BESIDE):
            self._form.beside[part.called] = part.path
        elif part.name in _FILES:
            self._form.files.append(Sent(part.path, part.called))

    def _finish(self) -> None:
        self._whole = True

    def _pair(self) -> None:
        """Put each YAML beside the file that it is about, as they lay where they came from."""
        for name, path in self._form.beside.items():
            stem = name.removesuffix(BESIDE)
            paired = next((it for it in self._form.files if it.name.rpartition(".")[0] == stem), None)
            if paired is None:
                remedy = "Send it with that file; as `mapping` it is for every table."
                raise InvalidParameter("files", f"No file belongs to {name!r}.", remedy=remedy)
            path.rename(paired.path.with_suffix(BESIDE))


@contextmanager
def _readable() -> Iterator[None]:
    """What the parser refuses is bad input."""
    try:
        yield
    except FormParserError as error:
        raise BadInput(f"The form cannot be read: {error}.", remedy="Let a program write it: curl -F.") from error
