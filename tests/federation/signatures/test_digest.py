import pytest

from federation.errors import UnverifiedError
from federation.signatures.digest import check_digest, digest_of

# draft-cavage-http-signatures-12, appendix C
DRAFT_BODY = b'{"hello": "world"}'
DRAFT_DIGEST = "SHA-256=X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE="


def test_the_digest_of_the_draft_is_ours():
    assert digest_of(DRAFT_BODY) == DRAFT_DIGEST


@pytest.mark.parametrize(
    "header",
    [
        DRAFT_DIGEST,
        DRAFT_DIGEST.replace("SHA-256", "sha-256"),
        f" {DRAFT_DIGEST} ",
        f"SHA-512=AAAA,{DRAFT_DIGEST}",
        f"{DRAFT_DIGEST}, md5=AAAA",
    ],
)
def test_a_digest_of_these_bytes_is_accepted(header):
    check_digest(header, DRAFT_BODY)


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("", "digest-malformed"),
        ("X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=", "digest-malformed"),
        ("SHA-512=AAAA", "digest-malformed"),
        ("md5=AAAA", "digest-malformed"),
        ("SHA-256", "digest-malformed"),
        ("SHA-256=not base64", "digest-malformed"),
        ("SHA-256=é", "digest-malformed"),
        (f"{DRAFT_DIGEST},{DRAFT_DIGEST}", "digest-malformed"),
        ("SHA-256=", "digest-mismatch"),
        ("SHA-256=AAAA", "digest-mismatch"),
        (digest_of(b"other"), "digest-mismatch"),
    ],
)
def test_any_other_digest_is_not(header, reason):
    with pytest.raises(UnverifiedError) as raised:
        check_digest(header, DRAFT_BODY)

    assert raised.value.reason == reason
