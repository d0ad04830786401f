"""`python -m solld` is the command line."""

from solld.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
