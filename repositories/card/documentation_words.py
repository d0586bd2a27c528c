"""The words by which cards in many languages name risks, limitations and intended use; matched in lower case."""

import re


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns))


_RISKS = (
    r"(?<!\bno )(?<!without )\brisk(?!-free)|\bbias(?:es|ed)?\b|\bharm|\bdanger|\bmisuse",
    r"risik|gefahr|verzerrung|voreingenommen",
    r"\brisque|\bbiais\b|\briesgo|\bsesgo|\bpeligro|\brisco|\bvi[eé]s(?:es)?\b|\bperigo|\brischi|pregiudiz|pericol",
    r"\bbahaya|rủi ro|thiên (?:lệch|kiến)|önyargı|tehlike|ryzyk|stronnicz|zagroż",
    r"риск|предвзят|опасн|ризик|упередж|небезпе|шкод",
    r"مخاطر|تحيز|أضرار|जोखिम|पूर्वाग्रह|खतर",
    r"ความเสี่ยง|อคติ|อันตราย",
    r"风险|風險|偏见|偏見|危害|リスク|危険|偏り|バイアス|위험|편향|유해",
)
_LIMITATIONS = (
    r"\bl[ií]mit(?!ed (?!to\b))|\bcaveat|\bshortcoming|\bweakness|\bknown (?:errors|issues|problems|bugs|gaps)\b",
    r"\b(?:what|where) (?:it|this|the model) (?:cannot|can['’]t|does not|doesn['’]t|fails)\b",
    r"\bgrenzen\b|einschränkung|beschränkung|schwächen|nicht kann\b|\bfaiblesse|\bdebolezz",
    r"keterbatasan|\bbatasan|hạn chế|giới hạn|sınırlama|kısıt|ogranicze",
    r"огранич|недостат|обмеж|недолік",
    r"حدود|قيود|सीमा",
    r"จ(?:ำ|ํา)กัด|จุดอ่อน",
    r"局限|侷限|限制|不足|缺陷|限界|制限|制約|苦手|弱点|한계|제한|제약",
)
_INTENDED = (
    r"\bout[- ]of[- ](?:the[- ])?scope\b|\bnot suitable\b|\bsuitable for\b|\bnot (?:intended|meant) (?:for|to)\b",
    r"verwendungszweck|einsatzzweck|bestimmungsgemäß|nicht vorgesehen|vorgesehene",
    r"\b(?:usages?|utilisations?) (?:prévu|visé|interdit|proscrit|recommand)|hors (?:du )?(?:champ|périmètre)",
    r"\busos? (?:previst|pretendid|prohibid|proibid|recomendad|indebid|indevid)|fuera del? alcance|fora d[eo] escopo",
    r"\bus[oi] (?:previst|consentit|vietat)|tujuan penggunaan|mục đích sử dụng|kullanım amacı|przeznaczen|zamierzon",
    r"предназнач|область применения|призначен|сфера застосування",
    r"الاستخدام المقصود|استخدامات|उद्देश्य|अभिप्रेत",
    r"วัตถุประสงค์|จุดประสงค์|การใช้งานที่(?:ตั้งใจ|เหมาะสม|แนะนำ|ไม่)|ขอบเขต|เหมาะส(?:ำ|ํา)หรับ|ไม่เหมาะ|ห้ามใช้",
    r"用途|适用|適用|使用场景|使用場景|使用范围|使用範圍|想定|対象外|용도|사용 목적|의도된|적용 범위",
)

# What a heading says; "How to use" and "Usage" say something else.
HEADINGS = {
    "risks": _any(*_RISKS, r"\bsafety\b|\bethic|\bsocial impact|จริยธรรม|倫理|伦理|윤리"),
    "limitations": _any(*_LIMITATIONS),
    "intended_use": _any(
        *_INTENDED,
        r"\bintended\b|\buses\b|\buse[- ]cases?\b|\bpurpose\b|\bwh(?:at|o) (?:it|this) is (?:not )?for\b",
        r"\b(?:direct|downstream|primary|appropriate|acceptable|prohibited|forbidden|malicious) use\b|\bmisuse\b",
        r"\bzweck\b|anwendungsbereich|einsatzbereich|finalit[éà]|\bcas d['’]usage|\bcasos? de uso|finalidade?\b",
        r"prop[óo]sito|\bcasi d['’]uso|\bscopo\b|назначение|الغرض|目的|사용 사례",
    ),
}

# What a paragraph says that stands under no such heading.
PROSE = {
    "risks": _any(*_RISKS),
    "limitations": _any(*_LIMITATIONS),
    "intended_use": _any(
        *_INTENDED,
        r"\b(?:intended|meant|designed) (?:for|to)\b|\bdo not use\b|\b(?:should|must|may) not be used\b",
        r"\bgedacht für\b|\bdestinado a\b|\bdestiné(?:e|s|es)? à\b",
    ),
}

# What templates and good intentions leave where words should stand.
PLACEHOLDERS = _any(
    r"users \(both direct and downstream\) should be made aware of the risks, biases and limitations of the \w+\.?",
    r"more information needed(?: for further recommendations)?|needs more information|information needed|\[optional\]",
    r"\b(?:todo|tbd|tba|fixme|wip|n/a|none|nil|placeholder|work in progress|coming soon|under construction)\b",
    r"\bto be (?:added|done|determined|written|announced|completed|defined)\b|\b(?:add|insert|fill|write|describe)\b"
    r"[^.\n]{0,40}\bhere\b|\bfill (?:this |me )?in\b",
    r"noch offen|\bfolgt\b|à compléter|à venir|por completar|pendiente|en construcción|a completar|da completare",
    r"ยังไม่มี(?:ข้อมูล)?|จะเพิ่ม(?:เติม)?ภายหลัง|รอข้อมูล|未定|準備中|工事中|待补充|待補充|暂无|暫無|작성 예정|추후",
)
