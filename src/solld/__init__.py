"""solld publishes linked data: it builds a site folder into a release and serves it."""

__version__ = "0.1.0"
