"""What is said for certain of questions: rules, taxes and money, a wheelchair's way in, an hour on the last day."""

from __future__ import annotations

import re

from services.nlp.domain.overruling import OF_A_STAY, Rule
from services.nlp.domain.overruling_house import ACUTE

_POLICY = (
    r"\b(?:cancell?ation|cancell?ing|refund) (?:polic(?:y|ies)|rules?|terms|conditions|charges?|fees?)\b"
    r"|\b(?:politicas?|condiciones|reglas) (?:de|para) (?:la )?(?:cancelacion|cancelar|reembolso)\b"
)
_GIVING_UP = (
    r"\b(?:canc|kansel|eras\w+|scratch|bail|abandon|rescind|descart|imprevisto|tumb[ae]|(?:is|are|'s) off\b"
    r"|pull the plug"
    r"|(?:echar|tirar|volver)\w* (?:para |pa )?atras|(?:cay[oe]|frustr\w+|arruin\w+) (?:el|la|nuestro|mi) (?:viaje"
    r"|plan|boda|evento)"
    r"|no se (?:hace|hizo|va a hacer|dio|pudo)"
    r"|anul|call\w* (?:\w+ )?off|back(?:ing)? out|pull(?:ing)? out|scrap|drop|give up|forget (?:it|the"
    r"|about)|"
    r"no longer|not (?:going to|coming|able|make|be )|(?:wo|ca|could|did)n'?t|cannot|unable|won'?t|don'?t (?:need|want)"
    r"|release"
    r"|chang\w+ (?:of |my |our )*(?:mind|plans?)|fell through|refund|money back|reembols|devol|ya no"
    r"|dar(?:me)? de baja|de baja"
    r"|no (?:\w+ ){0,3}(?:ir|iremos|vamos|voy|viaj\w*|lleg\w*|pod\w+|pued\w+|asist\w*|venir|vendr\w+|necesit\w+)|desist"
    r"|desh?ac|suspend|olvid|sin efecto|dej\w+ sin|borr|elimin|quit|retir|remove|delete|undo|withdraw|abort|nix|axe"
    r"|kill)"
)
ASKING_RULES = (
    Rule(  # nothing is given up without a word of giving up
        says=re.compile(r"^"),
        unless=re.compile(_GIVING_UP),
        not_told=("cancellation_request",),
    ),
    Rule(  # which of the rates can be given up
        says=re.compile(
            r"\b(?:is|are|was)\b[^.?!]{0,35}\b(?:can|can'?t|cannot) (?:be )?cancel\w*\W*(?:$|\?|right|or not)"
        ),
        told="general_inquiry",
        not_told=("cancellation_request", "deny"),
        score=0.9,
    ),
    Rule(  # why, by when and at what cost a booking is given up is asked; nobody gives one up by asking
        says=re.compile(
            r"\b(?:why|how come|por que|para que)\b[^.?!]{0,40}\b(?:cancel\w*|anul\w+)"
            r"|\b(?:latest|last (?:day|date|moment)|deadline|how (?:late|long|many days)|(?:up )?(?:to|until|till) when"
            r"|hasta (?:cuando|que (?:dia|fecha|hora))|con cuant\w+ (?:dias|tiempo|anticipacion|antelacion)"
            r"|fecha limite|plazo)\b"
            r"[^.?!]{0,40}\b(?:cancel\w*|anul\w+)"
        ),
        unless=re.compile(
            r"\b(?:please cancel|want to cancel|need to cancel|cancel my|cancel[ae]l[ao]|quiero cancelar)\b"
        ),
        told="general_inquiry",
        not_told=("cancellation_request", *OF_A_STAY),
        score=0.9,
    ),
    Rule(  # how many a room takes
        says=re.compile(
            r"\bhow many (?:people|persons|guests|adults|beds|kids|children)\b[^.?!]{0,15}"
            r"\b(?:can|does|do|fit|sleep|are|has|have)\b"
            r"|\bcuant[ao]s (?:personas|adultos|huespedes|ninos|camas)\b[^.?!]{0,15}"
            r"\b(?:caben|entran|duermen|tiene\w*|hay|trae\w*|pueden)\b"
        ),
        unless=re.compile(r"\b(?:my|our|mi|nuestra) (?:booking|reservation|reserva\w*)\b|\d"),
        told="general_inquiry",
        not_told=OF_A_STAY,
    ),
    Rule(  # a free hour of the spa or a table is no room
        says=re.compile(
            r"\b(?:spa|sauna|massage|masaje|gym|gimnasio|pool|piscina|alberca|table|mesa|restaurante?)\b[^.?!]{0,25}"
            r"\b(?:slots?|openings?|available|free|huecos?|libres?|disponib\w+|turnos?)\b"
            r"|\b(?:slots?|openings?|huecos?|turnos?)\b[^.?!]{0,20}"
            r"\b(?:spa|sauna|massage|masaje|gym|gimnasio|pool|piscina|alberca|restaurante?)\b"
        ),
        unless=re.compile(
            r"\b(?:rooms?|habitacion\w*|cuartos?|noches?|nights?|suites?|double|doble|free for guests)\b"
        ),
        told="general_inquiry",
        not_told=OF_A_STAY,
    ),
    Rule(  # to come in before the hour
        says=re.compile(
            r"\b(?:can|could|may|puedo|podemos|podria(?:mos)?|se puede) (?:i |we |you let us )?"
            r"(?:get in|check[ -]?in|entrar|ingresar|hacer (?:el )?check[ -]?in)\b"
            r"[^.?!]{0,15}\b(?:early|earlier|before|antes|temprano)\b"
        ),
        unless=re.compile(r"\b(?:instead|chang\w+|cambi\w+|en (?:lugar|vez) de)\b"),
        told="general_inquiry",
        not_told=("modification_request", *OF_A_STAY),
    ),
    Rule(  # less for whoever asks, before anything is priced
        says=re.compile(
            r"\b(?:tienen|tenes|hay|ofrecen|manejan|hacen|do you have|do you (?:do|offer)|are there|any)\b[^.?!]{0,20}"
            r"\b(?:promoci\w+|promos?|ofertas?|descuentos?|special offers?|specials|discounts?|deals)\b"
        ),
        unless=re.compile(
            r"\b(?:habitaci\w+|cuartos?|rooms?|doubles?|dobles?|suites?|twin|familiar)\b|\b(?:para|for) \d|\d (?:de"
            r"|of) "
        ),
        told="general_inquiry",
        not_told=OF_A_STAY,
    ),
    Rule(  # a paper for the books
        says=re.compile(
            r"\b(?:need|want|like|require|send|get|have|give|issue|email|provide)\b[^.?!]{0,25}"
            r"\b(?:(?:an?|the|my|our|your|tax|vat|company|proper) )+(?:invoice|receipt)\b"
        ),
        unless=re.compile(r"\b(?:wrong|complain\w*|mistake|error|incorrect\w*|twice)\b"),
        told="general_inquiry",
        not_told=("out_of_scope",),
        score=0.7,
    ),
    Rule(  # what one does around the house is asked of the house
        says=re.compile(
            r"\b(?:lift|ski) pass(?:es)?\b|\bski (?:hire|rental|school|lessons?|lockers?)\b|\b(?:day trips?|excursions?"
            r"|boat trips?|bike hire|forfaits?)\b"
        ),
        unless=re.compile(r"\b(?:poem|song|story|limerick|essay|joke|poema|cancion|chiste)\b"),
        told="general_inquiry",
        not_told=("out_of_scope",),
        score=0.6,
    ),
    Rule(  # about what somebody writes
        says=re.compile(
            r"\b(?:about|regarding|concerning|re:?|por lo de|sobre|acerca de|respecto (?:a|de)|referente a)(?:l| the"
            r"| my"
            r"| our| an?| mi| la| el| nuestra| una)? (?:invoice|receipt|factura|recibo)\b"
        ),
        unless=re.compile(r"\b(?:wrong|complain\w*|charged|quej\w+|cobr\w+|mal|error|equivocad\w+|incorrect\w*)\b"),
        told="general_inquiry",
        not_told=("provide_info",),
    ),
    Rule(  # somebody who only comes to see a guest
        says=re.compile(
            r"\b(?:see me|visit me|visit us|verme|vernos|visitarme|visitarnos|a visitor|visitors"
            r"|visitas?)\b[^.?!]{0,25}"
            r"\b(?:room|habitacion|cuarto|hotel)\b"
        ),
        unless=ACUTE,
        told="general_inquiry",
        not_told=("emergency", *OF_A_STAY),
    ),
    Rule(  # flights, parcels and orders are other people's business
        says=re.compile(
            r"\b(?:chang\w+|cancel\w*|book|reserv\w+|cambi\w+|mover|track|rastre\w+|refund|where is|donde esta"
            r"|when (?:does|will|is)|cuando (?:llega|viene|sale))\b[^.?!]{0,20}"
            r"\b(?:(?:seat|asiento|flights?|vuelos?|parcels?|paquetes?|courier|train ticket|boarding pass"
            r"|pase de abordar)\b"
            r"|(?:order|pedido) (?:number |no\.? |numero )?#?\d)"
        ),
        unless=re.compile(
            r"\b(?:hotel|rooms?|habitacion\w*|cuarto|reserva(?:cion)?(?:es)?|booking|reservation|stay|estancia|check"
            r"|noches?|nights?|reception|recepcion|desk|transfer|traslado|pick\w*|recog\w+|taxi|my flight (?:is|was)"
            r"|here|aqui|with you|car seat|high|bebe|baby|desayuno|breakfast|package (?:deal|rate))\b"
        ),
        told="out_of_scope",
        not_told=("modification_request", "cancellation_request", "general_inquiry", "provide_info", *OF_A_STAY),
    ),
    Rule(  # "why not?" wants a reason and refuses nothing
        says=re.compile(r"^\W*(?:but )?(?:why(?: not| is that| so)?|(?:y |pero )?por que(?: no)?|how come)\W*$"),
        told="general_inquiry",
        not_told=("deny", "out_of_scope"),
        score=0.6,
    ),
    Rule(  # the rules of canceling, with nothing to be canceled in them
        says=re.compile(_POLICY),
        unless=re.compile(r"\b(?:(?:please|to|must|can you|just) cancel|cancel (?:my|our|it)|cancelar mi|cancelen)\b"),
        told="general_inquiry",
        not_told=("cancellation_request", *OF_A_STAY),
        score=0.9,
    ),
    Rule(  # what a price has in it, and in which money it is
        says=re.compile(
            r"\b(?:with|includ\w+|plus|before|after|without|incl) (?:the |all |any )?(?:tax(?:es)?|vat)\b"
            r"|\b(?:taxes|tax|vat) (?:are |is )?(?:included|incl|extra|on top)\b"
            r"|\b(?:con|sin|incluye\w*|mas) (?:el |los )?(?:impuestos?|iva)\b"
            r"|^\W*(?:(?:ok|and|so|what|how much|what'?s|whats|is|that|it|the price|y|en|cuanto|es|seria)\W+)*"
            r"(?:in|en) (?:us )?(?:dollars|usd|pounds|gbp|euros?|eur|pesos|dolares|canadian dollars|cad)\W*$"
        ),
        told="general_inquiry",
        not_told=("out_of_scope", *OF_A_STAY),
    ),
    Rule(  # what all of it comes to
        says=re.compile(
            r"\b(?:what'?s|whats|what is|what would|how much is|give me|tell me)\b[^.?!]{0,12}"
            r"\b(?:grand|final|full|overall|new|whole|complete) (?:total|price|amount|cost)\b"
        ),
        told="availability_check",
        not_told=("out_of_scope",),
    ),
    Rule(  # whoever uses a wheelchair is in no danger
        says=re.compile(
            r"\b(?:wheel ?chair|roll[ -]?in shower|step[ -]free|grab (?:rail|bar)s?|silla de ruedas"
            r"|walking (?:frame|stick)|zimmer frame|reduced mobility|movilidad reducida)\b"
        ),
        unless=re.compile(
            r"\b(?:fell|fallen|falling|stuck|trapped|broken|stolen|help|hurt\w*|cay[oe]\w*|se cayo|atrapad\w+|atorad\w+"
            r"|ambulan\w+|bleed\w*|sangr\w+|lift is|elevator is)\b"
        ),
        told="general_inquiry",
        not_told=("emergency", "out_of_scope"),
    ),
    Rule(  # the same in Spanish
        says=re.compile(r"\bqued(?:ar|armos|arnos|arme|o|amos)\w*\b[^.?!]{0,25}\bhasta las? (?:\d|una)"),
        unless=re.compile(r"\b(?:reserv\w+|doble|suite|cuarto para|habitacion para)\b"),
        told="general_inquiry",
        not_told=OF_A_STAY,
    ),
    Rule(  # until an hour of the last day
        says=re.compile(
            r"\b(?:can|could|may|might|possible|ok(?:ay)?|allowed)\b[^.?!]{0,20}"
            r"\b(?:stay|remain|be in the room|(?:keep|use|have) (?:the|my|our) room)"
            r"(?: on| in| here| in (?:the|my|our) room| a bit| longer)* (?:until|untill|till?|'til|past|up to)"
            r" (?:like |about |around |maybe )?(?:noon|midday|(?:1[0-9]|[1-9])(?::\d\d)?"
            r"(?: ?(?:am|pm|a\.m|p\.m|o'?clock))?(?= *(?:$|[?.,!]|please|on |or |the last|that day)))"
        ),
        told="general_inquiry",
        not_told=OF_A_STAY,
    ),
)
