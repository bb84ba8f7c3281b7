"""Every public activity at its own id: peers that were only told the id fetch it here."""

from werkzeug.wrappers import Response

from app.core.errors import GoneError, NotFoundError
from federation.outbound.outbox import find_public_activity, is_still_told
from federation.views.answers import answer_activity_json
from federation.views.blueprint import blueprint


@blueprint.get("/activities/<verb>/<public_id>")
def show_activity(verb: str, public_id: str) -> Response:
    """Return the bytes that were sent; 410 once what they tell of is gone."""
    row = find_public_activity(verb, public_id)
    if row is None:
        raise NotFoundError("no such activity")
    if not is_still_told(row):
        raise GoneError("what this told of is gone")
    return answer_activity_json(row.body)
