"""Whether a card documents risks, limitations and intended use (A5, A10)."""

import pytest

from repositories.card import read_card

ALL = ["risks", "limitations", "intended_use"]


def missing(body):
    return read_card(f"---\nlicense: mit\n---\n{body}").missing_documentation


@pytest.mark.parametrize(
    ("heading", "documented"),
    [
        ("## Bias, Risks, and Limitations", ["risks", "limitations"]),
        ("## Out-of-Scope Use", ["intended_use"]),
        ("## Intended uses & limitations", ["limitations", "intended_use"]),
        ("# Uses", ["intended_use"]),
        ("### Direct Use", ["intended_use"]),
        ("## Misuse, Malicious Use, and Out-of-Scope Use", ["risks", "intended_use"]),
        ("## Risks, limits, out of scope ##", ALL),
        ("## Ethical considerations", ["risks"]),
        ("## Known issues", ["limitations"]),
        ("<h2 align='center'>Limitations</h2>", ["limitations"]),
        ("Limitations\n-----------", ["limitations"]),
        ("**Limitations**", ["limitations"]),
        ("- **Limitations:** none that matter", ["limitations"]),
        ("## ความเสี่ยงและข้อจำกัด", ["risks", "limitations"]),
        ("## วัตถุประสงค์การใช้งาน", ["intended_use"]),
        ("## Risiken und Grenzen", ["risks", "limitations"]),
        ("## Verwendungszweck", ["intended_use"]),
        ("## Risques et limites", ["risks", "limitations"]),
        ("## Riesgos y límites", ["risks", "limitations"]),
        ("## Usos prohibidos", ["intended_use"]),
        ("## Limitações", ["limitations"]),
        ("## الحدود والمخاطر", ["risks", "limitations"]),
        ("## リスクと限界", ["risks", "limitations"]),
        ("## 风险与局限", ["risks", "limitations"]),
        ("## 예상 용도와 한계", ["limitations", "intended_use"]),
        ("## Риски и ограничения", ["risks", "limitations"]),
        ("## How to use", []),
        ("## Usage", []),
        ("## 使い方", []),
        ("## Training", []),
    ],
)
def test_headings(heading, documented):
    body = f"# Tiny\n\n{heading}\n\nOnly German was tested.\n"
    assert missing(body) == [topic for topic in ALL if topic not in documented]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[More Information Needed]",
        "More information needed",
        "TODO",
        "*TBD*",
        "N/A.",
        "<!-- This section is meant to convey both technical and sociotechnical limitations. -->",
        "{{ bias_risks_limitations }}",
        "![a picture of it](limits.png)",
        "```python\nlimit = 3\n```",
        "Coming soon!",
        "To be added",
        "ยังไม่มีข้อมูล",
        "### Recommendations\n\nUsers (both direct and downstream) should be made aware of the risks, biases and "
        "limitations of the model. More information needed for further recommendations.",
    ],
)
def test_a_section_that_says_nothing_is_missing(text):
    assert missing(f"# Tiny\n\n## Bias, Risks, and Limitations\n\n{text}\n\n## Training\n\nOn ten texts.\n") == ALL


def test_words_below_a_deeper_heading_count():
    assert missing("## Limitations\n\n### Languages\n\nOnly German was tested.\n") == ["risks", "intended_use"]


def test_the_name_of_the_thing_documents_nothing():
    assert missing("# Credit risk limits\n\nIt reads the letters of banks.\n") == ALL


@pytest.mark.parametrize(
    ("text", "documented"),
    [
        ("It must not be used to decide about people without a person who looks at each case, and never about "
         "children or patients.", ["intended_use"]),
        ("We know of two limitations: it reads German only, and it was never tried with texts that are longer than a "
         "page.", ["limitations"]),
        ("There is a risk that it repeats names from its training data, so please check whatever you publish from it "
         "first.", ["risks"]),
        ("โมเดลนี้มีความเสี่ยงที่จะสร้างข้อความผิดเกี่ยวกับบุคคลจริง โปรดตรวจสอบก่อนเผยแพร่ทุกครั้ง", ["risks"]),
        ("Risk: low.", []),
        ("A limited offer: buy the large model today and get the small one and the data for free, only while we have "
         "some.", []),
        ("No risk. Enter your deposit and see how rich you will be in a year, with an artificial intelligence that "
         "trades for you.", []),
    ],
)  # fmt: skip
def test_without_a_heading_a_paragraph_counts(text, documented):
    assert missing(f"# Tiny\n\n{text}\n") == [topic for topic in ALL if topic not in documented]


def test_no_card():
    assert missing("") == ALL
