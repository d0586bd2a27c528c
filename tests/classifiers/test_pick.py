import pytest

from classifiers.device import pick_precision, pick_text_precision, set_threads


def test_the_environment_chooses_the_precision(monkeypatch):
    monkeypatch.setenv("OMBUD_PRECISION", "fp32")
    assert (pick_precision("cpu"), pick_text_precision("cpu")) == ("fp32", "fp32")
    monkeypatch.setenv("OMBUD_PRECISION", "int8")
    assert (pick_precision("cpu") in {"bf16", "fp32"}, pick_text_precision("cpu")) == (True, "int8")


def test_an_unknown_precision_is_refused(monkeypatch):
    monkeypatch.setenv("OMBUD_PRECISION", "int4")
    with pytest.raises(ValueError, match="choose one of bf16, fp16, fp32, int8"):
        pick_precision("cpu")


@pytest.mark.parametrize("value", ["0", "-1", "many"])
def test_a_bad_number_of_threads_is_refused(monkeypatch, value):
    set_threads.cache_clear()
    monkeypatch.setenv("OMBUD_TORCH_THREADS", value)
    with pytest.raises(ValueError, match="give a whole number from 1"):
        set_threads()
