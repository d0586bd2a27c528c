"""What the licenses of the OpenRAIL family forbid, in our own words.

Read from Attachment A of each license. The sentences complete "Whoever uses it agrees not to …". Where licenses differ
in what they forbid, each has a sentence of its own; where only the wording differs, they share one.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Sentence = str | Promise

_LAW = _("break a law or a regulation with it.")
_MINORS = _("exploit or harm children, or try to.")
_FALSEHOOD = _("make or spread what can be shown to be false, in order to harm others.")
_PERSONAL_DATA = _("make or spread personal data that can be used to harm somebody.")
_HARASSMENT = _("defame, disparage or harass others.")
_AUTOMATED = _("let a machine alone decide what hurts somebody’s legal rights or binds them to something.")
_BEHAVIOUR = _("discriminate against people, or harm them, for how they behave or what they seem to be like.")
_WEAKNESS = _("use what makes a group vulnerable, such as age or illness, to sway its members to somebody’s harm.")
_PROTECTED = _("discriminate against people for what the law protects, be it meant or only the effect.")
_MEDICINE = _("give medical advice or interpret medical results.")
_JUSTICE = _("produce information for courts, police, immigration or asylum, such as who will commit a crime.")

_UNDISCLOSED = _("pass on what it made, anywhere, without saying clearly that a machine made it.")
_DEEPFAKE = _("pose as somebody else, for example in a deepfake, without their consent.")
_IMPERSONATION = _("pose as somebody else, or try to.")

_MALWARE = _("make or spread malware, or anything else that is to damage computers and networks.")
_PERSONAL_DATA_TO_HARM = _("make or spread personal data in order to harm somebody.")
_UNDISCLOSED_IN_PUBLIC = _("publish what it made without saying clearly that a machine made it.")
_HARASSMENT_MEANT = _("defame, disparage or harass others on purpose.")
_DECEPTION = _("pose as a human being in order to deceive.")
_AUTOMATED_UNSAID = _(
    "let a machine alone decide what hurts somebody’s rights or binds them, without saying so clearly."
)
_BEHAVIOUR_MEANT = _(
    "set out to discriminate against people, or harm them, for how they behave or what they seem to be like."
)
_WEAKNESS_MEANT = _(
    "use on purpose what makes a group vulnerable, such as age or illness, to sway its members to somebody’s harm."
)
_PROTECTED_MEANT = _("set out to discriminate against people for what the law protects.")
_MEDICINE_INSTEAD = _("give medical advice or interpret medical results in the place of a professional.")
_JUSTICE_AUTOMATED = _("let a machine alone decide in courts, police work, immigration or asylum.")

# What CreativeML Open RAIL-M forbids; every license of the family forbids it in these words or similar ones.
_COMMON: tuple[Sentence, ...] = (
    _LAW, _MINORS, _FALSEHOOD, _PERSONAL_DATA, _HARASSMENT, _AUTOMATED, _BEHAVIOUR, _WEAKNESS, _PROTECTED, _MEDICINE,
    _JUSTICE,
)  # fmt: skip

RESTRICTIONS: dict[str, tuple[Sentence, ...]] = {
    "openrail": _COMMON,
    "openrail++": _COMMON,
    "creativeml-openrail-m": _COMMON,
    "bigscience-openrail-m": (*_COMMON, _UNDISCLOSED, _DEEPFAKE),
    "bigscience-bloom-rail-1.0": (*_COMMON, _UNDISCLOSED, _IMPERSONATION),
    "bigcode-openrail-m": (
        _LAW, _MINORS, _FALSEHOOD, _PERSONAL_DATA_TO_HARM, _HARASSMENT_MEANT, _AUTOMATED_UNSAID, _BEHAVIOUR_MEANT,
        _WEAKNESS_MEANT, _PROTECTED_MEANT, _MEDICINE_INSTEAD, _JUSTICE_AUTOMATED, _UNDISCLOSED_IN_PUBLIC, _DECEPTION,
        _MALWARE,
    ),
}  # fmt: skip

NOTES: dict[str, Sentence] = {
    "openrail": _(
        "“openrail” names a family of licenses, not one of them. What holds is the text that comes with the files; we "
        "list what the licenses of the family have in common."
    ),
}
