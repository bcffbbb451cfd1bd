"""Words that end a name or cannot start one; a name is any other run of words in a place where names stand."""

from services.nlp.domain.text import word_set

PARTICLES = word_set(
    """
    de del la las los y e da do dos das di van von der den bin al el mc mac san santa le du
    """
)

NOT_A_NAME = word_set(
    """
    a abajo ability able about above accept adelante ademas adios adult adulto adultos adults after afternoon
    olvidalo olvidelo dejalo nevermind sip sep yep yup nop nope aja
    again ahi ahora algo alguien algun alguna all alojar alone already also always am amable amanecer amigo amor
    an and another antes any anyone anything aqui are around arrival arrive arriving as asi ask at atentamente
    ayer ayuda back bad bano bath be because bed beds been before bien big bit book booked booking books both
    breakfast bueno buena buenas buenos but by call calling cama camas cambiar can cancel cancelar card cena
    check checking child children chica chico claro client cliente code codigo come coming como con confirm
    confirmo confirmar confirmation consulta contact correct correcta correcto correo could cuando cuanto
    cuantos cuarto cual customer da dale dar date dates day days de decir del dentro desayuno desde despues dia
    dias dice diciembre disculpa disculpe do doble dobles does don done dos double doubles due each early el
    ella ellos email en enero entonces entrada era es esa ese eso esos esta estaba estado estamos estan estar
    estas este esto estoy evening everything excelente exacto excuse expecting family familia familiar favor
    fecha fechas fin fine finde first flex flexible for friend from front fuera full genial get getting give go
    going good gracias gran grande great group guest guests ha haber habitacion habitaciones hable hablar hace
    hacer hasta have having hay he hello help her here hey hi his hola hotel hoy how hoping huesped huespedes i
    if in inquiring interested instead interesado interesada is it its just kids la largo las last late later le
    leaving let like listo llamo llegada llegamos llegando llego lo looking los luego lunes make man manana
    martes mas may me mejor menos mes mi miercoles mis mismo mister moment mine month morning mucho muchas muy
    my name need necesito ni night nights nina ninguna ninguno nino ninos no nobody noche noches nombre nos
    nosotros not nothing now numero number of off ok okay okey on once one only or order other otra otro our out
    over paid pago para pareja pay people perdon perfect perfecta perfecto pero persona personas phone please pm
    por porque poder podria possible pregunta price problem puede puedes puedo pues que queria quien quiere
    quiero quisiera ready really realmente reembolsable refundable reserva reservacion reservaciones reservar
    reservas reservation reservations reserve right room rooms sabado salida salgo same se sea seguro senor
    senora sencilla ser seria she si sido simple sin single sir sleeping so sobre solo some someone somos sorry
    soy speaking stay staying still su suite sure sus sábado tal tambien tarde tarifa tarifas te telefono ten
    tener tengo tenia that the their them then there these they thing this those through tiene tiempo to today
    todo todos tomorrow tonight too toda travelling traveling tres trying tu twin two un una unas unico uno unos
    until up us usted using usual va vale vamos very viajo viernes visit visiting wait waiting want wanting was
    we wanted week weekend well were what when where which while who why wife will wish with wondering work
    would writing ya years yes yesterday yet yo you your interesting planning happy glad afraid allergic
    vegetarian vegan nuevo nueva turista mayor casado casada alergico alergica vegetariano vegetariana mexicano
    mexicana español espanol argentino argentina colombiano colombiana responsable encargado monday tuesday
    wednesday thursday friday saturday sunday january february march april june july august september october
    november december febrero marzo abril mayo junio julio agosto septiembre octubre noviembre nye christmas
    navidad urgente urgent parking wifi pool piscina alberca disculpen oigan saludos regards best cheers thanks
    thank kind sincerely dear estimados estimado buen hurry tired cold hot broken dirty terrible amazing awful
    lovely beautiful nice unacceptable ridiculous horrible malo mala pesimo fatal increible precioso imposible
    verdad cierto cosa cosas lastima pena caro barato cheap expensive important importante necesario necessary
    spelled spelt wrong misspelled misspelt incorrect salio sale aparece quedo viene mal
    stop empresa company compania negocio business firma agencia agency
    true false ustedes alla afuera spring break summer ciudad city plaza museum museo
    """
)

# Common given names of Spanish and English speakers. They tell a name that is written without capitals.
GIVEN = word_set(
    """
    aaron abigail adam adrian adriana agustin alan alba alberto aldo alejandra alejandro alex alexander alfonso alfredo
    alice alicia allison alma alvaro amanda amelia amy ana andrea andres andrew angela angeles anita anna anne anthony
    antonia antonio araceli ariana arturo ashley aurora barbara beatriz belen ben benito benjamin bernardo beth brandon
    brenda brian bruno camila carla carlos carmen carol carolina caroline catalina catherine cecilia cesar charles
    charlotte chloe chris christian christina christopher cindy claire clara claudia cristian cristina cynthia daniel
    daniela danny david deborah diana diego dolores dominic donna dorothy dylan eduardo edward elena elias elisa
    elizabeth ellen emilia emiliano emilio emily emma enrique eric erica ernesto esteban esther eva evelyn fabian
    federico felipe fernanda fernando fiona francis francisca francisco gabriel gabriela gary george gerardo gloria
    gonzalo gordon grace graciela graham gregory guadalupe guillermo gustavo hannah harry hector heather helen henry
    hugo ian ignacio ines irene isabel isabella isabelle ivan jack jackson jacob jaime james jane janet javier jeff
    jennifer jeremy jessica jill jimena joan joanna joaquin joe john jonathan jordi jorge jose joseph joshua juan
    juana judith julia julian juliana julie julieta julio karen karina karl kate katherine kathleen keith kelly ken
    kenneth kevin kimberly larry laura lauren leonardo leonor leticia liam lidia liliana linda lisa lorena lorenzo
    lourdes lucas lucia lucy luis luisa luke manuel manuela marcela marcelo marco marcos margaret margarita maria
    mariana mariano marina mario mark marta martha martin mary mateo matias matthew mauricio megan melanie melissa
    mercedes michael michelle miguel mike milagros miriam monica nancy natalia nathan nicholas nicolas nicole noah
    noelia nora norma octavio oliver olivia omar oscar owen pablo paloma pamela patricia patrick paul paula paulina
    pedro peter philip pilar priya rachel rafael ramiro ramon raquel raul rebecca renata ricardo richard robert
    roberto rocio rodrigo rogelio roger rosa rosario roxana ruben ruth ryan salvador samantha samuel sandra santiago
    sara sarah sebastian sergio sharon silvia simon sofia sonia sophia sophie stella stephanie stephen steve steven
    susan susana teresa thomas tim timothy tom tomas tony valentina valeria vanessa veronica vicente victor victoria
    virginia walter william ximena yolanda yusuf
    """
)
