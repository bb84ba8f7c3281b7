"""What Lemmy serves."""

from tests.interop.documents.meant import EVERYONE, Meant

DOCUMENTS = {
    "lemmy/collections/group_featured_posts": Meant(
        "collection",
        members=2,
    ),
    "lemmy/collections/group_followers": Meant(
        "collection",
        members=0,
    ),
    "lemmy/collections/group_moderators": Meant(
        "collection",
        members=1,
    ),
    "lemmy/collections/group_outbox": Meant(
        "collection",
        members=2,
    ),
    "lemmy/collections/person_outbox": Meant(
        "collection",
        members=0,
    ),
    "lemmy/objects/comment": Meant(
        "comment",
        by="https://enterprise.lemmy.ml/u/picard",
        community="https://enterprise.lemmy.ml/c/tenforward",
        in_reply_to="https://enterprise.lemmy.ml/post/55143",
        published="2021-03-01T13:42:43.966Z",
        language="fr",
        text="first comment!",
        to=("https://enterprise.lemmy.ml/c/tenforward", EVERYONE),
        cc=("https://enterprise.lemmy.ml/u/picard",),
    ),
    "lemmy/objects/group": Meant(
        "community",
        by="https://enterprise.lemmy.ml/c/tenforward",
        title="Ten Forward",
        published="2019-06-02T16:43:50.799Z",
        text="Lounge and recreation facility",
    ),
    "lemmy/objects/instance": Meant(
        "server",
        by="https://enterprise.lemmy.ml/",
        title="Enterprise",
        published="2022-01-19T21:52:11.110Z",
    ),
    "lemmy/objects/page": Meant(
        "post",
        by="https://enterprise.lemmy.ml/u/picard",
        community="https://enterprise.lemmy.ml/c/tenforward",
        title="Post title",
        published="2021-02-26T12:35:34.292Z",
        language="fr",
        link="https://enterprise.lemmy.ml/pictrs/image/eOtYb9iEiB.png",
        text="This is a post in the /c/tenforward comm",
        to=("https://enterprise.lemmy.ml/c/tenforward", EVERYONE),
    ),
    "lemmy/objects/page_image_and_link": Meant(
        "post",
        by="https://enterprise.lemmy.ml/u/picard",
        community="https://enterprise.lemmy.ml/c/tenforward",
        title="Post with image and link",
        published="2021-02-26T12:35:34.292Z",
        language="fr",
        link="https://example.com/some-article",
        text="This is a post with both an image and a",
        to=("https://enterprise.lemmy.ml/c/tenforward", EVERYONE),
    ),
    "lemmy/objects/person": Meant(
        "person",
        by="https://enterprise.lemmy.ml/u/picard",
        title="Jean-Luc Picard",
        published="2020-01-17T01:38:22.348Z",
        text="Captain of the starship Enterprise.",
    ),
    "lemmy/objects/private_message": Meant(
        "message",
        by="https://enterprise.lemmy.ml/u/picard",
        published="2021-10-21T10:13:14.597Z",
        text="Hello hello, testing",
        to=("https://queer.hacktivis.me/users/lanodan",),
        is_private=True,
    ),
    "lemmy/objects/tombstone": Meant(
        "tombstone",
    ),
}
