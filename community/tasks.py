from community import mailing, notifying, refs
from foundation import bells

export_refs = bells.answers("export_refs")(refs.export_moved_heads)
notify = bells.answers("notify")(notifying.notify)
send_digests = bells.answers("send_digests")(mailing.send_due_digests)
