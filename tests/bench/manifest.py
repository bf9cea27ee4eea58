#!/usr/bin/env python3
"""Holds what `nianjian check --format jsonl FOLDER` printed against a manifest of what stands in the documents.

    nianjian check --format jsonl --fail-on never FOLDER | tests/bench/manifest.py FOLDER/manifest.jsonl

The manifest has one JSON object a line: `path` below the folder, `figures` by the ids of docs/contract.md (a
number, or null where the cell holds none), and, where it is known, `faulty`: whether any sum of the document's
tables is wrong. Ends with 1 where anything differs; the first differences are printed. With
--blank-is-zero a 0 of the manifest may be a blank, a dash or a word for nothing on the page.
"""
import argparse
import json
import sys
from decimal import Decimal

# Rules of that family that compare a table with the text.
NO_SUM = {"balance/all-zero"}
NOTHING = {"blank", "dash", "not_applicable"}


def differences(said, truth, blank_is_zero):
    """What of one document was read otherwise than the manifest has it, as sentences."""
    report = said["report"]
    if report is None:
        yield f"not read: {said['outcome']} {[problem['code'] for problem in said['problems']]}"
        return
    figures = {figure["id"]: figure for figure in report["figures"]}
    for name, wanted in truth["figures"].items():
        figure = figures.get(name)
        if figure is None:
            yield f"{name}: no such figure, {wanted} is meant"
        elif figure["value"] != wanted and not (
            blank_is_zero and wanted == 0 and figure["state"] in NOTHING
        ):
            yield f"{name}: {figure['state']} {figure['value']}, {wanted} is meant"
    if "faulty" in truth:
        errors = [it["rule"] for it in said["findings"] if it["rule"].startswith("balance/") and it["rule"] not in NO_SUM]
        open_rules = [it for it in said["rules"]["inconclusive_because"] if it["rule"].startswith("balance/")]
        # A sum over a blank total is left open, which is said.
        if truth["faulty"] and not errors and not open_rules:
            yield "a sum is wrong, and nothing was found"
        elif not truth["faulty"] and errors:
            yield f"every sum is right, and {errors} were found"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("manifest")
    parser.add_argument("--blank-is-zero", action="store_true")
    arguments = parser.parse_args()
    with open(arguments.manifest, encoding="utf-8") as lines:
        truths = {truth["path"]: truth for truth in map(json.loads, lines)}
    documents = figures = wrong = 0
    for line in sys.stdin:
        said = json.loads(line, parse_float=Decimal)
        path = next((path for path in candidates(said["input"]) if path in truths), None)
        if path is None:
            continue
        truth = truths.pop(path)
        documents += 1
        figures += len(truth["figures"])
        for difference in differences(said, truth, arguments.blank_is_zero):
            wrong += 1
            if wrong <= 20:
                print(f"{path}: {difference}")
    print(f"{documents} documents, {figures} figures, {wrong} differences, {len(truths)} documents not seen")
    sys.exit(1 if wrong or truths else 0)


def candidates(path):
    """The ends of a path, the longest first."""
    parts = path.split("/")
    return ("/".join(parts[at:]) for at in range(len(parts)))


if __name__ == "__main__":
    main()
