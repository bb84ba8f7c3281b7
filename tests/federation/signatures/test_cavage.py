import base64

import pytest

from federation.errors import UnverifiedError
from federation.signatures import cavage

B64 = base64.b64encode(b"signature").decode()
FULL = (
    'keyId="https://a.test/u/a#main-key",algorithm="rsa-sha256",headers="host date",'
    f'signature="{B64}"'
)


@pytest.mark.parametrize(
    "header",
    [
        FULL,
        FULL.replace(",", ", "),
        FULL.replace(",", " , "),
        FULL.replace("=", " = ", 1),
        FULL.replace("keyId", "KEYID"),
        FULL.replace('"rsa-sha256"', "rsa-sha256"),
        FULL.replace("rsa-sha256", "RSA-SHA256"),
        FULL.replace("rsa-sha256", "hs2019"),
        FULL.replace('algorithm="rsa-sha256",', ""),
        FULL.replace("host date", "  Host   DATE "),
        FULL + ",",
        "\t" + FULL,
        f'signature="{B64}",headers="host date",keyId="https://a.test/u/a#main-key"',
        FULL + ',opaque="x",version=1',
    ],
)
def test_blanks_quotes_and_order_do_not_matter(header):
    parameters = cavage.parse_header(header)

    assert parameters.key_id == "https://a.test/u/a#main-key"
    assert parameters.headers == ("host", "date")
    assert parameters.signature == b"signature"


def test_times_are_kept_as_they_were_signed():
    parameters = cavage.parse_header(FULL + ',created=1402170695,expires="01402170699"')

    assert (parameters.created, parameters.expires) == ("1402170695", "01402170699")


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("", "signature-malformed"),
        ("nonsense", "signature-malformed"),
        (",", "signature-malformed"),
        ("=", "signature-malformed"),
        (FULL[:-1], "signature-malformed"),
        (FULL.replace(",", ";"), "signature-malformed"),
        (FULL + ',keyId="https://b.test/u/b#main-key"', "signature-malformed"),
        (FULL + ',KEYID="https://b.test/u/b#main-key"', "signature-malformed"),
        (FULL + "," + FULL, "signature-malformed"),
        (FULL.replace("host date", "host date host"), "signature-malformed"),
        (FULL.replace("host date", "host (response-status)"), "signature-malformed"),
        (FULL.replace("host date", "host da:te"), "signature-malformed"),
        (FULL.replace("host date", " ".join(f"h{n}" for n in range(40))), "signature-malformed"),
        (FULL.replace(B64, ""), "signature-malformed"),
        (FULL.replace(B64, "!!!"), "signature-malformed"),
        (FULL.replace(B64, "é"), "signature-malformed"),
        (FULL.replace(B64, "A" * 4000), "signature-malformed"),
        (FULL.replace("https://a.test/u/a#main-key", ""), "signature-malformed"),
        (FULL + ",created=tomorrow", "signature-malformed"),
        (FULL + ",created=-1", "signature-malformed"),
        (FULL + ",expires=1e9", "signature-malformed"),
        (FULL + "," + "x" * 9000, "signature-malformed"),
        (FULL.replace("rsa-sha256", "hmac-sha256"), "algorithm-unsupported"),
        (FULL.replace("rsa-sha256", "none"), "algorithm-unsupported"),
        (FULL.replace("rsa-sha256", ""), "algorithm-unsupported"),
    ],
)
def test_what_is_unreadable_or_ambiguous_is_not_believed(header, reason):
    with pytest.raises(UnverifiedError) as raised:
        cavage.parse_header(header)

    assert raised.value.reason == reason


def test_a_header_we_write_can_be_split_at_commas():
    header = cavage.write_header("https://a.test/u/a#main-key", ("host", "date"), b"signature")

    assert header == FULL
    assert len(header.split(",")) == 4


def test_the_signing_string_is_that_of_the_draft():
    names = ("(request-target)", "(created)", "host", "date", "cache-control", "x-emptyheader")
    values = {
        "(request-target)": cavage.request_target("GET", "/foo"),
        "(created)": "1402170695",
        "host": "example.org",
        "date": "Tue, 07 Jun 2014 20:51:35 GMT",
        "cache-control": "max-age=60, must-revalidate",
        "x-emptyheader": "",
    }

    assert cavage.signing_string(names, values) == (
        b"(request-target): get /foo\n(created): 1402170695\nhost: example.org\n"
        b"date: Tue, 07 Jun 2014 20:51:35 GMT\ncache-control: max-age=60, must-revalidate\n"
        b"x-emptyheader: "
    )


def test_a_header_that_was_signed_but_not_sent_is_missing():
    with pytest.raises(UnverifiedError, match="signed-header-missing"):
        cavage.signing_string(("host", "date"), {"host": "us.test"})


@pytest.mark.parametrize(
    ("query", "target"), [("", "post /inbox"), ("a=1&b=2", "post /inbox?a=1&b=2")]
)
def test_the_target_is_the_method_the_path_and_the_query(query, target):
    assert cavage.request_target("POST", "/inbox", query) == target
