"""What the tests of kills do in the processes that are killed."""

import api.app
import api.backup
import api.checking
import api.cli.serve  # noqa: F401 - all of these are here to be loaded once
