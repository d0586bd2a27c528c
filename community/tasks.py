from community import mailing, notifying, refs
from community.actions import holding
from foundation import bells

end_holds = bells.answers("end_holds")(holding.end_holds)
export_refs = bells.answers("export_refs")(refs.export_moved_heads)
notify = bells.answers("notify")(notifying.notify)
send_digests = bells.answers("send_digests")(mailing.send_due_digests)
