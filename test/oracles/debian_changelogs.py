#!/usr/bin/env python3
"""Says which CVEs newer Debian source packages fix, by their changelogs alone.

Given what is installed (a dpkg status file) and the suites of an archive, prints one line
"CVE<TAB>source package<TAB>fixed version" for every CVE that the changelog of the newest version says it fixes.

The rule: a changelog entry counts when installed < its version <= the newest, in dpkg's order, on source versions.
A CVE in it counts unless every mention of it in that entry is negated (not affected, not vulnerable, does not apply,
unfixed, revert, drop ... patch) or refers to another fix (incomplete fix of, bypass of, regression of/by, follow-up
to, apply the ... fix to). Ids that are only mentioned (a patch refreshed, a test, an older entry corrected) do not
count either. It is fixed by the lowest counting entry.

Only the standard library, dpkg and zstd are used. With --changelogs the changelogs are read from a folder, as files
named SOURCE_VERSION with every colon written as %3a; those that are missing are fetched into it unless --no-fetch.
"""

import argparse
import concurrent.futures
import functools
import gzip
import io
import lzma
import os
import re
import subprocess
import sys
import tarfile
import urllib.request


# --- what is installed, and what there is -------------------------------------------------------------------------


def paragraphs(text):
    for block in re.split(r"\n\s*\n", text):
        fields = {}
        for line in block.split("\n"):
            if line and not line[0].isspace() and ":" in line:
                key, value = line.split(":", 1)
                fields[key.lower()] = value.strip()
        if fields:
            yield fields


def source_of(fields):
    name, version = fields["package"], fields["version"]
    if "source" in fields:
        parts = fields["source"].replace("(", "").replace(")", "").split()
        name = parts[0]
        version = parts[1] if len(parts) > 1 else version
    return name, version


@functools.lru_cache(maxsize=None)
def dpkg(a, relation, b):
    return subprocess.run(["dpkg", "--compare-versions", a, relation, b], stderr=subprocess.DEVNULL).returncode == 0


def installed_sources(status):
    with open(status, encoding="utf-8", errors="replace") as file:
        found = set()
        for fields in paragraphs(file.read()):
            state = fields.get("status", "install ok installed").split()
            if state[-1] not in ("config-files", "not-installed") and "version" in fields:
                found.add(source_of(fields))
        return sorted(found)


def index(base, suite, component, architecture):
    url = f"{base}/dists/{suite}/{component}/binary-{architecture}/Packages.xz"
    with urllib.request.urlopen(url, timeout=300) as answer:
        text = lzma.decompress(answer.read()).decode("utf-8", "replace")
    for fields in paragraphs(text):
        name, version = source_of(fields)
        yield name, version, dict(fields, base=base)


def newest_sources(indexes):
    newest = {}
    for packages in indexes:
        for name, version, fields in packages:
            known = newest.get(name)
            if known is None or (known[0] != version and dpkg(version, "gt", known[0])):
                newest[name] = (version, [fields])
            elif known[0] == version:
                known[1].append(fields)
    return newest


# --- the changelog of a source package ----------------------------------------------------------------------------


def members(archive):
    at = 8
    while at + 60 <= len(archive):
        name = archive[at : at + 16].decode().strip().rstrip("/")
        size = int(archive[at + 48 : at + 58])
        yield name, archive[at + 60 : at + 60 + size]
        at += 60 + size + size % 2


def documents(deb):
    for name, data in members(deb):
        if not name.startswith("data.tar"):
            continue
        if name.endswith(".zst"):
            data = subprocess.run(["zstd", "-dc"], input=data, stdout=subprocess.PIPE, check=True).stdout
        with tarfile.open(fileobj=io.BytesIO(data)) as tar:
            for entry in tar:
                path = entry.name.lstrip("./")
                if not entry.isfile() or not path.startswith("usr/share/doc/"):
                    continue
                if re.search(r"/changelog(\.Debian)?(\.gz)?$", path):
                    data = tar.extractfile(entry).read()
                    yield gzip.decompress(data) if path.endswith(".gz") else data


def fetch_changelog(source, version, packages):
    heads = f"{source} ({version})"
    for fields in sorted(packages, key=lambda f: int(f["size"]))[:25]:
        try:
            with urllib.request.urlopen(f"{fields['base']}/{fields['filename']}", timeout=300) as answer:
                deb = answer.read()
        except OSError:
            continue
        for data in documents(deb):
            text = data.decode("utf-8", "replace")
            if any(line.startswith(heads) for line in text.split("\n")[:200]):
                return text
    return None


def changelog(source, version, packages, folder, may_fetch):
    path = folder and os.path.join(folder, f"{source}_{version}".replace(":", "%3a"))
    if path and os.path.exists(path):
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    text = fetch_changelog(source, version, packages) if may_fetch else None
    if text is not None and path:
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
    return text


def entries(text):
    """(version, lines) of every entry."""
    version, lines = None, []
    for line in text.split("\n"):
        head = re.match(r"[A-Za-z0-9][A-Za-z0-9+.-]* \(([^() ]+)\)", line)
        if head:
            if version:
                yield version, lines
            version, lines = head.group(1), []
        elif line.startswith(" --"):
            if version:
                yield version, lines
            version, lines = None, []
        else:
            lines.append(line.rstrip())
    if version:
        yield version, lines


# --- what an entry says -------------------------------------------------------------------------------------------

ID = re.compile(r"(?<![A-Za-z])CVE[-_ =]?(\d{4})[-_](\d{4,7})(?!\d)", re.I)
BULLET = re.compile(r"(\s*)(?:[*+~o-]|\d+\.)\s+")
NOT = r"(?:not|n't|no longer)"


def items(lines):
    """The bullets of an entry: (text with its wrapped lines, text of the bullets that it stands under)."""
    found, open_items = [], []
    for line in lines:
        line = line.expandtabs()
        bullet = BULLET.match(line)
        if not line.strip():
            continue
        if re.match(r" {0,3}\[ .*\]$", line):
            open_items = []
        elif bullet or not open_items:
            depth = len(bullet.group(1)) if bullet else 0
            open_items = [item for item in open_items if item["depth"] < depth]
            item = {"depth": depth, "lines": [], "under": list(open_items)}
            item["lines"].append(line[bullet.end() :] if bullet else line.strip())
            found.append(item)
            open_items.append(item)
        else:
            open_items[-1]["lines"].append(line.strip())
    for item in found:
        yield item["lines"], [" ".join(above["lines"]) for above in item["under"]]


def labelled_parts(lines):
    """Splits "CVE-1: this" / "CVE-2: that" under one bullet into parts, and joins what was wrapped."""
    parts = []
    for line in lines:
        text = line.strip()
        unfinished = parts and re.search(r"(?:[,/&(]|\b(?:by|of|for|to|and|or|fix\w*|address\w*|in|with|against|from|see|as|the|patch(es)?))$", parts[-1], re.I)
        if not parts or (re.match(r"\W?CVE-\d+-\d+\W?(?:, \S+)*(?:\s*:|\s-|\s+\(|\s+[A-Z][a-z]|\s*$)", text) and not unfinished):
            parts.append(text)
        else:
            parts[-1] += text if re.search(r"CVE-(\d{4}-?)?$", parts[-1]) else " " + text
    return parts


def sentences(text):
    return re.split(r"(?<=[a-z)\d][.!])\s+(?=[A-Z(\[\"])", text)


def ids_at(text):
    """(start, end, ids, word around them) of each mention in a sentence, with the shorthands that follow an id."""
    for match in ID.finditer(text):
        year, number = match.groups()
        ids, end = {f"CVE-{year}-{number}"}, match.end()
        while True:
            more = re.match(r"/(\d{1,7})(?![\w.-])|(?:,| and|, and) ?-(\d{4,7})(?![\w-])", text[end:])
            linked = re.match(r"-(\d{4,7})(?=[-_.][\da-z]|$)", text[end:])
            again = re.match(r"(?:,| and|, and|/) ?((?:19|20)\d\d)-(\d{4,7})(?![\w-])", text[end:])
            if more and more.group(1):
                number = number[: max(0, len(number) - len(more.group(1)))] + more.group(1)
            elif more:
                number = more.group(2)
            elif linked and len(linked.group(1)) == len(number):
                more, number = linked, linked.group(1)
            elif again:
                more, (year, number) = again, again.groups()
            else:
                break
            ids.add(f"CVE-{year}-{number}")
            end += more.end()
        classes = re.match(r"(\d{2,6})[\[{](\d)([-,])(\d)[\]}]", text[match.start(2) :])
        if classes:
            stem, low, kind, high = classes.groups()
            tails = range(int(low), int(high) + 1) if kind == "-" else (low, high)
            ids, end = {f"CVE-{year}-{stem}{tail}" for tail in tails}, match.start(2) + classes.end()
        word_start = max(text.rfind(c, 0, match.start()) for c in " ,;()[]\"'") + 1
        braces = re.match(r"[\w.-]*\{[\w,-]*\}[\w.-]*", text[end:])
        end += braces.end() if braces else 0
        word_end = min([text.find(c, end) for c in " ,;:()[]\"'" if text.find(c, end) >= 0] + [len(text)])
        yield match.start(), end, ids, text[word_start:word_end].rstrip(".")


def in_parentheses(before):
    return before.rfind("(") > before.rfind(")")


def is_negated(before, after, word, others):
    """before and after: the rest of the sentence; others: the sentences that follow."""
    is_file = bool(re.search(r"[/_*]|\.(patch|diff|dpatch)|CVE-\d+-\d+-[a-z\d]", word, re.I)) and "://" not in word
    # not affected, not vulnerable, does not apply, unfixed
    told = rf"\b(?:(?:\w*{NOT}|not)\s+(?:\w+\s+)?(?:affect\w*|vulnerable|relevant|appl(?:y|ies|icable)|fixed)|unaffected|unfixed)\b"
    if re.search(told + rf"\s*(?:by|to|for|:)?\s*[:(]?\s*(?:the\s+)?(?:(?:or|and|,|/|\([^)]*\)|\S*{ID.pattern}\S*)\s*)*$", before, re.I):
        return True
    if re.search(told + r"[^.:]{0,40}:\s", before, re.I) and re.search(r"(?:not apply|not affected|not vulnerable)", before, re.I):
        return True
    if re.match(r"\W*(?:(?:is|was|does|do|which|that|\w+ specific),?\s+)*" + told.replace(r"\b", "", 1) + r"(?!\s+(?:if|when|unless)\b)(?!\s+(?:completely|properly|in|by)\b)", after, re.I) and not re.match(r"\W*:\s*(?:do|does) not apply \w", after, re.I):
        return True
    ours = r"\b(?:debian(?:'s)?(?: \*?(?:build|binary|binaries|packages?|version)\*?)*|this version|this package) (?:is|are|was|were) (?:[\w-]+ ){0,8}?not (?:affected|vulnerable)\b(?! (?:by|to|if)\b)"
    if re.search(ours + r"|\bthis (?:does not|doesn't) affect (?:the )?debian\b", after + " " + others, re.I):
        return True
    # revert
    if re.search(r"\brevert\w*\b(?!.*\b(?:to|as|because|fixing)\b)[^\"(]*$", before, re.I) or re.match(r"\W*(?:\w+ )?reverted\b", after, re.I):
        return True
    if re.search(r"\brevert\w* [^\"(]*\b(?:fix|patch)[^\"(]*\($", before, re.I):
        return True
    # drop ... patch
    drop = re.search(r"(?<![-\w])(?:drop|remov|delet|unappl|obsolet)\w*\b(?!.*\b(?:add|added|adding|fix|fixes|fixing|update\w*|refresh\w*|backport|apply|import|replace\w*|ensure|introduc\w*)\b(?! (?:for|of|to)\b))(.*)$", before, re.I)
    if drop and (is_file or re.search(r"^[^(]*\bpatch", drop.group(1), re.I) or re.search(r"^[^(]*\bfix(?:es)? (?:for|of)\b[^(]*$", drop.group(1), re.I)):
        return True
    if drop and re.match(r"\s+(?:patch|fix|diff)", after, re.I) and not in_parentheses(before):
        return True
    gone = r"(?:drop(?:ped)?|removed?|deleted?|unapplied)"
    if is_file and re.match(rf"[:,\s–-]*(?:was |has been |is |now )*{gone}\b\s*(?:obsolete patch)?(?:\W|$)(?!\s*[a-z]+ing)(?=\W*(?:$|as\b|since|because|fixed|applied|included|merged|also|upstream|no longer|now|in \w|due|–|-))", after, re.I):
        return True
    return bool(re.match(r"\s+(?:patch|fix)(?:es)?:? (?:was |were |has been |have been )?(?:dropped|removed|deleted|reverted)\b", after, re.I))


def refers_to_another(before, after, word):
    fix = r"(?:fix(?:es|ed)?|patch(?:es)?|correction|mitigation|backport\w*)"
    if re.search(r"regress|follow-?up", ID.sub("", word), re.I) and re.search(r"[_/.-]", ID.sub("", word)):
        return True
    # incomplete fix of
    if re.search(rf"\b(?:incomplete|partial|incorrect|wrong|broken|insufficient)\s+(?:\w+\s+)?{fix}\s*(?:of|for|to|in)?\s*(?:the\s+)?$", before, re.I):
        return True
    if re.match(r"\s*(?:\w+\s+)?(?:was|is)\s+(?:\w+\s+)?incomplete\b", after, re.I):
        return True
    if re.match(r"[\w\s]*, but the (?:fix|patch) (?:is|was) incomplete\b", after, re.I):
        return True
    # a fix elsewhere that needs this change
    if re.search(r"\b(?:preparation|prerequisite) (?:for|of|to)\b[^.;()]*$", before, re.I):
        return True
    if re.search(rf"\bthe {fix} for $", before, re.I) and re.match(r" in (?:the )?\S+ (?:source )?package\b", after, re.I):
        return True
    if re.search(r"\bfix\w* backport of (?:the )?(?:patch|fix) for $", before, re.I):
        return True
    # bypass of
    if before.endswith("(") and re.match(r" bypass\)", after):
        return True
    if re.search(rf"\bbypass\w*\s+of\s+(?:the\s+)?(?:{fix}\s+(?:of|for|in)\s+(?:the\s+)?)?$", before, re.I):
        return True
    # regression of / by / in / from ...
    if re.search(r"\bregress\w*(?! test)\s+(?:(?!and |also |fixes )[^;:.,(]){0,90}$", before, re.I):
        return True
    if re.match(rf"\s+(?:{fix} )?(?:[\w-]+ ){{0,2}}regression(?!s? test)", after, re.I):
        return True
    if re.search(rf"(?:^|\bthe )(?:\w+ )?{fix}\s*(?:for|of|in|to)\s*(?:the\s+)?$|\bfixing\s+$", before, re.I) and re.match(r"[^.;]{0,100}\b(?:introduced|caused|triggered|led|accidentally|inadvertently|intended|broke)\b", after, re.I):
        return True
    if re.match(r"\S*[:\s]+(?:fix\w*|from \S+ (?:and \S+ )?caused)\s+(?:an?\s+)?(?:\w+\s+)?regression\b", after, re.I) and re.search(r"[._/]", ID.sub("", word)):
        return True
    if re.search(r"\bregression (?:fix|update|patch)\w*:?\s*(?:for\s+)?$", before, re.I):
        return True
    if re.match(rf"\W*{ID.pattern}\W*:", before, re.I) and re.search(r"\bregression\b[^.;()]*\($", before, re.I):
        return True
    if re.search(rf"\b(?:introduced|caused|broken|triggered) (?:by|in|with) (?:the )?(?:[\w-]+ ){{0,3}}?(?:{fix}|update|changes?)?\s*(?:for|of|in)?\s*(?:the )?$", before, re.I):
        return True
    # follow-up to
    if re.search(r"\bfollow\w*[- ]?ups?\b\s*(?:(?!and )[^;:.(]){0,60}$", before, re.I):
        return True
    if re.match(r"\s*:?\s*(?:[\w-]+\s+){0,2}follow-?up\b(?!\s+(?:\w+\s+)?(?:for|to|of)\b)", after, re.I):
        return True
    # apply the ... fix to
    if re.search(r"\bappl(?:y|ies|ied) the (?:\w+ )?$", before, re.I) and re.match(rf"\s+{fix} (?:also )?to\b", after, re.I):
        return True
    return bool(re.match(r"\W*(?:was|were) already fixed\b", after, re.I))


def only_mentioned(before, after, word):
    if re.search(r"\b(?:refresh|rebas|rediff|renam|unfuzz)\w*\s+(?:(?:the|all|existing|patch(?:es)?|for|of|and|,)\s*)*$", before, re.I):
        return True
    if re.search(r"[._/]", ID.sub("", word)) and re.match(r"[:\s]*(?:refresh|rebas|renam|unfuzz)\w*\W*$", after, re.I):
        return True
    if re.search(r"(?<![/\w])changelog(?![-./\w])", before[-100:] + " | " + after[:80], re.I):
        return True
    if re.search(r"\bmention\w*\s+(?:[\w-]+\s+){0,3}$", before, re.I) and not re.search(r"not mention", before, re.I):
        return True
    if re.search(r"\b(?:typo|(?:correct|fix|add|updat)\w* (?:the |a )?(?:missing |wrong )?(?:CVE|bug)[ -]*(?:ids?|identifiers?|numbers?|names?|references?))\b[^.;(]{0,40}$", before, re.I):
        return True
    return bool(re.search(r"\b(?:add|fix|backport|updat|enabl|disabl|adjust)\w*\s+(?:(?!and |fix)[\w-]+\s+){0,7}tests?(?: cases?)? (?:for|of) (?:the )?$", before, re.I))


def negating_heading(text):
    if text.rstrip().endswith(":") and re.search(r"\b(?:not affect|not vulnerable|not apply|unaffected)", text, re.I) and not re.search(r"\bfix", text, re.I):
        return True
    return bool(re.match(r"(?:\[\w+\] )?(?:\S+: )?(?:drop|remov|delet|obsolet)\w*\b(?!.*\b(?:add|fix|update|refresh)\b)(?:.*\bpatch|:?$)", text.strip(), re.I))


def fixed_in(lines):
    """The ids that the lines of one entry say are fixed."""
    fixed = set()
    for item_lines, above in items(lines):
        for part in labelled_parts(item_lines):
            part = part.replace("’", "'")
            part = re.sub(r"https?://(?!\S*CVE)\S+", "", part, flags=re.I)
            part = re.sub(r"[(\[]?\b(?:closes|lp):? ?(?:bug)?#? ?\d+(?:,? ?(?:bug)?#\d+)*[)\]]?", "", part, flags=re.I)
            if any(map(negating_heading, above)) and not re.match(r"(?:add|fix|backport|new|apply|import|update)", part, re.I):
                continue
            split = sentences(part)
            for at, sentence in enumerate(split):
                for start, end, ids, word in ids_at(sentence):
                    before, after = sentence[:start], sentence[end:]
                    before = before[: len(before) - len(re.search(r"[\w./+~*-]*$", before).group())] if "://" not in word else before
                    if re.search(r"[A-Za-z\d]", re.match(r"[^\s,;:()]*", after).group()):
                        after = after[len(re.match(r"[^\s,;:()]*", after).group()) :]
                    others = " ".join(split[at + 1 :])[:300]
                    listed = rf"^(?:[\s,/&]*(?:and|or)?\s*\S*?{ID.pattern}[^\s,;:()]*)*"
                    after = after[re.match(listed, after, re.I).end() :]
                    if not (is_negated(before, after, word, others) or refers_to_another(undo_list(before), after, word) or only_mentioned(undo_list(before), after, word)):
                        fixed |= ids
    return fixed


def undo_list(before):
    """The words before a list of ids, for any id in the list."""
    return re.sub(rf"(?:\S*{ID.pattern}[^\s,;:()]*[\s,/&]*(?:and |or )?)+$", "", before, flags=re.I)


def fixes(text, installed, newest):
    """(CVE, lowest fixing version) of the entries between the two versions."""
    lowest = {}
    for version, lines in entries(text):
        if dpkg(version, "gt", installed) and dpkg(version, "le", newest):
            for cve in fixed_in(lines):
                if cve not in lowest or dpkg(version, "lt", lowest[cve]):
                    lowest[cve] = version
    return sorted(lowest.items())


# --- the command --------------------------------------------------------------------------------------------------


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--status", required=True, help="dpkg status file")
    parser.add_argument("--suite", action="append", required=True, help="BASE-URL,SUITE; repeatable")
    parser.add_argument("--component", action="append", default=None)
    parser.add_argument("--architecture", default="amd64")
    parser.add_argument("--changelogs", help="folder of changelogs that are read before any is fetched")
    parser.add_argument("--no-fetch", action="store_true")
    parser.add_argument("--lagging", help="file to write the lagging sources to: name, installed and newest version")
    options = parser.parse_args()
    indexes = []
    for base, suite in (item.rsplit(",", 1) for item in options.suite):
        for component in options.component or ["main"]:
            indexes.append(index(base.rstrip("/"), suite, component, options.architecture))
    newest = newest_sources(indexes)
    lagging = [
        (name, version, *newest[name])
        for name, version in installed_sources(options.status)
        if name in newest and dpkg(version, "lt", newest[name][0])
    ]
    if options.lagging:
        with open(options.lagging, "w", encoding="utf-8") as file:
            file.writelines(f"{name}\t{version}\t{latest}\n" for name, version, latest, _ in lagging)
    if options.changelogs:
        os.makedirs(options.changelogs, exist_ok=True)

    def read(item):
        name, _, version, packages = item
        return changelog(name, version, packages, options.changelogs, not options.no_fetch)

    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        texts = list(pool.map(read, lagging))
    lines = set()
    for (name, version, latest, _), text in zip(lagging, texts):
        if text is None:
            print(f"no changelog: {name} {latest}", file=sys.stderr)
            continue
        lines.update(f"{cve}\t{name}\t{fixed}" for cve, fixed in fixes(text, version, latest))
    print("\n".join(sorted(lines)))


if __name__ == "__main__":
    main()
