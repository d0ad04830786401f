"""The probability that a pair is one thing: trees that were fitted to labelled pairs (tools/matching/fit.py).

Each tree asks three questions of the features; what all say is added, as the logarithm of the odds. What speaks for
being the same never lowers the probability, what speaks against it never raises it: the trees were fitted so.
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from solld.link.comparing import FEATURES

Matrix = npt.NDArray[np.float64]
FITTED = "fitted.json"
MOST = 30.0  # of the logarithm of the odds: e to the power of more is no number


@dataclass(frozen=True)
class Model:
    """Trees as arrays: one row each, one column for each node. A leaf leads to itself."""

    feature: npt.NDArray[np.int64]
    threshold: Matrix
    left: npt.NDArray[np.int64]
    right: npt.NDArray[np.int64]
    value: Matrix
    base: float
    slope: float  # calibration: how far from even the odds are to be moved
    shift: float
    depth: int


@cache
def load() -> Model:
    """The model that solld brings along; ValueError if it was fitted to other features."""
    found = json.loads(files("solld.link").joinpath(FITTED).read_text(encoding="utf-8"))
    if tuple(found["features"]) != FEATURES:
        raise ValueError(f"{FITTED} was fitted to other features than {', '.join(FEATURES)}: fit it again")
    return Model(
        feature=np.array(found["feature"]),
        threshold=np.array(found["threshold"]),
        left=np.array(found["left"]),
        right=np.array(found["right"]),
        value=np.array(found["value"]),
        base=found["base"],
        slope=found["slope"],
        shift=found["shift"],
        depth=found["depth"],
    )


def log_odds(features: Matrix, model: Model) -> Matrix:
    """The natural logarithm of the odds of each row of features."""
    rows = np.arange(len(features))
    total = np.full(len(features), model.base)
    for tree in range(len(model.feature)):
        node = np.zeros(len(features), np.int64)
        for _ in range(model.depth):
            here = features[rows, model.feature[tree][node]] <= model.threshold[tree][node]
            node = np.where(here, model.left[tree][node], model.right[tree][node])
        total += model.value[tree][node]
    return np.clip(model.slope * total + model.shift, -MOST, MOST)


def probability(odds: Matrix) -> Matrix:
    """0 to 1, of the logarithm of odds."""
    return 1 / (1 + np.exp(-odds))
