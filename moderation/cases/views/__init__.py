from moderation.cases.views.case import case_news, case_page, read_case_answers
from moderation.cases.views.claims import claim_case, next_case, release_claim, renew_claim
from moderation.cases.views.decide import decide_case, lift_on_case
from moderation.cases.views.people import lift_on_person, person_page
from moderation.cases.views.queue import news, queue_page

__all__ = [
    "case_news",
    "case_page",
    "claim_case",
    "decide_case",
    "lift_on_case",
    "lift_on_person",
    "news",
    "next_case",
    "person_page",
    "queue_page",
    "read_case_answers",
    "release_claim",
    "renew_claim",
]
