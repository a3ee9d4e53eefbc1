#!/usr/bin/env python3
"""rehash.py FILE... - checks journals of tplus without tplus: every digest, every hash, every chain.

FILE is a database, an export (-f json), or any JSON document that holds "journal": [op, ...] somewhere. It follows
DESIGN section 7 (tplus-journal.5) by the letter and shares no code with tplus. Prints the head of each incident.
Exit status: 0 all hold, 1 something does not, 2 a file cannot be read.
"""
import base64
import hashlib
import json
import sqlite3
import sys

COLUMNS = ("incident host seq prev hlc wall_us zone utcoff_s boot_id boottime_us author grp entity kind v saw digest "
           "salt body hash").split()
HASHED = COLUMNS[:COLUMNS.index("digest") + 1]
TEXTS = {"zone", "author", "kind", "saw", "body"}
INTEGERS = {"seq", "hlc", "wall_us", "utcoff_s", "boottime_us", "v"}
NULLABLE = {"boot_id", "boottime_us", "salt", "body"}
SIZES = {"incident": 16, "host": 16, "prev": 32, "boot_id": 16, "grp": 16, "entity": 16, "digest": 32, "salt": 16,
         "hash": 32}


class Bad(Exception):
    pass


def text_of_json(value):
    """Text as bytes: a string, or {"$bytes": base64} for what is no UTF-8."""
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, dict) and list(value) == ["$bytes"]:
        return base64.b64decode(value["$bytes"], validate=True)
    raise Bad("not a text: %r" % (value,))


def from_json(op):
    """An op of an export as a dict of column to int, bytes or None."""
    row = {}
    for name in COLUMNS:
        value = op[name]
        if value is None:
            row[name] = None
        elif name in TEXTS:
            row[name] = text_of_json(value)
        elif name in INTEGERS:
            row[name] = value
        else:
            row[name] = bytes.fromhex(value)
    return row


def journals(node):
    """Every op below any "journal" key."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "journal" and isinstance(value, list):
                yield from value
            else:
                yield from journals(value)
    elif isinstance(node, list):
        for value in node:
            yield from journals(value)


def documents(text):
    """One JSON document, or one a line."""
    try:
        return [json.loads(text)]
    except ValueError:
        return [json.loads(line) for line in text.splitlines() if line.strip()]


def read(path):
    with open(path, "rb") as f:
        data = f.read()
    if not data.startswith(b"SQLite format 3\0"):
        return [from_json(op) for document in documents(data.decode()) for op in journals(document)]
    db = sqlite3.connect("file:%s?mode=ro" % path, uri=True)
    db.text_factory = bytes
    rows = [dict(zip(COLUMNS, row)) for row in db.execute("SELECT %s FROM op" % ", ".join(COLUMNS))]
    db.close()
    return rows


def encode(value, is_text):
    if value is None:
        return b"\x00"
    if isinstance(value, int):
        return b"\x01" + value.to_bytes(8, "big", signed=True)
    return (b"\x02" if is_text else b"\x03") + len(value).to_bytes(4, "big") + value


def canonical_text(data):
    try:
        text = data.decode("utf-8", "strict")
    except UnicodeDecodeError:
        text = None
    if text is None or "\0" in text:
        return '{"$bytes":"%s"}' % base64.b64encode(data).decode()
    short = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
    return '"%s"' % "".join(short.get(c) or ("\\u%04x" % ord(c) if c < " " else c) for c in text)


def canonical_body(body):
    """The body written again by the rules; raises Bad for what they do not allow."""
    fields = json.loads(body.decode(), object_pairs_hook=lambda pairs: dict(pairs))
    if not isinstance(fields, dict):
        raise Bad("the body is no object")
    parts = []
    for name in sorted(fields, key=str.encode):
        value = fields[name]
        if value is None:
            shown = "null"
        elif isinstance(value, bool) or isinstance(value, float) or isinstance(value, list):
            raise Bad("field %s is no text, integer or null" % name)
        elif isinstance(value, int):
            if abs(value) > 2 ** 53 - 1:
                raise Bad("field %s is out of range" % name)
            shown = str(value)
        else:
            shown = canonical_text(text_of_json(value))
        parts.append(canonical_text(name.encode()) + ":" + shown)
    return ("{" + ",".join(parts) + "}").encode()


def check_saw(saw):
    seen = json.loads(saw.decode())
    if list(seen) != sorted(seen, key=str.encode):
        raise Bad("what it saw is not sorted by field")
    for heads in seen.values():
        if heads != sorted(heads) or any(len(h) != 32 or h != h.lower() or int(h, 16) < 0 for h in heads):
            raise Bad("what it saw is no sorted list of 32 hex digits")


def check(op):
    for name in COLUMNS:
        value = op[name]
        if value is None:
            if name not in NULLABLE:
                raise Bad(name + " is null")
        elif isinstance(value, int) != (name in INTEGERS):
            raise Bad(name + " is of the wrong type")
        elif name in SIZES and len(value) != SIZES[name]:
            raise Bad(name + " has the wrong size")
    if (op["salt"] is None) != (op["body"] is None):
        raise Bad("salt and body are not redacted together")
    if op["body"] is not None:
        if hashlib.sha256(op["salt"] + op["body"]).digest() != op["digest"]:
            raise Bad("the digest is not that of salt and body")
        if canonical_body(op["body"]) != op["body"]:
            raise Bad("the body is not canonical")
    check_saw(op["saw"])
    if hashlib.sha256(b"tplus1" + b"".join(encode(op[n], n in TEXTS) for n in HASHED)).digest() != op["hash"]:
        raise Bad("the hash is not that of its columns")


def check_chain(chain):
    """chain: {seq: [op, ...]}, several where it forked. Returns its tips."""
    tips = []
    if sorted(chain) != list(range(1, len(chain) + 1)):
        raise Bad("ops are missing from a chain")
    for seq, ops in chain.items():
        before = [o["hash"] for o in chain.get(seq - 1, [])] if seq > 1 else [bytes(32)]
        after = [o["prev"] for o in chain.get(seq + 1, [])]
        for op in ops:
            if op["prev"] not in before:
                raise Bad("op %d does not continue the one before it" % seq)
            if seq == 1 and op["kind"] != b"host.new":
                raise Bad("a chain does not begin with host.new")
            if op["hash"] not in after:
                tips.append(op["hash"])
    return tips


def check_all(ops):
    incidents = {}
    for op in ops:
        try:
            check(op)
        except (Bad, ValueError) as why:
            raise Bad("op %s of host %s: %s" % (op["seq"], (op["host"] or b"").hex()[:8], why)) from None
        chain = incidents.setdefault(op["incident"], {}).setdefault(op["host"], {})
        if all(o["hash"] != op["hash"] for o in chain.setdefault(op["seq"], [])):
            chain[op["seq"]].append(op)
    for incident, hosts in sorted(incidents.items()):
        tips = sorted(tip for chain in hosts.values() for tip in check_chain(chain))
        print("incident %s head %s" % (incident.hex(), hashlib.sha256(b"".join(tips)).hexdigest()))


def main(paths):
    status = 0
    if not paths:
        print(__doc__.splitlines()[0], file=sys.stderr)
        return 2
    for path in paths:
        try:
            ops = read(path)
        except (OSError, ValueError, KeyError, Bad, sqlite3.Error) as why:
            print("%s: %s: %s" % (path, type(why).__name__, why), file=sys.stderr)
            status = max(status, 2)
            continue
        try:
            if not ops:
                raise Bad("holds no op")
            check_all(ops)
            print("%s: %d ops hold" % (path, len(ops)))
        except Bad as why:
            print("%s: %s" % (path, why), file=sys.stderr)
            status = max(status, 1)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
