"""What a process that reads a stranger's bytes gives up before it does: run by its path, with nothing of Ombud in it.

    python -I confined.py PARENT MEMORY SECONDS FOLDERS CHILD ...

It ends with PARENT, may take MEMORY bytes and SECONDS of the processor, writes no file, opens few and none outside of
the interpreter and FOLDERS (joined by ":"), stands in an empty folder, has no descriptor but the three standard ones;
starts no process, opens no socket, reaches no other process, and has no rights of a superuser. Then it is CHILD, with
the arguments behind it.

The kernel holds it to that: limits and PR_SET_PDEATHSIG everywhere; seccomp on x86-64 and ARM; Landlock from Linux
5.13. Where it knows no seccomp, a namespace without a network is tried. What a kernel does not have, nobody promises:
`in_force()` says what holds.
"""

import ctypes
import errno
import os
import platform
import resource
import signal
import struct
import sys
from contextlib import suppress

MAX_FILES = 64
PR_SET_PDEATHSIG, PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS, SECCOMP_MODE_FILTER = 1, 22, 38, 2
CAPABILITY_VERSION = 0x20080522
CLONE_NEWUSER, CLONE_NEWNET, CLONE_THREAD = 0x10000000, 0x40000000, 0x10000
# The numbers of the system calls that nobody needs who only computes, by machine: sockets, processes, other processes,
# the kernel's own doors. Then those of which a kind is needed.
CALLS = {
    "x86_64": (
        0xC000003E,
        (41, 53, 57, 58, 59, 322, 62, 200, 234, 129, 297, 424, 101, 310, 311, 165, 272, 308, 248, 249, 250, 298, 321,
         323, 425, 434, 438),
        56, 302,
    ),
    "aarch64": (
        0xC00000B7,
        (198, 199, 221, 281, 129, 130, 131, 138, 240, 424, 117, 270, 271, 40, 97, 268, 217, 218, 219, 241, 280, 282,
         425, 434, 438),
        220, 261,
    ),
}  # fmt: skip
CLONE3 = 435
# Landlock: system calls, the same on every machine; rights on files by the version of its interface.
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
RIGHTS = {1: 2**13 - 1, 2: 2**14 - 1, 3: 2**15 - 1, 4: 2**15 - 1, 5: 2**16 - 1}
READ_FILE, READ_FOLDER = 4, 8
TCP, SIGNALS_AND_SOCKETS = 3, 3
# What libraries look up about the machine, beside the folders of the interpreter.
LIBRARIES = ("/usr", "/lib", "/lib64", "/etc/ld.so.cache", "/proc/meminfo", "/proc/cpuinfo", "/sys/devices/system/cpu")

libc = ctypes.CDLL(None, use_errno=True)


def confine(parent: int, memory: int, seconds: int, folders: list[str]) -> None:
    """Give it all up. Whatever is not known here stays as it is; what is known and fails ends the process."""
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL.value, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)
    os.closerange(3, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
    _leave()
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (MAX_FILES, MAX_FILES))
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    # Of the superuser's rights none: nothing raises a limit again.
    _must(libc.capset(struct.pack("Ii", CAPABILITY_VERSION, 0), bytes(24)))
    _lock_files([*LIBRARIES, sys.prefix, sys.base_prefix, *folders])
    if not _refuse_calls():
        for kind in (CLONE_NEWUSER | CLONE_NEWNET, CLONE_NEWNET):
            if libc.unshare(kind) == 0:
                break


def in_force() -> dict[str, bool]:
    """What the kernel of this machine holds such a process to, beside the limits."""
    knows = os.path.exists("/proc/sys/kernel/seccomp")  # noqa: PTH110 - as little as possible is loaded here
    return {"files": _landlock() > 0, "calls": knows and platform.machine() in CALLS}


def _leave() -> None:
    """Stand in a folder that is empty and stays so: it is gone."""
    folder = f"/tmp/{os.urandom(16).hex()}"  # noqa: S108 - made new, for us only
    with suppress(OSError):
        os.chdir("/")
        os.mkdir(folder, 0o700)  # noqa: PTH102
        os.chdir(folder)
        os.rmdir(folder)  # noqa: PTH106


def _landlock() -> int:
    """The version of the kernel's interface, below 1 where there is none."""
    return int(libc.syscall(CREATE_RULESET, None, ctypes.c_size_t(0), 1))


def _lock_files(readable: list[str]) -> None:
    version = _landlock()
    if version < 1:
        return
    rights = RIGHTS[min(version, max(RIGHTS))]
    asked = struct.pack("QQQ", rights, TCP, SIGNALS_AND_SOCKETS)[: 24 if version >= 6 else 16 if version >= 4 else 8]
    rules = libc.syscall(CREATE_RULESET, asked, ctypes.c_size_t(len(asked)), 0)
    _must(rules)
    for path in readable:
        with suppress(FileNotFoundError):
            place = os.open(path, os.O_PATH | os.O_CLOEXEC)
            right = READ_FILE | READ_FOLDER if os.path.isdir(path) else READ_FILE  # noqa: PTH112
            _must(libc.syscall(ADD_RULE, rules, 1, struct.pack("=Qi", right, place), 0))
            os.close(place)
    _must(libc.syscall(RESTRICT_SELF, rules, 0))
    os.close(rules)


def _refuse_calls() -> bool:
    """Whether the kernel refuses CALLS from now on, with "not permitted"."""
    if platform.machine() not in CALLS:
        return False
    machine, refused, clone, limits = CALLS[platform.machine()]
    load, equal, at_least, any_bit, answer = 0x20, 0x15, 0x35, 0x45, 0x06
    allow, kill, no, unknown = 0x7FFF0000, 0x80000000, 0x50000 | errno.EPERM, 0x50000 | errno.ENOSYS
    steps = [
        (load, 0, 0, 4), (equal, 1, 0, machine), (answer, 0, 0, kill),
        (load, 0, 0, 0), (at_least, 0, 1, 0x40000000), (answer, 0, 0, no),  # x32, with other numbers
    ]  # fmt: skip
    for number in refused:
        steps += [(equal, 0, 1, number), (answer, 0, 0, no)]
    # A library that finds no clone3 takes clone, of which we see whether it makes a thread. Limits are for itself only.
    steps += [
        (equal, 0, 1, CLONE3), (answer, 0, 0, unknown),
        (equal, 0, 4, clone), (load, 0, 0, 16), (any_bit, 1, 0, CLONE_THREAD), (answer, 0, 0, no),
        (answer, 0, 0, allow),
        (equal, 0, 3, limits), (load, 0, 0, 16), (equal, 1, 0, 0), (answer, 0, 0, no), (answer, 0, 0, allow),
    ]  # fmt: skip
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
    program = struct.pack("HxxxxxxP", len(steps), ctypes.addressof(code))
    return int(libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, program, 0, 0)) == 0


def _must(answer: int) -> None:
    if answer < 0:
        raise OSError(ctypes.get_errno(), "The kernel has it and refuses it.")


def main() -> None:
    """Be confined, then be the child."""
    parent, memory, seconds, folders, child = sys.argv[1:6]
    with open(child, "rb") as file:  # noqa: PTH123
        code = compile(file.read(), child, "exec")
    confine(int(parent), int(memory), int(seconds), [one for one in folders.split(":") if one])
    os.getcwd = lambda: "/"  # libraries ask where they stand; that folder is gone
    sys.argv = sys.argv[5:]
    exec(code, {"__name__": "__main__", "__file__": child})  # noqa: S102 - our own file


if __name__ == "__main__":
    main()
