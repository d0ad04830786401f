"""The checks of a report: a module with a `CHECK` is one more, with its messages in `messages-report.toml`."""
