"""What the files at the head declare about safety (A8)."""

from dataclasses import asdict
from pathlib import PurePosixPath

from classifiers.files.pipeline import Signal, read_pipeline
from repositories import git
from repositories.models import Repository

# The files that declare something, by name; of a repository with hundreds of them the topmost.
DECLARING = frozenset({"model_index.json", "config.json", "README.md"})
MOST_READ, LARGEST_READ = 30, 1_000_000


def read_signals(row: Repository) -> list[dict[str, str]]:
    """The signals of the files at the head, as they are stored in `Repository.signals`."""
    names = [file.path for file in git.list_files(row, sizes=False)]
    declaring = [path for path in names if PurePosixPath(path).name in DECLARING]
    topmost = sorted(declaring, key=lambda path: path.count("/"))[:MOST_READ]
    files = {path: git.read_file(row, path, limit=LARGEST_READ) or b"" for path in topmost}
    return [asdict(signal) for signal in read_pipeline(files, names)]


def signals_of(repository: Repository) -> list[Signal]:
    """What is stored, with words for the reader's language."""
    return [Signal(**stored) for stored in repository.signals]
