"""How a process gives up the file system, for good: it writes nothing any more, and reads only below some folders.

By landlock(7), which needs no privilege and has been in Linux since 5.13. What is open already stays open. The network
and other programs are the matter of `graph.confinement`.
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from collections.abc import Iterable
from contextlib import suppress

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same on every machine
_PATH_BENEATH = 1
_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
_ALL = (1 << 13) - 1  # execute, write, read, list, remove and make of the first version of Landlock
_TRUNCATE, _TRUNCATE_SINCE = 1 << 14, 3
_VERSION_ASKED = 1
_PR_SET_NO_NEW_PRIVS = 38


def read_only_below(folders: Iterable[str]) -> bool:
    """Give up every file but those below some folders, which may be read; False where the system has no Landlock."""
    if sys.platform != "linux":
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    version = libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _VERSION_ASKED)
    if version < 1:
        return False
    handled = struct.pack("Q", _ALL | (_TRUNCATE if version >= _TRUNCATE_SINCE else 0))
    rules = libc.syscall(_CREATE_RULESET, handled, ctypes.c_size_t(len(handled)), 0)
    if rules < 0:
        return False
    try:
        for folder in folders:
            with suppress(OSError):  # what is not there needs no permission
                _permit(libc, rules, folder)
        zero = ctypes.c_ulong(0)
        libc.prctl(_PR_SET_NO_NEW_PRIVS, ctypes.c_ulong(1), zero, zero, zero)
        return bool(libc.syscall(_RESTRICT_SELF, rules, 0) == 0)
    finally:
        os.close(rules)


def _permit(libc: ctypes.CDLL, rules: int, folder: str) -> None:
    descriptor = os.open(folder, os.O_PATH | os.O_CLOEXEC)
    try:
        rule = struct.pack("=Qi", _READ_FILE | _READ_DIR, descriptor)
        libc.syscall(_ADD_RULE, rules, _PATH_BENEATH, rule, 0)
    finally:
        os.close(descriptor)
