"""The same rules and the same comparison with polars: with_polars.py check|diff|all OLDER NEWER LISTS. Counts are printed as JSON."""

import json
import sys

import polars as pl

LETTERS = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
ADDRESS = rf"^{LETTERS}(\.{LETTERS})*@{LABEL}(\.{LABEL})+$"
KEY = "externalid"

mode, older_file, newer_file, lists = sys.argv[1:]


def load(path):
    return pl.read_csv(path, infer_schema=False, empty_string_is_null=False)


def listed(name):
    with open(f"{lists}/{name}.txt", encoding="utf8") as lines:
        return pl.Series(lines.read().splitlines()).implode()


def each_known(column, known):
    parts = pl.col(column).str.split("; ")
    return parts.list.eval(pl.element().is_in(known)).list.all()


def check(newer):
    col = pl.col
    groups, roles, countries, regions = map(listed, ("groups", "roles", "countries", "regions"))
    in_country = col("country").is_in(countries)
    place = col("country") + "-" + col("region")
    day = col("hire date").str.to_date("%Y-%m-%d", strict=False)
    wrong = {
        "email": ~col("email").str.contains(ADDRESS),
        "manager": (col("manager email") != "") & ~col("manager email").str.contains(ADDRESS),
        "groups": ~each_known("user groups", groups),
        "roles": ~each_known("roles", roles),
        "active": ~col("active").is_in(["Yes", "No"]),
        "country": ~in_country,
        "region": in_country & (col("region") != "") & ~place.is_in(regions),
        "date": (col("hire date") != "") & day.is_null(),
        "password": col("password") != "",
        "key_twice": ~col(KEY).is_first_distinct(),
        "email_twice": ~col("email").is_first_distinct(),
    }
    counts = newer.lazy().select(rule.sum().alias(name) for name, rule in wrong.items())
    return counts.collect().to_dicts()[0]


def diff(older, newer):
    """Nobody is paired by a key that stands twice."""
    once = newer.unique(KEY, keep="none", maintain_order=False)
    cells = [name for name in newer.columns if name != KEY]
    both = once.join(older, on=KEY, how="inner", suffix="_older")
    differ = both.select((pl.col(c) != pl.col(f"{c}_older")).cast(pl.UInt32).alias(c) for c in cells)
    changed = differ.select(pl.sum_horizontal(cells).alias("cells"))["cells"]
    return {
        "create": once.join(older, on=KEY, how="anti").height,
        "leave": older.join(newer, on=KEY, how="anti").height,
        "update": int((changed > 0).sum()),
        "cells": int(changed.sum()),
    }


newer = load(newer_file)
told = {}
if mode in ("check", "all"):
    told |= check(newer)
if mode in ("diff", "all"):
    told |= diff(load(older_file), newer)
print(json.dumps(told))
