"""The files of a repository and their history, in a real bare git repository (A1).

Objects are written first and brought to the disk, then the caller stores the new head in the locked database row; heads
are read from the database only, refs are an export. A crash in between leaves unreachable objects and nothing anybody
can see. Storing content comes before any lock of the database: `incoming` for many files, `store_content` for one.

    with git.incoming(repository) as box:
        stored = box.add(stream)
    oid = git.write_commit(repository, [git.Put("model.bin", stored.oid)], parent=repository.head, …)
"""

from repositories.git.changes import BadChange, Change, Delete, DeleteFolder, Put, no_content
from repositories.git.commits import MOST_FILES, write_commit
from repositories.git.compare import Comparison, FileDiff, diff
from repositories.git.durable import sweep_leftovers
from repositories.git.erasing import Rewritten, contents_at, destroy, rewrite
from repositories.git.files import (
    Entry,
    File,
    find_content,
    find_file,
    is_text,
    list_files,
    list_folder,
    open_file,
    read_file,
)
from repositories.git.history import Commit, commits_beyond, find_commit, history, in_history, last_commits
from repositories.git.hunks import Hunk, Line
from repositories.git.large import LARGE, has_large, large_file, pointer
from repositories.git.merging import Merge, merge_base, try_merge, write_merge
from repositories.git.opening import location
from repositories.git.presence import brought_by, missing
from repositories.git.refs import MAIN, export_refs, pull_request_ref
from repositories.git.storing import Incoming, Stored, find_large, incoming, store_bytes, store_content
from repositories.git.streams import Readable

__all__ = [
    "LARGE",
    "MAIN",
    "MOST_FILES",
    "BadChange",
    "Change",
    "Commit",
    "Comparison",
    "Delete",
    "DeleteFolder",
    "Entry",
    "File",
    "FileDiff",
    "Hunk",
    "Incoming",
    "Line",
    "Merge",
    "Put",
    "Readable",
    "Rewritten",
    "Stored",
    "brought_by",
    "commits_beyond",
    "contents_at",
    "destroy",
    "diff",
    "export_refs",
    "find_commit",
    "find_content",
    "find_file",
    "find_large",
    "has_large",
    "history",
    "in_history",
    "incoming",
    "is_text",
    "large_file",
    "last_commits",
    "list_files",
    "list_folder",
    "location",
    "merge_base",
    "missing",
    "no_content",
    "open_file",
    "pointer",
    "pull_request_ref",
    "read_file",
    "rewrite",
    "store_bytes",
    "store_content",
    "sweep_leftovers",
    "try_merge",
    "write_commit",
    "write_merge",
]
