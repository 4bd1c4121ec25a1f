import asyncio
import threading

import pytest

from labels.pipeline.schema import Unit
from training.inference.reading import Reader
from training.serve.batching import Batcher


@pytest.fixture(scope="module")
def reader(tiny_model):
    return Reader.of(tiny_model.description, Unit.sentence)


class Recorder:
    """A model that notes what it is asked together, and may be held up."""

    def __init__(self, model):
        self._model = model
        self.batches = []
        self.go = threading.Event()
        self.go.set()

    def __call__(self, sentences, **options):
        self.go.wait(10)
        self.batches.append((list(sentences), options["abstain_risk"]))
        if "fail" in sentences:
            raise RuntimeError("as asked")
        return self._model(sentences, **options)


class Desk:
    """Asks for sentences while the batcher runs; the first request holds the model up."""

    def __init__(self, reader, model, batch_sentences=32):
        self.reader = reader
        self.model = Recorder(model)
        self.observed = []
        self.size = batch_sentences

    def ask(self, texts, risk=None):
        readings = [
            self.reader.read_object({"text": text, "lang": "en"}, str(number), str(number))
            for number, text in enumerate(texts)
        ]
        return asyncio.ensure_future(self.batcher.label(readings, risk))

    def run(self, talk):
        async def run():
            self.batcher = Batcher(
                self.model, self.size, 512, lambda *counts: self.observed.append(counts)
            )
            running = asyncio.create_task(self.batcher.run())
            try:
                self.model.go.clear()
                first = self.ask(["First."])
                await asyncio.sleep(0.05)
                await talk()
                await first
            finally:
                self.model.go.set()
                running.cancel()

        asyncio.run(run())

    @property
    def waited(self):
        """The batches behind the first."""
        return self.model.batches[1:]


def texts_of(records):
    return [record["text"] for record in records]


def test_requests_that_wait_share_a_batch_and_get_their_own_records(reader, tiny_model):
    desk = Desk(reader, tiny_model)

    async def talk():
        one, two = desk.ask(["Rain fell.", "Snow fell."]), desk.ask(["Hail fell."])
        await asyncio.sleep(0)
        desk.model.go.set()
        assert texts_of(await one) == ["Rain fell.", "Snow fell."]
        assert texts_of(await two) == ["Hail fell."]

    desk.run(talk)
    assert desk.waited == [(["Rain fell.", "Hail fell.", "Snow fell."], None)]  # in turn
    assert [counts[:2] for counts in desk.observed] == [(1, 1), (2, 3)]


def test_a_short_request_does_not_wait_for_a_long_one(reader, tiny_model):
    desk = Desk(reader, tiny_model, batch_sentences=2)
    done = []

    async def talk():
        long, short = desk.ask([f"Rain {i} fell." for i in range(9)]), desk.ask(["Hail fell."])
        long.add_done_callback(lambda _: done.append("long"))
        short.add_done_callback(lambda _: done.append("short"))
        desk.model.go.set()
        assert texts_of(await long) == [f"Rain {i} fell." for i in range(9)]
        await short

    desk.run(talk)
    assert done == ["short", "long"]
    assert len(desk.waited) == 5


def test_a_long_sentence_counts_for_several(reader, tiny_model):
    desk = Desk(reader, tiny_model, batch_sentences=2)

    async def talk():
        asked = [desk.ask(["Rain fell. " * 100]), desk.ask(["Hail fell."])]
        desk.model.go.set()
        await asyncio.gather(*asked)

    desk.run(talk)
    assert [len(texts) for texts, _ in desk.waited] == [1, 1]


def test_requests_of_different_risks_are_labelled_apart(reader, tiny_model):
    desk = Desk(reader, tiny_model)

    async def talk():
        asked = [desk.ask(["Rain fell."], risk) for risk in (0.1, 0.2, 0.1)]
        desk.model.go.set()
        found = await asyncio.gather(*asked)
        assert all("abstained" in records[0]["sentiment"] for records in found)

    desk.run(talk)
    assert [(len(texts), risk) for texts, risk in desk.waited] == [(2, 0.1), (1, 0.2)]


def test_nobody_is_labelled_for_who_has_left(reader, tiny_model):
    desk = Desk(reader, tiny_model)

    async def talk():
        one, two = desk.ask(["Rain fell."]), desk.ask(["Hail fell."])
        await asyncio.sleep(0)
        one.cancel()
        await asyncio.sleep(0)
        desk.model.go.set()
        await two

    desk.run(talk)
    assert desk.waited == [(["Hail fell."], None)]


def test_an_error_goes_to_those_it_concerns_and_labelling_goes_on(reader, tiny_model):
    desk = Desk(reader, tiny_model, batch_sentences=1)

    async def talk():
        bad, good = desk.ask(["fail"]), desk.ask(["Hail fell."])
        desk.model.go.set()
        with pytest.raises(RuntimeError, match="as asked"):
            await bad
        assert texts_of(await good) == ["Hail fell."]

    desk.run(talk)


def test_a_request_without_a_sentence_is_answered_at_once(reader, tiny_model):
    desk = Desk(reader, tiny_model)

    async def talk():
        assert await desk.ask([]) == []
        desk.model.go.set()

    desk.run(talk)
    assert desk.waited == []
