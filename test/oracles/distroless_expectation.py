#!/usr/bin/env python3
"""What a distroless image must hold, from the published rules of Google's images, and where a built one differs.

Reads the Debian packages with dpkg-deb and the built OCI layout with Python's own tar reader, so that nothing of the
builder is used. Prints JSON: {"entries": N, "layers": [...], "differences": [...]}.

    distroless_expectation.py --image cc --debian 13 --debs FOLDER --layout FOLDER --tag TAG [--user nonroot] [--architecture arm64]

FOLDER of --debs holds NAME.deb for each package.
"""
import argparse
import gzip
import hashlib
import io
import json
import os
import posixpath
import re
import subprocess
import tarfile

DELTA = {
    ("static", "13"): ["base-files", "netbase", "tzdata", "tzdata-legacy", "media-types"],
    ("static", "12"): ["base-files", "netbase", "tzdata", "media-types"],
    ("base-nossl", "13"): ["libc6"],
    ("base-nossl", "12"): ["libc6"],
    ("base", "13"): ["libc6", "libssl3t64", "libzstd1", "zlib1g"],
    ("base", "12"): ["libc6", "libssl3"],
    ("cc", "13"): ["libgomp1", "libstdc++6", "libgcc-s1", "gcc-14-base"],
    ("cc", "12"): ["libgomp1", "libstdc++6", "libgcc-s1", "gcc-12-base"],
}
PARENT = {"base-nossl": "static", "base": "static", "cc": "base"}
CODENAME = {"13": "trixie", "12": "bookworm"}
MERGED = re.compile(r"^(bin|sbin|lib|lib32|lib64|libx32)(/|$)")

PASSWD = """root:x:0:0:root:/root:/sbin/nologin
nobody:x:65534:65534:nobody:/nonexistent:/sbin/nologin
nonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin
"""
GROUP = """root:x:0:
nobody:x:65534:
tty:x:5:
staff:x:50:
nonroot:x:65532:
"""
NSSWITCH = {
    "passwd": "compat", "group": "compat", "shadow": "compat", "gshadow": "files", "hosts": "files dns",
    "networks": "files", "protocols": "db files", "services": "db files", "ethers": "db files", "rpc": "db files",
    "netgroup": "nis",
}
OS_RELEASE_KEYS = ["PRETTY_NAME", "NAME", "ID", "VERSION_ID", "VERSION", "HOME_URL", "SUPPORT_URL", "BUG_REPORT_URL"]


def entry(kind, mode, uid=0, gid=0, link=None, content=None):
    made = {"type": kind, "mode": f"{mode:04o}", "uid": uid, "gid": gid}
    if link is not None:
        made["link"] = link
    if content is not None:
        made["sha256"] = hashlib.sha256(content).hexdigest()
    return made


KINDS = {
    tarfile.REGTYPE: "file", tarfile.AREGTYPE: "file", tarfile.DIRTYPE: "directory", tarfile.SYMTYPE: "symlink",
    tarfile.LNKTYPE: "hardlink", tarfile.CHRTYPE: "character", tarfile.BLKTYPE: "block", tarfile.FIFOTYPE: "fifo",
}


def clean(name):
    return posixpath.normpath("/" + name)


def read_tar(data, rename=lambda path, kind: path):
    """Entries of a tar by absolute path, with the content of files beside."""
    entries, contents = {}, {}
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        for member in tar:
            kind = KINDS[member.type]
            path = rename(clean(member.name), kind)
            if path is None:
                continue
            link = None
            if kind == "symlink":
                link = member.linkname
            elif kind == "hardlink":
                link = rename(clean(member.linkname), "file")
            content = tar.extractfile(member).read() if kind == "file" else None
            entries[path] = entry(kind, member.mode & 0o7777, member.uid, member.gid, link, content)
            if content is not None:
                contents[path] = content
    return entries, contents


def dpkg_deb(option, deb):
    return subprocess.run(["dpkg-deb", option, deb], check=True, stdout=subprocess.PIPE).stdout


def merge_usr(path, kind):
    relative = path[1:]
    if not MERGED.match(relative):
        return path
    if "/" in relative:
        return "/usr/" + relative
    return None if kind == "directory" else path


def parents(path):
    while path != "/":
        path = posixpath.dirname(path)
        if path != "/":
            yield path


def with_parents(entries):
    made = dict(entries)
    for path in entries:
        for parent in parents(path):
            made.setdefault(parent, entry("directory", 0o755))
    return made


def record(name, deb):
    control, contents = read_tar(dpkg_deb("--ctrl-tarfile", deb))
    made = {}
    for member, path in (("/control", name), ("/md5sums", name + ".md5sums")):
        if member in control:
            made["/var/lib/dpkg/status.d/" + path] = control[member]
    return made


def package_layer(name, debs, merged):
    deb = os.path.join(debs, name + ".deb")
    rename = merge_usr if merged else lambda path, kind: path
    entries, _ = read_tar(dpkg_deb("--fsys-tarfile", deb), rename)
    entries.pop("/", None)
    return with_parents({**entries, **record(name, deb)})


def certificate_layer(debs):
    deb = os.path.join(debs, "ca-certificates.deb")
    _, contents = read_tar(dpkg_deb("--fsys-tarfile", deb))
    bundle = b""
    for path in sorted(contents, key=lambda path: path.encode()):
        if path.startswith("/usr/share/ca-certificates/"):
            bundle += b"".join(line + b"\n" for line in contents[path].splitlines())
    licence = "/usr/share/doc/ca-certificates/copyright"
    return with_parents({
        "/etc/ssl/certs/ca-certificates.crt": entry("file", 0o555, content=bundle),
        licence: entry("file", 0o555, content=contents[licence]),
        **record("ca-certificates", deb),
    })


def system_layers(debian, debs):
    return [
        ("rootfs", {"/": entry("directory", 0o755)}),
        ("passwd", with_parents({"/etc/passwd": entry("file", 0o644, content=PASSWD.encode())})),
        ("home", {
            "/root": entry("directory", 0o700), "/home": entry("directory", 0o755),
            "/home/nonroot": entry("directory", 0o700, 65532, 65532),
        }),
        ("group", with_parents({"/etc/group": entry("file", 0o644, content=GROUP.encode())})),
        ("tmp", {"/tmp": entry("directory", 0o1777)}),
        ("nsswitch", with_parents({"/etc/nsswitch.conf": entry("file", 0o644)})),
        ("os_release", with_parents({"/usr/lib/os-release": entry("file", 0o555)})),
        ("cacerts", certificate_layer(debs)),
    ]


def expected_layers(image, debian, debs):
    merged = debian == "13"
    own = [(name, package_layer(name, debs, merged)) for name in DELTA[(image, debian)]]
    if image == "static":
        return own + system_layers(debian, debs)
    return expected_layers(PARENT[image], debian, debs) + own


def blob(layout, digest):
    algorithm, value = digest.split(":")
    with open(os.path.join(layout, "blobs", algorithm, value), "rb") as file:
        data = file.read()
    assert hashlib.new(algorithm, data).hexdigest() == value, digest
    return data


def built_image(layout, tag, architecture):
    with open(os.path.join(layout, "index.json"), encoding="utf8") as file:
        index = json.load(file)
    [found] = [one for one in index["manifests"] if one.get("annotations", {}).get("org.opencontainers.image.ref.name") == tag]
    document = json.loads(blob(layout, found["digest"]))
    if "manifests" in document:
        [found] = [one for one in document["manifests"] if one["platform"]["architecture"] == architecture]
        document = json.loads(blob(layout, found["digest"]))
    config = json.loads(blob(layout, document["config"]["digest"]))
    layers = []
    for descriptor, diff_id in zip(document["layers"], config["rootfs"]["diff_ids"], strict=True):
        data = blob(layout, descriptor["digest"])
        plain = gzip.decompress(data) if descriptor["mediaType"].endswith("gzip") else data
        assert "sha256:" + hashlib.sha256(plain).hexdigest() == diff_id
        layers.append(read_tar(plain))
    return config, layers


def differences_of(expected, actual):
    found = []
    for path in sorted(expected.keys() | actual.keys()):
        one, other = expected.get(path), actual.get(path)
        if one is None or other is None:
            found.append({"path": path, "is": "missing" if other is None else "extra"})
            continue
        for key in ("type", "mode", "uid", "gid", "link", "sha256"):
            # What the rules give as a form and not as bytes is compared by its form below.
            if key == "sha256" and key not in one:
                continue
            if one.get(key) != other.get(key):
                found.append({"path": path, "is": key, "expected": one.get(key), "actual": other.get(key)})
    return found


def form_differences(contents, debian):
    found = []
    lines = [line for line in contents["/etc/nsswitch.conf"].decode().splitlines() if line and line[0] != "#"]
    switches = {key.strip(): " ".join(value.split()) for key, value in (line.split(":") for line in lines)}
    if switches != NSSWITCH:
        found.append({"path": "/etc/nsswitch.conf", "is": "content", "actual": switches})
    release = [re.fullmatch(r'(\w+)="([^"]*)"', line) for line in contents["/usr/lib/os-release"].decode().splitlines()]
    fields = {match[1]: match[2] for match in release}
    expected = {
        "PRETTY_NAME": "Distroless", "NAME": "Debian GNU/Linux", "ID": "debian", "VERSION_ID": debian,
        "VERSION": f"Debian GNU/Linux {debian} ({CODENAME[debian]})",
    }
    if list(fields) != OS_RELEASE_KEYS or {key: fields[key] for key in expected} != expected:
        found.append({"path": "/usr/lib/os-release", "is": "content", "actual": fields})
    return found


def config_differences(config, user, architecture, layers):
    nonroot = user == "nonroot"
    expected = {
        "architecture": architecture, "os": "linux", "created": "1970-01-01T00:00:00Z",
        "config": {
            "Env": [
                "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                "SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt",
            ],
            "User": "65532" if nonroot else "0",
            "WorkingDir": "/home/nonroot" if nonroot else "/",
        },
    }
    found = [
        {"config": key, "expected": value, "actual": config.get(key)}
        for key, value in expected.items() if config.get(key) != value
    ]
    if len(config["history"]) != layers:
        found.append({"config": "history", "expected": layers, "actual": len(config["history"])})
    return found


def main():
    parser = argparse.ArgumentParser()
    for option in ("image", "debian", "debs", "layout", "tag"):
        parser.add_argument("--" + option, required=True)
    parser.add_argument("--user", default="root")
    parser.add_argument("--architecture", default="amd64")
    parser.add_argument("--by-layer", action="store_true", help="the layers must be Google's, one by one")
    options = parser.parse_args()
    layers = expected_layers(options.image, options.debian, options.debs)
    config, built = built_image(options.layout, options.tag, options.architecture)
    expected, actual, contents = {}, {}, {}
    for _, entries in layers:
        expected.update(entries)
    for entries, own in built:
        actual.update(entries)
        contents.update(own)
    found = differences_of(expected, actual)
    found += form_differences(contents, options.debian)
    found += config_differences(config, options.user, options.architecture, len(built))
    if options.by_layer:
        if len(layers) != len(built):
            found.append({"layers": len(built), "expected": len(layers)})
        for (name, one), (other, _) in zip(layers, built):
            found += [{"layer": name, **difference} for difference in differences_of(one, other)]
    names = [name for name, _ in layers]
    print(json.dumps({"entries": len(expected), "layers": names, "differences": found}))


main()
