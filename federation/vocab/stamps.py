"""The leave to quote somebody, as a document that everybody may check (FEP-044f)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteAuthorization:
    """That `attributed_to`, who wrote `interaction_target`, lets `interacting_object` quote it."""

    uri: str
    attributed_to: str
    interacting_object: str
    interaction_target: str
