"""What the build leaves: nothing of the government's brand, nothing from elsewhere, nothing the policy refuses."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BUILD = ROOT / "static/build"
FILES = sorted(path for path in BUILD.rglob("*") if path.is_file())
# Names of vocabularies and of attribute selectors, which no browser fetches.
NAMES_ONLY = re.compile(r'https?://www\.w3\.org/[\w/.]*|href\^=\\?["\']?https?://')


def test_the_build_is_there() -> None:
    built = {path.relative_to(BUILD).as_posix() for path in FILES}
    assert {"screens.css", "screens.js", "js-enabled.js", "images/icon.svg"} <= built


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_brand_of_the_government(path: Path) -> None:
    text = path.read_text(errors="replace")
    assert not re.search(r"GDS Transport|crown|crest|logotype-|@font-face", text, re.IGNORECASE)
    assert not re.search(r"crown|crest|logotype|govuk-icon|\.woff", path.name)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_nothing_is_fetched_from_elsewhere(path: Path) -> None:
    assert re.findall(r"https?://[^\s\"')]*", NAMES_ONLY.sub("", path.read_text(errors="replace"))) == []


def test_every_image_the_styles_name_is_there() -> None:
    addresses = re.findall(r"url\(\"?([^)\"]+)\"?\)", (BUILD / "screens.css").read_text())
    assert addresses
    assert [address for address in addresses if not (BUILD / address).is_file()] == []


def test_the_lock_carries_hashes_and_no_addresses() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    locked = {name: package for name, package in packages.items() if name}
    assert locked
    assert [name for name, package in locked.items() if not package["integrity"].startswith("sha512-")] == []
    assert [name for name, package in locked.items() if "resolved" in package] == []


def test_htmx_is_the_second() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert packages["node_modules/htmx.org"]["version"].startswith("2.")
