import threading

import pytest

from feeds.formats.errors import NotAFeedError
from tests.feeds.formats.feed_texts import URL, atom, read, read_entry, read_item, rss

MEDIA = ' xmlns:media="http://search.yahoo.com/mrss/"'
DC = ' xmlns:dc="http://purl.org/dc/elements/1.1/"'


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("2 &lt; 3 en A&amp;B", "2 < 3 en A&B"),
        ("<![CDATA[2 < 3 en A&B]]>", "2 < 3 en A&B"),
        ("2 &amp;lt; 3 en A&amp;amp;B", "2 < 3 en A&B"),
        ("Werving & behoud", "Werving & behoud"),
        ("caf&eacute; &onbekend;", "café &onbekend;"),
        ("&lt;svg/onload=alert(1)&gt;", "<svg/onload=alert(1)>"),
        ("a ]]&gt; b", "a ]]> b"),
    ],
)
def test_titles_are_right_in_rss_and_atom(written, title):
    assert read_item(f"<title>{written}</title>").title == title
    assert read_entry(f"<title>{written}</title>").title == title
    assert read_entry(f'<title type="html">{written}</title>').title == title


def test_relative_links_resolve_against_the_fetched_address_never_the_channel_link():
    body = rss(
        '<item><link>/x/</link><enclosure url="a.mp3" length="1" type="audio/mpeg"/>'
        '<description>&lt;a href="b"&gt;&lt;/a&gt;</description></item>',
        channel="<link>/</link>",
    )

    document = read(body)

    entry = document.entries[0]
    assert document.home_url == "https://netwerk.voorbeeld.example/"
    assert entry.url == "https://netwerk.voorbeeld.example/x/"
    assert entry.enclosures[0].url == "https://netwerk.voorbeeld.example/nieuws/a.mp3"
    assert 'href="https://netwerk.voorbeeld.example/nieuws/b"' in entry.summary


def test_xml_base_nests_from_feed_to_entry_to_content():
    content = (
        '<content type="html" xml:base="c/">&lt;a href="d"&gt;&lt;/a&gt;</content>'
        '<link href="e"/><link rel="enclosure" href="f.pdf"/>'
    )
    body = atom(f'<entry xml:base="b/">{content}</entry>', attributes=' xml:base="/a/"')

    entry = read(body).entries[0]

    root = "https://netwerk.voorbeeld.example/a/b"
    assert (entry.url, entry.enclosures[0].url) == (f"{root}/e", f"{root}/f.pdf")
    assert f'href="{root}/c/d"' in entry.content


def test_a_file_without_address_uses_what_the_feed_says_of_itself():
    link = '<link rel="self" href="https://a.example/feed/"/>'

    assert read(atom('<entry><link href="1"/></entry>', feed=link), url="").entries[0].url == (
        "https://a.example/feed/1"
    )


def test_a_guid_stays_as_claimed_and_is_a_link_only_when_it_looks_like_one():
    number = read_item("<guid>12345</guid>")
    page = read_item("<guid><![CDATA[ https://a.example/1 ]]></guid>")
    relative = read_item("<guid>/?p=102</guid>")
    named = read_item('<guid isPermaLink="false">https://a.example/1</guid>')

    assert (number.id, number.url) == ("12345", None)
    assert (page.id, page.url) == ("https://a.example/1", "https://a.example/1")
    assert (relative.id, relative.url) == ("/?p=102", "https://netwerk.voorbeeld.example/?p=102")
    assert (named.id, named.url) == ("https://a.example/1", None)


def test_the_id_does_not_depend_on_where_the_feed_was_fetched():
    body = rss("<item><guid>A/b</guid></item>")

    assert read(body, url="https://een.example/").entries[0].id == "A/b"
    assert read(body, url="http://twee.example/x/").entries[0].id == "A/b"


def test_ids_that_differ_in_case_stay_apart_and_long_ones_become_a_hash():
    long = "x" * 5_000
    body = rss(
        f"<item><guid>a</guid></item><item><guid>A</guid></item><item><guid>{long}</guid></item>"
    )

    ids = [entry.id for entry in read(body).entries]

    assert ids[:2] == ["a", "A"]
    assert ids[2].startswith("sha256:")
    assert len(ids[2]) == 71


def test_an_item_without_guid_is_known_by_its_link():
    assert read_item("<link>https://a.example/1</link>").id == "https://a.example/1"
    assert read_item("<title>x</title>").id is None


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("jan@a.example (Jan de Boer)", "Jan de Boer"),
        ("Jan de Boer &lt;jan@a.example&gt;", "Jan de Boer"),
        ("jan@a.example", None),
        ("Jansen, P.", "Jansen, P."),
    ],
)
def test_an_author_is_a_name_and_never_an_address(written, name):
    assert read_item(f"<author>{written}</author>").author == name
    assert read_item(f"<dc:creator>{written}</dc:creator>", attributes=DC).author == name


def test_atom_authors_are_joined_and_inherited_from_the_feed():
    both = (
        "<author><name>A</name><email>a@b.example</email></author><author><name>B</name></author>"
    )
    body = atom(
        f"<entry>{both}</entry><entry><title>x</title></entry>",
        feed="<author><name>Lectoraat</name></author>",
    )

    assert [entry.author for entry in read(body).entries] == ["A, B", "Lectoraat"]


def test_a_file_named_twice_is_one_enclosure():
    entry = read_item(
        '<enclosure url="/7.mp3" length="notanumber" type="audio/mpeg"/>'
        '<media:content url="/7.mp3" fileSize="9"/><media:content url="/7.pdf" fileSize="12"/>'
        '<media:content url="javascript:x"/>',
        attributes=MEDIA,
    )

    assert [(one.url.rsplit("/")[-1], one.length) for one in entry.enclosures] == [
        ("7.mp3", None),
        ("7.pdf", 12),
    ]


def test_a_recording_without_page_is_its_own_target():
    entry = read_item('<guid isPermaLink="false">ep7</guid><enclosure url="/7.mp3"/>')

    assert entry.url == "https://netwerk.voorbeeld.example/7.mp3"


def test_refused_links_are_told_to_the_owner():
    body = rss("<item><link>http://localhost:1313/x</link></item>")

    document = read(body)

    assert document.entries[0].url is None
    assert any("not public http(s) addresses: 1" in note for note in document.warnings)


def test_categories_are_labels_each_once():
    entry = read_entry('<category term="t" label="Toetsing"/><category term="toetsing"/>')
    spaced = read_item(
        "<category>Toetsing &amp;amp; zo</category><category> toetsing &amp; ZO</category>"
    )

    assert entry.categories == ("Toetsing",)
    assert spaced.categories == ("Toetsing & zo",)


def test_a_text_summary_becomes_html_and_html_in_disguise_stays_html():
    assert read_entry("<summary>een &lt; twee</summary>").summary == "<p>een &lt; twee</p>"
    assert read_entry("<summary>&lt;p&gt;x&lt;/p&gt;</summary>").summary == "<p>x</p>"


def test_summary_and_content_are_kept_apart_and_never_twice():
    content = "<content:encoded><![CDATA[<p>kort en lang</p>]]></content:encoded>"
    space = ' xmlns:content="http://purl.org/rss/1.0/modules/content/"'

    both = read_item(f"<description>kort</description>{content}", attributes=space)
    one = read_item(content, attributes=space)

    assert (both.summary, both.content) == ("kort", "<p>kort en lang</p>")
    assert (one.summary, one.content) == (None, "<p>kort en lang</p>")


def test_a_dublin_core_date_is_when_an_rss_item_was_published():
    entry = read_item("<dc:date>2024-03-14T09:05:00Z</dc:date>", attributes=DC)

    assert (entry.published.hour, entry.updated) == (9, None)
    assert entry.published_text == "2024-03-14T09:05:00Z"


def test_undeclared_prefixes_and_bare_attribute_values_are_repaired():
    item = "<rss:item><rss:title>x</rss:title></rss:item>"
    body = f"<rss version=2.0><rss:channel>{item}</rss:channel></rss>".encode()

    document = read(body)

    assert document.entries[0].title == "x"
    assert document.parser.endswith("strict repaired")
    assert "malformed XML: its tags were repaired before reading" in document.warnings


def test_a_feed_with_countless_undeclared_prefixes_is_not_repaired():
    many = "".join(f"<p{n}:x/>" for n in range(60))

    document = read(rss(f"<item><title>x</title>{many}</item>"))

    assert (document.entries[0].title, "repaired" in document.parser) == ("x", False)


@pytest.mark.parametrize(
    "prolog", ["<!DOCTYPE rss [<!ENTITY a 'b'>", "<!DOCTYPE rss", "<!DOCTYPE rss [" + "<!ENTITY "]
)
def test_a_doctype_that_never_ends_hides_no_feed(prolog):
    with pytest.raises(NotAFeedError):
        read(rss("<item/>", prolog=prolog)[:40])


def test_no_more_entities_are_read_than_a_feed_can_need():
    declared = "".join(f'<!ENTITY e{n} "v{n}">' for n in range(300))

    title = (
        read(rss("<item><title>&e0; &e299;</title></item>", prolog=f"<!DOCTYPE rss [{declared}]>"))
        .entries[0]
        .title
    )

    assert title == "v0 &e299;"


def test_hexadecimal_references_in_capitals_are_read():
    assert read_item("<title>caf&#XE9; &#x9; &#xZZ;x</title>").title == "café x"


def test_a_file_cut_in_the_middle_keeps_its_complete_items():
    whole = rss("".join(f"<item><title>n{n}</title></item>" for n in range(5)))

    document = read(whole[: whole.index(b"n4") - 3])

    assert [entry.title for entry in document.entries][:4] == ["n0", "n1", "n2", "n3"]
    assert any("malformed XML at line 1" in note for note in document.warnings)


def test_an_item_that_breaks_the_parser_harms_no_other_item():
    breaking = "<item><textInput><name>x</name></textInput></item>"
    body = rss(f"<item><title>a</title></item>{breaking}<item><title>b</title></item>")

    document = read(body)

    assert [entry.title for entry in document.entries] == ["a", "b"]
    assert document.title == "Netwerk"
    assert "2 of 3 items could be read" in document.warnings


def test_a_document_that_breaks_the_parser_is_refused():
    long = "<description>" + "x" * 70_000 + "</description>"

    for channel in ("", long):
        with pytest.raises(NotAFeedError, match="KeyError"):
            read(rss("<item><textInput><name>x</name></textInput></item>", channel=channel))


def test_items_inside_comments_and_cdata_are_not_items():
    inner = "<!-- <item></item> --><item><description><![CDATA[<item>]]></description></item>"

    document = read(rss(inner))

    assert (document.total, document.warnings) == (1, ())


def test_the_source_of_a_copied_entry_is_kept():
    entry = read_item('<source url="https://bron.example/feed">Bron</source>')

    assert (entry.source.title, entry.source.self_url) == ("Bron", "https://bron.example/feed")


def test_threads_reading_at_once_do_not_disturb_each_other():
    bodies = [
        rss(f'<item><description>&lt;a href="{n}"&gt;&lt;/a&gt;</description></item>')
        for n in range(8)
    ]
    found = {}

    def work(number):
        for _ in range(5):
            found[number] = read(bodies[number]).entries[0].summary

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == {n: f'<a href="{URL.rsplit("/", 1)[0]}/{n}"></a>' for n in range(8)}
