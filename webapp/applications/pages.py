"""The pages of applicants, as one room of the application."""

from flask import Flask

from webapp.applications import handing_in, status


def register(app: Flask) -> None:
    """Give the application the pages of applicants."""
    handing_in.register(app)
    status.register(app)
