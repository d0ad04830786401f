"""Maps drawn on the server, from the basemap that comes with the package."""
