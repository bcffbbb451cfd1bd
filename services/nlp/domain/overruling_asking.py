"""What is said for certain of questions: rules, taxes and money, a wheelchair's way in, an hour on the last day."""

from __future__ import annotations

import re

from services.nlp.domain.overruling import OF_A_STAY, Rule

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
