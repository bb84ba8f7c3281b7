from hypothesis import given
from hypothesis import strategies as st

from feeds.formats.html_depth import bound_depth


def test_elements_deeper_than_the_limit_go_and_their_text_stays():
    assert bound_depth("<b><i><u>x</u></i></b>" * 2, 2) == "<b><i>x</i></b>" * 2


def test_paragraphs_that_are_never_closed_do_not_nest():
    written = "<p>alinea<br>" * 500

    assert bound_depth(written, 3) == written


def test_stray_end_tags_do_no_harm():
    assert bound_depth("</i></i></i><b>x</b>", 1) == "</i></i></i><b>x</b>"


@given(st.lists(st.sampled_from(["<b>", "</b>", "<i>", "</i>", "<br>", "<p>", "</p>", "x"])))
def test_whatever_the_order_of_tags_the_text_stays(parts):
    html = bound_depth("".join(parts), 2)

    assert html.count("x") == parts.count("x")
