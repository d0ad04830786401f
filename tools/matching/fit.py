"""Fits the model of `solld match` to the halves of labelled sets that are not measured: writes link/fitted.json.

    python -m venv /tmp/fitting && /tmp/fitting/bin/pip install scikit-learn==1.9.1 -r requirements.txt
    PYTHONPATH=src:bench /tmp/fitting/bin/python tools/matching/fit.py

scikit-learn is needed for this alone, and by nobody who runs solld.
"""

import json
import sys
from pathlib import Path

import labelled
import numpy as np
from measuring import candidates_of
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from solld.link.comparing import FEATURES

OUT = Path(__file__).resolve().parents[2] / "src/solld/link/fitted.json"
AGAINST = ("_apart", "_more", "_within", "far")  # how features that speak against being the same end
DEPTH, TREES = 3, 160
FOLDS = 4


def main() -> int:
    features, same, groups = [], [], []
    for number, whole in enumerate((labelled.chicago(), labelled.coops_uk(), labelled.editions())):
        part = labelled.half(whole, held_out=False)
        ids, pairs, found = candidates_of(part.records)
        truth = [part.truth[each] for each in ids]
        features.append(found)
        same.append(np.array([truth[one] == truth[other] for one, other in pairs]))
        groups += [f"{number} {truth[one]}" for one, _ in pairs]
        print(f"{whole.name}: {len(pairs)} pairs, {same[-1].sum()} the same", flush=True)
    x, y = np.concatenate(features), np.concatenate(same)
    slope, shift = _calibration(x, y, groups)
    fitted = _fitted(x, y)
    OUT.write_text(json.dumps(_exported(fitted) | {"slope": slope, "shift": shift}, separators=(",", ":")) + "\n")
    print(f"calibrated by {slope:.3f} and {shift:.3f}; {OUT} has {OUT.stat().st_size} bytes")
    return 0


def _fitted(x: np.ndarray, y: np.ndarray) -> HistGradientBoostingClassifier:
    signs = [-1 if each.endswith(AGAINST) else 1 for each in FEATURES]
    model = HistGradientBoostingClassifier(
        max_depth=DEPTH, max_iter=TREES, learning_rate=0.1, min_samples_leaf=30, l2_regularization=1.0,
        monotonic_cst=signs, early_stopping=False, random_state=0,
    )  # fmt: skip
    return model.fit(x, y)


def _calibration(x: np.ndarray, y: np.ndarray, groups: list[str]) -> tuple[float, float]:
    """How odds are to be moved so that of pairs with a probability as many are the same: by what was not fitted to."""
    odds = np.zeros(len(y))
    for learned, other in GroupKFold(FOLDS).split(x, y, groups):
        odds[other] = _fitted(x[learned], y[learned]).decision_function(x[other])
    found = LogisticRegression(C=1e6).fit(odds[:, None], y)
    return float(found.coef_[0][0]), float(found.intercept_[0])


def _exported(model: HistGradientBoostingClassifier) -> dict[str, object]:
    """The trees as lists of one length, so that they make arrays."""
    trees = [predictors[0].nodes for predictors in model._predictors]
    most = max(map(len, trees))
    found: dict[str, list[list[float]]] = {name: [] for name in ("feature", "threshold", "left", "right", "value")}
    for nodes in trees:
        leaf = nodes["is_leaf"].astype(bool)
        here, rest = np.arange(len(nodes)), most - len(nodes)
        columns = {
            "feature": np.where(leaf, 0, nodes["feature_idx"]),
            "threshold": np.where(leaf, 0.0, nodes["num_threshold"]).round(6),
            "left": np.where(leaf, here, nodes["left"]),
            "right": np.where(leaf, here, nodes["right"]),
            "value": np.where(leaf, nodes["value"], 0.0).round(5),
        }
        for name, column in columns.items():
            found[name].append([*column.tolist(), *[0] * rest])
    return {"features": FEATURES, "base": float(model._baseline_prediction[0][0]), "depth": DEPTH, **found}


if __name__ == "__main__":
    sys.exit(main())
