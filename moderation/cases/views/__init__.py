from moderation.cases.views.bulk import (
    bulk_page,
    bulk_result,
    decide_bulk,
    lift_bulk,
    preview_bulk,
    undo_bulk_decision,
    undo_one,
)
from moderation.cases.views.case import case_news, case_page, read_case_answers
from moderation.cases.views.claims import claim_case, next_case, release_claim, renew_claim
from moderation.cases.views.comfort import comfort_page, reveal
from moderation.cases.views.confirm import answer_as_second, erased_files
from moderation.cases.views.decide import decide_case, lift_on_case
from moderation.cases.views.flaggers import flaggers_page
from moderation.cases.views.hand_over import choose_track_of_case, hand_over_case
from moderation.cases.views.lane import (
    attachment,
    escalate_case,
    keep_locked,
    mark_case_at_risk,
    open_locked,
    write_support,
)
from moderation.cases.views.links import link_case, related_cases, unlink_case
from moderation.cases.views.live import claim_state, holders, no_events
from moderation.cases.views.matters import matter, matter_by_mail, matters
from moderation.cases.views.notes import write_note
from moderation.cases.views.on_the_spot import newest_case, on_the_spot
from moderation.cases.views.palette import palette_results
from moderation.cases.views.parties import (
    ask_owner_of_case,
    excuse_party,
    invite_party,
    thread_of_party,
    write_to_party,
)
from moderation.cases.views.people import lift_on_person, lift_reporting_limit, person_page
from moderation.cases.views.pictures import blurred_attachment, case_picture, sharp_attachment, sharp_picture
from moderation.cases.views.precedents import case_precedents
from moderation.cases.views.preview import preview_case
from moderation.cases.views.queue import news, queue_page
from moderation.cases.views.reopen import reopen_case
from moderation.cases.views.requests import request_of_the_owner, withdraw_on_case
from moderation.cases.views.snooze import snooze_case, wake_case
from moderation.cases.views.summaries import sum_up
from moderation.cases.views.templates import edit_template, fill_in, new_template, templates_page
from moderation.cases.views.views import drop_view, keep_view, open_view, rename_view, view_counts, views_page

__all__ = [
    "answer_as_second",
    "ask_owner_of_case",
    "attachment",
    "blurred_attachment",
    "bulk_page",
    "bulk_result",
    "case_news",
    "case_page",
    "case_picture",
    "case_precedents",
    "choose_track_of_case",
    "claim_case",
    "claim_state",
    "comfort_page",
    "decide_bulk",
    "decide_case",
    "drop_view",
    "edit_template",
    "erased_files",
    "escalate_case",
    "excuse_party",
    "fill_in",
    "flaggers_page",
    "hand_over_case",
    "holders",
    "invite_party",
    "keep_locked",
    "keep_view",
    "lift_bulk",
    "lift_on_case",
    "lift_on_person",
    "lift_reporting_limit",
    "link_case",
    "mark_case_at_risk",
    "matter",
    "matter_by_mail",
    "matters",
    "new_template",
    "newest_case",
    "news",
    "next_case",
    "no_events",
    "on_the_spot",
    "open_locked",
    "open_view",
    "palette_results",
    "person_page",
    "preview_bulk",
    "preview_case",
    "queue_page",
    "read_case_answers",
    "related_cases",
    "release_claim",
    "rename_view",
    "renew_claim",
    "reopen_case",
    "request_of_the_owner",
    "reveal",
    "sharp_attachment",
    "sharp_picture",
    "snooze_case",
    "sum_up",
    "templates_page",
    "thread_of_party",
    "undo_bulk_decision",
    "undo_one",
    "unlink_case",
    "view_counts",
    "views_page",
    "wake_case",
    "withdraw_on_case",
    "write_note",
    "write_support",
    "write_to_party",
]
