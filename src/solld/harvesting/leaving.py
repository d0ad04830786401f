"""A source leaves: its graph goes with the next release, and identifiers that nobody else attests become tombstones.

Its ledger stays, for an identifier is never used again; and what was known of how to read it is put aside, so that a
source that comes back has its identifiers again.
"""

import shutil
from pathlib import Path

from solld import harvested
from solld.errors import BadSite
from solld.mappings import ENDING
from solld.model import Dataset, Settings


def leave(settings: Settings, dataset: Dataset) -> Path:
    """Takes a source out of the site and returns where its description and its lift are now.

    BadSite if it has files of the site's own beside them.
    """
    own = [path for path in dataset.files if not path.name.endswith(ENDING)]
    if own:
        mine = ", ".join(str(path.relative_to(settings.folder)) for path in own[:3])
        raise BadSite(dataset.folder, f"has data of this site beside what is harvested: {mine}; take them out first")
    aside = settings.var / "left" / dataset.name
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    for path in sorted(dataset.folder.iterdir()):
        if path.name != "ids.csv":
            shutil.move(path, aside / path.name)
    if not any(dataset.folder.iterdir()):
        dataset.folder.rmdir()  # nothing of it was ever published
    shutil.rmtree(harvested.folder_of(settings, dataset.name), ignore_errors=True)
    return aside
