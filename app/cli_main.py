"""`python -m app.cli_main`: the command group for processes the supervisor starts.

They hold the lifeline before a command is loaded, which takes seconds on a slow machine.
"""

from app.cli import main
from app.lifeline import hold_lifeline

if __name__ == "__main__":
    hold_lifeline()
    main()
