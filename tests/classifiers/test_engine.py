"""The engine against transformers' own forward pass, on real models made tiny."""

import logging
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial

import numpy as np
import pytest
import torch
import transformers as hf

from classifiers.contract import CannotLoad
from classifiers.engine.attention import in_runs, padded
from classifiers.engine.body import body_of, head_of
from classifiers.engine.build import build_engine
from classifiers.engine.cache import Cache
from classifiers.engine.pack import pack
from classifiers.engine.packed import Packed
from classifiers.engine.plain import Plain
from classifiers.engine.whole import counts_whole, reach

SIZES = {
    "vocab_size": 200,
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "intermediate_size": 64,
    "max_position_embeddings": 80,
    "pad_token_id": 1,
    "num_labels": 3,
}
DISTIL = {"vocab_size": 200, "dim": 32, "n_layers": 2, "n_heads": 4, "hidden_dim": 64, "max_position_embeddings": 80}
PACKED = {
    "bert": hf.BertConfig(**SIZES),
    "bert-tanh": hf.BertConfig(**SIZES, hidden_act="gelu_new"),
    "roberta": hf.RobertaConfig(**SIZES),
    "xlm-roberta": hf.XLMRobertaConfig(**SIZES),
    "electra": hf.ElectraConfig(**SIZES, embedding_size=32),
    "distilbert": hf.DistilBertConfig(**DISTIL, num_labels=3, activation="relu"),
}
PLAIN = {
    "electra-projected": hf.ElectraConfig(**SIZES, embedding_size=16),
    "mpnet": hf.MPNetConfig(**SIZES),
    "bert-silu": hf.BertConfig(**SIZES, hidden_act="silu"),
}
ROWS = [
    [2, *[3 + (7 * place * row) % 190 for place in range(length)]] for row, length in enumerate([9, 1, 60, 9, 30, 0])
]


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """Where a tiny model of a configuration lies, as safetensors."""

    @cache
    def saved(name: str, output: str) -> str:
        torch.manual_seed(1)
        kind = hf.AutoModel if output == "mean" else hf.AutoModelForSequenceClassification
        model = kind.from_config((PACKED | PLAIN)[name])
        for weights in model.parameters():  # initial weights are so small that every model looks alike
            torch.nn.init.normal_(weights, std=0.3)
        path = tmp_path_factory.mktemp(name)
        model.save_pretrained(path)
        return str(path)

    return saved


def load(path: str, output: str, dtype=torch.float32):
    kind = hf.AutoModel if output == "mean" else hf.AutoModelForSequenceClassification
    return kind.from_pretrained(path, local_files_only=True, use_safetensors=True, dtype=dtype).eval()


@pytest.fixture
def bert(folder):
    return load(folder("bert", "mean"), "mean")


def expected(model, output):
    with torch.inference_mode():
        return np.concatenate([Plain(model, output)([row]).numpy() for row in ROWS])


@pytest.mark.parametrize("output", ["mean", "logits"])
@pytest.mark.parametrize("name", PACKED)
def test_packed_rows_give_what_transformers_gives(folder, name, output):
    model = load(folder(name, output), output)
    engine = build_engine(model, output)
    assert isinstance(engine.runner, Packed)
    assert np.abs(engine.run(ROWS) - expected(model, output)).max() < 1e-4


@pytest.mark.parametrize("output", ["mean", "logits"])
@pytest.mark.parametrize("name", PLAIN)
def test_other_models_run_as_transformers_runs_them(folder, name, output):
    model = load(folder(name, output), output)
    engine = build_engine(model, output)
    assert isinstance(engine.runner, Plain)
    assert np.abs(engine.run(ROWS) - expected(model, output)).max() < 1e-4


@pytest.mark.parametrize("output", ["mean", "logits"])
def test_all_ways_of_attention_agree(folder, output, monkeypatch):
    model = load(folder("bert", output), output)
    head = head_of(model) if output == "logits" else None
    monkeypatch.setattr("classifiers.engine.attention.SCORES", 5_000)  # several pieces
    monkeypatch.setattr("classifiers.engine.attention.TILED", 4)  # some rows are shorter, some longer
    with torch.inference_mode():
        ways = in_runs, partial(in_runs, tiled=True), padded
        ours, tiled, others = (Packed(body_of(model), head, way)(ROWS) for way in ways)
    assert torch.allclose(ours, others, atol=1e-5)
    assert torch.allclose(tiled, others, atol=1e-5)


def test_half_precision_stays_close(folder):
    whole = build_engine(load(folder("bert", "mean"), "mean"), "mean").run(ROWS)
    half = build_engine(load(folder("bert", "mean"), "mean", torch.bfloat16), "mean").run(ROWS)
    assert np.abs(whole - half).max() < 0.03


whole_only = pytest.mark.skipif(not counts_whole("cpu"), reason="this processor multiplies no whole numbers fast")


@whole_only
@pytest.mark.parametrize("output", ["mean", "logits"])
@pytest.mark.parametrize("name", PACKED)
def test_whole_numbers_stay_close_and_depend_on_no_batch(folder, name, output):
    model = load(folder(name, output), output)
    wanted = expected(model, output)
    engine = build_engine(model, output, int8=True)
    assert engine.precision == ("int8" if reach() == 127 else "int8/7")
    found = engine.run(ROWS)
    assert np.linalg.norm(found - wanted) < 0.1 * np.linalg.norm(wanted)
    alone = np.concatenate([engine.run([row]) for row in ROWS])
    assert np.abs(found - alone).max() < 2e-3 * max(1, np.abs(wanted).max())


def test_what_cannot_be_counted_in_whole_numbers_is_read_in_halves(folder):
    engine = build_engine(load(folder("mpnet", "mean"), "mean"), "mean", int8=True)
    assert (type(engine.runner), engine.precision in {"bf16", "fp32"}) == (Plain, True)


def test_exponentials_that_reach_too_far_are_made_smaller_first():
    query, key, value = (torch.randn(6, 2, 4, generator=torch.Generator().manual_seed(1)) for _ in range(3))
    for factor in (1, 500):
        q, k, v = (one.bfloat16() for one in (query * factor, key, value))
        laid = pack([[5] * 6], "cpu")
        wanted = in_runs(q.float(), k.float(), v.float(), laid, first_only=False)
        assert torch.allclose(in_runs(q, k, v, laid, first_only=False).float(), wanted, atol=0.05)


@pytest.mark.parametrize("budget", [1, 20, 100_000])
def test_a_value_does_not_depend_on_its_batch(bert, budget):
    engine = build_engine(bert, "mean", budget=budget)
    assert np.abs(engine.run(ROWS) - expected(bert, "mean")).max() < 1e-5


def test_a_model_that_differs_from_its_kind_runs_plain(bert, monkeypatch, caplog):
    monkeypatch.setattr("classifiers.engine.packed._Layer.__call__", lambda self, states, laid: states)
    assert isinstance(build_engine(bert, "mean").runner, Plain)
    assert "it runs plain" in caplog.text


def test_broken_weights_are_refused(bert):
    bert.encoder.layer[0].output.dense.weight.data[0, 0] = float("nan")
    with pytest.raises(CannotLoad, match="not finite"):
        build_engine(bert, "mean")


@pytest.mark.parametrize("row", [[], [2] * 81])
def test_a_row_that_cannot_be_read_is_refused(bert, row):
    with pytest.raises(ValueError, match="reads 1 to 80"):
        build_engine(bert, "mean").run([[2, 3], row])


def test_roberta_reads_as_many_tokens_as_it_has_places_for(folder):
    model = load(folder("roberta", "mean"), "mean")
    engine = build_engine(model, "mean")
    assert engine.runner.longest == 78
    with torch.inference_mode():
        assert np.allclose(engine.run([[5] * 78]), Plain(model, "mean")([[5] * 78]).numpy(), atol=1e-4)


class Scarce:
    """A runner with memory for so many rows at a time."""

    longest = 80

    def __init__(self, runner, rows, error):
        self.runner, self.rows, self.error, self.sizes = runner, rows, error, []

    def __call__(self, rows):
        self.sizes.append(len(rows))
        if len(rows) > self.rows:
            raise self.error
        return self.runner(rows)


NO_MEMORY = [
    torch.OutOfMemoryError("CUDA out of memory."),
    MemoryError(),
    RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried to allocate 1 bytes."),
]


@pytest.mark.parametrize("error", NO_MEMORY, ids=["cuda", "python", "cpu"])
def test_no_memory_halves_the_batch_and_goes_on(bert, error, caplog):
    caplog.set_level(logging.WARNING)
    engine = build_engine(bert, "mean", budget=100_000)
    engine.runner = scarce = Scarce(engine.runner, 2, error)
    assert np.abs(engine.run(ROWS) - expected(bert, "mean")).max() < 1e-5
    assert scarce.sizes == [6, 3, 1, 2, 3, 1, 2]
    assert "halved" in caplog.text


def test_no_memory_for_one_row_is_said(bert):
    engine = build_engine(bert, "mean")
    engine.runner = Scarce(engine.runner, 0, MemoryError("no"))
    with pytest.raises(MemoryError, match="no"):
        engine.run(ROWS)


def test_other_errors_are_not_taken_for_lack_of_memory(bert):
    engine = build_engine(bert, "mean", budget=100_000)
    engine.runner = scarce = Scarce(engine.runner, 0, RuntimeError("broken"))
    with pytest.raises(RuntimeError, match="broken"):
        engine.run(ROWS)
    assert scarce.sizes == [6]


def test_what_is_known_is_not_computed_again(bert):
    engine = build_engine(bert, "mean", cache=Cache("a"))
    engine.runner = counted = Scarce(engine.runner, 100, MemoryError())
    first = engine.run([ROWS[0], ROWS[2], ROWS[0]])
    assert sum(counted.sizes) == 2
    again = engine.run([ROWS[2], ROWS[4], ROWS[0]])
    assert sum(counted.sizes) == 3
    assert np.array_equal(again[[2, 0, 2]], first)
    engine.cache.clear()
    engine.run(ROWS[:1])
    assert sum(counted.sizes) == 4


def test_a_cache_is_bounded_and_forgets_the_least_used():
    cache = Cache("a", most=3 * 8)
    keys = [cache.key([number]) for number in range(4)]
    vectors = np.arange(8, dtype=np.float32).reshape(4, 2)
    cache.keep(keys[:3], vectors[:3])
    cache.find(keys[:1])
    cache.keep(keys[3:], vectors[3:])
    assert [vector is not None for vector in cache.find(keys)] == [True, False, True, True]
    assert len(cache) == 3


def test_another_revision_finds_nothing():
    assert Cache("model a").key([1, 2]) != Cache("model b").key([1, 2])
    assert Cache("model a").key([1, 2]) == Cache("model a").key((1, 2))


def test_threads_share_an_engine_and_its_cache(bert):
    engine = build_engine(bert, "mean", cache=Cache("a", most=5 * 32 * 4))
    wanted = expected(bert, "mean")
    with ThreadPoolExecutor(4) as pool:
        for found in pool.map(lambda _: engine.run(ROWS), range(12)):
            assert np.abs(found - wanted).max() < 1e-5
    assert len(engine.cache) <= 5


@pytest.mark.parametrize(("tiles", "budget"), [(True, 4_096), (False, 1_024)])
def test_where_there_are_tiles_more_is_read_at_once(folder, monkeypatch, tiles, budget):
    monkeypatch.setattr("classifiers.engine.build.has_tiles", lambda: tiles)
    model = load(folder("bert", "mean"), "mean", torch.bfloat16)
    assert build_engine(model, "mean").budget == budget
    assert build_engine(load(folder("bert", "mean"), "mean"), "mean").budget == 1_024
