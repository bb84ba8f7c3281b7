"""One file per verb: find the rows, check the rule of the protocol, call one service."""
