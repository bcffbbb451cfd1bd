"""What leads up to a name: "a nombre de", "my name is", "put it under", titles, and who a room is for."""

from __future__ import annotations

import re

from services.nlp.domain.screening import screened

NAME_WORD = r"[^\W\d_]+(?:['’\-][^\W\d_]+)*\.?"
NAME_CUE = screened(
    r"(?P<strong>\b(?:me llamo|mi nombre (?:completo )?es|mi nombre|al? nombre de(?: (?:mi|su|nuestr[oa]) [a-z]+)?"
    r"|bajo (?:el )?nombre(?: de)?|el nombre (?:es|seria|de la reserva es)|nombre(?: completo)?\s*:"
    r"|(?:mis |los |my |guest )?(?:datos|details)\s*:|(?:huesped|guest)\s*:|a mi nombre\s*[,:]"
    r"|my (?:full )?name(?:'s| is)|name(?:'?s| is| will be)|name\s*:|(?:under"
    r"|in) (?:the )?(?:name(?: of)?|last name|surname)(?: of)?|the name is|guest name\s*:?|booked? under"
    r"|reserved under|reservation (?:is )?under|le habla|te habla|les habla|habla|se llama"
    r"|de parte de|on behalf of|en nombre de|me apellido|apellidos? (?:es|son)|apellidos?\s*:|(?:my )?surname(?: is"
    r"|'s|\s*:)|guest\s*:"
    r"|titular(?: es)?\s*:?|huesped\s*:|call me|i'?m called|they call me|last name is|first name is"
    r"|apellido es|a name of|for the name|(?:the )?name of|(?:con|bajo) (?:el )?apellido|le saluda|les saluda)\s+)"
    r"|(?P<weak>(?:^|[.,;!?\n]\s*|\b(?:yes|yeah|si|sip|ok|hola|hello|hi|hey|buenas|buenos dias|buenas tardes"
    r"|buenas noches"
    r"|good morning|good evening|good afternoon)[ ,!.]+)"
    r"(?:soy|somos|i'?m|i am|this is|it'?s|it is|aqui|here is|es)\s+)"
    r"|(?P<kind>(?:^|[,.;\n]\s*|\b(?:and|y) )(?:(?:first|last|given|family) name|surname|nombres?"
    r"|apellidos?)(?: is| es)?\s*:?\s+)"
    r"|(?P<under>\b(?:book|put|reserve|make|have|hold|it|reservation|booking|room|is|be)\s+(?:(?:it|that|this|'?em"
    r"|them|us"
    r"|me|both|all|everything) )?under\s+)"
)
TITLES = re.compile(
    r"^(?:(?:mr|mrs|ms|miss|dr|dra|sr|sra|srta|arq|senor|senora|don|dona|doña|señor|señora|señorita|lic"
    r"|licenciad[oa]|ing|ingenier[oa]|prof|the name|la|el|de)\b\.?\s*)+",
    re.IGNORECASE,
)
TITLED = re.compile(
    r"\b(?:(?:for|para) (?:my|our|mi|nuestr[oa]) \w+[.,:]?|for|para|de|del|guest|es para mi jef[ea],|jef[ea],)\s+"
    r"(?:el |la )?(?:(?i:mr|mrs|ms|dr|dra|sr|sra|srta)|Miss|Ing|Lic|Arq|Prof|señor|señora|Señor"
    rf"|Señora|licenciad[oa]|ingenier[oa]|doctora?|arquitect[oa])\b\.?(?:\s+(?:and|y|&)\s+(?:Mrs|Ms|Sra"
    rf"|Señora)\b\.?)?\s+(?P<name>{NAME_WORD}(?:\s+{NAME_WORD}){{0,3}})"
)
CAPITAL = r"[A-ZÁÉÍÓÚÑÜ](?:['’\-]?[^\W\d_])+"
# "A suite for Gloria Estrada", "put it under López", "Dana Pruitt here".
NAMED = re.compile(
    r"(?:^|\b(?:[Rr]eserv\w+|[Bb]ook\w*|room|suite|double|twin|single|family|habitaci[oó]n|cuarto|doble|familiar"
    r"|boss|jef[ea]"
    r"|stay)\s(?:\w+\s){0,4})"
    rf"(?:for|para|de|For|Para)\s+(?P<for>{CAPITAL}(?:\s+(?:de |del |la |van |von )*{CAPITAL}){{1,3}})"
    rf"|\b(?:[Ff]or|[Pp]ara)\s+(?:my|our|mi|nuestr[oa])\s+[\w-]+,?\s+(?P<kin>{CAPITAL}(?:\s+(?:de |del "
    rf"|la )*{CAPITAL}){{1,3}})"
    rf"|\b(?:under|bajo|[Nn]ame|[Nn]ombre)\s+(?P<under>{CAPITAL}(?:\s+{CAPITAL}){{0,2}})"
    r"(?=\s*(?:$|[.,;!?\n]|please|por favor|gracias|thanks))"
    rf"|\b(?:[Nn]ame|[Nn]ombre)\b[^.?!\n]{{0,40}}?\s(?:to|a|por)\s+(?P<to>{CAPITAL}(?:\s+{CAPITAL}){{1,3}})"
    rf"|(?:^|[,.!]\s*)(?P<here>{CAPITAL}\s+{CAPITAL}(?:\s+{CAPITAL})?)\s+(?:here|aquí|aqui)\b"
)
SURNAME_CUE = re.compile(r"\b(?:last name|family name|surname|apellidos?)(?: is| es)?\s*:?\s+")
# Thanks and praise before an answer; without a pause behind them they may be part of a name.
_PRAISE = (
    r"(?:ta|cheers|thanks|thank you|thx|gracias|great|grand|lovely|brilliant|brill|perfect[oa]?|wonderful|excellent"
    r"|awesome|cool|sweet|fab|nice(?: one)?|fine|good|right|alright|all right|no worries|genial|listo)(?: so much"
    r"| a lot"
    r"| very much)?\s*(?:[,.!;]+|$)"
)
LEAD_IN = re.compile(
    rf"^\W*(?:{_PRAISE}\s*)*"
    r"(?:(?:si|yes|claro|sure|ok|vale|bueno|of course|por supuesto|pues|ah|eh|um|uh|it would be|seria|es"
    r"|it is|it's|its|that's|thats|that is|ponlo a nombre de|pon|put|please put|a nombre de|soy|i'm|im|i am"
    r"|me llamo|my name is|mi nombre es|name is|the name is|this is|under|por favor|please|with|con|for|para"
    r"|el|la|lo|it|the|nombre|name|apellidos?|surname|last name|first name|pongal[oa]|ponl[oa]|ponme|poneme"
    r"|pongame|apuntame|apunteme|anot\w+|reserv\w+"
    r"|book|de)\b[\s,:]*)*"
)
