"""The same table with pandas and scipy (vectorised over all groups), or with pingouin (group by group).

Usage: gain.py pandas|pingouin ANSWERS.csv. Duplicates of a learner and item in a session are refused, as ours does.
"""

import json
import sys

import numpy as np
import pandas as pd
from scipy import stats


def read(path):
    text = {"course": "category", "session": "category", "learner": "category", "item": "category"}
    answers = pd.read_csv(path, dtype=text | {"before": "Int8", "after": "Int8"})
    if answers.duplicated(["course", "session", "learner", "item"]).any():
        sys.exit("a learner twice in a session")
    return answers.dropna(subset=["before", "after"]).astype({"before": "int64", "after": "int64"})


def vectorised(answers):
    answers["gain"] = answers["after"] - answers["before"]
    answers["squared"] = answers["gain"] ** 2
    for word, change in {"improved": answers["gain"] > 0, "same": answers["gain"] == 0}.items():
        answers[word] = change
    answers["top"] = answers["before"] == 5
    answers["confident_before"] = answers["before"] >= 4
    answers["confident_after"] = answers["after"] >= 4
    groups = answers.groupby(["course", "item"], observed=True)
    table = groups.agg(
        n=("gain", "size"),
        mean_before=("before", "mean"),
        mean_after=("after", "mean"),
        sd_before=("before", "std"),
        sd_after=("after", "std"),
        gain=("gain", "mean"),
        sd=("gain", "std"),
        improved=("improved", "mean"),
        same=("same", "mean"),
        top=("top", "mean"),
        confident_before=("confident_before", "mean"),
        confident_after=("confident_after", "mean"),
    )
    error = table["sd"] / np.sqrt(table["n"])
    table["t"] = table["gain"] / error
    table["p"] = 2 * stats.t.sf(table["t"].abs(), table["n"] - 1)
    half = stats.t.ppf(0.975, table["n"] - 1) * error
    table["low"], table["high"] = table["gain"] - half, table["gain"] + half
    table["d_z"] = table["gain"] / table["sd"]
    table["d_av"] = table["gain"] / np.sqrt((table["sd_before"] ** 2 + table["sd_after"] ** 2) / 2)
    moved = answers[answers["gain"] != 0].copy()
    moved["size"] = moved["gain"].abs()
    moved["rank"] = moved.groupby(["course", "item"], observed=True)["size"].rank()
    moved["signed"] = moved["rank"] * np.sign(moved["gain"])
    moved["rank_squared"] = moved["rank"] ** 2
    ranks = moved.groupby(["course", "item"], observed=True).agg(
        w=("signed", "sum"), var=("rank_squared", "sum"), total=("rank", "sum")
    )
    table["wilcoxon_z"] = ranks["w"] / np.sqrt(ranks["var"])
    table["wilcoxon_p"] = 2 * stats.norm.sf(table["wilcoxon_z"].abs())
    table["rank_biserial"] = ranks["w"] / ranks["total"]
    sessions = answers.groupby(["course", "item", "session"], observed=True)["gain"].agg(["size", "sum"])
    table["sessions"] = sessions.groupby(["course", "item"], observed=True).size()
    return table.reset_index().to_dict("records")


def one_by_one(answers):
    import pingouin

    table = []
    for (course, item), group in answers.groupby(["course", "item"], observed=True):
        before, after = group["before"], group["after"]
        t = pingouin.ttest(after, before, paired=True).iloc[0].to_dict()
        w = pingouin.wilcoxon(after, before).iloc[0].to_dict()
        size = pingouin.compute_effsize(after, before, paired=True, eftype="cohen")
        table.append({"course": course, "item": item, "n": len(group), "t": t, "w": w, "d": size})
    return table


if __name__ == "__main__":
    figures = {"pandas": vectorised, "pingouin": one_by_one}[sys.argv[1]](read(sys.argv[2]))
    print(json.dumps(figures, default=str))
