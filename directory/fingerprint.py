"""A fingerprint of a part of a directory file, to see whether it changed. Pure."""

import hashlib
import json
from dataclasses import asdict

from directory.formats.document import DirectoryDocument, EntryDocument, TopicDocument


def digest_of(part: DirectoryDocument | EntryDocument | TopicDocument) -> str:
    """Return the SHA-256 of `part` as hexadecimal text."""
    text = json.dumps(asdict(part), sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
