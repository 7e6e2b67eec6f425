"""The images that texts of the curricula show."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, Response
from werkzeug.exceptions import NotFound

from bridge.curriculum.images.formats import check_image
from bridge.curriculum.images.image_file import ImageFile, image_path, is_image_name
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor
from bridge.web.curricula.storage.image_folder import ImageFolder

YEAR = 365 * 24 * 3600
POLICY = "default-src 'none'; sandbox"


def blueprint(services: Services) -> Blueprint:
    """`/images/<digest>/<name>`. The address has a hash of the content, so browsers may keep it.

    Those that a text shows are open to everyone who has the address. Others in the folders are
    only for those who read the curricula, in a preview.
    """
    pages = Blueprint("images", __name__)
    folder = ImageFolder(services.config)

    @pages.get("/images/<digest>/<name>")
    def show(digest: str, name: str) -> Response:
        if not is_image_name(name):
            raise NotFound
        for image in _shown(services, name):
            if image.digest == digest:
                return _response(image, "public")
        if current_visitor().may("curricula"):
            for image in folder.named(name):
                if image.digest == digest and not check_image(name, image.content)[0]:
                    return _response(image, "private")
        raise NotFound

    return pages


def _shown(services: Services, name: str) -> Iterator[ImageFile]:
    path = image_path(name)
    for curriculum in services.curricula:
        yield from (image for image in curriculum.images if image.path == path)


def _response(image: ImageFile, cache: str) -> Response:
    response = Response(image.content, mimetype=image.content_type)
    response.headers["Cache-Control"] = f"{cache}, max-age={YEAR}, immutable"
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
