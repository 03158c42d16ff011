"""Each participant's own names for entries.

Two participants must not be able to join their copies of the list by id, and none may group one person's
pictures (architecture, decision 3). An entry's random 16-byte id is enciphered as one AES-128 block under a key
that belongs to the participant: a permutation, so the clearinghouse needs no table to read an id that comes back.
"""

from __future__ import annotations

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from takeback.errors import InvalidInputError
from takeback.model.entry import ENTRY_ID_BYTES, EntryId

VIEW_KEY_BYTES = 16


class View:
    """One participant's names for entries."""

    def __init__(self, key: bytes) -> None:
        # ECB over exactly one block of random data is the plain AES permutation, which is what is wanted here.
        self._cipher = Cipher(algorithms.AES128(key), modes.ECB())  # noqa: S305 - one block, see above

    def name_of(self, entry_id: EntryId) -> str:
        """Gives this participant's id for the entry: 32 hexadecimal digits."""
        return self.names_of(entry_id).decode()

    def names_of(self, entry_ids: bytes) -> bytes:
        """Gives the ids for many entries at once: from 16 bytes each, 32 hexadecimal digits each, in one text."""
        encryptor = self._cipher.encryptor()
        return (encryptor.update(entry_ids) + encryptor.finalize()).hex().encode()

    def entry_of(self, name: str, *, field: str) -> EntryId:
        """Gives back the clearinghouse's id. A made-up name gives a random id, which no entry has."""
        try:
            block = bytes.fromhex(name)
        except ValueError:
            block = b""
        if len(block) != ENTRY_ID_BYTES:
            raise InvalidInputError(
                field=field,
                problem="is not an entry id.",
                remedy="Send the 32 hexadecimal digits from the list.",
            )
        decryptor = self._cipher.decryptor()
        return decryptor.update(block) + decryptor.finalize()
