"""A filter of system calls (seccomp(2)) for this process: nothing outside of it can be changed any more.

The filter is a program of the kernel's classic BPF: it looks at the number of a call, and at the flags of those that
open files. A refused call fails with EACCES, which Python raises as `PermissionError`. Numbers are from the kernel's
tables (arch/x86/entry/syscalls/syscall_64.tbl, include/uapi/asm-generic/unistd.h).
"""

import ctypes
import errno
import os
import platform
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class _Machine:
    """How one processor family numbers its calls.

    `opening` maps calls that open files to the place of their flags. Calls of `own_process` may name this process
    alone, those of `own_or_zero` also nobody; `cloning` starts threads, and nothing but threads. `commands` are fcntl
    and ioctl, of which some commands are refused.
    """

    audit_architecture: int
    refused: tuple[int, ...]
    opening: Mapping[int, int]
    unknown: tuple[int, ...]
    own_process: tuple[int, ...]
    own_or_zero: tuple[int, ...]
    cloning: int
    commands: tuple[int, int]
    seccomp: int


_X86_64 = _Machine(
    audit_architecture=0xC000003E,
    refused=(
        *(
            53,
            164,
            227,
            163,
            170,
            167,
            168,
            169,
            246,
            175,
            313,
            176,
        ),  # socketpair; what is root's: clocks, modules
        *(41, 42, 43, 49, 50, 288),  # socket, connect, accept, bind, listen, accept4
        *(59, 322, 62, 101, 424),  # execve, execveat, kill, ptrace, pidfd_send_signal
        *(76, 82, 83, 84, 85, 86, 87, 88, 90, 91, 92, 93, 94),  # truncate, rename … lchown
        *(
            132,
            133,
            235,
            161,
            165,
            166,
            155,
            188,
            189,
            190,
            197,
            198,
            199,
        ),  # utime, mknod, utimes, chroot, mount, xattr
        *(258, 259, 260, 261, 263, 264, 265, 266, 268, 280, 316, 452),  # the …at variants
        *(57, 58, 109, 112, 200, 129, 297, 434, 438),  # fork, vfork, setpgid, setsid, tkill, …sigqueueinfo, pidfd_…
        *(
            141,
            142,
            144,
            203,
            251,
            314,
            240,
            29,
            68,
            64,
            248,
            250,
            298,
            323,
            463,
            466,
        ),  # others' priorities, queues, keys
        *(272, 308, 310, 311, 321, 304, 425, 428, 429, 430, 442),  # unshare, setns, process_vm_…, bpf, io_uring, mounts
    ),
    opening=MappingProxyType({2: 1, 257: 2}),
    unknown=(437, 435),  # openat2 and clone3, whose flags lie in memory
    own_process=(234,),  # tgkill, which abort() and threads send to their own process
    own_or_zero=(302,),  # prlimit64
    cloning=56,
    commands=(72, 16),  # fcntl, ioctl
    seccomp=317,
)
_AARCH64 = _Machine(
    audit_architecture=0xC00000B7,
    refused=(
        *(199, 170, 112, 89, 161, 224, 225, 142, 104, 105, 273, 106),
        *(198, 203, 202, 200, 201, 242),
        *(221, 281, 129, 117, 424),
        *(45, 38, 276, 34, 33, 35, 36, 37, 53, 52, 54, 55, 88, 452),
        *(51, 40, 39, 41, 5, 6, 7, 14, 15, 16),
        *(154, 157, 130, 138, 240, 434, 438),
        *(140, 118, 119, 122, 30, 274, 180, 194, 186, 190, 217, 219, 241, 282, 463, 466),
        *(97, 268, 270, 271, 280, 265, 425, 428, 429, 430, 442),
    ),
    opening=MappingProxyType({56: 2}),
    unknown=(437, 435),
    own_process=(131,),
    own_or_zero=(261,),
    cloning=220,
    commands=(25, 29),
    seccomp=277,
)
_MACHINES = {"x86_64": _X86_64, "amd64": _X86_64, "aarch64": _AARCH64, "arm64": _AARCH64}

_CHANGING_FLAGS = (
    os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | (getattr(os, "O_TMPFILE", 0) & ~getattr(os, "O_DIRECTORY", 0))
)
_LOAD, _JUMP_EQUAL, _JUMP_ANY_BIT, _JUMP_AT_LEAST, _RETURN = 0x20, 0x15, 0x45, 0x35, 0x06
_NUMBER_AT, _ARCHITECTURE_AT, _ARGUMENTS_AT = 0, 4, 16
_ALLOW, _FAIL = 0x7FFF0000, 0x00050000
_FOREIGN_NUMBERS = 0x40000000  # the x32 calls of x86-64
_CLONE_THREAD = 0x10000
_SIGNALLING = (8, 10, 15)
"""F_SETOWN, F_SETSIG, F_SETOWN_EX of fcntl(2): the kernel would send a signal of choice to a process of choice."""
_CHANGING_CONTROLS = (0x40086602, 0x401C5820, 0x40087602, 0x8901, 0x8902, 0x5452, 0x5412)
"""FS_IOC_SETFLAGS, FS_IOC_FSSETXATTR, FS_IOC_SETVERSION, FIOSETOWN, SIOCSPGRP, FIOASYNC, TIOCSTI of ioctl(2)."""
_PR_SET_NO_NEW_PRIVS = 38
_SET_MODE_FILTER, _FOR_ALL_THREADS = 1, 1


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def deny_changes() -> bool:
    """Install the filter for every thread of this process, for good; says whether it is in force.

    It is not where the processor family is another one, or the kernel knows no filters. A process that already denies
    itself changes may do so again.
    """
    machine = _MACHINES.get(platform.machine().lower())
    if machine is None or struct.calcsize("P") != 8:
        return False
    code = filter_program(machine)
    program = _Program(len(code) // 8, code)
    library = ctypes.CDLL(None, use_errno=True)
    if library.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        return False
    refusal: int = library.syscall(machine.seccomp, _SET_MODE_FILTER, _FOR_ALL_THREADS, ctypes.byref(program))
    return refusal == 0


def filter_program(machine: _Machine) -> bytes:
    """The instructions, eight bytes each: operation, two jumps, one value."""
    lines: list[tuple[int, int, int, int]] = [
        (_LOAD, 0, 0, _ARCHITECTURE_AT),
        (_JUMP_EQUAL, 1, 0, machine.audit_architecture),
        (_RETURN, 0, 0, _FAIL | errno.EACCES),
        (_LOAD, 0, 0, _NUMBER_AT),
        (_JUMP_AT_LEAST, 0, 1, _FOREIGN_NUMBERS),
        (_RETURN, 0, 0, _FAIL | errno.EACCES),
    ]
    for numbers, code in ((machine.refused, errno.EACCES), (machine.unknown, errno.ENOSYS)):
        for number in numbers:
            lines += [(_JUMP_EQUAL, 0, 1, number), (_RETURN, 0, 0, _FAIL | code)]
    for number, allowed in (
        *((number, (os.getpid(),)) for number in machine.own_process),
        *((number, (0, os.getpid())) for number in machine.own_or_zero),
    ):
        lines += [(_JUMP_EQUAL, 0, 3 + len(allowed), number), (_LOAD, 0, 0, _ARGUMENTS_AT)]
        lines += [(_JUMP_EQUAL, len(allowed) - place, 0, value) for place, value in enumerate(allowed)]
        lines += [(_RETURN, 0, 0, _FAIL | errno.EACCES), (_RETURN, 0, 0, _ALLOW)]
    for number, commands in zip(machine.commands, (_SIGNALLING, _CHANGING_CONTROLS), strict=True):
        lines += [(_JUMP_EQUAL, 0, 3 + len(commands), number), (_LOAD, 0, 0, _ARGUMENTS_AT + 8)]
        lines += [(_JUMP_EQUAL, len(commands) - place, 0, command) for place, command in enumerate(commands)]
        lines += [(_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _FAIL | errno.EACCES)]
    lines += [
        (_JUMP_EQUAL, 0, 4, machine.cloning),
        (_LOAD, 0, 0, _ARGUMENTS_AT),
        (_JUMP_ANY_BIT, 1, 0, _CLONE_THREAD),
        (_RETURN, 0, 0, _FAIL | errno.EACCES),
        (_RETURN, 0, 0, _ALLOW),
    ]
    for number, place in machine.opening.items():
        lines += [
            (_JUMP_EQUAL, 0, 4, number),
            (_LOAD, 0, 0, _ARGUMENTS_AT + 8 * place),
            (_JUMP_ANY_BIT, 0, 1, _CHANGING_FLAGS),
            (_RETURN, 0, 0, _FAIL | errno.EACCES),
            (_RETURN, 0, 0, _ALLOW),
        ]
    lines.append((_RETURN, 0, 0, _ALLOW))
    return b"".join(struct.pack("=HBBI", *line) for line in lines)
