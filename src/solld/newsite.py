"""Makes a minimal site of one's own, to start from."""

import shutil
from importlib import resources
from pathlib import Path

from solld.errors import BadSite


def make(folder: Path) -> None:
    """Copies the starter site into a folder that is new or empty."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BadSite(folder, "is not empty; choose a new folder")
    with resources.as_file(resources.files("solld") / "starter") as starter:
        shutil.copytree(starter, folder, dirs_exist_ok=True)
    (folder / ".gitignore").write_text("var/\n", encoding="utf-8")
