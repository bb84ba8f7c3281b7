"""`python -m app.cli_main`: the command group for processes the supervisor starts."""

from app.cli import main

if __name__ == "__main__":
    main()
