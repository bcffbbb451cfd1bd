"""What is read out of a mail: the new words, who wrote, whether that is proven, and whether a person did."""

import base64
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.gateway.channels.email.letter import Letter, read_letter
from services.gateway.channels.email.markup import split_html
from services.gateway.channels.email.quoting import split
from services.gateway.domain.message import MediaKind
from tests.support.gmail import ADDRESS, mail

SERVERS = {"mx.google.com"}
OURS = f"<out_{'0' * 20}@hotel.example>"
RELAYS = {"guest.booking.com"}


def read(raw: bytes, *labels: str) -> Letter:
    return read_letter(raw, labels=labels, own={ADDRESS}, servers=SERVERS, relays=RELAYS)


def test_words_person_subject_and_time_are_read() -> None:
    letter = read(
        mail(
            "Hola,\r\n¿hay lugar?\r\n",
            sender='"López, María" <Maria@Example.com>',
            subject="=?utf-8?q?Habitaci=C3=B3n?=",
        )
    )
    assert (letter.address, letter.display_name) == ("maria@example.com", "López, María")
    assert (letter.subject, letter.text) == ("Habitación", "Hola,\n¿hay lugar?")
    assert letter.send_time is not None
    assert letter.send_time.isoformat() == "2026-11-26T11:59:00+00:00"
    assert (letter.message_id, letter.ignored, letter.verified) == ("<1@example.com>", "", True)


@pytest.mark.parametrize(
    "thread",
    [
        "On Thu, 26 Nov 2026 at 10:00, Hotel Alameda <r@hotel.example> wrote:\n> CANCEL my booking",
        "On Thu, 26 Nov 2026 at 10:00,\nHotel Alameda\n<r@hotel.example> wrote:\n> CANCEL",
        "El jue, 26 nov 2026 a las 10:00, Hotel Alameda (<r@hotel.example>) escribió:\n> CANCELE",
        "El 26 nov 2026, a la(s) 10:00 a.m., Hotel Alameda <r@hotel.example> escribió:\n\nCANCELE",
        "Em qui., 26 de nov. de 2026 às 10:00, Hotel <r@hotel.example> escreveu:\n> CANCELE",
        "-----Original Message-----\nFrom: Hotel\nCANCEL",
        "-----Mensaje original-----\nDe: Hotel\nCANCELE",
        "----- Mensagem original -----\nCANCELE",
        "---------- Forwarded message ---------\nFrom: x\nCANCEL",
        "De: Hotel Alameda <r@hotel.example>\nEnviado: jueves, 26 de noviembre\nPara: María\nAsunto: x\nCANCELE",
        "*De:* Hotel\n*Enviado el:* jueves\n*Para:* María\n*Asunto:* x",
        "From: Hotel\nSent: Thursday\nTo: Maria\nSubject: x\nCANCEL",
        "________________________________\nFrom: Hotel\nCANCEL",
        "2026-11-26 10:00 GMT-06:00 Hotel <r@hotel.example>:\n> CANCEL",
        "> CANCEL\n> CANCEL again",
        "Le jeu. 26 nov. 2026 à 10:00, Hotel <r@hotel.example>\na écrit\xa0:\n> CANCEL",
        "Am Do., 26. Nov. 2026 um 10:00 Uhr schrieb Hotel <\nr@hotel.example>:\n\n> CANCEL",
        "Il giorno gio 26 nov 2026 alle ore 10:00 Hotel <r@hotel.example>\nha scritto:\n\n> CANCEL",
        "26. nov. 2026 kl. 10.00 skrev Hotel <r@hotel.example>:\n\n> CANCEL",
        "De : Hotel <r@hotel.example>\nEnvoyé : jeudi 26 novembre 2026 10:00\nÀ : Ana\nObjet : x\nCANCEL",
        "Von: Hotel\nGesendet: Donnerstag, 26. November 2026 10:00\nAn: Ana\nBetreff: x\nCANCEL",
        "De: r@hotel.example\nEnviada em: quinta-feira, 26 de novembro de 2026 10:00\nPara: Ana\nAssunto: x\nCANCELE",
        "---- El jue, 26 nov 2026 10:00:00 -0600 Hotel <r@hotel.example> escribió ----\n\nCANCELE",
        "En jueves, 26 de noviembre de 2026, 10:00:00 GMT-6, Hotel <r@hotel.example> escribió:\n\nCANCELE",
        "W dniu czw., 26 lis 2026 o 10:00 Hotel <r@hotel.example> napisał(a):\n\nCANCEL",
        "2026年11月26日(木) 10:00 Hotel <r@hotel.example>:\n\n> CANCEL",
        "Hotel Alameda <r@hotel.example> escribió:\n\nCANCELE",
        "Hotel <r@hotel.example> schrieb am Do., 26. Nov. 2026, 10:00:\n\nCANCEL",
        "Da: Hotel <r@hotel.example>\nData: giovedì, 26 novembre 2026\nA: Ana\nOggetto: x\nCANCEL",
        "From: r@hotel.example\nReply-To: r@hotel.example\nSent: Thu, 26 Nov 2026 10:00:00 +0000\nTo: a\nCANCEL",
        "**From:** Hotel <r@hotel.example>**On Behalf Of** Desk\n**Sent:** 26 November 2026\n**To:** Ana\nCANCEL",
        "De: Hotel Alameda\n<recepcion@hotel.example>\nEnviado el: jueves\nPara: Ana\nAsunto: x\nCANCELE",
        "De: r@hotel.example\nFecha: jueves, 26 de noviembre\nPara: Ana\nAsunto: x\nCANCELE",
        "Sent: Thursday, November 26, 2026 10:00 AM\nFrom: Hotel <r@hotel.example>\nTo: Ana\nCANCEL",
        "Date: Thu, 26 Nov 2026 10:00:00 -0600\nSubject: x\nFrom: r@hotel.example\nTo: ana@example.com\nCANCEL",
        "Gesendet: Donnerstag, 26. November 2026\nVon: Hotel\nAn: Ana\nCANCEL",
        "El El jue, 26 nov 2026 a la(s) 10:00 a.m., Hotel <\nr@hotel.example> escribió:\n\n> CANCELE",
        "El dj., 26 de nov. 2026, 10:00, Hotel <r@hotel.example> va escriure:\n> CANCELE",
        "O xov, 26 nov 2026 ás 10:00, Hotel (<r@hotel.example>) escribiu:\n> CANCELE",
        "Четверг, 26 ноября 2026, 10:00 +03:00 от Hotel <r@hotel.example>:\n\nCANCEL",
        '26.11.2026, 10:00, "Hotel" <r@hotel.example>:\n\nCANCEL',
        "чт, 26 нояб. 2026 г. в 10:00, Hotel <r@hotel.example>:\n\n> CANCEL",
        "Thursday, 26 November 2026 10:00 AM +03:00 from Hotel\n<r@hotel.example>:\n\nCANCEL",
        "Hotel <r@hotel.example>, 26 Kas 2026 Per, 10:00 tarihinde şunu yazdı:\n\n> CANCEL",
        "От: Hotel\nОтправлено: четверг, 26 ноября 2026 г. 10:00\nКому: Ana\nТема: x\nCANCEL",
        "-------- Пересылаемое сообщение --------\nCANCEL",
        "-----Original-Nachricht-----\nBetreff: x\nDatum: 26.11.2026\nVon: Hotel\nCANCEL",
        "Datum: 26.11.2026 10:00\nVon: Hotel <r@hotel.example>\nAn: Ana\nCANCEL",
        "----- Mail original -----\nDe: Hotel\nCANCEL",
        "-----E-mail d'origine-----\nDe : Hotel\nCANCEL",
        "Zitat von Hotel <r@hotel.example>:\n\n> CANCEL",
        "Citando a Hotel Alameda <r@hotel.example>:\n\n> CANCELE",
        "Anfang der weitergeleiteten Nachricht:\n\nVon: Hotel\nCANCEL",
    ],
)
def test_the_quoted_thread_is_taken_off_and_kept(thread: str) -> None:
    new, taken_off = split(f"Sí, confirmo.\n\n{thread}")
    assert new == "Sí, confirmo."
    assert taken_off.startswith(thread[:20].strip())
    assert "CANCEL" not in new


@pytest.mark.parametrize(
    "words",
    [
        "De: 3 de diciembre\nPara: 2 personas",
        "My wife wrote you on 12 May 2026 at 10:30 about a room",
        "El 3 de diciembre llegamos. ¿Qué escribió mi esposa?",
        "On Monday we arrive at 10:00",
        "Llegamos -- creo -- el lunes",
        "From: Madrid\nTo: the hotel, how long does it take?",
        "De: Madrid\nA: Cancún\nFecha: 3 dic",
        "Am 3. Dezember um 15:00 kommen wir. Mein Mann schrieb Ihnen schon.\nGruß: Ana",
        "Von meinem Fenster aus sehe ich das Meer.",
        "Da: Roma\nData: 3 dicembre\nA: Cancún",
        "En enero mi esposa les escribió: seguimos sin respuesta",
        "Enviado con mucho cariño desde Madrid",
        "From: 3 Dec\nTo: 6 Dec\nSubject: a room for two",
        "Hola:\nDe: Madrid\nPara: Cancún\nFecha: 3 dic\nAsunto: traslado",
        "El recepcionista de ayer, 12 de mayo, me escribió:\nque sí había lugar",
        "Enviado desde mi banco el pago de 2 noches.\n¿Lo recibieron?",
        "Enviado desde mi celular el comprobante",
        "Datum: 3. Dezember\nVon: Berlin\nZimmer: zwei",
        "Llegamos a las 15:30, mi correo es <ana@example.com>: ¿está bien?",
        "Sent from my bank: 2,000 pesos.\nDid it arrive?",
    ],
)
def test_a_guests_own_words_are_never_taken_for_a_quotation(words: str) -> None:
    assert split(words) == (words, "")


@pytest.mark.parametrize(
    "signature",
    ["-- \nMaría López\nTel. 55 1234", "--\nMaría", "Sent from my iPhone", "Enviado desde mi iPhone",
     "Enviado do meu iPhone", "Get Outlook for Android", "Obtener Outlook para iOS", "Envoyé de mon iPhone",
     "Von meinem iPhone gesendet", "Inviato da iPhone", "Enviado de Correo para Windows", "Obtén Outlook para iOS",
     "Enviado con Proton Mail", "Sent with Proton Mail secure email.", "Sent via the Samsung Galaxy S21",
     "Enviado do Yahoo Mail", "Télécharger Outlook pour iOS", "Verzonden vanaf mijn iPhone", "Sent from Samsung Mobile",
     "Mensaje enviado desde mi iPhone", "Enviado desde mi Samsung Mobile de Telcel", "Sent from a mobile device",
     "Get Outlook for iOS<https://aka.ms/x>", "*Enviado desde mi iPhone*", "Enviado desde un dispositivo móvil"],
)  # fmt: skip
def test_a_signature_is_taken_off_and_kept(signature: str) -> None:
    new, taken_off = split(f"Gracias\n\n{signature}")
    assert (new, taken_off) == ("Gracias", signature)


def test_words_below_the_line_of_a_mail_program_are_words() -> None:
    assert split("Enviado desde mi iPhone\n\nSí, confirmo")[0] == "Sí, confirmo"
    new, taken_off = split("Sí\n\nEnviado desde mi iPhone\n\n¿Hay alberca?\n\n> ¿Confirma?")
    assert new.split() == ["Sí", "¿Hay", "alberca?"]
    assert taken_off == "Enviado desde mi iPhone\n> ¿Confirma?"


def test_answers_below_the_quotation_are_found() -> None:
    new, taken_off = split(
        "On Thu, 26 Nov 2026, Hotel wrote:\n> ¿Cuántas noches?\nTres noches\n> ¿Cuántas personas?\nDos"
    )
    assert new == "Tres noches\nDos"
    assert "¿Cuántas personas?" in taken_off


@pytest.mark.parametrize(
    ("html", "new"),
    [
        ("<div>Sí</div><div class='gmail_quote'>El jue escribió:<blockquote>CANCELE</blockquote></div>", "Sí"),
        ("<p>Sí,<br>confirmo</p><div id='divRplyFwdMsg'><b>De:</b> Hotel</div><div>CANCELE</div>", "Sí,\nconfirmo"),
        ("<div>Sí</div><div id='appendonsend'></div><hr><div id='divRplyFwdMsg'>De: x</div><p>CANCELE</p>", "Sí"),
        ("<p>Sí</p><blockquote type='cite'>CANCELE</blockquote><p>gracias</p>", "Sí\ngracias"),
        ("<p>Sí</p><div class='yahoo_quoted'>CANCELE</div>", "Sí"),
        ("<p>Sí</p><div class='moz-cite-prefix'>On … wrote:</div><blockquote type='cite'>CANCELE</blockquote>", "Sí"),
        ("<style>p{}</style><script>CANCELE()</script><!-- CANCELE --><p>a&nbsp;b &lt;3</p>", "a b <3"),
        ("<table><tr><td>uno</td><td>dos</td></tr><tr><td>tres</td></tr></table>", "uno dos\ntres"),
        ("<div>Hola<div class='gmail_signature'>CANCELE SA</div></div>", "Hola"),
        ("<div>Sí<div><hr id='stopSpelling'>Date: jue<br>From: r@h<br><p>CANCELE</p></div></div>", "Sí"),
        ("<p>Sí</p><div class='ms-outlook-mobile-reference-message'><b>De:</b> x CANCELE</div>", "Sí"),
        ("<p>Sí</p><blockquote class='tutanota_quote'>CANCELE</blockquote>", "Sí"),
        ("<p>Sí</p><div name='quote'>Gesendet: jue<p>CANCELE</p></div>", "Sí"),
        ("<p>Sí</p><div class='OutlookMessageHeader'>De: x</div><p>CANCELE</p>", "Sí"),
    ],
)  # fmt: skip
def test_html_loses_what_it_marks_as_quoted(html: str, new: str) -> None:
    words, taken_off = split_html(html)
    assert words == new
    assert "CANCELE" not in words
    if "escribió" in html or "cite" in html:
        assert "CANCELE" in taken_off


def test_a_mail_of_html_alone_is_read_and_its_quotation_kept() -> None:
    html = "<div>Dos noches</div><div class='gmail_quote'>El hotel preguntó</div>"
    letter = read(mail(html, Content_Type="text/html; charset=utf-8"))
    assert (letter.text, letter.quoted_text) == ("Dos noches", "El hotel preguntó")


def composed(**parts: Any) -> EmailMessage:
    letter = EmailMessage()
    letter["From"] = "maria@example.com"
    letter["Message-ID"] = "<2@example.com>"
    letter.set_content(parts.get("plain", ""))
    if "html" in parts:
        letter.add_alternative(parts["html"], subtype="html")
    return letter


def test_plain_text_is_preferred_and_html_read_where_it_is_empty() -> None:
    assert read(composed(plain="simple", html="<p>rico</p>").as_bytes()).text == "simple"
    assert read(composed(plain=" \n", html="<p>rico</p>").as_bytes()).text == "rico"


def test_a_relay_of_an_agency_is_answered_at_the_relay() -> None:
    relayed = mail(sender="María via Agency <abc123@guest.booking.com>", Reply_To="somebody@elsewhere.example")
    assert read(relayed).address == "abc123@guest.booking.com"


def test_files_are_named_and_not_read() -> None:
    letter = composed(plain="Mi pago")
    letter.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="pago.pdf")
    letter.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="pago.png", disposition="inline")
    logo = {"filename": "logo.png", "disposition": "inline", "cid": "<logo>"}
    letter.add_attachment(b"\x89PNG", maintype="image", subtype="png", **logo)
    found = read(letter.as_bytes())
    assert found.text == "Mi pago"
    assert [(a.kind, a.file_name) for a in found.attachments] == [
        (MediaKind.DOCUMENT, "pago.pdf"), (MediaKind.IMAGE, "pago.png"),
    ]  # fmt: skip


PHOTO = ("image", "jpeg", b"\xff\xd8\xff" + bytes(60_000))


def mixed(*parts: Any, kind: str = "mixed") -> Letter:
    """A mail of parts in their order: words, files as (main, sub, bytes), mails that are handed on."""
    letter = EmailMessage()
    letter["From"], letter["Subject"], letter["Message-ID"] = "maria@example.com", "Reserva", "<3@example.com>"
    letter["Content-Type"] = f"multipart/{kind}"
    for part in parts:
        inner = EmailMessage()
        if isinstance(part, str):
            inner.set_content(part, subtype="html" if part.startswith("<") else "plain")
        elif isinstance(part, EmailMessage):
            inner.set_content(part)
        else:
            main, sub, content = part
            more = {"disposition": "inline", "cid": "<1>"} if main == "image" else {"disposition": "attachment"}
            inner.set_content(content, maintype=main, subtype=sub, filename=f"x.{sub}", **more)
        letter.attach(inner)
    return read(letter.as_bytes())


def test_words_go_on_below_a_photo() -> None:
    letter = mixed("Hola, miren:", PHOTO, "¿Es esta la suite?\n\nEnviado desde mi iPhone")
    assert letter.text == "Hola, miren:\n\n¿Es esta la suite?"
    assert [file.kind for file in letter.attachments] == [MediaKind.IMAGE]
    assert mixed("<p>Hola</p>", PHOTO, "<p>¿Es esta?</p>").text == "Hola\n\n¿Es esta?"


def test_the_same_words_as_text_and_as_html_are_said_once() -> None:
    assert mixed("Dos noches", "<p>Dos noches</p>").text == "Dos noches"


def test_a_mail_that_is_handed_on_and_a_text_that_is_attached_are_not_the_guests_words() -> None:
    other = composed(plain="CANCELE mi reserva")
    assert mixed("Miren", other).text == "Miren"
    assert mixed(other).text == ""
    assert mixed("Hola", ("application", "octet-stream", b"x"), ("text", "plain", b"CANCELE")).text == "Hola"


def test_a_subject_in_bytes_of_an_old_charset_is_read() -> None:
    raw = mail(subject="Habitación").replace("Habitación".encode(), "Habitación".encode("latin-1"))
    assert read(raw).subject == "Habitación"


@pytest.mark.parametrize(
    ("kind", "body", "words"),
    [
        ("text/plain; charset=iso-8859-1", "habitación".encode("latin-1"), "habitación"),
        ("text/plain; charset=no-such-charset", "habitación".encode(), "habitación"),
        ("text/plain", b"caf\xc3\xa9", "café"),
    ],
)
def test_words_in_any_charset_are_read(kind: str, body: bytes, words: str) -> None:
    head = mail("", Content_Type=kind).partition(b"\r\n\r\n")[0]
    assert read(head + b"\r\n\r\n" + body).text == words


def test_broken_base64_and_nesting_are_no_fault() -> None:
    packed = base64.b64encode(b"hola").decode() + "=x!"
    read(mail(packed, Content_Transfer_Encoding="base64"))
    read(mail("x", Content_Type="multipart/mixed"))
    read(mail("x", Content_Type='multipart/alternative; boundary="y"'))


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ({"Auto_Submitted": "auto-replied"}, "auto_submitted"),
        ({"Auto_Submitted": "auto-generated; x=y"}, "auto_submitted"),
        ({"Auto_Submitted": "no"}, ""),
        ({"subject": "Respuesta automática: Reserva"}, "out_of_office"),
        ({"subject": "Automatic reply: Booking"}, "out_of_office"),
        ({"subject": "Out of Office: Re: Booking"}, "out_of_office"),
        ({"subject": "Fuera de la oficina el lunes, ¿puedo llegar tarde?"}, ""),
        ({"Precedence": "bulk"}, "bulk"),
        ({"Precedence": "List"}, "bulk"),
        ({"Precedence": "junk"}, "bulk"),
        ({"List_Id": "<news.example.com>"}, "list_or_auto_reply"),
        ({"X_Autoreply": "yes"}, "list_or_auto_reply"),
        ({"List_Post": "<mailto:talk@example.com>"}, "list_or_auto_reply"),
        ({"List_Unsubscribe": "<mailto:stop@example.com>"}, "newsletter"),
        ({"List_Unsubscribe": "<mailto:stop@example.com>", "In_Reply_To": OURS}, ""),
        ({"List_Unsubscribe": "<mailto:stop@example.com>", "In_Reply_To": "<1@example.com>"}, "newsletter"),
        ({"Precedence": "bulk", "In_Reply_To": OURS}, "bulk"),
        ({"Precedence": "list", "List_Id": "Reservas <reservas.hotel.example>"}, ""),
        ({"Precedence": "list", "List_Id": "<reservas.hotel.example.org>"}, "bulk"),
        (
            {"sender": "Ana <1-a@guest.booking.com>", "Precedence": "bulk", "List_Unsubscribe": "<https://x.example>"},
            "",
        ),
        ({"sender": "Ana <1-a@guest.booking.com>", "Auto_Submitted": "auto-generated"}, "auto_submitted"),
        ({"X_Auto_Response_Suppress": "OOF, AutoReply"}, "no_answers_wanted"),
        ({"X_Auto_Response_Suppress": "DR, RN, NRN"}, ""),
        ({"subject": "Abwesenheitsnotiz: Zimmer"}, "out_of_office"),
        ({"subject": "Undelivered Mail Returned to Sender"}, "daemon"),
        ({"subject": "Re: Delivery Status Notification (Failure)"}, ""),
        ({"sender": "calendar-noreply@example.com"}, "daemon"),
        ({"sender": "no_reply2@example.com"}, "daemon"),
        ({"sender": "nao-responda@example.com"}, "daemon"),
        ({"sender": "norepliana@example.com"}, ""),
        ({"Return_Path": "<>"}, "empty_return_path"),
        ({"sender": "MAILER-DAEMON@example.com"}, "daemon"),
        ({"sender": "Mail Delivery Subsystem <mailer-daemon@googlemail.com>"}, "daemon"),
        ({"sender": "no-reply@example.com"}, "daemon"),
        ({"sender": "noreply-booking@example.com"}, "daemon"),
        ({"Content_Type": "multipart/report; report-type=delivery-status; boundary=x"}, "daemon"),
        ({"sender": f"Hotel <{ADDRESS.upper()}>"}, "own_address"),
        ({"sender": "nobody"}, "no_sender"),
    ],
)
def test_robots_and_ourselves_are_not_answered(headers: dict[str, str], why: str) -> None:
    assert read(mail(**headers)).ignored == why


@pytest.mark.parametrize("label", ["SENT", "DRAFT", "SPAM", "TRASH", "\\Draft"])
def test_what_is_not_in_the_inbox_is_not_answered(label: str) -> None:
    assert read(mail(), "INBOX", label).ignored == "not_inbox"


PASS = (
    "mx.google.com; dkim=pass header.i=@example.com header.s=x; spf=pass smtp.mailfrom=x; "
    "dmarc=pass (p=REJECT) header.from=example.com"
)


@pytest.mark.parametrize(
    ("results", "sender", "verified"),
    [
        (PASS, "maria@example.com", True),
        (PASS, "maria@other.com", False),
        ("mx.google.com; dkim=pass header.i=@example.com", "maria@example.com", True),
        ("mx.google.com; dkim=pass header.d=example.com", "maria@mail.example.com", True),
        ("mx.google.com; dkim=pass header.d=mail.example.com", "maria@example.com", False),
        ("mx.google.com; dkim=pass header.d=com", "maria@example.com", False),
        ("mx.google.com; spf=pass smtp.mailfrom=maria@example.com", "maria@example.com", False),
        ("mx.google.com; dmarc=fail header.from=example.com", "maria@example.com", False),
        ("mx.google.com; dkim=fail (dmarc=pass header.from=example.com) x=y", "maria@example.com", False),
        ("mx.evil.example; dmarc=pass header.from=example.com", "maria@example.com", False),
        ("mx.google.com.evil.example; dmarc=pass header.from=example.com", "maria@example.com", False),
        ("", "maria@example.com", False),
    ],
)  # fmt: skip
def test_only_our_own_servers_findings_prove_a_sender(results: str, sender: str, verified: bool) -> None:
    assert read(mail(sender=sender, Authentication_Results=results)).verified is verified


def test_findings_below_the_topmost_are_the_senders_own() -> None:
    forged = b"Authentication-Results: mx.google.com; dmarc=pass header.from=example.com\r\n"
    assert not read(mail(verified=False).replace(b"From:", forged + b"From:", 1)).verified
    assert not read(mail().replace(b"From:", b"From: other@example.com\r\nFrom:", 1)).verified


@given(st.binary(max_size=2000))
@settings(max_examples=150, deadline=None)
def test_no_bytes_make_a_fault(raw: bytes) -> None:
    read(raw)
    read(mail() + raw)
    read(raw[:200].replace(b"\n", b"") + b"\r\n" + mail(Content_Type="text/html") + raw)


@given(st.text(max_size=500))
@settings(max_examples=150, deadline=None)
def test_no_words_are_lost(text: str) -> None:
    new, taken_off = split(text)
    kept = "".join((new + taken_off).split())
    for word in text.replace(">", " ").split():
        assert word in kept or not word.strip("-_")
