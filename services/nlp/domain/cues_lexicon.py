"""The cues themselves: intent, weight and folded pattern, in Spanish and English."""

_BOOKING_NOUN = r"(?:reserva(?:cion)?(?:es)?|booking|reservation|estancia|estadia|stay|habitacion|room|hospedaje)"
_ROOM_NOUN = (
    r"(?:habitacion(?:es)?|hab\b|cuartos?|recamaras?|pieza|dobles?|suites?|familiar|individual|sencilla"
    r"|alojamiento|hospedaje|rooms?|doubles?|singles?|twins?|beds?|place to stay|vacanc\w+|noches?|nights?)"
)

PATTERNS: tuple[tuple[str, float, str], ...] = (
    (
        "reservation_request",
        0.85,
        (
            r"\b(?:quiero|quisiera|queria|querria|queremos|necesito|necesitamos|deseo|deseamos|me gustaria"
            r"|nos gustaria|busco|buscamos|ocupo|me urge|puedo|podria|podemos|quiero hacer|para|ayudas? a"
            r"|como (?:hago para|puedo)) (?:hacer una |realizar una )?(?:reserv\w+|apart\w+|hosped\w+|aloj\w+"
            r"|quedar(?:me|nos))"
        ),
    ),
    (
        "reservation_request",
        0.8,
        (
            r"\b(?:quiero|quisiera|queria|necesito|necesitamos|queremos|deseo|busco|buscamos|me gustaria|ocupo|dame"
            rf"|deme|me das|ponme|me pones?) (?:\w+ ){{0,3}}{_ROOM_NOUN}"
        ),
    ),
    (
        "reservation_request",
        0.85,
        (
            r"\b(?:reservame|reserveme|reservenme|apartame|aparteme|apartar|reservar|bookear"
            r"|hacer una reserva(?:cion)?)\b"
        ),
    ),
    (
        "reservation_request",
        0.85,
        (
            r"\b(?:i'?d like|i would like|i want|we want|we'?d like|i need|we need|can i|could i|can we|could we"
            r"|can you|could you|help me|looking|i wish|hoping|trying|want|wanna|like"
            r"|please) (?:to )?(?:please )?(?:book|reserve|make (?:a|an) (?:booking|reservation)|get (?:a|us a"
            r"|me a) (?:room|booking|reservation))\b"
        ),
    ),
    (
        "reservation_request",
        0.75,
        (
            r"\b(?:i'?d like|i would like|i want|we want|we'?d like|i need|we need|i'?m looking for"
            rf"|we'?re looking for|looking for|get me|give me|i'?ll take) (?:\w+ ){{0,4}}{_ROOM_NOUN}"
        ),
    ),
    (
        "reservation_request",
        0.7,
        (
            r"\b(?:book|reserve) (?:a|an|one|two|the|me|us|\d)\b|\bmake (?:a|another) (?:booking|reservation)\b"
            r"|\bnew (?:booking|reservation)\b|\bnueva reserva"
        ),
    ),
    (
        "availability_check",
        0.85,
        (
            r"\b(?:disponib\w+|availab\w+|vacanc\w+|hay lugar|tienen lugar|queda(?:n)? (?:algo|alguna|habitaci\w+"
            r"|lugar|libre|cuarto)\w*|habitaciones? libres?|cuartos? libres?|fully booked|sold out|any rooms?"
            r"|rooms? (?:free|left)|have space|tienen espacio|hay (?:cuarto|habitaci|espacio|cupo)\w*"
            r"|tienen (?:cuarto|habitaci|cupo|algo|doble|suite|familiar|una doble|una suite)\w*)"
        ),
    ),
    (
        "availability_check",
        0.65,
        (
            r"\b(?:do you have|have you got|got|is there|are there|hay|tienen|tendran|tendrias|tienes"
            r"|habra) (?:\w+ ){0,3}(?:rooms?|doubles?|singles?|twins?|suites?|habitaci\w+|cuartos?|dobles?|familiar"
            r"|recamaras?)\b"
        ),
    ),
    (
        "availability_check",
        0.6,
        (
            r"\b(?:how much|what'?s the price|what would it cost|price|cost|rate|quote|precio|cuanto (?:cuesta|sale"
            r"|saldria|costaria|cobran|valen?|seria)|cotiza\w*|costo|tarifa) (?:\w+ ){0,6}(?:rooms?|nights?|double"
            r"|suite|stay|habitaci\w+|noches?|doble|cuarto|fin de semana|weekend|personas|people)"
        ),
    ),
    (
        "modification_request",
        0.85,
        (
            r"\b(?:cambi\w+|modific\w+|mover|mueve\w*|adelantar|posponer|aplazar|extender|alargar|ampliar|acortar"
            r"|actualizar|corregir|agregar|anadir|sumar|reprogramar|pasar|prolongar|recorrer|atrasar"
            rf"|retrasar) (?:\w+ ){{0,5}}(?:{_BOOKING_NOUN}|fechas?|noches?|dia|persona|nombre|llegada|salida"
            r"|entrada)"
        ),
    ),
    (
        "modification_request",
        0.85,
        (
            r"\b(?:change|modify|move|extend|shorten|update|amend|reschedule|edit|push back|postpone|bring forward"
            rf"|add|alter|switch|adjust) (?:\w+ ){{0,5}}(?:{_BOOKING_NOUN}|dates?|nights?|day|person|guest|name"
            r"|arrival|departure|days)\b"
        ),
    ),
    (
        "modification_request",
        0.6,
        (
            r"\b(?:una noche mas|otra noche mas|un dia mas|1 noche mas|one more night|an extra night|another night"
            r"|stay longer|quedarme mas|quedarnos mas|salir antes|leave (?:a day )?early|en vez de|en lugar de)\b"
        ),
    ),
    (
        "cancellation_request",
        0.9,
        (
            r"\b(?:cancel(?!l?able|acion gratis|acion gratuita)(?:ar|arla|arlo|en|a|o|e|ing|lation|acion|led|lar)?\w*"
            r"|anular|anulen|anulacion|anula|dar de baja (?:la|mi) reserva|ya no (?:vamos|voy|vendremos|podemos ir"
            r"|puedo ir|viajo|viajamos|iremos)|no (?:podremos|podre|vamos a poder|voy a poder) (?:ir|viajar|llegar"
            r"|asistir)|can'?t make it|won'?t be (?:coming|able to)|call off|no longer (?:need|coming|want))\b"
        ),
    ),
    (
        "complaint",
        0.85,
        (
            r"\b(?:no (?:funciona|sirve|jala|anda|prende|enciende|hay agua|hay luz|sale agua|calienta|enfria|cierra"
            r"|abre la puerta|pude dormir|se puede dormir|hemos podido|han (?:venido|limpiado|cambiado|arreglado"
            r"|traido))|(?:not|isn'?t|doesn'?t|don'?t|won'?t|didn'?t|stopped) work(?:ing)?|broken|out of order"
            r"|descompuest\w+|estropead\w+|rot[oa]s?\b|averiad\w+|se (?:rompio|descompuso|tapo|inundo)|malogrado)"
        ),
    ),
    (
        "complaint",
        0.85,
        (
            r"\b(?:queja\w*|reclam\w+|complain\w*|inaceptable|unacceptable|terrible|horrible|pesim[oa]|awful"
            r"|disgusting|asqueros[oa]|asco|verguenza|disappoint\w*|decepcion\w*|indignad\w+|furios[oa]|ridiculous"
            r"|the worst|lo peor|pesima|fatal|nightmare|dreadful|appalling|shocking|rude|grosero|maleducad\w+"
            r"|prepotente|estafa|robo\b|rip ?off|scam)\b"
        ),
    ),
    (
        "complaint",
        0.75,
        (
            r"\b(?:suci[oa]s?|dirty|filthy|mugr\w+|cucaracha\w*|cockroach\w*|roach\w*|chinches|bed ?bugs?|ants"
            r"|hormigas|ratas?|raton(?:es)?|mouse|mice|rats?|huele|hueles?|apesta\w*|smell(?:s|y)?|stinks?|moho|mold"
            r"|mould|ruido\w*|nois[ey]\w*|loud|hace (?:mucho )?(?:frio|calor)|(?:freezing|boiling|too hot|too cold)"
            r"|manchad\w+|stain\w*|goter\w+|fuga|leak\w*|clogged|tapad[oa]|blocked|pelos|hairs?)\b"
        ),
    ),
    (
        "complaint",
        0.7,
        (
            r"\b(?:me cobraron|nos cobraron|cobraron (?:de mas|doble|dos veces|mal)|overcharged|charged (?:me"
            r"|us) (?:twice|double|extra|wrong)|double charge|wrong (?:room|bill|charge)|doble cargo"
            r"|nadie (?:contesta|responde|viene|vino|me)|no(?:body|-?one| one) (?:answers|came|comes|is answering"
            r"|has come)|(?:llevo|llevamos) (?:\w+ ){0,4}esperando|still waiting|been waiting|third time|segunda vez"
            r"|tercera vez|otra vez)"
        ),
    ),
    (
        "compliment",
        0.85,
        (
            r"\b(?:nos (?:encanto|gusto mucho)|me (?:encanto|encanta|gusto mucho|fascino)|excelente (?:servicio"
            r"|atencion|estancia|hotel|trato)|maravillos[oa]|increible (?:servicio|estancia|atencion)|(?:muy|super"
            r"|tan) (?:amable|atent[oa]|buen servicio|limpio|bonito)s?|felicit\w+|felicidades por|(?:love"
            r"|loved) (?:the|your|our|it|this|every)|wonderful|amazing (?:stay|service|hotel|staff|breakfast|place)"
            r"|great (?:stay|service|hotel|staff|place|job)|fantastic|lovely (?:stay|hotel|staff|room|place)"
            r"|best hotel|mejor hotel|volveremos|we'?ll be back|will definitely (?:return|come back)|recomend(?:are"
            r"|aria|ado)|highly recommend|impecable|de diez|un 10|spotless|outstanding|kudos|compliments to"
            r"|shout ?out)"
        ),
    ),
    (
        "greeting",
        0.9,
        (
            r"^\W*(?:hola\w*|ola\b|buen(?:os|as)?(?: dias?| tardes?| noches?)?\b|que tal|que onda|hi+\b|hello+|hey+"
            r"|good (?:morning|afternoon|evening|day)|greetings|saludos\b|holi\w*|alo\b|hiya|howdy|yo\b(?! soy"
            r"| quiero)|que hubo|buenas|morning\b|evening\b|g'?day)"
        ),
    ),
    (
        "goodbye",
        0.85,
        (
            r"\b(?:adios|hasta (?:luego|pronto|manana|la proxima|la vista)|chao|chau|nos vemos|bye+|goodbye"
            r"|see (?:you|ya)|cya|take care|have a (?:good|nice|great|lovely)|buen fin de|que (?:tenga|tengan|esten"
            r"|estes|te vaya|le vaya)|talk (?:soon|later)|cuidese|cuidate|eso es todo|seria todo|es todo|that'?s all"
            r"|that is all|that will be all|nothing else|nada mas|cheers)\b"
        ),
    ),
    (
        "goodbye",
        0.55,
        (
            r"^\W*(?:(?:ok|okay|vale|perfecto|perfect|listo|great|genial)\W+)?(?:muchas |mil |many )?(?:gracias"
            r"|thanks|thank you|thx|ty|grax)(?: (?:a lot|so much|very much|por todo|for everything|por su ayuda"
            r"|for your help|de nuevo|again))*\W*$"
        ),
    ),
    (
        "human_request",
        0.9,
        (
            r"\b(?:(?:hablar|comunicar\w*|pas[ae]\w*|contactar|chatear|platicar|comunic\w+|transfier\w+|transfer\w*"
            r"|conect\w+) (?:\w+ ){0,3}(?:persona|humano|alguien|gerente|recepcion\w*|agente|asesor|operador\w*"
            r"|encargad[oa]|supervisor\w*|ejecutivo|responsable)|(?:talk|speak|chat|connect|transfer|put|pass"
            r"|get) (?:\w+ ){0,4}(?:human|person|someone|somebody|agent|manager|reception\w*|operator|representative"
            r"|staff|supervisor|front desk|real)|real (?:person|human)|live (?:agent|person|chat)|persona real"
            r"|ser humano|no (?:un|eres un|quiero (?:hablar con )?un) (?:robot|bot)|eres (?:un )?(?:bot|robot)"
            r"|are you (?:a )?(?:bot|robot|human|real)|call me|llamenme|que me llamen|me pueden llamar|marcarme"
            r"|customer service|atencion a clientes)\b|^\W*(?:human|agent|humano|agente|operator|operador"
            r"|representative|persona|recepcion|reception)\W*$"
        ),
    ),
    (
        "service_request",
        0.8,
        (
            r"\b(?:necesito|necesitamos|quiero|quisiera|puede\w*|podria\w*|me|nos|pueden|ocupo|can (?:you|i|we)"
            r"|could (?:you|i|we)|may i|please|i need|we need|i'?d like|would like|need|bring|send|get|mand\w+"
            r"|tra[ei]\w+|sub\w+|envi\w+) (?:\w+ ){0,5}(?:toallas?|towels?|almohadas?|pillows?|cobijas?|mantas?"
            r"|frazadas?|blankets?|sabanas?|sheets|jabon|soap|shampoo|champu|papel (?:higienico|de bano)"
            r"|toilet (?:paper|roll)|plancha|iron\b|secador\w*|hair ?dryer|cuna|crib|cot\b|cama (?:extra|adicional"
            r"|supletoria)|extra bed|rollaway|taxi|cab|uber|hielo|ice\b|agua(?! caliente)|bottled? (?:of )?water"
            r"|limpi\w+|clean\w*|housekeeping|room service|servicio (?:a la|al) (?:habitacion|cuarto)|despiert\w+"
            r"|despert\w+|wake[ -]?up|lavanderia|laundry|maintenance|mantenimiento|percheros|ganchos|hangers"
            r"|adaptador|adapter|charger|cargador|kettle|corkscrew|toothbrush|cepillo|maletas|luggage|bags|bell ?boy"
            r"|botones)\b"
        ),
    ),
    (
        "emergency",
        0.95,
        (
            r"\b(?:emergenc\w+|ambulanc\w+|incendio|fuego|(?:there'?s|there is) a fire|on fire|hay (?:fuego|humo)"
            r"|smoke (?:in|coming|everywhere)|infarto|heart attack|ataque al corazon|no (?:puede|puedo) respirar"
            r"|(?:can'?t|cannot|not) breath\w*|se desmayo|desmayad\w+|unconscious|inconsciente|passed out|collapsed"
            r"|sangr(?:ando|e|a mucho)|bleeding|me (?:estan )?(?:robando|asaltan\w*|atacan\w*|ahogo)"
            r"|being (?:attacked|robbed)|someone (?:broke|is breaking) in|intruso|intruder|gun\b|pistola|arma\b"
            r"|suicid\w+|overdose|sobredosis|drown\w*|se (?:ahoga|esta ahogando|cayo .{0,20}(?:piscina|alberca"
            r"|escalera))|gas leak|fuga de gas|huele a gas|smell(?:s)? (?:of |like )?gas|convuls\w+|seizure|choking"
            r"|atragant\w+|auxilio|socorro|call (?:911|the police|112|999)|llam\w+ a (?:la policia|una ambulancia|911"
            r"|emergencias|los bomberos)|sismo|terremoto|earthquake|alergic[oa] grave|anaphyla\w+|giving birth"
            r"|rompio la fuente|labor)\b"
        ),
    ),
    (
        "opt_out",
        0.95,
        (
            r"^\W*(?:stop|baja|parar|unsubscribe|stopall|quit|end|optout|opt out|cancelar suscripcion|alto)\W*$"
            r"|\b(?:unsubscribe|opt(?:ing)? (?:me )?out|no (?:me )?(?:manden|envien|escriban|mandes|envies"
            r"|quiero (?:recibir )?)\w* ?(?:\w+ ){0,2}(?:mensajes|publicidad|promociones|ofertas|notificaciones"
            r"|correos)|(?:dejen|deja) de (?:escribir|mandar|enviar|molestar)\w*|stop (?:sending|texting|messaging"
            r"|contacting|writing|emailing)|no more (?:messages|texts|emails|promotions|ads|offers)|(?:dar|darme"
            r"|denme|dame|quiero) (?:de )?(?:la )?baja(?: de)?(?! (?:la |mi )?reserva)|remove me from|take me off"
            r"|don'?t (?:message|text|contact|write)|quit(?:enme|ame|ar(?:me)?) de (?:la|su|esta) lista"
            r"|no quiero (?:mas|recibir)(?: mas)? (?:mensajes|promo\w*|publicidad|ofertas))"
        ),
    ),
    (
        "opt_in",
        0.95,
        (
            r"^\W*(?:start|alta|unstop|opt in|optin|suscribir|suscribirme|subscribe)\W*$|\b(?:(?<!un)subscribe (?:me"
            r"|again)|opt (?:me )?(?:back )?in|sign me up|(?:quiero|me gustaria|pueden|vuelvan a|puedes"
            r"|si,? quiero) (?:volver a )?(?:recibir|mandar\w*|enviar\w*|escribir\w*) (?:\w+ ){0,3}(?:mensajes"
            r"|promociones|ofertas|noticias|novedades|notificaciones)|(?:send"
            r"|start sending) me (?:\w+ ){0,3}(?:messages|offers|news|promotions|deals|updates)|(?:darme|dame"
            r"|denme) de alta|suscrib\w+|resubscribe|turn (?:messages|notifications) (?:back )?on"
            r"|vuelvan a escribirme|you can (?:message|text|write to) me again)"
        ),
    ),
    (
        "privacy_request",
        0.95,
        (
            r"\b(?:(?:borr\w+|elimin\w+|suprim\w+|delete|erase|remove|wipe|forget) (?:\w+ ){0,5}(?:datos"
            r"|informacion(?: personal)?|data|personal (?:info\w*|data|details)|cuenta|account|historial|history"
            r"|registro|details|records?|conversaci\w+|chat)|(?:mis|my) (?:datos personales|personal data"
            r"|personal info\w*)|gdpr|rgpd|lopd|derechos? arco|proteccion de datos|data protection"
            r"|right to be forgotten|derecho al olvido|(?:que|what) (?:datos|informacion|data|info\w*"
            r"|personal) (?:\w+ ){0,4}(?:tienen|guardan|mios|do you (?:have|hold|keep|store)|mia|sobre mi|about me)"
            r"|copy of (?:my|all my) (?:\w+ )?(?:data|info\w*)|copia de mis datos|privacy|privacidad|export my data"
            r"|aviso de privacidad)\b"
        ),
    ),
    (
        "general_inquiry",
        0.5,
        (
            r"\b(?:a que hora|que hora|what time|when (?:is|does|do|can|are)|where|donde|como (?:llego|se llega"
            r"|puedo llegar|llegar)|how (?:far|do i get|can i get|late|early|long|big|many)|(?:is|are) there|hay"
            r"|tienen|cuentan con|ofrecen|do you (?:have|offer|accept|allow|provide|take|serve)|aceptan|admiten"
            r"|permiten|se permite|is it (?:possible|ok|allowed)|are (?:pets|dogs|kids)|incluye\w*|includ\w*"
            r"|cuanto (?:cuesta|cobran|vale|es|sale)|how much|what(?:'?s| is| are| room| floor| kind| type| does| do)"
            r"|which|who is|cual es|que incluye|se puede|puedo (?:pagar|llegar|fumar|llevar|dejar|traer)|can (?:i"
            r"|we) (?:pay|smoke|bring|leave|park|arrive|check|use|have)|could (?:i|we) (?:arrive|check|leave|bring)"
            r"|tell me|quisiera saber|queria saber|esta(?:n)? (?:incluid|abiert|disponible|permitid)\w*|(?:is"
            r"|are) (?:\w+ ){1,4}(?:possible|included|allowed|free|open|heated)|una (?:duda|pregunta|consulta)"
            r"|i have a question|wondering"
            r"|informacion|information|info\b)"
        ),
    ),
    (
        "out_of_scope",
        0.85,
        (
            r"\b(?:chiste|joke|poema|poem|weather|clima en|pronostico|ecuacion|equation|capital (?:de|of)"
            r"|receta (?:de|para)|recipe|traduc\w+|translate|futbol|football score|bitcoin|acciones|stocks?|horoscopo"
            r"|horoscope|cancion|play (?:some )?(?:music|a song)|alarm[a]?\b(?! (?:de incendio|sono))|timer"
            r"|recordatorio|remind me|tarjeta de credito bloqueada|saldo de mi cuenta|account balance|transfer money"
            r"|transferencia a|vuelo (?:\w+ ){0,3}(?:retras|cancel|cambi)|boarding pass|pase de abordar"
            r"|tracking number|mi paquete|my (?:package|parcel|order)|prestamo|loan|mortgage|hipoteca|who (?:is"
            r"|was) the president|homework|tarea de)\b"
        ),
    ),
)
