"""Words that end a name or cannot start one; a name is any other run of words in a place where names stand."""

from services.nlp.domain.text import word_set

PARTICLES = word_set(
    """
    de del la las los y e da do dos das di van von der den bin al el mc mac san santa le du ni nic ibn abu
    """
)

NOT_A_NAME = word_set(
    """
    thats whats its theres heres lets ive dont cant wont isnt arent theyre youre hes shes
    a abajo ability able about above accept adelante ademas adios adult adulto adultos adults after afternoon
    prefiero preferimos preferiria prefer rather anonimo anonimamente anonymous anonymously
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
    view views sea ground floor high top non balcony airport pickup smoking extra early hot water late maybe perhaps
    true false ustedes alla afuera spring break summer ciudad city plaza museum museo
    """
)

# Common given names of Spanish and English speakers. They tell a name that is written without capitals.
GIVEN = word_set(
    """
    aaron abdul abdullah abigail adam adrian adriana agustin ahmed aiden aisha ajay akira alan alasdair alba alberto
    albie aldo alejandra alejandro alex alexander alexandra alexis alfie alfonso alfredo alice alicia alina alistair
    allison alma alvaro amanda amelia amelie amina amir amit amrita amy ana anders andrea andreas andres andrew andy
    angela angeles angus anil anita anjali anjana ankit ann anna annabel anne annette annie anthony antoine anton
    antonia antonio aoife araceli archie ariana ariel arjun arlene arnold arturo arun ashley ashok astrid audrey aurora
    austin ava barbara barry beatrice beatriz becky belen bella ben benito benjamin bernadette bernard bernardo beth
    beto betty bety bianca bill billy bob bobby bonnie brad bradley brandon brenda brendan brent brian bridget brigitte
    bruce bruno bryan caitlin callum calvin cameron camila camille candice carl carla carlos carly carmen carol carolina
    caroline casey cassandra catalina catherine catriona cecilia cesar chabela chad chantal charles charlie charlotte
    charly chela chema cheryl chiara chloe chris christian christina christopher chucho ciara cindy claire clara clare
    claude claudia claudine clive cody colin colleen concha connor cora craig cristian cristina curtis cynthia daisy
    damian damien dan dana daniel daniela danny darren dave david dawn dean debbie deborah declan deepa deepak denise
    dennis derek desmond diana diego dieter dimitri dolores dominic donald donna doris dorothy doug douglas duncan
    dwayne dylan edith edmund eduardo edward edwin eileen elaine eleanor elena eli elias elisa elizabeth ellen ellie
    elliot elliott elsa elsie emilia emiliano emilio emily emma emmanuel enrique enzo eric erica erik erin ernest
    ernesto esme esteban esther ethan eugene eva evan evelyn evie fabian farah fatima faye federico felipe felix
    ferdinand fernanda fernando finn fiona flora frances francesca francis francisca francisco francois frank franz
    fraser fred freddie frederick freya gabi gabriel gabriela gabriele gareth gary gavin gemma geoff geoffrey george
    georgia georgina gerald gerard gerardo giles gillian gina giovanni giulia glenn gloria gonzalo gordon grace graciela
    graham greg gregory greta guadalupe guillermo gustavo gwen hamish hannah hans harold harry harvey hassan hazel
    heather hector heidi helen helena helga henrietta henrik henry hilary holly howard hugh hugo ian ibrahim ifeoma
    ignacio imogen ines ingrid irene iris isaac isabel isabella isabelle isla ivan jack jackie jackson jacob jacqueline
    jaime jake jamal james jamie jane janet janice jasmine jason javier jean jeanette jeff jeffrey jen jenna jennifer
    jenny jeremy jerome jerry jess jessica jill jim jimena jimmy jo joan joanna joanne joaquin jodie joe joel johan
    johanna johannes john johnny jon jonas jonathan jonny jordi jorge jose josef joseph josh joshua josie joy joyce juan
    juana jude judith judy juergen jules julia julian juliana julie julieta julio justin kai kamal kara kareem karen
    karim karina karl kate katherine kathleen kathryn kathy katie katrina kayla keisha keith kelly ken kendra kenji
    kenneth kenzo kerry kevin kiara kieran kike kim kimberly kiran kirsten kirsty klaus krishna kristen kristin kristina
    kurt kyle lachlan lakshmi lalo larry lars latoya laura lauren leah lee leila lena leo leon leonardo leonor leslie
    leticia lety lewis liam lidia lila liliana lily linda lindsay lindsey linus lisa liz lloyd logan lois lorena lorenzo
    lorna lorraine louis louisa louise lourdes luca lucas lucia lucy luis luisa luke lupita lydia lynn mabel mackenzie
    maddie maeve maisie malcolm mandy manish manoj manuel manuela marc marcel marcela marcelo marco marcos marcus
    margaret margarita maria mariana mariano marie marilyn marina mario marjorie mark marlene marta martha martin
    martine marvin mary mateo mathilde matias matt matthew matthias maureen maurice mauricio max maya meche meera megan
    mei melanie melissa melvin memo mercedes mia michael michelle mick miguel mikael mike mikhail milagros millie mindy
    miriam mitchell mohamed mohammed mohan moira molly monica monique morgan muhammad murray myra nacho nadia nancy
    nando naomi natalia natalie natasha nathan nathaniel neha neil nell nelson niamh nicholas nick nicola nicolas nicole
    nicolette nigel nikhil nikita nina nisha noah noel noelia noor nora norma norman octavio odette oisin ola olaf olga
    oliver olivia olivier omar omari ophelia orla oscar otto owen pablo paco paddy paloma pamela pancho patricia patrick
    paul paula paulina pauline pedro peggy penelope pepe percy peter petra phil philip philippa philippe phoebe pierre
    pilar pooja pradeep prakash pranav preeti priya quentin quique rachel rafa rafael rahul raj rajesh ralph ramesh
    ramiro ramon ramona ranjit raquel rashid raul ravi ray raymond rebecca reggie renata renee reza rhiannon rhys
    ricardo richard rick ricky rita rob robbie robert roberto rocio roderick rodrigo rogelio roger rohan rohit roland
    ron ronald rory rosa rosalind rosario rose rosemary rosie ross rowan roxana roy ruben rupert russell ruth ryan
    sabrina saeed sally salvador sam samantha sameer samuel sandeep sandra sandy sanjay sanjeev santi santiago sara
    sarah satish saurabh scott seamus sean sebastian selena sergio seth shannon sharon shaun shawn sheila shelley
    shirley shreya sian siddharth silas silvia simon simone sinead sneha sofia sonia sophia sophie spencer stacey stacy
    stanley stefan stella steph stephanie stephen steve steven stuart sue sunil sunita suresh susan susana suzanne sven
    sylvia tamara tanya tara tariq tasha tavo ted terence teresa terri terry tessa theo theodore theresa thomas tiffany
    tilly tim timmy timothy tina toby todd tom tomas tommy toni tono tony tracey tracy travis trevor tricia troy tyler
    uma ursula usha valentina valeria vanessa vera vernon vero veronica vicente vicky victor victoria vijay vikram vince
    virginia vivek vivian vivienne walter wanda warren wayne wei wendy wilfred willem william winston wolfgang xavier
    ximena yasmin yasmine yolanda yoli yuki yuko yusuf yvette yvonne zach zachary zahra zara zoe
    """
)
