"""Uploads, and the page `/files/<id>` that downloads a file."""

from bridge.web.files.downloads import blueprint as blueprint
from bridge.web.files.downloads import send_stored_file as send_stored_file
