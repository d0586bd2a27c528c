"""Pull requests: changes that a discussion proposes, on commits of their own, until they are merged (B1)."""

from community.pull_requests.merging import merge_pull_request as merge_pull_request
from community.pull_requests.proposing import commit_to_pull_request as commit_to_pull_request
from community.pull_requests.proposing import open_draft as open_draft
from community.pull_requests.proposing import open_pull_request as open_pull_request
from community.pull_requests.reading import Proposal as Proposal
from community.pull_requests.reading import may_read_changes as may_read_changes
from community.pull_requests.reading import proposal_of as proposal_of
from community.pull_requests.updating import update_from_main as update_from_main
