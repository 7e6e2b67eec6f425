"""Write `requirements.lock`: the installed versions, with the hash of every file of each.

`python -m tests.support.lock_file`, as `make lock` does. It asks the index that pip is configured
with, and writes no address, so that the file works with every index that has the same files.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping
from hashlib import sha256
from itertools import chain
from pathlib import Path

from pip._internal.commands import create_command
from pip._internal.index.collector import LinkCollector, parse_links
from pip._internal.models.link import Link
from pip._vendor.packaging.utils import (
    canonicalize_name,
    parse_sdist_filename,
    parse_wheel_filename,
)

LOCK = Path(__file__).parents[2] / "requirements.lock"
NOT_LOCKED = ("pip", "wheel")


def main() -> None:
    """Write the file. Ends with a message if the index has no hash for a package."""
    hashes = dict(read_hashes(installed()))
    missing = [name for name, found in hashes.items() if not found]
    if missing:
        sys.exit(f"The index has no hashes for {', '.join(missing)}.")
    LOCK.write_text("".join(lock_lines(hashes)))


def installed() -> list[str]:
    """The installed packages, such as `click==8.1`, without this one."""
    command = [sys.executable, "-m", "pip", "freeze", "--exclude-editable", "--all"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    return [line for line in lines if line.partition("==")[0] not in NOT_LOCKED]


def lock_lines(hashes: Mapping[str, set[str]]) -> Iterator[str]:
    """The lines of the file, for each package and its hashes."""
    for package, found in hashes.items():
        options = "".join(f" \\\n    --hash=sha256:{each}" for each in sorted(found))
        yield f"{package}{options}\n"


def read_hashes(packages: list[str]) -> Iterator[tuple[str, set[str]]]:
    """The SHA-256 of every file that the index has for these packages, for all platforms."""
    command = create_command("download")
    options, _ = command.parse_args(["click"])
    with command.main_context():
        session = command.get_default_session(options)  # type: ignore[attr-defined]
        finder = command._build_package_finder(options, session)  # type: ignore[attr-defined]
        for package in packages:
            name, _, version = package.partition("==")
            links = _links(finder._link_collector, name)
            yield package, {_hash(link) for link in links if is_file_of(link, name, version)} - {""}


def is_file_of(link: Link, name: str, version: str) -> bool:
    """Whether a link is a wheel or an archive of this version."""
    try:
        if link.filename.endswith(".whl"):
            found, number, _, _ = parse_wheel_filename(link.filename)
        else:
            found, number = parse_sdist_filename(link.filename)
    except ValueError:
        return False
    return found == canonicalize_name(name) and str(number) == version


def _links(collector: LinkCollector, name: str) -> list[Link]:
    links: list[Link] = []

    def read_page(page: Link) -> list[object]:
        if response := collector.fetch_response(page):
            links.extend(parse_links(response))
        return []

    sources = collector.collect_sources(name, candidates_from_page=read_page)
    for source in chain(sources.find_links, sources.index_urls):
        if source:
            list(source.page_candidates())
            links.extend(source.file_links())
    return links


def _hash(link: Link) -> str:
    """The SHA-256 that the index says, or that of a file on this machine; else ''."""
    if link.hash_name == "sha256" and link.hash:
        return link.hash
    return sha256(Path(link.file_path).read_bytes()).hexdigest() if link.is_file else ""


if __name__ == "__main__":
    main()
