"""`manage.py evaluate_classifier`, on small files."""

import json

import pytest
from django.core.management import CommandError, call_command
from sklearn.metrics import average_precision_score, roc_auc_score

from tests.evaluation import conftest
from tests.evaluation.conftest import some_rows, value_in


@pytest.fixture
def rows():
    return some_rows()


@pytest.fixture
def file(write, rows):
    return write([["text", "toxicity"], *rows])


def test_the_figures_are_those_of_scikit_learn(run, file, rows):
    made = run("evaluate_classifier", file)
    [label] = made.data["labels"]
    truth, values = [one for _text, one in rows], [value_in(str(text)) for text, _one in rows]
    whole = label["whole"]
    assert (whole["rows"], whole["positive"]) == (200, sum(truth))
    assert whole["auroc"]["value"] == pytest.approx(roc_auc_score(truth, values))
    assert whole["average_precision"]["value"] == pytest.approx(average_precision_score(truth, values))
    assert whole["auroc"]["low"] < whole["auroc"]["value"] < whole["auroc"]["high"]
    at = whole["at"][0]
    flagged = [value >= 0.5 for value in values]
    assert at["true_positive"] == sum(one and bool(said) for one, said in zip(truth, flagged, strict=True))
    assert sum(at[kind] for kind in ("true_positive", "false_positive", "false_negative", "true_negative")) == 200


def test_text_page_and_data_agree(run, file):
    made = run("evaluate_classifier", file)
    auroc = made.data["labels"][0]["whole"]["auroc"]
    shown = f"{auroc['value']:.3f} ({auroc['low']:.3f} to {auroc['high']:.3f})"
    assert shown in made.text
    assert shown in made.page
    assert made.data["source"]["scored"] == 200
    assert made.data["settings"] == {"rounds": 50, "seed": 0, "bins": 10, "least": 20}
    assert "never" in run("evaluate_classifier", file, label=["toxicity=spam"]).text  # its confident threshold is 1


def test_running_it_again_gives_the_same(run, file):
    assert run("evaluate_classifier", file).data == run("evaluate_classifier", file).data
    assert run("evaluate_classifier", file).data != run("evaluate_classifier", file, seed=1).data


def test_languages_are_identified_or_read_from_a_column(run, file, write, rows):
    [label] = run("evaluate_classifier", file).data["labels"]
    assert {one["name"]: one["rows"] for one in label["languages"]} == {"en": 133, "th": 67}
    named = write([["text", "toxicity", "said"], *[[*row, "en" if place else "eo"] for place, row in enumerate(rows)]])
    [label] = run("evaluate_classifier", named, language="said").data["labels"]
    assert {one["name"]: one["rows"] for one in label["languages"]} == {"en": 199, "1 other: eo": 1}


def test_lengths_have_their_buckets_and_too_few_rows_no_figures(run, write, rows):
    long = [["0.9 " + "long " * 300, 1], ["0.1 " + "long " * 300, 0]]
    made = run("evaluate_classifier", write([["text", "toxicity"], *rows, *long]))
    lengths = {one["name"]: one for one in made.data["labels"][0]["lengths"]}
    assert {name: one["rows"] for name, one in lengths.items()} == {
        "0 to 49 characters": 200,
        "1,000 and more characters": 2,
    }
    longest = lengths["1,000 and more characters"]
    assert longest["auroc"]["value"] is None
    assert longest["auroc"]["why"] == "too few: 1 positive rows, 1 negative rows; 20 needed"
    assert longest["at"][0]["true_positive"] == 1
    assert "too few" in made.text


def test_several_labels_and_rows_that_nobody_labelled(run, write, rows):
    wide = [[text, truth, "" if place < 50 else truth] for place, (text, truth) in enumerate(rows)]
    made = run("evaluate_classifier", write([["text", "toxicity", "ad"], *wide]), label=["toxicity", "ad=spam"])
    found = {one["label"]: one for one in made.data["labels"]}
    assert (found["toxicity"]["column"], found["toxicity"]["unlabelled"]) == ("toxicity", 0)
    assert (found["spam"]["column"], found["spam"]["unlabelled"], found["spam"]["whole"]["rows"]) == ("ad", 50, 150)


def test_other_names_and_words_for_yes_and_no(run, write, rows):
    other = [[text, "Toxic" if truth else "Not Toxic"] for text, truth in rows]
    path = write([["Words", "is_toxic"], *other])
    how = {"text": "Words", "label": ["is_toxic=toxicity"], "true": ["toxic"], "false": ["Not Toxic"]}
    plain = run("evaluate_classifier", write([["text", "toxicity"], *rows], "plain.csv"))
    assert run("evaluate_classifier", path, **how).data["labels"][0]["whole"] == plain.data["labels"][0]["whole"]


@pytest.mark.parametrize(
    ("header", "row", "options", "why"),
    [
        (["words", "toxicity"], ["a", 1], {}, "no column “text”. The file has “words”, “toxicity”"),
        (["text", "bad"], ["a", 1], {}, r"No column is named like a label .* say --label COLUMN=LABEL"),
        (["text", "bad"], ["a", 1], {"label": ["bad=evil"]}, "no label “evil”, only toxicity, spam"),
        (["text", "toxicity"], ["a", 1], {"label": ["bad=toxicity"]}, "no column “bad”"),
        (["text", "toxicity"], ["a", 1], {"language": "tongue"}, "no column “tongue”"),
        (["text", "toxicity"], ["a", 1], {}, "All 1 rows of “toxicity” are positive"),
        (["text", "toxicity"], ["a", 0], {}, "All 1 rows of “toxicity” are negative"),
        (["text", "toxicity"], ["a", ""], {}, "No row says anything in “toxicity”"),
        (["text", "toxicity"], ["a", "x"], {}, "Line 2: “toxicity” is “x”"),
        (["text", "toxicity"], ["a", 1], {"label": ["toxicity", "text=toxicity"]}, "once for each label"),
        (["text", "toxicity"], ["a", 1], {"true": ["1"], "false": ["1"]}, "cannot mean both"),
    ],
)
def test_what_cannot_be_evaluated_says_what_to_do(run, write, header, row, options, why):
    with pytest.raises(CommandError, match=why):
        run("evaluate_classifier", write([header, row]), **options)


def test_empty_files_and_other_encodings(run, tmp_path):
    path = tmp_path / "rows.csv"
    path.write_bytes(b"")
    with pytest.raises(CommandError, match="holds no rows"):
        run("evaluate_classifier", path)
    path.write_bytes("text,toxicity\ncafé,1\n".encode("latin-1"))
    with pytest.raises(CommandError, match=r"not UTF-8 text .*`iconv"):
        run("evaluate_classifier", path)


def test_unknown_classifiers_are_told_which_there_are(file):
    with pytest.raises(CommandError, match=r"no classifier “image”\. There is: text"):
        call_command("evaluate_classifier", "image", file)


@pytest.mark.parametrize("option", ["--rounds=0", "--sample=x", "--seed=-1", "--least=0"])
def test_numbers_that_make_no_sense(file, option):
    with pytest.raises(CommandError, match=r"at least 1|no whole number"):
        call_command("evaluate_classifier", "text", str(file), option)


def test_outputs_are_refused_before_the_long_part(file, tmp_path):
    with pytest.raises(CommandError, match="in a folder that is there"):
        call_command("evaluate_classifier", "text", file, json=tmp_path / "no" / "out.json")
    with pytest.raises(CommandError, match="different files"):
        call_command("evaluate_classifier", "text", file, html=file)
    assert file.read_text().startswith("text,")


def test_the_default_classifier_itself(file, write, capsys):
    insults = [["You are a stupid idiot, and a liar.", 1], ["Thank you, this helped me a lot today.", 0]] * 20
    call_command("evaluate_classifier", "text", write([["text", "toxicity"], *insults]), rounds=20)
    printed = capsys.readouterr().out
    assert "all-MiniLM-L6-v2" in printed
    assert "1.000 (1.000 to 1.000)" in printed


def test_values_that_are_no_numbers(run, file, monkeypatch):
    monkeypatch.setattr(conftest, "value_in", lambda text: float("nan"))
    with pytest.raises(CommandError, match="values that are no numbers"):
        run("evaluate_classifier", file)


def test_halves_of_characters_and_orders_to_the_terminal(run, tmp_path, rows):
    lines = [{"text": f"{text} \ud800", "toxicity": label, "said": "\x1b[2J\udfff"} for text, label in rows]
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)))
    made = run("evaluate_classifier", path, language="said")
    assert made.data["labels"][0]["languages"][0]["rows"] == 200
    assert "\x1b" not in made.text
    assert "?[2J" in made.text
    run("evaluate_classifier", path)


def test_many_rare_languages_are_counted_and_not_named(run, write, rows):
    named = [[*row, f"x{place}"] for place, row in enumerate(rows)]
    [label] = run("evaluate_classifier", write([["text", "toxicity", "said"], *named]), language="said").data["labels"]
    assert [(one["name"], one["rows"]) for one in label["languages"]] == [("200 others", 200)]
