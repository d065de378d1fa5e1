"""What every test may ask for: the folder of shared real-world files, and the bundled model, loaded once."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog

from language.encoder import Encoder
from language.export import export
from language.model import find_model
from language.transformer import load_transformer
from ontology.kinds import slug_of

_COUNTS: list[str] = []


@pytest.fixture(scope="session")
def counted() -> Callable[[str], None]:
    """Takes what a long test has counted, to be printed when all are done."""
    return _COUNTS.append


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what long tests have counted."""
    if _COUNTS:
        terminalreporter.section("counted")
        terminalreporter.write_line("\n".join(_COUNTS))


@pytest.fixture(scope="session")
def shared() -> Path:
    """Folder with data/, facts/ and w3c/: $KESHER_SHARED, else `shared` beside the checkout."""
    folder = Path(os.environ.get("KESHER_SHARED", Path(__file__).parents[2] / "shared"))
    if not (folder / "data").is_dir():
        pytest.skip(f"needs the shared folder of real data; {folder} is not there (set KESHER_SHARED)")
    return folder


@pytest.fixture(autouse=True)
def _logs_as_they_were() -> Iterator[None]:
    """The command line and servers set up logs for the whole process."""
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The bundled model; it takes some seconds to load."""
    return load_transformer()


@pytest.fixture(scope="session")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder `encoder` of a data folder, with the bundled model exported; to be copied. It takes some seconds."""
    folder = tmp_path_factory.mktemp("exported") / "encoder"
    model = find_model()
    export(model, folder / slug_of(model.name))
    return folder
