#!/usr/bin/env python3
"""Evaluates OSV records as the OSV specification says, independently of Cinzel.

Usage: osv_evaluate.py FEED ECOSYSTEM...

FEED holds ECOSYSTEM/all.zip. For every package that a record names, the script makes versions at and around each event
and each listed version of all its records, and prints one JSON line for each: {"ecosystem", "name", "version", "ids"},
where ids are all records that affect that version of the package.

Written from https://ossf.github.io/osv-schema/#evaluation:

  IsVulnerable(pkg, v, osv)   for affected in osv.affected: pkg matches, and listed or in a range
  IncludedInVersions          any listed version equals v
  IncludedInRanges            for each range: BeforeLimits(v), then the events sorted by version switch:
                                introduced and v >= introduced    vulnerable
                                fixed and v >= fixed              not vulnerable
                                last_affected and v > it          not vulnerable

and from the specifications of the version orders: Semantic Versioning 2.0.0 section 11; PEP 440 as pip's own copy of
`packaging` has it; Gem::Version as its class documentation has it; Composer's normalisation (composer/semver,
VersionParser) with the order of PHP's version_compare; Debian Policy 5.6.12.

Where the specification is silent, the decisions are those that Cinzel documents: versions are compared in the order of
the ecosystem also for equality; "0" as introduced is before everything; a version that has no place in the order is
affected only if it is listed, letter by letter; a record that is withdrawn affects nothing.
"""

import functools
import json
import re
import sys
import zipfile

try:
    from pip._vendor.packaging.version import InvalidVersion, Version
except ImportError:
    from packaging.version import InvalidVersion, Version


# --- Version orders. Each gives a sort key, or None for a version without a place. --------------------------------


def natural_or_text(identifier):
    return (0, int(identifier), "") if identifier.isdigit() else (1, 0, identifier)


def semver(text):
    match = re.fullmatch(r"v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?", text)
    if not match:
        return None
    numbers = tuple(int(part or 0) for part in match.groups()[:3])
    stage = match.group(4)
    # A release is after all of its pre-releases.
    return (numbers, (1,) if stage is None else (0, *map(natural_or_text, stage.split("."))))


def pep440(text):
    try:
        return Version(text)
    except InvalidVersion:
        return None


def gem_compare(left, right):
    """Gem::Version#<=>: segments one by one, missing ones count as 0, a text is before a number."""
    for index in range(max(len(left), len(right))):
        a = left[index] if index < len(left) else 0
        b = right[index] if index < len(right) else 0
        if a == b:
            continue
        if isinstance(a, str) and isinstance(b, int):
            return -1
        if isinstance(a, int) and isinstance(b, str):
            return 1
        return -1 if a < b else 1
    return 0


def gem(text):
    text = text.strip()
    if not re.fullmatch(r"[0-9]+(\.[0-9a-zA-Z]+)*(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?", text):
        return None
    # "A hyphen is a pre-release": Gem::Version replaces it by ".pre.".
    parts = re.findall(r"[0-9]+|[a-z]+", text.replace("-", ".pre."), re.IGNORECASE)
    segments = [int(part) if part.isdigit() else part for part in parts]
    first_text = next((index for index, part in enumerate(segments) if isinstance(part, str)), len(segments))
    canonical = without_trailing_zeros(segments[:first_text]) + without_trailing_zeros(segments[first_text:])
    return functools.cmp_to_key(gem_compare)(canonical)


def without_trailing_zeros(segments):
    """Gem::Version#canonical_segments: zeros at the end of the release, and of what follows it, do not count."""
    while segments and segments[-1] == 0:
        segments = segments[:-1]
    return segments


PHP_ORDER = {"dev": 0, "alpha": 1, "a": 1, "beta": 2, "b": 2, "RC": 3, "rc": 3, "#": 4, "pl": 5, "p": 5}


def php_form(part):
    if part.isdigit():
        return "#"
    for name in sorted(PHP_ORDER, key=len, reverse=True):
        if part.startswith(name):
            return name
    return None


def php_key(parts):
    """version_compare of php.net: part by part, words by PHP_ORDER and before everything if unknown.

    What is left over counts against "#": a number is more, a word is less if it stands before "#". So the end of a
    version is a part of its own, just before numbers.
    """
    ranks = [(4, int(part)) if part.isdigit() else (PHP_ORDER.get(php_form(part), -1), 0) for part in parts]
    return (*ranks, (3.5, 0))


def composer(text):
    """VersionParser::normalize for numbered versions: four numbers, then the stability in its long form."""
    match = re.fullmatch(
        r"v?(\d{1,5})(\.\d+)?(\.\d+)?(\.\d+)?"
        r"(?:[._-]?(stable|beta|b|RC|alpha|a|patch|pl|p)((?:[.-]?\d+)*)?)?([.-]?dev)?(?:\+\S+)?",
        text.strip(),
        re.IGNORECASE,
    )
    if not match:
        return None
    numbers = [match.group(1)] + [(match.group(n) or ".0")[1:] for n in (2, 3, 4)]
    parts = list(numbers)
    stage = (match.group(5) or "").lower()
    if stage and stage != "stable":
        parts.append({"b": "beta", "a": "alpha", "rc": "RC", "p": "patch", "pl": "patch"}.get(stage, stage))
        parts += re.findall(r"\d+", match.group(6) or "")
    if match.group(7):
        parts.append("dev")
    return php_key(parts)


def debian_rank(character):
    if character == "~":
        return -1
    return ord(character) if character.isalpha() else ord(character) + 256


def debian_part(left, right):
    while left or right:
        word_a = re.match(r"[^0-9]*", left).group()
        word_b = re.match(r"[^0-9]*", right).group()
        for index in range(max(len(word_a), len(word_b))):
            a = debian_rank(word_a[index]) if index < len(word_a) else 0
            b = debian_rank(word_b[index]) if index < len(word_b) else 0
            if a != b:
                return -1 if a < b else 1
        left, right = left[len(word_a):], right[len(word_b):]
        digits_a = re.match(r"[0-9]*", left).group()
        digits_b = re.match(r"[0-9]*", right).group()
        if int(digits_a or 0) != int(digits_b or 0):
            return -1 if int(digits_a or 0) < int(digits_b or 0) else 1
        left, right = left[len(digits_a):], right[len(digits_b):]
    return 0


def debian_compare(left, right):
    for a, b in zip(left, right):
        order = (a > b) - (a < b) if isinstance(a, int) else debian_part(a, b)
        if order:
            return order
    return 0


def debian(text):
    match = re.fullmatch(r"(?:(\d+):)?([0-9][A-Za-z0-9.+~:-]*?)(?:-([A-Za-z0-9+.~]+))?", text)
    if not match:
        return None
    return functools.cmp_to_key(debian_compare)((int(match.group(1) or 0), match.group(2), match.group(3) or ""))


ORDERS = {
    "Go": semver,
    "npm": semver,
    "crates.io": semver,
    "PyPI": pep440,
    "RubyGems": gem,
    "Packagist": composer,
    "Debian": debian,
}


# --- The evaluation algorithm. -------------------------------------------------------------------------------------


class Order:
    """Places versions; what has no place is before everything else, and equal only to itself."""

    def __init__(self, key):
        self.key = functools.lru_cache(maxsize=None)(key)

    def compare(self, left, right):
        a, b = self.key(left), self.key(right)
        if a is None or b is None:
            if a is None and b is None:
                return (left > right) - (left < right)
            return -1 if a is None else 1
        return (a > b) - (a < b)

    @functools.lru_cache(maxsize=None)
    def sorted_events(self, events):
        return sorted((event for event in events if event[0] != "limit"), key=event_order(self))


# Events of one version: what introduces is first, what fixes is last.
RANKS = {"introduced": 0, "last_affected": 1, "fixed": 2}


def event_order(order):
    def compare(left, right):
        (kind_a, a), (kind_b, b) = left, right
        first_a, first_b = kind_a == "introduced" and a == "0", kind_b == "introduced" and b == "0"
        if first_a or first_b:
            return first_b - first_a
        return order.compare(a, b) or RANKS[kind_a] - RANKS[kind_b]

    return functools.cmp_to_key(compare)


def before_limits(version, events, order):
    limits = [value for kind, value in events if kind == "limit"]
    return not limits or any(limit == "*" or order.compare(version, limit) < 0 for limit in limits)


def included_in_range(version, events, order):
    if not before_limits(version, events, order):
        return False
    vulnerable = False
    for kind, value in order.sorted_events(events):
        if kind == "introduced" and (value == "0" or order.compare(version, value) >= 0):
            vulnerable = True
        elif kind == "fixed" and order.compare(version, value) >= 0:
            vulnerable = False
        elif kind == "last_affected" and order.compare(version, value) > 0:
            vulnerable = False
    return vulnerable


def is_listed(version, affected, order):
    """Whether a version of the list has the version's place; by a set where places have hashes."""
    try:
        if "places" not in affected:
            affected["places"] = {order.key(listed) for listed in affected["versions"]}
        return order.key(version) in affected["places"]
    except TypeError:
        return any(order.compare(version, listed) == 0 for listed in affected["versions"])


def is_affected(version, affected, order, semver_order):
    if order.key(version) is None:
        return version in affected["versions"]
    if is_listed(version, affected, order):
        return True
    return any(
        included_in_range(version, events, semver_order if kind == "SEMVER" else order)
        for kind, events in affected["ranges"]
    )


# --- Records and the versions to ask about. ------------------------------------------------------------------------


def read_records(path):
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            record = json.loads(archive.read(name))
            if not record.get("withdrawn"):
                yield record


def packages_of(records, ecosystem):
    """(ecosystem with suffix, name) -> [(record id, affected entry)]"""
    packages = {}
    for record in records:
        for entry in record.get("affected", []):
            package = entry["package"]
            if package["ecosystem"].split(":")[0] != ecosystem:
                continue
            ranges = [
                (found["type"], tuple(item for event in found["events"] for item in event.items()))
                for found in entry.get("ranges", [])
                if found["type"] != "GIT"
            ]
            affected = {"versions": entry.get("versions", []), "ranges": ranges}
            packages.setdefault((package["ecosystem"], package["name"]), []).append((record["id"], affected))
    return packages


def neighbours(version, ecosystem):
    """The version itself and some just before and after it, in any writing that the ecosystem has."""
    plain = version.split("+")[0]
    if ecosystem == "Debian":
        return [version, version + "~rc1", version + "+b1", version + ".1", "1:" + version]
    if ecosystem == "PyPI":
        return [version, plain + ".dev1", plain + "rc1", plain + ".post1", plain + ".1", plain + "+local", version + ".0"]
    if ecosystem == "RubyGems":
        return [version, version + ".rc1", version + ".1", version + ".0", version + "-x86"]
    if ecosystem == "Packagist":
        return [version, "v" + version] + ([] if "-" in version else [version + "-beta1", version + ".1", version + "-p1"])
    after = re.sub(r"(\d+)$", lambda match: str(int(match.group()) + 1), plain)
    return [version, plain + "-0", plain + "-rc.1", after, plain + "+build", "v" + version]


def versions_of(entries, ecosystem):
    events = {value for _, entry in entries for _, pairs in entry["ranges"] for _, value in pairs}
    asked = {near for value in events for near in neighbours(value, ecosystem)}
    asked.update(value for _, entry in entries for value in entry["versions"])
    asked.update(["0", "0.0.1", "999999.0.0", "unknown", "(devel)"])
    return sorted(asked - {"*"})


def main():
    feed, ecosystems = sys.argv[1], sys.argv[2:]
    semver_order = Order(semver)
    for ecosystem in ecosystems:
        order = Order(ORDERS[ecosystem])
        packages = packages_of(read_records(f"{feed}/{ecosystem}/all.zip"), ecosystem)
        for (full, name), entries in sorted(packages.items()):
            for version in versions_of(entries, ecosystem):
                ids = {record for record, entry in entries if is_affected(version, entry, order, semver_order)}
                print(json.dumps({"ecosystem": full, "name": name, "version": version, "ids": sorted(ids)}))


if __name__ == "__main__":
    main()
