"""The fixed handle of a listing, in the one name space with people and communities."""

from app.accounts.models.handle import HandleKind
from app.accounts.policy import MAX_HANDLE_LENGTH, is_reserved_handle
from app.accounts.queries import find_handle
from app.accounts.services.registration import reserve_handle
from directory.services.slugs import holds_surname, words_of


def take_listing_handle(slug: str, name: str, people: tuple[str, ...] = ()) -> str:
    """Reserve a handle made of `slug`, with a number behind it when it is taken.

    A slug that holds the surname of a person (a publication by its authors) is not used: a handle
    is spread to other servers, and these people have not agreed to that. Then `name` is used.
    """
    words = words_of(name if holds_surname(slug, people) else slug)
    base = "_".join(words) or "vermelding"
    if is_reserved_handle(base):  # with a number behind it, it would still be reserved
        base = f"gids_{base}"
    base = base[:MAX_HANDLE_LENGTH].strip("_")
    handle, number = base, 1
    while find_handle(handle) is not None:
        number += 1
        handle = f"{base[: MAX_HANDLE_LENGTH - len(str(number)) - 1]}_{number}"
    return reserve_handle(handle, HandleKind.LISTING).name
