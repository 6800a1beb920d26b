"""The list of layers is only worth something while no app is missing from it."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOT_PRODUCT = {"tests", "bench"}


def packages_on_disk() -> set[str]:
    return {folder.parent.name for folder in ROOT.glob("*/__init__.py")} - NOT_PRODUCT


def linter_settings() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]


def test_every_package_is_a_layer():
    layers = linter_settings()["contracts"][0]
    assert layers["type"] == "layers"
    assert {room for line in layers["layers"] for room in line.split(" | ")} == packages_on_disk()


def test_every_package_is_looked_at():
    assert set(linter_settings()["root_packages"]) == packages_on_disk()
