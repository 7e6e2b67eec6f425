"""Uploads, and the page `/files/<id>` that downloads a file."""

from bridge.web.files.downloads import blueprint as blueprint
