/**
 * Names that medicine has made its own. Alone, with a noun of theirs ("Hodgkin lymphoma") or in pairs ("Budd Chiari") they name no
 * patient. Lower case.
 */
export const eponyms: ReadonlySet<string> = new Set(
  `achilles addison adson albers albright allis alport alzheimer apert arnold askin baastrup babinski baker bankart bart barlow barrett bartholin
  bartter basedow batson behcet bennett berger bertin bertolotti birads blalock blount boas bochdalek boehler bohler bosniak bouveret bowen braak brenner
  breslow brodie broca brodmann budd buerger burkitt caesar caldwell calot calve calvé cantlie caplan caroli castleman chamberlain chance charcot charlson chiari child childs chopart
  churg codman colles collis conn couinaud courvoisier cowden cowper crohn cronkhite cruveilhier curling cushing dandy denis denonvilliers
  dercum deauville dieulafoy donovan doppler down dressler duchenne duke dukes dunn dupuytren duret ebstein ehlers eisenmenger
   enneking erdheim essex ewing fabry fallot fanconi fazekas felty fleischner foley fontan forney forrest fournier frankel fraser freiberg
  frey frohlich fuhrman galeazzi galen galeazzi gardner garland gaucher gartland gerdy gilbert gleason glasgow glisson goodpasture gorham gorlin gradenigo grave graves grawitz
  greulich grynfeltt guillain guyon haglund hamman hampton hangman hartmann hashimoto hawkins heberden hesselbach heister hepburn herring
  hill hilton hirschsprung hodgkin hoffa holmes honda horner hounsfield howship huntington hurler hurst hutch hutchinson ilizarov jaccoud
  jefferson kaposi kartagener kashin kasai kawasaki kellgren kerley kernig kienbock kienböck kimura klatskin klebsiella klinefelter klippel kohler köhler krukenberg kummell kümmell
  kupffer küntscher langerhans larrey lauge laurence legg leigh lemierre lenegre leriche lewy lhermitte libman liddle lincoln lipschutz
  lisfranc littre littré lockhart loeffler luschka lyme lynch madelung maffucci maisonneuve malgaigne mallory mallampati marfan marchiafava masson mayer mcburney
  mckusick meckel meige meigs menetrier ménétrier meniere ménière merkel michel milroy milwaukee mirizzi mixter moebius mondor monro monteggia morel morgagni morquio 
   moya murphy neer nissen noonan nora ogilvie ollier osgood osler paget pancoast parkinson parkes parona paterson pauwels pellegrini pellizzi perlman perthes
  peutz peyer peyronie phalen phalen pick pierre plummer poland pompe potain pott potter poupart preiser pringle proust queyrat quervain raeder ranson
  rasmussen rathke raynaud reinke reiter rendu retzius reye richter riedel riley ringer roentgen rokitansky rolando romberg rosai rosenmuller rosenthal
  roux salter santorini scarpa schatzki scheuermann schilder schlatter schmorl schwann seddon segond seldinger sever sharpey shenton shone sinding sjogren sjögren skene
   spigelian spitz sprengel stafne stanford stener sternberg stieda still stransky sturge sudeck sudek sylvius takayasu tarlov tenon terry thebes 
  thomsen tillaux tolosa tornwaldt tourette treitz trendelenburg tullio turcot valsalva van vater virchow vogt volkmann waldenstrom waldeyer
  warthin waterhouse weber wegener weigert werner wernicke wertheim wharton whipple wiberg wilkie williams willis wilms wilson wirsung wiskott wolf wolff wolman
  wrisberg zenker ziehen zollinger zuckerkandl`
    .split(/\s+/)
    .filter(Boolean),
);

const nouns =
  '(?:abscess|angle|aneurysm|anomal\\w+|appearance|artery|bod(?:y|ies)|canal|catheter|circle|class\\w*|complex|contractures?|criteria|cysts?|defects?|deformit\\w+|dementia|disease|dislocations?|duct|dystrophy|embryo\\w*|encephalopathy|fascia|fat pad|foramen|fractures?|fissure|fossa|gland|grade|hernias?|index|joint|lesions?|lines?|lobe|lymphoma|malformations?|maneuver|manoeuvre|membrane|method|nephro\\w*|neuroma|node|nodes|operation|palsy|patch\\w*|phenomen\\w+|plexus|pouch|procedure|ratio|repair|ring|sarcoma|scale|score|shunt|signs?|space|spots?|stage|staging|syndrome|technique|test|thyroiditis|triad|triangle|tubercle|tumou?rs?|type|units?|vein|view|zones?)';

/** Nouns that turn a name right before them into a term. */
export const afterName = new RegExp(`^(?:['’]s?)?[ \\t-]*${nouns}\\b`, 'i');

/** Nouns that turn an eponym before them into a term, with a word between them or without. */
export const afterEponym = new RegExp(
  `^(?:['’]s?)?[ \\t-]*(?:(?!(?:has|had|have|is|was|were|with|who|and|the|for|shows|presents)\\b)\\w+[ \\t-])?${nouns}\\b`,
  'i',
);
