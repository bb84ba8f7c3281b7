import pytest

from federation.vocab.objects import Attachment, Mention
from federation.vocab.parse_media import (
    read_attachments,
    read_location,
    read_page_url,
    read_picture,
    read_tags,
)

ID = "https://a.test/post/1"
PICTURE = "https://cdn.test/1.webp"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("https://a.test/@ana/1", "https://a.test/@ana/1"),
        ({"type": "Link", "href": "https://a.test/x"}, "https://a.test/x"),
        (
            [
                {"type": "Link", "mediaType": "video/mp4", "href": "https://a.test/v.mp4"},
                {"type": "Link", "mediaType": "text/html", "href": "https://a.test/watch"},
            ],
            "https://a.test/watch",
        ),
        (None, None),
        ("https://victim.test/post/1", None),
        ("https://a.test:8443/x", None),
        ("javascript:alert(1)", None),
        (" JAVASCRIPT:alert(1)", None),
        ("java\nscript:alert(1)", None),
        ("data:text/html,x", None),
        ("vbscript:x", None),
        (5, None),
        ([[[[[["https://a.test/deep"]]]]]], None),
    ],
)
def test_the_page_for_people_is_a_web_address_on_the_host_of_the_id(value, expected):
    assert read_page_url({"url": value}, ID) == expected


def test_without_an_id_no_page_is_believed():
    assert read_page_url({"url": "https://a.test/x"}, "") is None


@pytest.mark.parametrize(
    "value",
    [
        PICTURE,
        {"type": "Image", "url": PICTURE},
        {"type": "Image", "url": {"type": "Link", "href": PICTURE}},
        {"type": "Image", "url": [{"type": "Link", "href": PICTURE}]},
        [{"type": "Image", "url": "https://cdn.test/small"}, {"type": "Image", "url": PICTURE}],
        [{"type": "Image", "url": PICTURE}, None, 5, {"type": "Image"}],
    ],
)
def test_pictures_however_they_are_given(value):
    assert read_picture({"icon": value}, "image", "icon") == PICTURE


@pytest.mark.parametrize("value", [None, 5, [], {}, "javascript:x", {"url": 5}, {"url": []}])
def test_an_unusable_picture_is_none(value):
    assert read_picture({"icon": value}, "icon") is None


def test_attachments_are_links_pictures_and_files():
    raw = {
        "attachment": [
            {"type": "Link", "href": "https://ext.test/a", "mediaType": "text/html"},
            {
                "type": "Document",
                "url": PICTURE,
                "mediaType": "image/webp",
                "name": "alt",
                "width": 12,
                "height": 0,
            },
            {"type": "Document", "url": "https://a.test/x.pdf", "mediaType": "application/pdf"},
            {"type": "Image", "url": PICTURE, "width": True, "name": 5},
            {"type": "PropertyValue", "name": "Site", "value": "<a>"},
            {"type": "Image"},
            {"url": "https://a.test/untyped"},
            "https://a.test/bare",
            None,
        ]
    }

    link, picture, pdf, image, untyped = read_attachments(raw)

    assert link == Attachment("Link", "https://ext.test/a", "text/html")
    assert link.is_link
    assert picture == Attachment("Document", PICTURE, "image/webp", "alt", 12, None)
    assert picture.is_image
    assert not picture.is_link
    assert not pdf.is_image
    assert not pdf.is_link
    assert image == Attachment("Image", PICTURE)
    assert untyped == Attachment("Document", "https://a.test/untyped")


def test_a_single_attachment_needs_no_list():
    assert read_attachments({"attachment": {"type": "Image", "url": PICTURE}}) == (
        Attachment("Image", PICTURE),
    )


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"summary": "Een rood vlak"}, "Een rood vlak"),
        ({"summary": "Een rood vlak", "name": None}, "Een rood vlak"),
        ({"summary": "Kort", "name": "Een rood vlak"}, "Een rood vlak"),
        ({"summary": 5}, None),
    ],
)
def test_the_alternative_text_is_read_where_gotosocial_puts_it(given, expected):
    (picture,) = read_attachments({"attachment": {"type": "Image", "url": PICTURE, **given}})

    assert picture.name == expected


def test_mentions_and_hashtags_are_read_each_once():
    raw = {
        "tag": [
            {"type": "Mention", "href": "https://b.test/u/b", "name": "@b@b.test"},
            {"type": "Mention", "href": "https://b.test/u/b", "name": "@other"},
            {"type": "Mention", "href": "acct:b@b.test"},
            {"type": "Mention"},
            {"type": "Hashtag", "name": "#toetsing"},
            {"type": "Hashtag", "name": "toetsing"},
            {"type": "Hashtag", "name": "#"},
            {"type": "Hashtag", "name": ["#x"]},
            {"type": "Emoji", "name": ":x:"},
            {"type": ["Mention"]},
            "tag",
            None,
        ]
    }

    assert read_tags(raw) == ((Mention("https://b.test/u/b", "@b@b.test"),), ("toetsing",))


def test_beyond_the_limits_the_rest_is_ignored():
    mentions = [{"type": "Mention", "href": f"https://b.test/u/{n}"} for n in range(70)]
    hashtags = [{"type": "Hashtag", "name": f"#t{n}"} for n in range(70)]
    pictures = [{"type": "Image", "url": f"https://b.test/{n}"} for n in range(200)]

    assert len(read_tags({"tag": mentions})[0]) == 50
    assert len(read_tags({"tag": mentions + hashtags})[1]) == 30
    assert len(read_attachments({"attachment": pictures})) == 100


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"type": "Place", "name": "Utrecht"}, "Utrecht"),
        ([{"type": "VirtualLocation"}, {"type": "Place", "name": "Utrecht"}], "Utrecht"),
        (None, None),
        ("Utrecht", None),
        ({"name": 5}, None),
    ],
)
def test_the_place_of_an_event(value, expected):
    assert read_location({"location": value}) == expected
