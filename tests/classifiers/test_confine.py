"""A process that reads strangers' bytes, hijacked: each test breaks out of it in one way, and must not get out."""

import json
import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from classifiers import sandbox
from classifiers.confined import CALLS, in_force

KERNEL = in_force()
files = pytest.mark.skipif(not KERNEL["files"], reason="this kernel has no Landlock")
calls = pytest.mark.skipif(not KERNEL["calls"], reason="this kernel has no seccomp that we know")


@pytest.fixture
def hijacked(tmp_path):
    """hijacked("print(1)"): what a confined process says that runs this; it may read the folder `readable`."""

    def run(code: str, *arguments: str, memory: int = 2**30, seconds: int = 10) -> tuple[int, str]:
        child = tmp_path / "hijacked.py"
        child.write_text("import os, sys\n" + textwrap.dedent(code))
        (tmp_path / "readable").mkdir(exist_ok=True)
        process = sandbox.start(
            child,
            *arguments,
            memory=memory,
            seconds=seconds,
            folders=[tmp_path / "readable"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
        )
        said, _ = process.communicate(timeout=60)
        return process.returncode, said.decode().strip()

    return run


def attempt(code: str) -> str:
    """Code that says what became of an attempt: "done", or the name of the error."""
    indented = textwrap.indent(textwrap.dedent(code).strip(), "    ")
    return f"try:\n{indented}\n    print('done')\nexcept Exception as error:\n    print(type(error).__name__)\n"


def test_what_is_not_hijacked_works(hijacked, tmp_path):
    code = (
        "import numpy, PIL.Image, threading\nthreading.Thread(target=print, args=('sum', numpy.ones(9).sum())).start()"
    )
    assert hijacked(code) == (0, "sum 9.0")
    (tmp_path / "readable").mkdir(exist_ok=True)
    (tmp_path / "readable" / "a").write_text("words")
    code = f"print(open({str(tmp_path / 'readable' / 'a')!r}).read(), sys.argv[1:])"
    assert hijacked(code, "b") == (0, "words ['b']")


def test_memory_has_an_end(hijacked):
    assert hijacked(attempt("bytearray(2**30)")) == (0, "MemoryError")
    assert hijacked(attempt("import resource; resource.setrlimit(resource.RLIMIT_AS, (2**40, 2**40))"))[1] != "done"


def test_the_processor_has_an_end(hijacked):
    began = time.monotonic()
    code, _ = hijacked("import signal\nsignal.signal(signal.SIGXCPU, signal.SIG_IGN)\nwhile True: pass", seconds=1)
    assert code == -signal.SIGKILL
    assert time.monotonic() - began < 30
    assert hijacked(attempt("import resource; resource.setrlimit(resource.RLIMIT_CPU, (99, 99))"))[1] != "done"


def test_no_file_is_written(hijacked, tmp_path):
    for place in ("here", "/tmp/here", str(tmp_path / "readable" / "here")):
        code, said = hijacked(attempt(f"open({place!r}, 'w').write('x' * 9)"))
        assert (code, said) in ((0, "FileNotFoundError"), (0, "PermissionError"), (-signal.SIGXFSZ, ""), (0, "OSError"))
        assert not Path(place).exists() or not Path(place).stat().st_size


def test_few_files_are_open_at_once(hijacked):
    code = "found = [os.open(sys.prefix, os.O_RDONLY) for _ in range(1000)]"
    assert hijacked(attempt(code)) == (0, "OSError")
    assert hijacked(attempt("import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (999, 999))"))[1] != "done"


def test_it_has_none_of_our_descriptors(hijacked, tmp_path):
    (tmp_path / "secret").write_text("secret")
    held = os.open(tmp_path / "secret", os.O_RDONLY)
    os.set_inheritable(held, True)
    code = """
        open_ones = []
        for one in range(3, 60):
            try: os.fstat(one); open_ones.append(one)
            except OSError: pass
        print(open_ones)
    """
    try:
        assert hijacked(code) == (0, "[]")
    finally:
        os.close(held)


def test_it_has_nothing_of_our_environment(hijacked, monkeypatch):
    for name in ("DATABASE_URL", "OMBUD_SECRET_KEY", "PYTHONPATH"):
        monkeypatch.setenv(name, "secret")
    assert "secret" not in hijacked("print(dict(os.environ), sys.path)")[1]
    assert hijacked("print(sorted(set(os.environ) - {'LC_CTYPE'}))") == (0, "[]")


@files
def test_nor_does_it_read_it_where_the_kernel_shows_it(hijacked):
    for name in ("environ", "mem", "maps", "cmdline"):
        assert hijacked(attempt(f"open('/proc/{os.getpid()}/{name}', 'rb').read(1)")) == (0, "PermissionError")


def test_where_it_stands_nothing_lies_and_nothing_is_laid(hijacked):
    said = hijacked("""
        try: print(os.listdir('.'))
        except OSError as error: print('[]')
        try: os.mkdir('a'); print('made')
        except OSError: print('refused')
    """)
    assert said == (0, "[]\nrefused")


@files
def test_it_reads_nothing_of_ours(hijacked, tmp_path):
    (tmp_path / "secret").write_text("secret")
    for place in (tmp_path / "secret", Path.home(), Path.cwd(), "/", "/tmp", "/etc/passwd", "/proc/self/fd", __file__):
        code = "open(sys.argv[1]).read() if os.path.isfile(sys.argv[1]) else os.listdir(sys.argv[1])"
        assert (str(place), hijacked(attempt(code), str(place))[1]) in (
            (str(place), "PermissionError"),
            (str(place), "FileNotFoundError"),
        )


@calls
def test_there_is_no_network(hijacked):
    for family in ("AF_INET", "AF_INET6", "AF_UNIX", "AF_NETLINK"):
        assert hijacked(attempt(f"import socket; socket.socket(socket.{family})")) == (0, "PermissionError")
    with socket.create_server(("127.0.0.1", 0)) as ours:
        port = ours.getsockname()[1]
        assert hijacked(attempt(f"import socket; socket.create_connection(('127.0.0.1', {port}), 3)"))[1] != "done"
    assert hijacked(attempt("import socket; socket.socketpair()")) == (0, "PermissionError")


@calls
def test_it_starts_no_process(hijacked):
    assert hijacked(attempt("os.fork()")) == (0, "PermissionError")
    assert hijacked(attempt("os.posix_spawn('/bin/true', ['true'], {})")) == (0, "PermissionError")
    assert hijacked(attempt("os.execv(sys.executable, [sys.executable, '-c', 'print(1)'])")) == (0, "PermissionError")
    # Past the library, which might know better: the call with which a process is made of this one.
    raw = "import ctypes; c = ctypes.CDLL(None, use_errno=True); print(c.syscall(int(sys.argv[1]), 17, 0, 0, 0, 0))"
    _machine, refused, clone, _limits = CALLS[os.uname().machine]
    assert hijacked(raw, str(clone)) == (0, "-1")
    for number in refused:
        assert hijacked(raw, str(number)) == (0, "-1"), number


@calls
def test_it_reaches_no_other_process(hijacked):
    victim = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        assert hijacked(attempt(f"os.kill({victim.pid}, 9)")) == (0, "PermissionError")
        limit = f"import resource; resource.prlimit({victim.pid}, resource.RLIMIT_CPU, (1, 1))"
        assert hijacked(attempt(limit)) == (0, "PermissionError")
        assert hijacked(attempt(f"os.pidfd_open({victim.pid})")) == (0, "PermissionError")
        assert victim.poll() is None
    finally:
        victim.kill()
        victim.wait()


def test_it_gains_no_rights(hijacked):
    code = "import ctypes; print(ctypes.CDLL(None).prctl(39, 0, 0, 0, 0))"  # PR_GET_NO_NEW_PRIVS
    assert hijacked(code) == (0, "1")
    code = "import ctypes; d = (ctypes.c_uint32 * 6)(); h = (ctypes.c_uint32 * 2)(0x20080522, 0)"
    code += "; print(ctypes.CDLL(None).capget(h, d), list(d))"
    assert hijacked(code) == (0, "0 [0, 0, 0, 0, 0, 0]")


STARTS = """
import json, sys, threading, time
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from classifiers import sandbox
found = []
# From a thread that ends at once: the child must not end with it.
thread = threading.Thread(target=lambda: found.append(sandbox.start(Path(sys.argv[2]), memory=2**30, seconds=60)))
thread.start()
thread.join()
time.sleep(0.5)
print(json.dumps([found[0].pid, found[0].poll()]), flush=True)
time.sleep(60)
"""


def test_it_ends_with_us_however_we_end_and_not_before(tmp_path):
    (tmp_path / "loops.py").write_text("while True: pass")
    root = str(Path(sandbox.__file__).parents[1])
    command = [sys.executable, "-c", STARTS, root, str(tmp_path / "loops.py")]
    parent = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert parent.stdout
    child, ended = json.loads(parent.stdout.readline())
    assert ended is None
    parent.kill()
    parent.wait()
    parent.stdout.close()
    until = time.monotonic() + 10
    while _runs(child) and time.monotonic() < until:
        time.sleep(0.02)
    left = _runs(child)
    if left:
        os.kill(child, signal.SIGKILL)
    assert not left


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
