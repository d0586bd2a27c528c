from community import mailing, notifying, refs, renaming
from community.actions import holding, limits
from foundation import bells

end_holds = bells.answers("end_holds")(holding.end_holds)
end_limits = bells.answers("end_limits")(limits.end_limits)
follow_names = bells.answers("follow_names")(renaming.follow_names)
export_refs = bells.answers("export_refs")(refs.export_moved_heads)
notify = bells.answers("notify")(notifying.notify)
send_digests = bells.answers("send_digests")(mailing.send_due_digests)
