"""Headers that nobody would send in good faith: refused, quickly, and without any other error."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from federation.errors import UnverifiedError
from federation.signatures.verify import SignedRequest, read_signature
from tests.federation.signatures.signed_requests import BODY, KEY_ID, NOW

PIECES = st.sampled_from(
    [
        *('keyId="', "https://a.test/k", '"', "'", ",", "=", " ", "\t", "\\", "signature=", "AAAA"),
        *("headers=", "(request-target) host date digest", "(created)", "algorithm=", "hs2019"),
        *("created=", "1", "9" * 30, "é", "\x00", "\ud800", "(", ")", ";", "\n", "expires="),
    ]
)


@settings(max_examples=500, deadline=timedelta(milliseconds=50))
@given(st.lists(PIECES, max_size=40).map("".join) | st.text(max_size=300), st.text(max_size=40))
def test_a_malformed_header_is_refused_and_nothing_else_happens(header, other):
    headers = {"host": "us.test", "date": other, "digest": other, "signature": header}
    request = SignedRequest("POST", "/inbox", "", headers, BODY)

    with pytest.raises(UnverifiedError):
        read_signature(request, now=NOW, own_host="us.test")


@settings(max_examples=200, deadline=timedelta(milliseconds=50))
@given(date=st.text(max_size=70), digest=st.text(max_size=60), host=st.text(max_size=20))
def test_malformed_headers_beside_a_readable_signature_are_refused(date, digest, host):
    signature = f'keyId="{KEY_ID}",headers="(request-target) host date digest",signature="AAAA"'
    headers = {"host": host, "date": date, "digest": digest, "signature": signature}
    request = SignedRequest("POST", "/inbox", "", headers, BODY)

    with pytest.raises(UnverifiedError):
        read_signature(request, now=NOW, own_host="us.test")
