"""The page with a curriculum's images: upload, replace and delete them."""

from __future__ import annotations

from contextlib import closing

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.exceptions import Conflict
from werkzeug.wrappers import Response as Answer

from bridge.curriculum.images.formats import MAX_IMAGE_BYTES
from bridge.messages import Message
from bridge.web.common.access import open_to
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor
from bridge.web.curricula.save_result import HTTP_STATUSES, with_git_error
from bridge.web.curricula.storage import image_operations
from bridge.web.curricula.storage.curriculum_files import CurriculumFile
from bridge.web.curricula.storage.file_operations import FileOperationResult
from bridge.web.curricula.storage.image_folder import ImageFolder
from bridge.web.layout.translation import translate


def register_routes(pages: Blueprint, services: Services) -> None:
    """Add `…/<folder>/images`. Those who edit the curriculum may change its images."""
    images = ImageFolder(services.config)

    @pages.get("/<folder>/images")
    @open_to("curricula")
    def image_list(folder: str) -> str:
        return _page(images, folder)

    @pages.post("/<folder>/images")
    @open_to("curricula-edit")
    def upload_image(folder: str) -> str | Answer | tuple[str, int]:
        _require_writable(images, folder)
        sent, content = _sent_image()
        wrong, advice = image_operations.refusal(sent, content)
        if wrong:
            return _page(images, folder, problem=_sentence(wrong, advice)), 422
        name = image_operations.stored_name(sent, content)
        current = image_operations.existing(images, folder, name)
        name = current.path.name if current else name
        base = request.form.get("base", "") if "replace" in request.form else ""
        note = gettext("Image replaced") if current else gettext("Image uploaded")
        result = image_operations.upload(
            services, images, folder, name, content, base, current_visitor(), note
        )
        if result.status == "taken":
            return _page(images, folder, taken=image_operations.existing(images, folder, name)), 409
        return _response(result, folder, gettext("%(name)s was uploaded.", name=name))

    @pages.post("/<folder>/images/<name>/delete")
    @open_to("curricula-edit")
    def delete_image(folder: str, name: str) -> Answer | tuple[str, int]:
        images.open(folder, name)
        _require_writable(images, folder)
        result = image_operations.delete(
            services, images, folder, name, request.form.get("base", ""), current_visitor(),
            gettext("Image deleted"),
        )  # fmt: skip
        return _response(result, folder, gettext("%(name)s was deleted.", name=name))


def _sent_image() -> tuple[str, bytes]:
    """The name and the content of the file in the form, cut just above the limit."""
    sent = request.files.get("image")
    if sent is None:
        return "", b""
    with closing(sent):
        return sent.filename or "", sent.stream.read(MAX_IMAGE_BYTES + 1)


def _require_writable(images: ImageFolder, folder: str) -> None:
    images.names(folder)
    parent = images.path(folder, "x").parent
    if not images.files.may_write(folder) or parent.is_symlink():
        raise Conflict


def _page(
    images: ImageFolder, folder: str, problem: str = "", taken: CurriculumFile | None = None
) -> str:
    return render_template(
        "web/curricula/images.html", folder=folder, images=images.images(folder), problem=problem,
        taken=taken, limit=MAX_IMAGE_BYTES >> 10,
        may_edit=current_visitor().may("curricula-edit") and images.files.may_write(folder),
    )  # fmt: skip


def _response(result: FileOperationResult, folder: str, done: str) -> Answer | tuple[str, int]:
    back = url_for("curricula.image_list", folder=folder)
    if result.status == "done":
        flash(*with_git_error(result.git_error, done))
        return redirect(back, 303)
    page = render_template("web/curricula/not-saved.html", result=result, back=back)
    return page, HTTP_STATUSES[result.status]


def _sentence(wrong: Message, advice: Message) -> str:
    said = translate(wrong)
    return f"{said} – {translate(advice)}" if advice else said
