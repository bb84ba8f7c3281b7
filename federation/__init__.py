"""ActivityPub, the adapter on top: knows everyone, nobody knows it.

IN    POST /inbox -> views/inbox -> inbound/receive (verify, host gate, row) -> commit -> 202
      worker      -> inbound/tasks -> inbound/dispatch -> inbound/table -> inbound/handlers/<verb>
                  -> app.forum.services.<noun> -> emit(Event)
OUT   Event       -> outbound/listeners -> outbound/table -> outbound/activities/<verb>
                  -> OutboxActivity + Delivery rows -> commit
      worker      -> outbound/tasks -> deliver -> transport -> app.core.http_client
"""
