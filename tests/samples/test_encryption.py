"""The codec of the encryption sample: keys rotate, changed bytes are refused, replay needs no equal bytes."""

from __future__ import annotations

import importlib.util
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cadence import Client, DataConverter, Worker, workflow
from cadence.exceptions import ConversionError
from cadence.testing import Replayer, WorkflowEnvironment, WorkflowHistory

pytest.importorskip("cryptography", reason="cryptography isn't installed: pip install 'cadence-client[encryption]'")

SAMPLE = Path(__file__).parents[2] / "samples/encryption/app.py"
KEYS = {"old": b"1" * 32, "new": b"2" * 32}


@pytest.fixture(scope="module")
def sample() -> Any:
    spec = importlib.util.spec_from_file_location("encryption_sample", SAMPLE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def converter_of(sample: Any, keys: dict[str, bytes], write_with: str) -> DataConverter:
    return DataConverter(codecs=[sample.EncryptionCodec(keys, write_with=write_with)])


def test_old_payloads_are_read_after_a_rotation(sample: Any) -> None:
    old, new = converter_of(sample, KEYS, "old"), converter_of(sample, KEYS, "new")
    data = old.encode_value({"patient": "Ada"})
    assert data is not None
    assert b"Ada" not in data
    assert new.decode_value(data) == {"patient": "Ada"}
    assert old.encode_value("a") != old.encode_value("a")


def test_a_key_that_is_gone_is_named(sample: Any) -> None:
    data = converter_of(sample, KEYS, "old").encode_value("Ada")
    with pytest.raises(ConversionError, match="key 'old' is not in the ring"):
        converter_of(sample, {"new": KEYS["new"]}, "new").decode_value(data, str, place="argument 1")


def test_changed_bytes_are_refused(sample: Any) -> None:
    converter = converter_of(sample, KEYS, "old")
    data = converter.encode_value("Ada")
    assert data is not None
    with pytest.raises(ConversionError, match="was changed on its way"):
        converter.decode_value(data[:-1] + bytes([data[-1] ^ 1]), str)


@workflow.defn
class Echo:
    @workflow.run
    async def run(self, word: str) -> str:
        await workflow.sleep(1)
        return word


@workflow.defn(name="Echo")
class Shout:
    @workflow.run
    async def run(self, word: str) -> str:
        await workflow.sleep(1)
        return word.upper()


async def test_histories_replay_with_another_key(sample: Any) -> None:
    old, new = converter_of(sample, KEYS, "old"), converter_of(sample, KEYS, "new")
    async with (
        WorkflowEnvironment.time_skipping() as environment,
        Client.connect(environment.address, domain=environment.client.domain, converter=old) as client,
        Worker(client, "echo", workflows=[Echo]),
    ):
        handle = await client.start_workflow(
            Echo.run, "hello", task_list="echo", execution_start_to_close_timeout=timedelta(minutes=1)
        )
        await handle.result()
        history = await WorkflowHistory.from_server(client, handle.workflow_id)
    Replayer([Echo], converter=new).replay(history)
    assert "the result" in Replayer([Shout], converter=new).check(history).problem
    assert "isn't here" in Replayer([Echo]).check(history).problem
