from repositories.actions.activity import count_download, like, unlike
from repositories.actions.content import commit, commit_changes, create_repository
from repositories.actions.merging import merge
from repositories.actions.restrictions import lift, restrict
from repositories.actions.settings import change_settings

__all__ = [
    "change_settings",
    "commit",
    "commit_changes",
    "count_download",
    "create_repository",
    "lift",
    "like",
    "merge",
    "restrict",
    "unlike",
]
