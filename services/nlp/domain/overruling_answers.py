"""What is said for certain by answers and asides: taken, left open, mistaken, on the way, asked once more."""

from __future__ import annotations

import re

from services.nlp.domain.overruling import OF_A_STAY, Rule

_RATE = (
    r"(?:(?:la )?(?:tarifa )?(?:sin reembolso|no reembolsable|nrf|flexible)"
    r"|(?:the )?(?:non[ -]?refundable|flexible|flex)(?: rate| one)?)"
)
ANSWER_RULES = (
    Rule(  # a rate that is found good
        says=re.compile(
            rf"^\W*(?:\w+\W+){{0,2}}?{_RATE} (?:\w+ )?(?:esta (?:bien|perfect[oa])|va bien|me (?:sirve"
            rf"|parece(?: bien)?|va)"
            rf"|is (?:ok(?:ay)?|fine|good|perfect)|works|will do)\b"
        ),
        told="provide_info",
        not_told=("complaint", "compliment"),
    ),
    Rule(  # who made a booking is told, and no change wished for
        says=re.compile(
            r"\b(?:l[ao] (?:hizo|reservo|saco)|(?:la reserva|reserva\w*) l[ao] hizo) (?:mi|el|la|un|una)\b"
            r"|\b(?:my|the) \w+ (?:made|booked) (?:it|the booking|the reservation)\b"
        ),
        unless=re.compile(r"\b(?:cambi\w+|modific\w+|change|move)\b"),
        told="provide_info",
        not_told=("modification_request", "deny"),
        score=0.6,
    ),
    Rule(  # what there is will do
        says=re.compile(
            r"^\W*(?:(?:ok|bueno|pues|no se|me da igual|well|sure)\W+)*(?:(?:la|el|lo) que (?:haya|tengan?|sea"
            r"|quede|este"
            r"|convenga|me recomiende)|whatever (?:you have|is (?:left|free|available))|any (?:one )?(?:is fine"
            r"|will do|of them)"
            r"|either(?: one)?(?: is fine)?|you (?:choose|decide)|usted (?:decida|elija)"
            r"|cualquiera(?: de las dos)?)\W*$"
        ),
        told="provide_info",
        not_told=("greeting", "goodbye", "out_of_scope", "compliment"),
    ),
    Rule(  # a mistake in what was just told or booked
        says=re.compile(
            r"^\W*(?:(?:perdon|disculp\w+|ay|uy|sorry|oops|oh|no)\W+)*(?:me equivoque|nos equivocamos|my mistake"
            r"|i made a mistake"
            r"|i got (?:it|the dates?|that) wrong|i meant|quise decir|era en realidad)\b"
        ),
        not_told=("complaint", "out_of_scope"),
    ),
    Rule(  # whether it could be changed some day is asked of the rule
        says=re.compile(
            r"\b(?:se pued\w+|puedo|podria(?:mos)?|podemos|can (?:i|we|it)|could (?:i|we)|is it possible to"
            r"|me dejan)\b[^.!]{0,20}"
            r"\b(?:cambi\w+|mover\w*|modific\w+|chang\w+|move)\b[^.!]{0,25}"
            r"\b(?:despues|luego|mas adelante|mas tarde|later|afterwards|at a later|si (?:algo|surge|hay|me sale)"
            r"|if (?:something|plans))\b[^.!]*\?"
        ),
        unless=re.compile(
            r"\d|\b(?:llegada|entrada|arrival|check[ -]?in|para (?:despues|luego|mas)|(?:to|for) (?:a )?later)\b"
        ),
        told="general_inquiry",
        not_told=("modification_request",),
    ),
    Rule(  # a price once more
        says=re.compile(
            r"^\W*(?:(?:espera|espere|perdon|disculpa|disculpe|oye|oiga|a ver|y|pero|wait|sorry|hold on|hang on|and"
            r"|but|ok|ah)\W+)*"
            r"(?:(?:en )?cuanto (?:era|es|fue|seria|quedo|quedaba|habia dicho|dijo|dijiste|dijeron"
            r"|me dijo)(?: que (?:era|es))?"
            r"(?: (?:el |en )?total| todo)?|cual (?:era|es) (?:el )?(?:total|precio)"
            r"|how much (?:was|is|were) (?:it|that|the total|we)(?: again| in total| altogether)?"
            r"|what (?:was|is) the (?:total|price)(?: again)?)\W*$"
        ),
        told="general_inquiry",
        not_told=("out_of_scope", "provide_info", *OF_A_STAY),
    ),
    Rule(  # what a stay costs together with a meal is asked of the meal, too
        says=re.compile(
            r"\b(?:cuanto|precio|costo|cuesta|sale|how much|price|cost)\b[^.!]{0,40}\b(?:con (?:el )?"
            r"|incluyendo (?:el )?|mas (?:el )?"
            r"|with (?:the )?|including |plus )(?:desayunos?|breakfasts?)\b"
        ),
        told="general_inquiry",
    ),
    Rule(  # the room that was offered is taken
        says=re.compile(r"^\W*(?:(?:ok|bueno|va|dale|si|entonces|pues|listo|ya)\W+)*me l[ao]s? (?:quedo|llevo|tomo)\b"),
        unless=re.compile(r"\bcon\b"),
        told="confirm",
        not_told=("emergency", "complaint", "out_of_scope"),
    ),
    Rule(  # "if it's more expensive, no": what is decided depends on what is not known yet
        says=re.compile(r"^\W*(?:pero )?(?:si|if)\b(?!,)[^,.;]{4,40},? (?:no|then no|mejor no)\W*$"),
        told="provide_info",
        not_told=("deny", "confirm"),
        score=0.55,
    ),
    Rule(  # not to know is no refusal
        says=re.compile(
            r"^\W*(?:(?:es que|pues|mmm*|uy|ay|la verdad|honestly|well|hmm+|um+)\W+)*(?:(?:todavia"
            r"|aun) no (?:l[ao]s? )?(?:se|sabemos)\b"
            r"|no (?:l[ao]s? )?(?:se|sabemos|sabria|estoy segur\w+|estamos segur\w+|tengo (?:idea|claro))\b"
            r"|(?:i|we) (?:do ?n'?t|do not) know|(?:i'?m |we'?re )?not (?:really |quite )?sure)"
        ),
        told="provide_info",
        not_told=("deny", "confirm", "out_of_scope"),
        score=0.55,
    ),
    Rule(
        says=re.compile(
            r"^\W*(?:y )?(?:como|en cuanto|cuanto) (?:me |nos )?(?:sale|saldria|queda|quedaria|es|seria|cuesta"
            r"|costaria)\W*$"
        ),
        told="general_inquiry",
        not_told=("out_of_scope", "provide_info"),
    ),
    Rule(  # a sum that is checked
        says=re.compile(
            r"\b(?:(?:pago|pagaria|pagamos|pagariamos|seria|serian|son|me sale|nos sale"
            r"|total)\b[^?]{0,20}\d{2,}[\d.,]*[^?]{0,20}(?:,| )(?:no|verdad|cierto|correcto|si)\?"
            r"|(?:that'?s|it'?s|pay|comes to|total)\b[^?]{0,20}\d{2,}[\d.,]*[^?]{0,20}(?:right|correct|yes|yeah"
            r"|total)\?)"
        ),
        told="general_inquiry",
        not_told=("provide_info", *OF_A_STAY),
    ),
    Rule(  # late, and coming all the same
        says=re.compile(
            r"\b(?:won'?t|will not|not going to|can'?t|no (?:voy a|vamos a|podemos|puedo)?)\s?(?:get|be|arrive"
            r"|make it|come|reach|lleg\w+|estar\w*)\b[^.?!]{0,25}"
            r"\b(?:til|till|until|before|hasta|antes de)\b[^.?!]{0,12}(?:\d|noon|midnight|midday|medianoche"
            r"|mediodia|madrugada)"
        ),
        told="provide_info",
        not_told=("cancellation_request", "complaint"),
    ),
    Rule(  # by which flight one comes
        says=re.compile(
            r"\b(?:vuelo|flight)\b[^.?!]{0,20}\b[a-z]{1,2}\d?\s?\d{2,4}\b"
            r"|\b[a-z]{2}\s?\d{3,4}\b[^.?!]{0,20}\b(?:vuelo|flight)\b"
        ),
        unless=re.compile(r"\?|\b(?:book|reserv\w+|cancel\w*|busc\w+|find)\b"),
        told="provide_info",
        not_told=("out_of_scope",),
    ),
    Rule(
        says=re.compile(r"^\W*(?:todo|todas|todos|all(?: of (?:it|them))?|everything)\W*$"),
        told="provide_info",
        not_told=("compliment", "goodbye"),
    ),
    Rule(  # a word of praise that opens a question
        says=re.compile(
            r"^\W*(?:great|perfect|excellent|awesome|brilliant|lovely|super|genial|perfecto|excelente|buenisimo)\b"
            r"[ ,.!]+(?:\w+ ){0,3}?(?:what|which|when|where|how|do|does|is|are|can|could|and|y|que|cual|cuanto|cuando"
            r"|donde|como|tienen|hay|puedo|se puede)\b[^.!]*\?"
        ),
        not_told=("compliment",),
    ),
    Rule(  # late, and on the way
        says=re.compile(
            r"\b(?:running (?:a bit |a little |very )?late|(?:vamos|voy|venimos|vengo) (?:un poco |muy )?(?:tarde"
            r"|retrasad\w+|con retraso))\b"
        ),
        told="provide_info",
        not_told=("complaint", "out_of_scope"),
    ),
)
