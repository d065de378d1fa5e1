"""Programs that write PDFs, each in its own way: what one line of the text is stands on one line of the page."""

import html
import io
import shutil
import subprocess
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from types import MappingProxyType, ModuleType

import pytest
from bidi import get_display

Lines = Sequence[str]
_SIZE, _LEADING, _WIDTH, _HEIGHT, _MARGIN, _ROWS = 12, 24, 595, 842, 40, 30


def runs_right_to_left(line: str) -> bool:
    strong = (unicodedata.bidirectional(char) for char in line)
    return next((it for it in strong if it in {"L", "R", "AL"}), "L") != "L"


def direction(line: str) -> str:
    return "rtl" if runs_right_to_left(line) else "ltr"


def library(name: str) -> ModuleType:
    """A module, or the test is skipped: an optional library is absent, or what it needs of the system is."""
    try:
        return import_module(name)
    except (ImportError, OSError) as error:
        pytest.skip(f"{name} does not work on this machine: {error}")


def font() -> Path:
    """DejaVu Sans, which has Hebrew and Arabic, as matplotlib brings it."""
    return (
        Path(pytest.importorskip("matplotlib", reason="it brings the font").get_data_path())
        / "fonts/ttf/DejaVuSans.ttf"
    )


def shaped(line: str) -> str:
    """The line as it is seen, for programs that place one character after the other."""
    text = library("arabic_reshaper").ArabicReshaper({"delete_harakat": False}).reshape(line)
    return str(get_display(text, base_dir="R" if runs_right_to_left(line) else "L"))


def page_of(lines: Lines) -> str:
    words = "".join(f'<p dir="{direction(line)}">{html.escape(line)}</p>' for line in lines)
    face = f"@font-face {{ font-family: Shown; src: url('{font().as_uri()}') }}"
    style = f"{face} p {{ font: 12pt Shown; margin: 0 0 10pt; text-align: start }}"
    return f"<!doctype html><meta charset=utf-8><style>{style}</style>{words}"


def chromium(lines: Lines, folder: Path) -> bytes:
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        pytest.skip("there is no Chromium on this machine")
    page, made = folder / "page.html", folder / "page.pdf"
    page.write_text(page_of(lines), "utf-8")
    flags = (
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--no-pdf-header-footer",
        f"--user-data-dir={folder / 'user'}",
    )
    subprocess.run(
        (program, *flags, f"--print-to-pdf={made}", page.as_uri()), check=True, capture_output=True, timeout=90
    )
    return made.read_bytes()


def weasyprint(lines: Lines, folder: Path) -> bytes:
    return library("weasyprint").HTML(string=page_of(lines)).write_pdf()


def reportlab(lines: Lines, folder: Path) -> bytes:
    fonts, writing = library("reportlab.pdfbase.ttfonts"), library("reportlab.pdfgen.canvas")
    library("reportlab.pdfbase.pdfmetrics").registerFont(fonts.TTFont("Shown", str(font())))
    made = io.BytesIO()
    canvas = writing.Canvas(made, pagesize=(_WIDTH, _HEIGHT))
    for number, line in enumerate(lines):
        if number % _ROWS == 0:
            if number:
                canvas.showPage()
            canvas.setFont("Shown", _SIZE)
        y = _HEIGHT - _MARGIN - number % _ROWS * _LEADING
        if runs_right_to_left(line):
            canvas.drawRightString(_WIDTH - _MARGIN, y, shaped(line))
        else:
            canvas.drawString(_MARGIN, y, shaped(line))
    canvas.save()
    return made.getvalue()


def fpdf2(lines: Lines, folder: Path, *, shaping: bool = True) -> bytes:
    library("uharfbuzz")
    pdf = library("fpdf").FPDF()
    pdf.add_page()
    pdf.add_font("Shown", fname=str(font()))
    pdf.set_font("Shown", size=_SIZE)
    pdf.set_text_shaping(shaping)
    for line in lines:
        align = "R" if runs_right_to_left(line) else "L"
        pdf.cell(0, 8, line, align=align, new_x="LMARGIN", new_y="NEXT")
    return bytes(pdf.output())


def fpdf2_logical(lines: Lines, folder: Path) -> bytes:
    """Characters from left to right as they are read: what a program that knows nothing of direction writes."""
    return fpdf2(lines, folder, shaping=False)


def typst(lines: Lines, folder: Path) -> bytes:
    compiler = library("typst")
    quoted = (line.replace("\\", "\\\\").replace('"', '\\"') for line in lines)
    words = "\n".join(
        f'#[#set text(dir: {it})\n#text("{line}")]\n' for it, line in zip(map(direction, lines), quoted, strict=True)
    )
    source = f'#set page(width: 700pt)\n#set text(font: "DejaVu Sans", size: 12pt)\n#set par(spacing: 14pt)\n{words}'
    (folder / "page.typ").write_text(source, "utf-8")
    return compiler.compile(str(folder / "page.typ"), font_paths=[str(font().parent)])


def skia(lines: Lines, folder: Path) -> bytes:
    drawing = library("skia")
    layout = drawing.textlayout
    made = drawing.DynamicMemoryWStream()
    fonts, provider = layout.FontCollection(), layout.TypefaceFontProvider()
    provider.registerTypeface(drawing.Typeface.MakeFromFile(str(font())), "Shown")
    fonts.setDefaultFontManager(provider)
    shown, unicode = layout.TextStyle(), drawing.Unicodes.ICU.Make()
    shown.setFontFamilies(["Shown"])
    shown.setFontSize(_SIZE)
    shown.setColor(drawing.ColorBLACK)
    document = drawing.PDF.MakeDocument(made)
    for start in range(0, len(lines), _ROWS):
        canvas = document.beginPage(_WIDTH, _HEIGHT)
        for row, line in enumerate(lines[start : start + _ROWS]):
            right = runs_right_to_left(line)
            style = layout.ParagraphStyle()
            style.setTextAlign(layout.TextAlign.kRight if right else layout.TextAlign.kLeft)
            builder = layout.ParagraphBuilder.make(style, fonts, unicode)
            builder.pushStyle(shown)
            builder.addText(f"\u2067{line}\u2069" if right else line)  # an isolate: a paragraph here runs to the right
            paragraph = builder.Build()
            paragraph.layout(_WIDTH - 2 * _MARGIN)
            paragraph.paint(canvas, _MARGIN, _MARGIN + row * _LEADING)
        document.endPage()
    document.close()
    return bytes(made.detachAsData())


def cairo(lines: Lines, folder: Path) -> bytes:
    cairocffi = library("cairocffi")
    made = io.BytesIO()
    surface = cairocffi.PDFSurface(made, _WIDTH, _HEIGHT)
    context = cairocffi.Context(surface)
    context.select_font_face("DejaVu Sans")
    context.set_font_size(_SIZE)
    for number, line in enumerate(lines):
        if number and number % _ROWS == 0:
            context.show_page()
        text = shaped(line)
        x = _WIDTH - _MARGIN - context.text_extents(text)[4] if runs_right_to_left(line) else _MARGIN
        context.move_to(x, _MARGIN + number % _ROWS * _LEADING)
        context.show_text(text)
    surface.finish()
    return made.getvalue()


def matplotlib(lines: Lines, folder: Path) -> bytes:
    backend, figures = library("matplotlib.backends.backend_pdf"), library("matplotlib.figure")
    made = io.BytesIO()
    with (
        library("matplotlib").rc_context({"pdf.fonttype": 42, "font.family": "DejaVu Sans"}),
        backend.PdfPages(made) as pages,
    ):
        for start in range(0, len(lines), _ROWS):
            figure = figures.Figure(figsize=(_WIDTH / 72, _HEIGHT / 72))
            backend.FigureCanvasPdf(figure)
            for row, line in enumerate(lines[start : start + _ROWS]):
                right = runs_right_to_left(line)
                y = 1 - (_MARGIN + row * _LEADING) / _HEIGHT
                figure.text(
                    0.95 if right else 0.05, y, line, ha="right" if right else "left", size=_SIZE, parse_math=False
                )
            pages.savefig(figure)
    return made.getvalue()


PRODUCERS: Mapping[str, Callable[[Lines, Path], bytes]] = MappingProxyType(
    {it.__name__: it for it in (chromium, weasyprint, reportlab, fpdf2, typst, skia, cairo, matplotlib, fpdf2_logical)}
)
