from foundation import bells
from moderation.appeals.actions import erasing

erase_appeals = bells.answers("erase_appeals")(erasing.erase_appeals)
