"""What of a plain text is new, and what is the quoted thread and the signature. Quoted words are never acted on."""

from __future__ import annotations

import re

_DATE = r"(?=[^\n]{0,200}\d)"
_TIME = r"\b\d{1,2}[:.h]\d\d\b"
_ADDRESS = r"<\s?[^\s<>@]+@[^\s<>]+>"
# The rest of a line, and one more where it is wrapped.
_ANY_LINES = r"[^\n<>]{0,120}(?:\n[^\n<>]{0,80})?"
# "On Tue, … Ana wrote:" over at most three lines: clients wrap it.
_INTRODUCTIONS = (
    rf"On\b{_DATE}[^\n]{{3,200}}(?:\n[^\n]{{0,120}}){{0,2}}\bwrote\s*:[ \t]*$",
    rf"(?:E[ln]|O)\b{_DATE}[^\n]{{3,200}}(?:\n[^\n]{{0,120}}){{0,2}}"
    r"\b(?:escribi[oó]|ha\s+escrito|va\s+escriure|escribiu)\s*:[ \t]*$",
    rf"Em\b{_DATE}[^\n]{{3,200}}(?:\n[^\n]{{0,120}}){{0,2}}\bescreveu\s*:[ \t]*$",
    rf"Le\b{_DATE}[^\n]{{3,200}}(?:\n[^\n]{{0,120}}){{0,2}}\ba\s+écrit\s*:[ \t]*$",
    rf"Il\b{_DATE}[^\n]{{3,200}}(?:\n[^\n]{{0,120}}){{0,2}}\bha\s+scritto\s*:[ \t]*$",
    rf"W dniu\b{_DATE}[^\n]{{3,200}}(?:\n[^\n]{{0,120}}){{0,2}}\bnapisał(?:\(a\)|a)?\s*:[ \t]*$",
    # German, Danish, Dutch: the verb stands before the name. The time of day tells it from a guest's own sentence.
    r"(?:Am\b|Den\b|Op\b|\d)[^\n]{0,80}\d[:.]\d\d\b[^\n]{0,40}\b(?:schrieb|skrev|schreef)\b[^\n]{0,120}"
    r"(?:\n[^\n]{0,120})?:[ \t]*$",
    r"[^\n]{0,120}\b(?:wrote|escribi[oó]|escreveu)\b[^\n]{0,40}\d{4}[^\n]{0,40}:[ \t]*$",
    # Without a date the address tells it from a guest's own sentence.
    r"[^\n<>]{0,120}<[^\n<>@\s]+@[^\n<>\s]+>\s*"
    r"(?:wrote|escribi[oó]|escreveu|ha\s+scritto|a\s+écrit|schrieb[^\n]{0,80})\s*:[ \t]*$",
    r"\d{4}[-/年]\d{1,2}[-/月]\d{1,2}[^\n]{0,40}<[^\n<>]+@[^\n<>]+>\s*:[ \t]*$",
    # In any language: a time of day and an address in its brackets, and nothing behind them but a colon.
    rf"{_ANY_LINES}{_TIME}{_ANY_LINES}{_ADDRESS}[^\n<>]{{0,40}}:[ \t]*$",
    rf"[^\n<>]{{0,120}}{_ADDRESS}{_ANY_LINES}{_TIME}[^\n<>]{{0,60}}:[ \t]*$",
    rf"(?:Quoting|Citando|Zitat von|Citation de|En réponse à|Цитирую)[ \t][^\n]{{0,120}}{_ADDRESS}[ \t]*:[ \t]*$",
)
_FORMER = (
    r"(?:original[ea]?|d['’]origine|forwarded|reenviado|encaminhada|transféré|inoltrato|ursprüngliche|weitergeleitete|"
    r"oorspronkelijk|doorgestuurd|исходное|пересылаемое|перенаправленное|oryginalna)"
)
_LETTER = (
    r"(?:message|appointment|(?:e-?)?mail|mensaje|correo|mensagem|messaggio|nachricht|mitteilung|bericht|сообщение|письмо|"
    r"wiadomość)"
)
_BANNERS = (
    # "Original message", "forwarded message", in either order and in the languages guests' clients speak.
    rf"-{{2,}}\s*(?:{_FORMER}[- ]{_LETTER}|{_LETTER}[- ]{_FORMER})\s*-{{2,}}",
    # Zoho's rule with the words in it.
    rf"-{{2,}}[ \t]*(?:On|El|Em|Le|Il)\b{_DATE}[^\n]{{3,200}}"
    r"\b(?:wrote|escribi[oó]|escreveu|a écrit|ha scritto)[ \t]*-{2,}",
    r"_{20,}",
    r"(?:Begin forwarded message|Inicio del mensaje reenviado|Início da mensagem encaminhada|"
    r"Début du message (?:réexpédié|transféré)|Anfang der weitergeleiteten (?:Nachricht|E-Mail)|"
    r"Inizio messaggio inoltrato)\s*:",
)
# What stands around the names of fields where a client writes them bold.
_B = r"[*_]{0,2}"
_FIRST_FIELD = rf"{_B}(?:From|De)\s*:{_B}\s"
_SENT_FIELD = rf"[ \t]*{_B}(?:Sent|Enviad[oa](?: el| em)?)\s*:{_B}\s"
_NEXT_FIELD = (
    rf"[ \t]*{_B}(?:Sent|Date|To|Subject|Cc|Reply-To|Responder a|Enviad[oa](?: el| em)?|Fecha|Data|Para|Asunto|Assunto)"
    rf"\s*:{_B}\s"
)
_WRAPPED = r"(?:[^\n:]{1,120}\n)?"
# A guest who writes "From: 3 Dec, To: 6 Dec, Subject: a room for two" quotes nobody: an address has to stand in it, or
# when it was sent behind who sent it.
_HEADER_BLOCK = (
    rf"{_FIRST_FIELD}[^\n]{{1,200}}\n{_WRAPPED}{_SENT_FIELD}[^\n]*\n{_WRAPPED}{_NEXT_FIELD}",
    rf"{_FIRST_FIELD}(?=[^\n]{{0,200}}(?:\n[^\n:]{{0,120}})?@)[^\n]{{1,200}}\n{_WRAPPED}{_NEXT_FIELD}[^\n]*\n"
    rf"{_WRAPPED}{_NEXT_FIELD}",
    rf"{_B}(?:Date|Sent|Fecha|Enviado)\s*:{_B}\s[^\n]*\n(?:{_NEXT_FIELD}[^\n]*\n)?[ \t]*{_FIRST_FIELD}[^\n]{{0,200}}@",
)
# Outlook's in other languages: its second field is enough, nobody writes it by hand.
_FOREIGN_SENT = r"(?:Envoyé(?: le)?|Gesendet|Inviato|Отправлено|Verzonden|Wysłano|Sendt|Skickat)"
_FOREIGN_FROM = r"(?:De|Von|Da|Expéditeur|От(?: кого)?|Van|Od|Fra|Från)"
_FOREIGN_BLOCK = (
    rf"\*?{_FOREIGN_FROM}\s*:\*?\s[^\n]{{1,200}}\n[ \t]*\*?{_FOREIGN_SENT}\s*:|"
    rf"\*?{_FOREIGN_SENT}\s*:\*?\s[^\n]{{1,200}}\n[ \t]*\*?{_FOREIGN_FROM}\s*:"
)
# With a mere date: where one travels from and when would look alike, but for the address.
_DATED_BLOCK = (
    r"\*?(?:Da|Von|Van|От)\s*:\*?\s[^\n]{0,120}@[^\n]{1,80}\n[ \t]*\*?(?:Data|Datum|Дата)\s*:|"
    r"\*?(?:Datum|Дата)\s*:\*?\s[^\n]{1,80}\n[ \t]*\*?(?:Von|Van|От)\s*:[^\n]{0,120}@"
)
_STARTS = (*_INTRODUCTIONS, *_BANNERS, *_HEADER_BLOCK, _FOREIGN_BLOCK, _DATED_BLOCK)
_THREAD = re.compile(rf"^[ \t]*(?:{'|'.join(_STARTS)})", re.IGNORECASE | re.MULTILINE)
_SIGNATURE = re.compile(r"^--[ \t]?$", re.MULTILINE)
# What phones and mail programs sign with, in a line of its own. A guest's "Enviado desde mi banco" names none of them.
_PROGRAM = (
    r"(?:iPhone|iPad|Galaxy|Samsung|Huawei|Xiaomi|Redmi|Motorola|Xperia|Pixel|BlackBerry|Android|iOS|Outlook|Yahoo|Gmail|"
    r"AOL|Proton|iCloud|Spark|BlueMail|Mailbird|Superhuman|Aqua Mail|T-Mobile|Mail Orange|GMX|WEB\.DE|"
    r"Mail\.ru|Яндекс|(?:Mail|Correo) (?:for|para) "
    r"|mobile\b|m[oó]vil|celular|phone\b|tel[eé]fono|dispositivo|device\b|tablet|Nokia|OnePlus|OPPO|Moto )"
)
_SENT_WITH = (
    r"(?:Sent (?:from|via|with|by)|(?:Enviado|Mandado) (?:desde|con|v[ií]a|por mi|do|de|dende|a partir do)|"
    r"Enviat des del?|Отправлено (?:из|с)|"
    r"(?:Get|Obt(?:én|ener|er)(?: o)?|Descargar?|Télécharger)(?= Outlook| BlueMail| Spark)|"
    r"Envoyé (?:de|depuis|à partir d)|Gesendet (?:von|mit)|Von meinem|Inviato (?:da|dal)|Ver(?:zonden|stuurd) vanaf)"
)
_DEVICE = re.compile(
    rf"^[ \t]*[*_]?(?:Mensaje |Message )?{_SENT_WITH}[^\n]{{0,40}}{_PROGRAM}"
    r"(?![^\n]*\s(?:el|la|los|las|un|una|the|our|to)\b)[^\n]{0,80}$|"
    r"^[ \t]*(?:Outlook für (?:iOS|Android)|Yahoo Mail: [^\n]{1,60}|"
    r"Verzonden vanaf mijn [^\n]{1,40})[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_QUOTED_LINE = re.compile(r"[ \t]*>")


def split(text: str) -> tuple[str, str]:
    """The new words, and what was taken off: the thread below, quoted lines in between, the signature."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    cut = _THREAD.search(text)
    new, thread = (text[: cut.start()], text[cut.start() :]) if cut is not None else (text, "")
    kept, quoted = _without_quoted_lines(new)
    if not kept.strip() and thread:
        # Answers written below or between the quoted lines.
        kept, quoted = _without_quoted_lines(_after_introduction(thread))
        thread = quoted
        quoted = ""
    if not kept.strip() and not quoted.strip() and "@" not in thread[:400]:
        # Nothing would be left, and nothing proves that somebody else wrote it: "El 12 mi esposa les escribió: …"
        kept, thread = text, ""
    words, signature = _without_signature(kept)
    taken_off = "\n".join(part for part in (signature.strip(), quoted.strip(), thread.strip()) if part)
    return words.strip(), taken_off


def _without_quoted_lines(text: str) -> tuple[str, str]:
    kept: list[str] = []
    quoted: list[str] = []
    for line in text.split("\n"):
        (quoted if _QUOTED_LINE.match(line) else kept).append(line)
    return "\n".join(kept), "\n".join(quoted)


def _after_introduction(thread: str) -> str:
    """What follows an "… wrote:", if quoted lines follow it; a forwarded message has none and is nobody's answer."""
    introduced = _THREAD.match(thread)
    rest = thread[introduced.end() :] if introduced is not None else ""
    lines = [line for line in rest.split("\n") if line.strip()]
    return rest if lines and any(_QUOTED_LINE.match(line) for line in lines[:3]) else ""


def _without_signature(text: str) -> tuple[str, str]:
    """A program's line goes alone: some people write below it. Behind two dashes everything is a person's signature."""
    programs = [line.group().strip() for line in _DEVICE.finditer(text)]
    text = _DEVICE.sub("", text)
    found = _SIGNATURE.search(text)
    if found is None:
        return text, "\n".join(programs)
    return text[: found.start()], "\n".join([text[found.start() :].strip(), *programs])
