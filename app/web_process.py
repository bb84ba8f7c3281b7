"""`python -m app.web_process HOST PORT [--single]`: the web child of the supervisor.

It holds the lifeline before it loads the application, which takes seconds on a slow machine.
"""

import importlib
import sys

from app.lifeline import hold_lifeline

if __name__ == "__main__":
    hold_lifeline()
    server = importlib.import_module("app.web_server")
    server.run_web(sys.argv[1], int(sys.argv[2]), single="--single" in sys.argv)
