"""What of an appeal events say (J6): see moderation.cases.seals, where the others are."""

from moderation.appeals.models import Appeal, AppealFile, AppealMessage
from moderation.cases.seals import ERASED_OF_FILE, KEY, OF_FILE, OPENS_ITS_FILE, Covered, cover

cover(
    Appeal,
    Covered(
        "appeal",
        ("public_id",),
        ("decision__public_id", "case__public_id", "appellant_id", "organization_id", "text", "state", "waits_for",
         "answer_until", "first_decider_id", "decided_by_id", "answer", "bad_faith", "created_at", "decided_at"),
        {"id": KEY, "public_id": "what it is known by", "decision": "by its public id", "case": "by its public id"},
        # Taken over from a guest (C7), erased (C6), and answered.
        frozenset({"appellant_id", "text", "state", "waits_for", "answer_until", "decided_by_id", "answer", "bad_faith",
                   "decided_at"}),
        links="lifted",
        moment="created_at",
        case="case__public_id",
    ),
)  # fmt: skip
cover(
    AppealMessage,
    Covered(
        "message of an appeal",
        ("public_id",),
        ("appeal__public_id", "author_id", "from_team", "text", "created_at", "request_id"),
        {"id": KEY, "public_id": "what it is known by", "appeal": "by its public id"},
        frozenset({"text"}),  # erased (C6)
        moment="created_at",
        case="appeal__case__public_id",
    ),
)
cover(
    AppealFile,
    Covered(
        "file of an appeal",
        ("public_id",),
        ("appeal__public_id", "message__public_id", *OF_FILE),
        {"id": KEY, "public_id": "what it is known by", "appeal": "by its public id", "message": "by its public id",
         "key": OPENS_ITS_FILE},
        ERASED_OF_FILE,
        moment="created_at",
        case="appeal__case__public_id",
    ),
)  # fmt: skip
