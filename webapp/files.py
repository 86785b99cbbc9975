"""Files that pages give: a sheet to look at, or a download."""

from flask import Response

from casework.people.attachments import PDF


def file_of(content: bytes, media_type: str, name: str, shown: bool = False) -> Response:
    """Give a file.

    Args:
        content: Its bytes.
        media_type: What it is.
        name: How it is called where it is kept; plain letters (`casework.people.attachments.safe_name`).
        shown: The browser may show it; else it is only kept.
    """
    response = Response(content, mimetype=media_type)
    response.headers["Content-Disposition"] = f'{"inline" if shown else "attachment"}; filename="{name}"'
    return response


def sheet(content: bytes, name: str) -> Response:
    """Give a PDF that the browser shows, to be read and printed; `name` is without its ending."""
    return file_of(content, PDF, f"{name}.pdf", shown=True)
