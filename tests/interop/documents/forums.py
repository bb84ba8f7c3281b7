"""What Mbin, NodeBB and Pleroma send and serve."""

from tests.interop.documents.meant import EVERYONE, Meant

DOCUMENTS = {
    "mbin/activities/accept": Meant(
        "approval",
        by="https://some-mbin.instance/m/someMag",
        object="https://some-other.instance/f/object/c51ea652-e594-4920-a989-f5350f0cec05",
        inner="follow",
    ),
    "mbin/activities/flag": Meant(
        "report",
        by="https://mbin-test1/u/BentiGorlich",
        community="https://lemmy-test/c/test_mag",
        text="dikjhgasdpas dsaü",
        to=("https://lemmy-test/c/test_mag",),
        objects=("https://lemmy-test/post/4", "https://lemmy-test/u/BentiGorlich"),
    ),
    "mbin/objects/instance": Meant(
        "server",
        by="https://fedia.io/i/actor",
        title="Mbin",
    ),
    "nodebb/objects/group": Meant(
        "community",
        by="https://bb.devnull.land/category/2",
        title="General Discussion",
        text="A place to talk about whatever you want",
    ),
    "nodebb/objects/page": Meant(
        "post",
        by="https://bb.devnull.land/uid/1",
        community="https://bb.devnull.land/category/2",
        title="Welcome to your NodeBB!",
        published="2025-10-07T15:22:42.176Z",
        text="Welcome to your brand new NodeBB forum!",
        to=(EVERYONE, "https://bb.devnull.land/category/2"),
        cc=("https://bb.devnull.land/uid/1/followers",),
    ),
    "nodebb/objects/person": Meant(
        "person",
        by="https://bb.devnull.land/uid/1",
        title="julian",
        published="2025-10-07T15:22:41.457Z",
        text="This is a test account for NodeBB Activi",
    ),
    "pleroma/activities/create_note": Meant(
        "comment",
        by="https://greenish.red/users/nutomic",
        in_reply_to="https://enterprise.lemmy.ml/post/55143",
        published="2021-10-26T10:28:35.602Z",
        object="https://greenish.red/objects/1a522f2e-d5ab-454b-93d7-e58bc0650c2a",
        text="@lanodan test",
        to=("https://enterprise.lemmy.ml/u/picard", EVERYONE),
        cc=("https://greenish.red/users/nutomic/followers",),
    ),
    "pleroma/activities/delete": Meant(
        "removal",
        by="https://greenish.red/users/vpzom",
        object="https://greenish.red/objects/38e2b983-ebf5-4387-9bc2-3b80305469c9",
        to=(
            "https://greenish.red/users/vpzom/followers",
            "https://voyager.lemmy.ml/c/main",
            "https://voyager.lemmy.ml/u/dess_voy_41u2",
            EVERYONE,
        ),
    ),
    "pleroma/activities/follow": Meant(
        "follow",
        by="https://mycrowd.ca/users/kinetix",
        object="https://lemmy.ca/u/kinetix",
        to=("https://lemmy.ca/u/kinetix",),
    ),
    "pleroma/objects/chat_message": Meant(
        "message",
        by="https://queer.hacktivis.me/users/lanodan",
        published="2020-02-12T14:08:20Z",
        text="Hi!",
        to=("https://enterprise.lemmy.ml/u/picard",),
        is_private=True,
    ),
    "pleroma/objects/note": Meant(
        "comment",
        by="https://queer.hacktivis.me/users/lanodan",
        in_reply_to="https://enterprise.lemmy.ml/post/55143",
        published="2021-10-07T18:06:52.555Z",
        text="Have what?",
        to=(
            "https://pleroma.popolon.org/users/popolon",
            "https://queer.hacktivis.me/users/lanodan/followers",
        ),
        cc=(EVERYONE,),
    ),
    "pleroma/objects/person": Meant(
        "person",
        by="https://queer.hacktivis.me/users/lanodan",
        title="Haelwenn /элвэн/ :bzh:",
        text="---Lang: Français(natif), English(fluent",
    ),
}
