"""What is in the database, the mail folder and the file store after a trial, held against what was acknowledged."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from tests.crash.site import Site, rows
from tests.crash.writers import Deed, Writer

INDEX_WITHIN = 10.0
SHOWN = 5  # examples of a fault


def judged(site: Site, writers: list[Writer], newest_photo: int, *, may_rest: bool = False) -> dict[str, Any]:
    """The figures of a trial: every list of faults is empty when nothing went wrong. For ``may_rest`` see `mail_faults`."""
    acknowledged = [deed for writer in writers for deed in writer.acknowledged]
    doubtful = [deed for writer in writers for deed in writer.doubtful]
    kept = Counter(text for (text,) in rows(site.home, "SELECT text FROM message UNION ALL SELECT text FROM rfq"))
    texts = [deed for deed in acknowledged if deed.kind != "photo"]
    lost = [deed.text for deed in texts if kept[deed.text] == 0]
    doubled = [deed.text for deed in [*texts, *doubtful] if kept[deed.text] > 1]
    photos = _photo_faults(site, acknowledged, doubtful, newest_photo)
    return {
        "acknowledged": len(acknowledged),
        "acknowledged_by_kind": dict(sorted(Counter(deed.kind for deed in acknowledged).items())),
        "acknowledged_documents": sum(1 for deed in acknowledged if deed.paper),
        "unacknowledged_but_kept": sum(1 for deed in doubtful if kept[deed.text] == 1),
        "unacknowledged": len(doubtful),
        "lost": len(lost) + photos["lost"],
        "doubled": len(doubled) + photos["doubled"],
        "half_done": [*_half_done(site, [*acknowledged, *doubtful], kept), *photos["half_done"]][:SHOWN],
        "mails": rows(site.home, "SELECT COUNT(*) FROM notice WHERE channel = 'mail'")[0][0],
        "mail_faults": mail_faults(site.home, may_rest=may_rest)[:SHOWN],
        "tasks_left": [list(row) for row in rows(site.home, TASKS_LEFT)],
        "refused": sorted({refusal for writer in writers for refusal in writer.refusals})[:SHOWN],
        "index_agrees_after_seconds": _index_delay(site),
    }


# a periodic job that was killed again and again is given up; its next slot comes by itself
TASKS_LEFT = (
    "SELECT job, state, COUNT(*) FROM task WHERE state IN ('running', 'dead')"
    " AND NOT (state = 'dead' AND dedupe_key GLOB job || ':[0-9]*') GROUP BY 1, 2"
)


def _half_done(site: Site, deeds: list[Deed], kept: Counter[str]) -> list[str]:
    """Writes of which a part is missing: the line, recipient or notice of an inquiry, the document of a message."""
    faults = []
    inquiries = rows(
        site.home,
        "SELECT r.text, (SELECT COUNT(*) FROM rfq_line WHERE rfq_id = r.id),"
        " (SELECT COUNT(*) FROM rfq_recipient WHERE rfq_id = r.id), (SELECT COUNT(*) FROM rfq_moment WHERE rfq_id = r.id)"
        " FROM rfq r WHERE r.text LIKE 'crash %'",
    )
    faults += [
        f"inquiry {text}" for text, lines, asked, moments in inquiries if (lines, asked) != (1, 1) or not moments
    ]
    silent = rows(
        site.home,
        "SELECT m.text FROM message m WHERE m.text LIKE 'crash %' AND m.side = 'buyer'"
        " AND NOT EXISTS (SELECT 1 FROM notice n WHERE n.dedupe_key LIKE 'message_to_seller:message:' || m.id || ':%')",
    )
    faults += [f"nobody was told of {text}" for (text,) in silent]
    unheard = rows(
        site.home,
        "SELECT n.id FROM notice n WHERE n.channel = 'mail'"
        " AND NOT EXISTS (SELECT 1 FROM task t WHERE t.dedupe_key = 'notice:' || n.id)",
    )
    faults += [f"no task for notice {key}" for (key,) in unheard]
    papers = {
        text: (sha, key, size)
        for text, sha, key, size in rows(
            site.home,
            "SELECT m.text, f.sha256, f.key, f.size FROM message m JOIN message_attachment a ON a.message_id = m.id"
            " JOIN stored_file f ON f.id = a.file_id WHERE m.text LIKE 'crash %'",
        )
    }
    for deed in deeds:
        if not deed.paper or not kept[deed.text]:
            continue
        sha, key, _size = papers.get(deed.text, ("", "", 0))
        file = site.home / "files" / key
        if sha != deed.paper or not file.is_file() or hashlib.sha256(file.read_bytes()).hexdigest() != sha:
            faults.append(f"document of {deed.text}")
    return faults


def _photo_faults(site: Site, acknowledged: list[Deed], doubtful: list[Deed], newest: int) -> dict[str, Any]:
    """Photos beyond ``newest``, the last one before the trial, have no text of their own: they are counted by product, and each must have its files."""
    told = Counter(_slug(deed) for deed in acknowledged if deed.kind == "photo")
    open_ones = Counter(_slug(deed) for deed in doubtful if deed.kind == "photo")
    held: Counter[str] = Counter()
    half = []
    for slug, stem in rows(
        site.home, f"SELECT p.slug, f.stem FROM photo f JOIN product p ON p.id = f.product_id WHERE f.id > {newest}"
    ):
        held[slug] += 1
        if not (site.home / "files" / "photo" / f"{stem}-320.webp").is_file():
            half.append(f"files of a photo of {slug}")
    return {
        "lost": sum(max(0, told[slug] - held[slug]) for slug in told),
        "doubled": sum(max(0, held[slug] - told[slug] - open_ones[slug]) for slug in {*told, *open_ones}),
        "half_done": half,
    }


def _slug(deed: Deed) -> str:
    return deed.door.split("/")[3]


# mails that a full disk stopped: their tasks rest for a minute, or until an attempt that could not be crossed out ends
RESTING = (
    "SELECT COUNT(*) FROM notice WHERE channel = 'mail' AND sent_at IS NULL AND EXISTS"
    " (SELECT 1 FROM task WHERE task.state = 'ready' AND task.dedupe_key = 'notice:' || notice.id)"
)


def mail_faults(home: Path, *, may_rest: bool = False) -> list[str]:
    """Each mail once: one notice a person and event, each sent, one file for each and no file beside them.

    With ``may_rest`` a mail may wait instead, as long as its task does.
    """
    resting = rows(home, RESTING)[0][0] if may_rest else 0
    faults = [
        f"{count} notices alike: {kind} {href}"
        for kind, href, count in rows(
            home,
            "SELECT kind, dedupe_key, COUNT(*) FROM notice GROUP BY 1, 2 HAVING COUNT(*) > 1",
        )
    ]
    unsent = rows(home, "SELECT COUNT(*) FROM notice WHERE channel = 'mail' AND sent_at IS NULL")[0][0]
    if unsent > resting:
        faults.append(f"{unsent - resting} mails were not sent")
    files = list((home / "mail").glob("*.eml"))
    sent = rows(home, "SELECT COUNT(*) FROM notice WHERE channel = 'mail' AND sent_at IS NOT NULL")[0][0]
    if not sent <= len(files) <= sent + resting:
        faults.append(f"{sent} mails sent, {len(files)} files")
    ids = Counter(_message_id(path.read_bytes()) for path in files)
    faults += [f"{count} files of {key}" for key, count in ids.items() if count > 1]
    return faults


def _message_id(mail: bytes) -> str:
    head = mail.partition(b"\r\n\r\n")[0].decode("utf-8", "replace")
    return next((line for line in head.splitlines() if line.startswith("Message-ID")), "none")


def _index_delay(site: Site) -> float | None:
    """After how many seconds a comparison began that found index and rows alike; None beyond ten."""
    began = time.monotonic()
    while True:
        at = time.monotonic() - began
        check = subprocess.run(
            [sys.executable, "-m", "marketplace.cli.main", "search", "check", "--json"],
            capture_output=True,
            text=True,
            env=Site.environment(site.home),
            check=False,
        )
        if check.returncode == 0:
            return round(at, 1)
        if at > INDEX_WITHIN:
            print(check.stdout[-500:], check.stderr[-500:])
            return None
