"""What somebody newly wrote in a mail: quotes, the lines above them, and signatures of machines taken away."""

from __future__ import annotations

import re

MARK = re.compile(r"##-.*?-##", re.DOTALL)
_QUOTED = re.compile(r"\s{0,3}[>|›»](?!\S*\d)|\s{0,3}>")
# "On … X wrote:" in the languages of the site, on one line or broken into up to four
_WROTE = re.compile(
    r"(?:On\b.{4,300}\bwrote|Am\b.{4,300}\bschrieb\b.{0,200}|.{0,80}\bschrieb am\b.{4,200}|"
    r"(?:Pada|Tanggal)\b.{4,300}\b(?:menulis|wrote)|.{4,120}\bmenulis(?: pada)?\b.{0,120}|"
    r"Le\b.{4,300}\ba écrit|El\b.{4,300}\bescribió|[在於于].{4,300}(?:写道|寫道)|.{2,120}[于於在].{4,120}(?:写道|寫道))"
    r"\s*[:：]\s*",
    re.IGNORECASE | re.DOTALL,
)
_WROTE_BEGINS = re.compile(r"\s*(?:On|Am|Pada|Tanggal|Le|El)\b|\s*[在於于]|.*(?:写道|寫道|schrieb|menulis|wrote)", re.I)
_ORIGINAL = re.compile(
    r"\s*[-_—=*]{3,}\s*(?:original message|original-nachricht|ursprüngliche nachricht|pesan asli|pesan terusan|"
    r"weitergeleitete nachricht|forwarded message|原始邮件|原始郵件|邮件原件|原邮件|original appointment|reply message|"
    r"on .{4,200} wrote|am .{4,200} schrieb)\s*:?\s*[-_—=*]{3,}.*|"
    r"\s*(?:Begin forwarded message|Anfang der weitergeleiteten Nachricht)\s*:\s*",
    re.IGNORECASE,
)
_RULE = re.compile(r"\s*(?:_{10,}|-{20,}|—{6,})\s*")
_HEADER = re.compile(
    r"\s*\*?(?P<name>from|von|dari|de|发件人|寄件者|寄件人|發件人|sent|gesendet|terkirim|dikirim|date|datum|tanggal|"
    r"发送时间|发送日期|寄件日期|傳送時間|日期|to|an|kepada|ke|收件人|收件者|cc|抄送|副本|subject|betreff|subjek|perihal|主题|主題|主旨)"
    r"\*?\s*[:：]\*?\s*\S.*",
    re.IGNORECASE,
)
_FIRST_HEADERS = frozenset(("from", "von", "dari", "de", "发件人", "寄件者", "寄件人", "發件人"))
_SIGNATURE = re.compile(r"--\s?|—\s?")
# What programs write under a mail by themselves; "dikirim dari Surabaya" is somebody's own line.
_DEVICE = (
    r"(?:i-?phone|i-?pad|android|samsung|galaxy|huawei|honor|xiaomi|redmi|poco|oppo|vivo|realme|pixel|nokia|blackberry|"
    r"outlook|mail|gmail|yahoo|proton|gmx|web\.de|windows|thunderbird|ponsel|smartphone|handy|mobil\w*|telefon|phone|"
    r"手机|手機|邮箱|郵箱|邮件|郵件|电话|電話|小米|华为|華為)"
)
_MACHINE_LINE = re.compile(
    rf"\s*(?:(?:sent|get|gesendet|dikirim|terkirim|kirim|dapatkan|von mein\w*|diese nachricht wurde|holen sie sich)\b"
    rf".{{0,60}}{_DEVICE}.{{0,60}}|{_DEVICE}.{{0,20}}\b(?:beziehen|herunterladen)|"
    rf"(?:发自|發自|从|從|来自|來自|获取|取得|下載|下载|通过|透過).{{0,30}}{_DEVICE}.{{0,30}}|"
    r"outlook für \w{2,10} (?:beziehen|herunterladen)|yahoo mail: .{0,80}|virus-free\..{0,80})"
    r"(?:<https?://\S+>|https?://\S+)?[.。]?\s*",
    re.IGNORECASE,
)


def newly_written(text: str) -> str:
    """The sender's own new words in a mail's text; empty where there are none."""
    marked = MARK.search(text)
    whole = text[: marked.start()] if marked and _own(text[: marked.start()].splitlines()) else text
    return "\n".join(_own(whole.splitlines())).strip()


def _own(lines: list[str]) -> list[str]:
    """Lines without quotes: what is quoted by signs falls away line by line, what is not falls away to the end."""
    kept: list[str] = []
    place = 0
    while place < len(lines):
        line = lines[place].replace("\u00a0", " ")
        if _QUOTED.match(line):
            place += 1
            continue
        if width := _wrote(lines, place):
            if not _quotes_follow(lines, place + width):
                break  # the quoted mail stands there without signs, to the end
            place += width
            continue
        if MARK.search(line) or _ORIGINAL.fullmatch(line) or _is_header_block(lines, place):
            break
        kept.append(line.rstrip())
        place += 1
    return _unsigned(kept)


def _wrote(lines: list[str], place: int) -> int:
    """How many lines from here on say who wrote what follows; 0 if none do."""
    if not _WROTE_BEGINS.match(lines[place]):
        return 0
    joined = ""
    for width in range(1, 5):
        if place + width > len(lines) or (width > 1 and not lines[place + width - 1].strip()):
            return 0
        joined = f"{joined} {lines[place + width - 1].strip()}".strip()
        if _WROTE.fullmatch(joined) and re.search(r"\d|@", joined):
            return width
    return 0


def _quotes_follow(lines: list[str], place: int) -> bool:
    following = [line for line in lines[place : place + 4] if line.strip()]
    return bool(following) and _QUOTED.match(following[0]) is not None


def _is_header_block(lines: list[str], place: int) -> bool:
    """Whether a mail's headers begin here, as Outlook puts them above what it quotes; a rule may stand before them."""
    if _RULE.fullmatch(lines[place]):
        rest = [line for line in lines[place + 1 : place + 4] if line.strip()]
        return bool(rest) and _HEADER.fullmatch(rest[0]) is not None and _is_first(rest[0])
    if not _HEADER.fullmatch(lines[place]) or not _is_first(lines[place]):
        return False
    following = [line for line in lines[place + 1 : place + 8] if line.strip()][:4]
    return sum(_HEADER.fullmatch(line) is not None for line in following) >= 2


def _is_first(line: str) -> bool:
    hit = _HEADER.fullmatch(line)
    return hit is not None and hit["name"].lower() in _FIRST_HEADERS


def _unsigned(lines: list[str]) -> list[str]:
    for place, line in enumerate(lines):
        if _SIGNATURE.fullmatch(line) and any(other.strip() for other in lines[:place]):
            lines = lines[:place]
            break
    while lines and (not lines[-1].strip() or _MACHINE_LINE.fullmatch(lines[-1]) or _RULE.fullmatch(lines[-1])):
        lines = lines[:-1]
    return lines
