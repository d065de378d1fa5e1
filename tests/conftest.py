"""What every test may ask for: the folder of shared real-world files, and the bundled model, loaded once."""

import os
from pathlib import Path

import pytest

from language.encoder import Encoder
from language.transformer import load_transformer


@pytest.fixture(scope="session")
def shared() -> Path:
    """Folder with data/, facts/ and w3c/: $KESHER_SHARED, else `shared` beside the checkout."""
    folder = Path(os.environ.get("KESHER_SHARED", Path(__file__).parents[2] / "shared"))
    if not (folder / "data").is_dir():
        pytest.skip(f"needs the shared folder of real data; {folder} is not there (set KESHER_SHARED)")
    return folder


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The bundled model; it takes some seconds to load."""
    return load_transformer()
