"""How a process shuts itself off, for good and whatever it runs later: no network, no other program, little memory.

Two ways out of the network, each enough alone: an empty network namespace (network_namespaces(7), where the system
lets us make one) and a filter of system calls (seccomp(2), which needs no privilege). A limit on open files would not
do: Oxigraph opens files of its store while it answers.

A process that is there to become another program (`OneProgram`) shuts itself off first: both ways outlast execve(2).
"""

from __future__ import annotations

import ctypes
import errno
import os
import resource
import struct
import sys
from collections.abc import Sequence
from math import ceil
from typing import NoReturn

_ENOUGH_FILES = 65_536  # open at once, far above what a store has
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 22, 38
_SECCOMP_MODE_FILTER = 2

#: Machine -> its number in <linux/audit.h>, and its numbers of execve, socket, execveat, ptrace and io_uring_setup.
_CALLS = {
    "x86_64": (0xC000003E, (59, 41, 322, 101, 425)),
    "aarch64": (0xC00000B7, (221, 198, 281, 117, 425)),
    "riscv64": (0xC00000F3, (221, 198, 281, 117, 425)),
}
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | errno.EPERM
_LOAD, _IF_EQUAL, _IF_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_FOREIGN_CALLS = 0x40000000  # where x86_64 numbers the calls of another convention (x32)
_FIRST_ARGUMENT = 16  # its place in what a filter sees: the lower half, then the upper one (all three machines do so)


class OneProgram:
    """The one program that a confined process may still become: only by `become`, and so only once.

    The filter lets execve(2) pass where its path stands at the address of this object's own copy. In the new program
    nothing stands there, so it can run no other.

    Args:
        path: The program's file.
    """

    def __init__(self, path: str) -> None:
        self._path = ctypes.create_string_buffer(os.fsencode(path))

    @property
    def address(self) -> int:
        """Where the path stands in this process."""
        return ctypes.addressof(self._path)

    def become(self, *arguments: str) -> NoReturn:
        """Run it in this process, with these arguments and no environment.

        Raises:
            OSError: it cannot be run.
        """
        words = [self._path.value, *map(os.fsencode, arguments), None]
        libc = ctypes.CDLL(None, use_errno=True)
        libc.execve(self._path, (ctypes.c_char_p * len(words))(*words), (ctypes.c_char_p * 1)(None))
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), os.fsdecode(self._path.value))


def leave_network(successor: OneProgram | None = None) -> None:
    """Give up the network, and the running of other programs than `successor`. Call it while there is one thread.

    Elsewhere than on Linux this does nothing: the gate is then the only wall.

    Raises:
        OSError: neither way is open on this system.
    """
    if sys.platform == "linux":
        unshared, filtered = unshare_network(), filter_calls(successor)
        if not (unshared or filtered):
            raise OSError(errno.EPERM, "This system can shut a process off from the network in neither of two ways.")


def unshare_network() -> bool:
    """Move to a network namespace with nothing in it; False where that is not allowed."""
    unshare = ctypes.CDLL(None).unshare
    return any(unshare(flags) == 0 for flags in (_CLONE_NEWNET, _CLONE_NEWUSER | _CLONE_NEWNET))


def filter_calls(successor: OneProgram | None = None) -> bool:
    """Have the kernel refuse sockets, and programs other than `successor`; False where it has no such filter."""
    machine = os.uname().machine
    if machine not in _CALLS:
        return False
    program = _program(*_CALLS[machine], successor.address if successor else None)
    code = ctypes.create_string_buffer(program, len(program))
    described = ctypes.create_string_buffer(struct.pack("HP", len(program) // 8, ctypes.addressof(code)))
    prctl = ctypes.CDLL(None).prctl
    zero = ctypes.c_ulong(0)
    prctl(_PR_SET_NO_NEW_PRIVS, ctypes.c_ulong(1), zero, zero, zero)
    return bool(prctl(_PR_SET_SECCOMP, ctypes.c_ulong(_SECCOMP_MODE_FILTER), described, zero, zero) == 0)


def limit_memory(extra: int) -> None:
    """Allow `extra` bytes of address space beyond what the process has now; and no core dump when it needs more."""
    if sys.platform == "linux":
        with open("/proc/self/statm", "rb") as sizes:  # noqa: PTH123 - pathlib is a tenth of a worker's start-up
            pages = int(sizes.read().split()[0])
        most = pages * resource.getpagesize() + extra
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def limit_processor_time(seconds: float) -> None:
    """Stop by ourselves soon after the cage should have stopped us: it may be gone."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = ceil(used.ru_utime + used.ru_stime + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (most, resource.RLIM_INFINITY))


def allow_many_files() -> None:
    """Let the process have as many files open at once as a store may want, which is more than is usual."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    enough = _ENOUGH_FILES if most == resource.RLIM_INFINITY else min(most, _ENOUGH_FILES)
    resource.setrlimit(resource.RLIMIT_NOFILE, (enough, most))


def peak_memory() -> int:
    """The most memory that this program ever had, in bytes; 0 where that is not told.

    Not ru_maxrss of getrusage(2): that begins with the peak of whoever started the process.
    """
    if sys.platform != "linux":
        return 0
    with open("/proc/self/status", encoding="ascii") as facts:  # noqa: PTH123 - pathlib takes long to import
        return next((int(line.split()[1]) * 1024 for line in facts if line.startswith("VmHWM")), 0)


def _program(machine: int, refused: Sequence[int], path: int | None) -> bytes:
    """A filter in the kernel's language (BPF) that refuses some calls, and all those of another convention.

    Args:
        machine: Its number; a call under another one is refused.
        refused: Numbers of the calls, execve first.
        path: Address of the path with which execve is let through all the same; None: never.
    """
    end = len(refused)
    exception = [] if path is None else _exception(refused[0], path, end)
    steps = [
        (_LOAD, 0, 0, 4),
        (_IF_EQUAL, 1, 0, machine),
        (_RETURN, 0, 0, _REFUSE),
        (_LOAD, 0, 0, 0),
        (_IF_AT_LEAST, len(exception) + end + 1, 0, _FOREIGN_CALLS),
        *exception,
        *((_IF_EQUAL, end - place, 0, number) for place, number in enumerate(refused)),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    ]
    return b"".join(struct.pack("HBBI", *step) for step in steps)


def _exception(execve: int, path: int, after: int) -> list[tuple[int, int, int, int]]:
    """The steps that let execve through with one path: `after` steps later stands ALLOW, and then REFUSE."""
    return [
        (_IF_EQUAL, 0, 4, execve),
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        (_IF_EQUAL, 0, after + 3, path & 0xFFFFFFFF),
        (_LOAD, 0, 0, _FIRST_ARGUMENT + 4),
        (_IF_EQUAL, after, after + 1, path >> 32),
    ]
