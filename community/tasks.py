from community import refs
from foundation import bells

export_refs = bells.answers("export_refs")(refs.export_moved_heads)
