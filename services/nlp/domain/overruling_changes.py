"""What is said for certain of bookings that there are: moved, made longer or shorter, given up, or only weighed."""

from __future__ import annotations

import re

from services.nlp.domain.overruling import EXTRAS, OF_A_STAY, Rule

_STAY_NOUN = r"(?:reserva(?:cion)?|estadia|estancia|habitacion|booking|reservation|room)"
CHANGE_RULES = (
    Rule(  # the money of a booking is wanted back, and with it the booking given up
        says=re.compile(
            r"\b(?:reserva(?:cion)?|reserve|reservamos|booking|reservation|booked)\b[^.?!]{0,60}"
            r"\b(?:want|need|like|quiero|queremos|necesito|quisiera)\b[^.?!]{0,20}"
            r"\b(?:refund\w*|money back|reembolso|devoluci\w+|devuelvan|reembolsen)\b"
        ),
        unless=re.compile(r"\b(?:dirty|filthy|suci[ao]|broken|noise|ruido|wrong|charged|cobr\w+)\b"),
        told="cancellation_request",
        not_told=("modification_request", "general_inquiry", *OF_A_STAY),
    ),
    Rule(  # one of several rooms is given back
        says=re.compile(
            r"\b(?:release|drop|cancel|remove|give (?:back|up)|liber\w+|quit\w+|cancel\w+|devolv\w+)\b[^.?!]{0,12}"
            r"\b(?:1|one|una|uno) (?:of (?:the|my|our)|de (?:las|mis|nuestras)) (?:\d )?"
            r"(?:rooms|doubles|twins|suites|habitaciones|dobles)\b"
        ),
        told="modification_request",
        not_told=("cancellation_request", *OF_A_STAY),
    ),
    Rule(  # "¿y si la muevo a febrero?": what is moved is a stay that there is
        says=re.compile(
            r"\b(?:la|me la|nos la|se la) (?:muev\w+|movemos|corr[oae]\w*|recorr\w+|cambi[oae]\w*|pospon\w+|pospus\w+"
            r"|aplaz\w+|reagend\w+|reprogram\w+|pas(?:o|as|an|amos|a|e|es) (?:para|a(?! (?:recog|busc|llev))|al"
            r"|hasta))\b"
        ),
        unless=re.compile(r"\b(?:cama|bed|silla|tele\w*|maleta|ropa|sabana\w*|toalla\w*|habitacion|llave|tarjeta)\b"),
        told="modification_request",
        not_told=OF_A_STAY,
    ),
    Rule(  # somebody more, or something else, in a booking that there is
        says=re.compile(
            r"\b(?:en|a|de) (?:mi|nuestra) reserva(?:cion)?\b[^.?!]{0,25}\b(?:agreg|sum|anad|quit|cambi|inclu)\w+"
            r"|\b(?:agreg|sum|anad|quit|cambi)\w+\b[^.?!]{0,30}\b(?:en|a|de) (?:mi|nuestra) reserva(?:cion)?\b"
        ),
        unless=re.compile(rf"\b{EXTRAS}\b|\b(?:otra|nueva) reserva"),
        told="modification_request",
        not_told=OF_A_STAY,
    ),
    Rule(  # another day to come, and nothing given up
        says=re.compile(
            r"\b(?:no|can ?not|can'?t|won'?t|not|couldn'?t|unable)\b[^.?!]{0,30}\b(?:lleg\w+|entr\w+|estar|ir"
            r"|make it|get there"
            r"|arrive|come|be there)\b[^.?!]{0,30}\b(?:sino|but|only) (?:hasta |until |till )?(?:el|on|the)\b"
        ),
        unless=re.compile(r"\bcancel\w*|\banul\w*"),
        told="modification_request",
        not_told=("cancellation_request", "provide_info"),
    ),
    Rule(  # one guest more is a change, and no wish for a member of staff
        says=re.compile(
            r"\b(?:una?|otr[oa]|1) (?:persona|huesped|adulto) (?:mas|extra|adicional)\b|\botra persona (?:en|a|con"
            r"|va|viene)\b"
            r"|\b(?:1|one|an?|another|an extra) (?:more |extra |additional )?(?:person|guest|adult)\b(?= (?:in|to"
            r"|joining|coming|with us|more)\b)"
            r"|\b(?:add|bring) (?:1|one|an?|another) (?:more |extra )?(?:person|guest|adult)\b"
        ),
        told="modification_request",
        not_told=("human_request",),
    ),
    Rule(  # other days are thought of
        says=re.compile(
            r"\b(?:si|puedo|podria|podemos|y) (?:la |lo )?(?:paso|pasarl[ao]|muevo|moverl[ao]|cambio|dejo|corro"
            r"|correrl[ao]) (?:para|a) "
            r"(?:mas (?:adelante|tarde)|despues|otr[oa] (?:fecha|dia|semana|mes))\b"
            r"|\b(?:if|could|can) (?:i|we) (?:move|push|shift|put) (?:it|that) (?:to|off|back)\b"
        ),
        told="modification_request",
        not_told=("cancellation_request", "deny"),
    ),
    Rule(  # a wrong day in a booking that is made
        says=re.compile(
            r"\b(?:reserv\w+|book\w*)\b[^.?!]{0,40}\b(?:me|nos) equivo(?:que|camos) (?:de|con|en)\b"
            r"|\b(?:me|nos) equivo(?:que|camos) (?:de|con|en) [^.?!]{0,25}\b(?:reserv\w+|book\w*)\b"
            r"|\bbook\w*\b[^.?!]{0,30}\bwrong (?:dates?|days?|month|week|room)\b"
            r"|\bwrong (?:dates?|days?|month|week|room) (?:on|in|for) (?:my|our) (?:booking|reservation)\b"
        ),
        told="modification_request",
        not_told=("cancellation_request", *OF_A_STAY, "complaint"),
    ),
    Rule(  # what is struck off is the booking, and no list of addresses
        says=re.compile(
            rf"\b(?:dar|darme|doy|dame|den|dad|damos) de baja (?:a )?(?:una|la|mi|nuestra|esta|esa) {_STAY_NOUN}\b"
        ),
        told="cancellation_request",
        not_told=("opt_out", "modification_request"),
    ),
    Rule(  # what a cancellation would mean, which nobody has wished for yet
        says=re.compile(
            r"\b(?:(?:y si (?:la |lo )?cancel(?:o|amos)\b|si (?:la |lo )?cancel(?:o|amos) (?:antes|despues|el|un"
            r"|con|a|ahora|hoy|manana)\b"
            r"|si (?:la |lo )?cancel(?:o|amos)\b[^.!]{0,40}\?)|si (?:la |lo )?(?:cancelara|cancelase|cancelaramos"
            r"|tengo que cancelar|tuviera que cancelar"
            r"|necesito cancelar|quiero cancelar|tuvieramos que cancelar)\b|hasta (?:cuando|que (?:dia|fecha"
            r"|hora)) (?:se )?(?:puedo|podemos|pued[eo]n?|podria\w*)"
            r" cancelar|(?:what|how much|when|whats|how)\b[^.?!]{0,40}\b(?:if|when) (?:i|we) (?:have to |need to "
            r"|want to |had to )?cancel"
            r"|(?:if|in case) (?:i|we) (?:have to |need to |had to |want to )?cancel(?:led)?\b[^.!]{0,40}\?"
            r"|(?:until when|by when|how late|when) can (?:i|we) cancel)"
        ),
        unless=re.compile(
            r"\b(?:please cancel|cancel it\b|cancel[ae]l[ao]|(?<!puedo )(?<!podemos )cancelar mi|quiero cancelar la"
            r"|cancel my)\b"
        ),
        told="general_inquiry",
        not_told=("cancellation_request",),
    ),
    Rule(  # one of them stays at home, and the stay is not given up
        says=re.compile(
            r"\b(?:1|2|one|two) of (?:us|them|the \w+|our \w+)\b[^.?!]{0,15}\b(?:can'?t|cannot|isn'?t|is not|won'?t"
            r"|will not|aren'?t"
            r"|dropped|pulled|backed|bailed)\b"
            r"|\bun[oa] de (?:nosotr[oa]s|ell[oa]s|l[oa]s \w+)\b[^.?!]{0,15}\bno (?:puede|va|viene|podra)\b"
        ),
        unless=re.compile(r"\b(?:cancel\w*|anul\w*)\b"),
        told="modification_request",
        not_told=("cancellation_request", "emergency"),
    ),
    Rule(  # who thinks of coming has no booking to change
        says=re.compile(
            r"\b(?:quer(?:emos|ria|riamos)|quiero|quisiera(?:mos)?|pensamos|pienso|planeamos|planeo"
            r"|estamos (?:pensando|viendo)"
            r"|nos gustaria|me gustaria) (?:en )?(?:ir|visitar\w*|viajar|pasar|hospedar\w+|alojar\w+)\b"
            r"|\b(?:thinking of|planning (?:to|on)|hoping to|want to|would like to|'d like to) (?:com(?:e|ing)|visit\w*"
            r"|stay\w*)\b"
        ),
        unless=re.compile(
            r"\b(?:reserva\w*|booking|booked|cambi\w+|chang\w+|mov\w+|mas (?:noches|dias)|(?:noches?|dias?) mas|more"
            r"|extra|another|longer|instead|antes|despues|earlier|later)\b"
        ),
        told="availability_check",
        not_told=("modification_request",),
        score=0.6,
    ),
    Rule(  # a flight that was called off moves the arrival, and gives nothing up
        says=re.compile(
            r"\b(?:flight|plane|train|bus|vuelo|avion|tren|camion)\b[^.?!,]{0,15}\b(?:cancel\w*|delay\w*|retras\w+|demor\w+)\b"
            r"|\b(?:cancel\w+|retras\w+|demor\w+)(?: (?:el|mi|nuestro|our|my|the))? (?:flight|vuelo|avion|train|tren)\b"
        ),
        unless=re.compile(
            r"\b(?:cancel\w*|anul\w+)\b[^.?!]{0,12}\b(?:booking|reservation|room|stay|reserva\w*|habitaci\w+|estancia)\b"
            r"|\b(?:want|need|have|like|quiero|queremos|necesito|tengo que|tenemos que) (?:to )?cancel"
        ),
        told="modification_request",
        not_told=("cancellation_request", "out_of_scope", "service_request", *OF_A_STAY),
    ),
    Rule(  # which of the rates may be called off
        says=re.compile(
            r"\b(?:which|cual)(?: (?:1|one|rate|tarifa|of (?:them|those)|de (?:ellas|las 2)))?"
            r" (?:can (?:i|we)|could (?:i|we)|puedo|podemos|podria\w*|se puede)\b[^.?!]{0,10}\bcancel"
        ),
        told="general_inquiry",
        not_told=("cancellation_request",),
    ),
    Rule(  # who must leave today shortens a stay
        says=re.compile(
            r"\b(?:tengo|tenemos|debo|debemos|necesito) (?:que )?(?:irme|irnos|dejar el hotel|adelantar (?:mi|la"
            r"|nuestra)"
            r" salida)\b[^.?!]{0,20}\b(?:hoy|manana|antes)\b"
            r"|\b(?:i|we) (?:have|need|got) to (?:leave|go home|check ?out|fly home)\b[^.?!]{0,20}"
            r"\b(?:today|tomorrow|early|a day earlier)\b"
        ),
        unless=re.compile(
            r"\b(?:a las?|at|by|antes de las?|before) \d|\b(?:taxi|cab|uber|aeropuerto|airport|maletas?|bags)\b"
        ),
        told="modification_request",
        not_told=("general_inquiry", "cancellation_request", *OF_A_STAY),
    ),
    Rule(  # a stay that is moved
        says=re.compile(
            r"\b(?:muev[ae](?:me|nos)?l[ao]|(?:pas|cambi|corr)[ae](?:me|nos)?l[ao] (?:para|al?)\b|pospon\w+"
            r"|aplaz\w+|posterg\w+|reagend\w+"
            r"|reprogram\w+|(?:move|push|shift) (?:it|that|my booking|our booking|the booking)\b|postpone|reschedul\w+)"
        ),
        unless=re.compile(r"\b(?:taxi|mesa|table|masaje|massage|maleta\w*|equipaje|bags?|luggage|wake)\b"),
        told="modification_request",
        not_told=("provide_info", "cancellation_request"),
        score=0.95,  # surer than that a month is an answer
    ),
)
