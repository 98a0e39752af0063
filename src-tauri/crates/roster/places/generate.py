#!/usr/bin/env python3
"""Makes countries.tsv and regions.tsv from three published packages; README.md beside it says which and how."""

import json
import re
import subprocess
import sys
import unicodedata
from pathlib import Path

HERE = Path(__file__).parent

# What people call a country where the English names of the source begin with an official or inverted one.
SHOWN = {
    "BN": "Brunei", "CD": "Congo (Democratic Republic)", "CG": "Congo (Republic)", "CI": "Côte d'Ivoire",
    "CN": "China", "CZ": "Czechia", "FK": "Falkland Islands", "FM": "Micronesia", "GM": "Gambia", "IR": "Iran",
    "LA": "Laos", "MD": "Moldova", "MK": "North Macedonia", "NL": "Netherlands", "PS": "Palestine",
    "RE": "Réunion", "RU": "Russia", "ST": "São Tomé and Príncipe", "SY": "Syria", "TW": "Taiwan", "TZ": "Tanzania",
    "US": "United States", "VA": "Vatican City",
}

# Names in use that none of the sources has.
ALSO_CALLED = {
    "BA": ["Bosnia", "Bosnia & Herzegovina"], "CD": ["DRC", "DR Congo", "Congo-Kinshasa", "Zaire"],
    "CG": ["Congo-Brazzaville"], "CV": ["Cabo Verde"], "GB": ["Britain", "United Kingdom (UK)"],
    "MM": ["Burma"], "MO": ["Macau"], "NL": ["Holland"], "SZ": ["Swaziland"], "TL": ["East Timor"],
    "US": ["America"], "VA": ["Vatican", "Holy See"], "VG": ["British Virgin Islands"],
    "VI": ["US Virgin Islands", "United States Virgin Islands"],
}

# The same in other languages.
ALSO_CALLED_ELSEWHERE = {
    "CZ": ["Tchéquie"], "GB": ["Grande-Bretagne"], "MM": ["Birmanie"], "US": ["États-Unis"],
}

# Countries whose regions the source of other names shows in a language of few.
OFFICIAL_IS_USUAL = {"NO"}


def each_once(names, but=()):
    seen = set(but)
    return [n for n in names if n and not (n in seen or seen.add(n))]


def is_short(name):
    """Two or three letters in a language other than English are as good as a code, and name another country."""
    letters = [c for c in name if c.isalpha()]
    return len(letters) < 4 and all("LATIN" in unicodedata.name(c, "") for c in letters)


def clean(name):
    return re.sub(r"[\s|]+", " ", name.replace("\u200e", "").replace("\u200f", "")).strip(" '\"†*")


def exported(package, what):
    """What a JavaScript expression is, of the exports of `iso-3166`."""
    module = json.dumps(str((package / "index.js").resolve()))
    script = f"import {{iso31661, iso31662}} from {module}; console.log(JSON.stringify({what}))"
    return json.loads(subprocess.check_output(["node", "--input-type=module", "-e", script]))


def countries(names_dir, official_dir):
    codes = json.loads((names_dir / "codes.json").read_text())
    official = exported(official_dir, "Object.fromEntries(iso31661.map(c => [c.alpha2, c.name]))")
    languages = {}
    for file in sorted((names_dir / "langs").glob("*.json")):
        language = json.loads(file.read_text())
        languages[language["locale"]] = language["countries"]
    listed = lambda names: names if isinstance(names, list) else [names]
    rows = []
    for alpha2, alpha3, numeric, *_ in codes:
        english = listed(languages["en"][alpha2])
        shown = SHOWN.get(alpha2, english[0])
        more = english + [official.get(alpha2, "")] + ALSO_CALLED.get(alpha2, [])
        others = [n for code, names in languages.items() if code != "en"
                  for n in listed(names.get(alpha2, [])) if not is_short(n)]
        others += ALSO_CALLED_ELSEWHERE.get(alpha2, [])
        english = each_once(map(clean, more), [shown])
        others = each_once(map(clean, others), [shown, *english])
        rows.append([alpha2, alpha3, numeric.strip(), shown, "|".join(english), "|".join(others)])
    return sorted(rows)


def other_names(region):
    """`Freistaat Bayern (deu), 'Flamande, Région (fra)'` without the languages."""
    text = region.get("localOtherName") or ""
    parts = re.findall(r"'([^']*\([a-z]{3}[0-9]*\))'|((?:[^,(]|\((?![a-z]{3}[0-9]*\)))+\([a-z]{3}[0-9]*\))", text)
    return [re.sub(r"\s*\([a-z]{3}[0-9]*\)", "", quoted or plain) for quoted, plain in parts]


def regions(folder, official_dir):
    official = exported(official_dir, "Object.fromEntries(iso31662.map(r => [r.code, r.name]))")
    found = json.loads((folder / "iso3166-2.json").read_text())
    rows = []
    for country in found.values():
        for code, region in country.items():
            name = region["name"]
            # `Catalunya [Cataluña]`, `Wales [Cymru GB-CYM]`
            inner = [re.sub(r"\s*\b[A-Z]{2}-[A-Z0-9]{1,3}$", "", n) for n in re.findall(r"\[([^\]]*)\]", name)]
            # `Aousserd (EH)` tells of a border that is disputed, and is no part of the name.
            shown = clean(re.sub(r"\s*(\[[^\]]*\]|\(EH(-partial)?\))", "", name))
            turned = []
            # `Edinburgh, City of`, but not `Newry, Mourne and Down`.
            if shown.count(", ") == 1 and not re.search(r" (and|y) ", shown):
                first, rest = shown.split(", ")
                shown, turned = f"{rest} {first}", [first, shown]
            if code[:2] in OFFICIAL_IS_USUAL:
                turned, shown = [shown], official[code]
            # Bynames: "The Golden State".
            more = [n for n in other_names(region) if not clean(n).startswith("The ")]
            others = each_once(map(clean, inner + turned + more), [shown])
            rows.append([code, shown, clean(region["type"] or ""), region["parentCode"] or "", "|".join(others)])
    return sorted(rows)


def write(name, rows):
    (HERE / name).write_text("".join("\t".join(row) + "\n" for row in rows), encoding="utf-8")
    print(f"{name}: {len(rows)}")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit("usage: generate.py I18N-ISO-COUNTRIES ISO-3166 ISO3166_2   (folders of the unpacked packages)")
    names, official, divisions = map(Path, sys.argv[1:])
    write("countries.tsv", countries(names, official))
    write("regions.tsv", regions(divisions, official))
