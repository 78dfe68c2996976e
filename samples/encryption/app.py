"""Payloads that the server can't read: AES, with keys that rotate.

    cadence dev -- python samples/encryption/app.py

Needs `pip install 'cadence-client[encryption]'`. Arguments, results and failures leave this process encrypted, and so
they stay in history. Each payload says which key it was written with, so a new key can be taken into use while runs are
open: what was written with an old key is read with it, as long as it is in the ring.
"""

import asyncio
import os
from datetime import timedelta

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from cadence import Client, DataConverter, Worker, activity, workflow
from cadence.client import WorkflowHandle

ADDRESS = os.environ.get("CADENCE_ADDRESS", "127.0.0.1:7933")
DOMAIN = os.environ.get("CADENCE_DOMAIN", "samples")
TASK_LIST = "encryption"

# A real program has these from a vault. A key that was in use stays for reading until no history needs it.
KEYS = {"2026-01": bytes.fromhex("00" * 31 + "01"), "2026-02": bytes.fromhex("00" * 31 + "02")}


class EncryptionCodec:
    """Encrypts payloads with AES-256 in GCM.

    Args:
        keys: The ring: 32 bytes by the key's id.
        write_with: Id of the key for new payloads.
    """

    name = "aes-gcm"

    def __init__(self, keys: dict[str, bytes], *, write_with: str) -> None:
        self._ring = {key_id.encode(): AESGCM(key) for key_id, key in keys.items()}
        self._key_id = write_with.encode()

    def encode(self, data: bytes) -> bytes:
        # A codec may write the same value otherwise each time: replay compares names and ids, never arguments' bytes.
        nonce = os.urandom(12)
        sealed = self._ring[self._key_id].encrypt(nonce, data, self._key_id)
        return bytes([len(self._key_id)]) + self._key_id + nonce + sealed

    def decode(self, data: bytes) -> bytes:
        start = 1 + data[0]
        key_id = data[1:start]
        if key_id not in self._ring:
            raise ValueError(f"key {key_id.decode('utf-8', 'replace')!r} is not in the ring")
        try:
            return self._ring[key_id].decrypt(data[start : start + 12], data[start + 12 :], key_id)
        except InvalidTag:
            raise ValueError("the payload was changed on its way, or the key is another one") from None


@activity.defn
async def diagnose(patient: str) -> str:
    return f"{patient} is well"


@workflow.defn(task_list=TASK_LIST, execution_start_to_close_timeout=timedelta(minutes=5))
class Visit:
    def __init__(self) -> None:
        self.may_go = False

    @workflow.run
    async def run(self, patient: str) -> str:
        found = await workflow.execute_activity(diagnose, patient, schedule_to_close_timeout=timedelta(seconds=30))
        await workflow.wait_condition(lambda: self.may_go)
        return found

    @workflow.signal
    def go(self) -> None:
        self.may_go = True


async def input_at_the_server(handle: WorkflowHandle[str]) -> bytes:
    """Return the workflow's input as it stands in history."""
    async for event in handle.history():
        if event.workflow_execution_started_event_attributes is not None:
            return event.workflow_execution_started_event_attributes.input or b""
    return b""


async def main() -> None:
    old = DataConverter(codecs=[EncryptionCodec(KEYS, write_with="2026-01")])
    async with (
        Client.connect(ADDRESS, domain=DOMAIN, converter=old) as client,
        Worker(client, TASK_LIST, workflows=[Visit], activities=[diagnose]),
    ):
        first = await client.start_workflow(Visit.run, "Ada")
        sealed = await input_at_the_server(first)
        print(f"the server has {'the name' if b'Ada' in sealed else f'{len(sealed)} bytes without the name'}")

    # The next deployment writes with the new key. The open run is read with the old one.
    new = DataConverter(codecs=[EncryptionCodec(KEYS, write_with="2026-02")])
    async with (
        Client.connect(ADDRESS, domain=DOMAIN, converter=new) as client,
        Worker(client, TASK_LIST, workflows=[Visit], activities=[diagnose]),
    ):
        second = await client.start_workflow(Visit.run, "Grace")
        for handle in (client.get_workflow_handle(first.workflow_id, workflow=Visit.run), second):
            sealed = await input_at_the_server(handle)
            key_id = next(key_id for key_id in KEYS if key_id.encode() in sealed)
            await handle.signal(Visit.go)
            print(f"begun with key {key_id}: {await handle.result()}")


if __name__ == "__main__":
    asyncio.run(main())
