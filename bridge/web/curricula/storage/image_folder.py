"""The images in the folders of the curricula."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from werkzeug.exceptions import NotFound

from bridge.config import Config
from bridge.curriculum.images.formats import MAX_IMAGE_BYTES
from bridge.curriculum.images.image_file import IMAGE_FOLDER, ImageFile, image_path, is_image_name
from bridge.curriculum.library.folders import read_folder
from bridge.curriculum.model import Curriculum
from bridge.web.curricula.storage.curriculum_files import CurriculumFile, CurriculumFiles


@dataclass(frozen=True, slots=True)
class StoredImage:
    """An image in a curriculum's folder. `shown`: a text of the files on disk shows it."""

    file: CurriculumFile
    image: ImageFile
    shown: bool


def images_in(files: CurriculumFiles, folder: str) -> list[str]:
    """The names of a curriculum's images, sorted. Raises NotFound for an unknown curriculum."""
    files.list_files(folder)
    parent = files.root / folder / IMAGE_FOLDER
    if parent.is_symlink() or not parent.is_dir():
        return []
    return sorted(
        path.name
        for path in parent.iterdir()
        if is_image_name(path.name) and path.is_file() and not path.is_symlink()
    )


class ImageFolder:
    """Reads the folder `images/` of each curriculum. Links and other names don't exist for it."""

    def __init__(self, config: Config) -> None:
        self.files = CurriculumFiles(config)

    def names(self, folder: str) -> list[str]:
        """The names of a curriculum's images, sorted. Raises NotFound for an unknown curriculum."""
        return images_in(self.files, folder)

    def open(self, folder: str, name: str) -> CurriculumFile:
        """Read an image. Raises NotFound unless `names` lists it."""
        if name not in self.names(folder):
            raise NotFound
        path = self.files.root / folder / IMAGE_FOLDER / name
        try:
            with path.open("rb") as file:
                content = file.read(MAX_IMAGE_BYTES + 1)
        except OSError:
            raise NotFound from None
        return CurriculumFile(path, folder, image_path(name), content)

    def path(self, folder: str, name: str) -> Path:
        """Where an image with this name is, or would be."""
        return self.files.root / folder / IMAGE_FOLDER / name

    def named(self, name: str) -> Iterator[ImageFile]:
        """The images with this name, of all curricula."""
        for folder in self.files.folders():
            if name in self.names(folder):
                yield ImageFile(image_path(name), self.open(folder, name).content)

    def images(self, folder: str) -> list[StoredImage]:
        """A curriculum's images, in the order of their names."""
        shown = self.shown_in(folder)
        files = [self.open(folder, name) for name in self.names(folder)]
        return [
            StoredImage(file, ImageFile(file.name, file.content), file.name in shown)
            for file in files
        ]

    def shown_in(self, folder: str) -> set[str]:
        """The paths of the images that are in use.

        If the files have errors, every image that one of them mentions counts.
        """
        curriculum: Curriculum | None = read_folder(self.files.root / folder, "").curriculum
        if curriculum:
            badges = {m.acknowledgement.badge for m in curriculum.milestones}
            return {image.path for image in curriculum.images} | {b.image for b in badges if b}
        texts = [self.files.open(folder, name).text for name in self.files.list_files(folder)]
        return {
            image_path(name)
            for name in self.names(folder)
            if any(image_path(name) in text for text in texts)
        }
