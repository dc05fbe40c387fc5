/**
 * Words that stand capitalised in reports (headings, sentence starts, texts all in capitals) and are no part of a name where a cue such
 * as "dictated by" or "Hospital" has one expected. Lower case.
 */
export const reportWords: ReadonlySet<string> = words(`
  a abdomen abnormal about above acr acute addendum administered admission admitted after again age aged
  agree aim all also an and angiogram angiography ankle annual any ap appearance appears appointment
  approved approx approximately are area arm as assistant at attending authenticated available ave axial
  back bilateral biopsy birth blvd board bowel brain breast by call called cancer cardiac care case cc
  center certified cervical chest chief child children city clinic clinical clinician college colon come
  comment comments community compared comparison complaint complete completed conclusion condition confirmed
  consult consultant consultation consulted contact contrast copy coronal correlation county created
  critical ct cta current cxr daily data date december department diagnosis diagnostic dictated dictation
  discharge discharged discussed discussion dob doctor dr due ed edited elbow electronic electronically
  emergency endoscopy er evaluation evening exam examination examined exams faculty family fax february
  fellow female final finding findings finger follow follow-up followed following foot for forearm friday
  from fyi gastroenterology general gi given group gu gynecology had has have he health her hip his history
  home hospital hospitalist hours hx i icu id identified if image images imaging impression in including
  independent indication indications infant information informed initial inpatient institute institution
  intensive internal interpretation interpreted interpreting into is it january july june kidney knee
  laboratory last lateral left leg liver local location lower lumbar lung lungs male mammogram mammography
  man md me medical medicine memory men mg mid middle mild military miss moderate monday morning most mr mri
  mrn ms multiple my name named national navy neck neurology neurosurgery newborn next nicu night no none
  nor normal not note noted notes notified november now nuclear number nurse nursing ob obstetrics october
  of office on oncology one only or order ordered ordering orthopedic orthopedics other our out outpatient
  outside over pa paged pain patient patients pediatric pediatrics pelvis per performed person personal pet
  phone physician physicians picu place plan please pm pod portable positive possible post practice
  practitioner preliminary present presented previous primary prior private procedure provided provider pt
  public pulmonary rad radiograph radiographs radiologist radiologists radiology read reading reason recall
  received recommend recommendation recommendations recommended record referral referred referring regarding
  region regional report reported reporting requested requesting required resident result results reviewed
  reviewing right room routine rt sagittal same saturday scan school scout screening section see seen
  september series service services severe sex she shoulder sicu side signed single skull social sonographer
  specimen spine ssn staff stat state status stomach stroke student studies study suite sunday supervising
  supine surgeon surgery surgical symptoms teaching team technician technique technologist tel telephone
  tertiary test than thank that the their there these they this thoracic thursday time to today tomorrow
  transcribed transcriptionist transfer transferred trauma treating treatment tuesday tumor two tx type
  ultrasound unit unknown unremarkable until up upper upright urgent urology us verified very veterans via
  view views visit was we wednesday week weekend were when which who with without woman women worker wrist
  x-ray xr xray yard year years yes yesterday you
`);

/** The vocabulary of radiology in prose, most of it of the authored knowledge base: what tells a heading from a name that nothing announces. Lower case. */
export const ordinaryWords: ReadonlySet<string> = words(`
  a abdomen abdominal abductor abnormal abnormality about above abrupt abscess absence absent abstain
  abstains abuse abuts acalculous accentuated accentuates accessory according accumulation accurate
  acetabular acetabulum acid acoustic acromioclavicular acromion across action actionable active activity
  acute adapter adapters add added addenda addendum additional adds adductor adenitis adenocarcinoma adenoma
  adenomyoma adenomyomatosis adenomyosis adenopathy adenosis adequate adhesions adhesive adjacent
  administered admission admitted adnexal adolescent adolescents adrenal adult adults advanced advised
  advises aerated affect affected affects after again against age aged agenesis ages aggressive agree
  agreement air airflow airspace airway airways alar aligned alignment alike all allergic allowance allowed
  almost alone along alpha already also alternative alters although alveolar alveoli always amiodarone among
  amorphous amounts ampulla amyloid amyloidosis an anal analog anatomical anchor and anechoic anemia
  aneurysm aneurysmal anew angiogram angiography angiomyolipoma angiopathy angle angles angular angulated
  angulation ankle ankylosed ankylosing ankylosis annual annular annuloplasty annulus anomaly anonymisation
  another answer answers antegrade anterior anteriorly anteroinferior anterolateral anterolisthesis
  anteromedial anteroposterior anterosuperiorly anteversion antispasmodic antitrypsin any anywhere aorta
  aortic aortitis apart apex apical apices apnea aponeurosis apophyses apophysis app apparent appear
  appearance appears appendage appendagitis appended appendicitis appendicolith appendix applies apply
  appointment appropriate approved approximately april arc arch arches architectural architecture arcs
  arcuate are area areas areola argue arises arm around arrest arrhythmia arrowhead arterial arteries
  arteriosum arteriovenous artery arthritis arthropathy arthroplasty articles articular articulation
  artifact artifacts as asbestos asbestosis ascending ascites ask asked asks aspergillosis aspiration assess
  assessment assist assistant associated asthma astrocytoma asymmetric asymmetry asymptomatic at atelectasis
  atherosclerosis atherosclerotic atlantodental atlas atresia atrial atrium atrophy attached attachment
  attack attending attenuates attenuation atypia atypical audit auditory august authenticated authentication
  author automated available avascular average avid avoided avulsion away axial axially axilla axillary axis
  axonal azygos back backbone background backward bacterial balloon band bandlike bands basal base baseline
  bases basicervical basilar basis batwing be beading beak beaking beam bearing bears because become becomes
  beds before began beginning begins behaves behind being belong belongs below beneath benign beside best
  better between beyond biapical bibasilar biceps biconcave biconvex bifid big bilateral bilaterally bile
  biliary binaries biopsied biopsy bipartite birth bisphosphonates bits biventricular bladder bleeding
  bleeds blended blocked blocks blood blunt blunted blunting blunts blur blurred blurs blush board bodies
  body bone bones bony book bootstrap border borderline borders both bottle bounded bowel bowing boxer
  brachial brackets braids brain brainstem branch branches branching break breaks breast breasts breath
  breathing bridge bridging briefly bright brings broad broken bronchi bronchial bronchiectasis
  bronchiolectasis bronchiolitis bronchitis bronchograms broncholithiasis bronchopleural bronchopneumonia
  bronchopulmonary bronchoscopy bronchovascular bronchus bruises bruising bubble bubbles bucket build
  building builds built bulb bulge bulges bulk bulla bullae bullous bundle bundles bursa bursal bursitis
  burst but buttons by bypass byte bytes cache calcaneal calcaneus calcar calcific calcification
  calcifications calcified calcify calcifying calcium calculi calculus calf caliber calibrated calices call
  called calling callosum calls callus calyceal can canal cancer cancers cannot cap capacity capital
  capitate capitellar capitellum capitolunate caps capsular capsule carcinoid carcinoma cardiac
  cardiomediastinal cardiomegaly cardiomyopathy cardiophrenic cardiopulmonary cardiothoracic cardioverter
  care carina carotid carpal carpometacarpal carpus carries carry cartilage cartilages case cases categories
  category catheter catheters caudate cause caused causes caution cava cavernous cavitary cavitating
  cavitation cavities cavity cavoatrial cc cecal cecum celiac cell cells cellular cellulitis cement center
  centering centers centimetres central centrally centrilobular cephalization cerebellar cerebellopontine
  cerebellum cerebral cerebrospinal certainly certainty certified cervical cervicothoracic chamber chance
  change changed changes characterize characters charcoal chauffeur check checked checkpoint checkpoints
  checks chemical chemoradiation chemotherapy chest chiasm chief chiefly child children chin choice
  cholangitis cholecystectomy cholecystitis choledocholithiasis chondrocalcinosis choosing choriocarcinoma
  choroid chose chosen chroma chronic ci cicatricial cipher circulating circumference circumferential
  circumflex circumscribed cirrhosis cirrhotic cisterns citation citations cite cited cites city classes
  classification classifies clavicle clavicles claw clean cleaned cleaning clear clearance clearing clearly
  clears cleft clinic clinical clinically clinician clip clips cloaca clock clone closed closes clot
  clothing cloudy clues clumped cluster clustered cm coagulopathy coal coarse coarser cobwebs code codecs
  coded codes codestream coding coexist coils cold colic collapse collapsed collateral collaterals collected
  collecting collection collections collects college colli colloid colon colonic color colors column coma
  combination combine combined combines come comes comet command comment comments comminuted common
  commonest commonly communicate communicated communicates communicating communication community companion
  compare compared compares comparison comparisons compatible compensation complaint complaints complete
  completed completely complex complicated complications component components composition compress
  compressed compresses compressible compression computed concave concentration concern concluded conclusion
  concordant condensans condition conditions conduit condyle condyles confidence confined confirm confirmed
  confirms conflicts confluence confluent conformance confused congenital congestion congestive congruent
  congruity connection connective connector conniventes consensus considerable considered considers
  consistent consolidation constant consult consultant consultation consulted contact contain contained
  contains content contents contiguous continue continuity continuous contour contours contract contracted
  contraction contracture contradictions contradictory contrast contusion converge convergence convex
  convexity copied copy coracoclavicular coracoid cord core cores corner coronal coronary coronoid corpus
  correction correlate correlates correlation corresponds cortex cortical corticated cortices costal
  costochondral costophrenic costs cough could count counted counting countless counts county course coxa
  cranial craniocaudal craniocervical craniopharyngioma crash crashed crazy created crescent crescentic
  crescents cribriform criteria criterion critical criticals cross crossed crosses crossing crowd crowded
  crowding crown crowned cruciate crush crushes crutches ct cuboid cuff cuffing cuffs cuneiform cup cupola
  current curvature curve curved curves curvilinear customary cut cxr cycle cylinders cyst cystic
  cysticercosis cystine cysts daily damaged dark darker data date day days dead debated debris december
  decide decided decides decidualization decimal decision decode decoded decoder decoders decodes decoding
  decubitus dedicated deep deeper default defect defects defibrillator deficiency deficit defined defines
  definite definitions deflated deformities deformity degeneration degenerative degrees dehiscence
  dehydration delay delayed delete deltoid demyelinating demyelination denials dens dense denser densest
  density dental department depend dependent depends deposition deposits depressed depression depth dermoid
  descending describe described describes deserves design despite destruction destructive detect detector
  dev devascularized developing development developmental deviates deviation device devices dextroscoliosis
  diabetic diagnosed diagnosis diagnostic dialysis diameter diameters diaphragm diaphragmatic diaphragms
  diastasis diastolic dicom dictated dictation die differ difference differences different differential
  differentiated differentiation differs difficult diffuse diffusely diffusion digitorum dilatation dilate
  dilated dilates direct directed direction directly disappearance disappears disc discharge discharged
  discitis discoid discontinuous discordant discussed discussion disease diseases dislocate dislocated
  dislocation dismissed disorder displace displaced displacement displaces displacing display disruption
  dissection dissemination dissociation distal distance distances distant distended distension distinct
  distinction distortion distribution diuresis diuretic divergent diverticula diverticulitis diverticulosis
  diverticulum divide divided divides do doctor document documented documents does dog dome domes dominant
  dominates done dorsal dorsally dose dots double doubt doubtful doughnut down downloads downward dr draft
  drafted drafter drafts drainage drains draped drawn dressings driveline drop drops drug drugs dual duct
  ductal ducts due duodenum duplex duplicate duplication dura dural during dynamic dysfunction dysplasia
  dysplastic dyspnea dystrophic each earlier early easily eccentric eccentrically echo echocardiography
  echoes echogenic echogenicity echoic echotexture ectatic ectopic ed edema edematous edge edges edit edited
  edition effacement effect effusion effusions eight either ejection elastography elbow electric electrodes
  electron electronic electronically elementary elements elevated elevation eligible elongates else
  elsewhere embed embedder embedding emboli embolism embryo emergency emphysema emphysematous empty empyema
  en encases encephalitis encode encoder encoding encrypted encryption end endangers endian ending
  endobronchial endoleak endometrioid endometrioma endometriomas endometriosis endophytic endoscopic
  endoscopy endotracheal endovascular endplate endplates ends enema energy engine engulf enhance enhancement
  enhances enhancing enlarged enlargement enlarges enlarging enter enteric enters entirely entrapped entries
  entry eosinophilic epicardial epicardium epicondyle epidermal epidermoid epididymal epididymis
  epididymitis epidural epiphrenic epiphyseal epiphyses epiphysis epiploic epoch epochs equal equalized
  equalizes equally equina equivalents equivocal er erased erases erode eroded erodes erosion erosions error
  errors esophageal esophagus essential estimated evacuate eval evaluated evaluation even evening evenly
  eventration ever every evidence evident exaggerate exaggerated exaggerates exam examination examined exams
  excavatum exceed except excised excision exclude excluded excludes exist expanded expansile expansion
  expected expiration expiratory exploration export exported exports exposure extends extension extensive
  extent external extra extracapsular extracellular extraforaminal extrahepatic extraluminal extramedullary
  extraovarian extrapleural extraprostatic extrarenal extrasphincteric extratesticular extrathyroidal
  extrauterine extravasation extremely extremity extrusion exudate face facet fact factitious factors facts
  faculty fade fades failed fails failure faint fainter faintly fall falling falls false falx family far
  farther fast fasting fat fatty fault favor favored favors features february fecal feces feeding feet
  fellow female femoral femur fever few fewer fhir fibers fibroadenoma fibrocartilage fibroglandular fibroid
  fibroids fibroma fibrosis fibrotic fibrous fibula fibular field fifth figure figures file files fill
  filled filling fills film films filtered final finding findings finds fine finger fingers firm first
  fissure fissures fistula fit fits five fixation fixed fixes flags flail flake flame flap flare flat
  flattened flattening flattens flatter flavum fleck flexion flexor floating floats floor floppy flow
  flowing fluffy fluid flush focal focally foci focus fold folder folds folia follicle follicles follow
  follow-up followed following follows foot for foramen foramina foraminal forbid forearm foregut foreign
  foreshortens form format formation forms forward fossa found four fourth fraction fracture fractures
  fragment fragmentation fragments frame frames free frequent friday frog from front frontal frothy ft full
  fully function functions fungal fungus furosemide further fused fuses fusion gadolinium gadoxetate
  galactocele gallbladder gallstones gamekeeper ganglia ganglionic gangrenous gap garbage gas gastric
  gastroenterology gastroesophageal gate gating general generally generator geographic geometry germ
  germinoma gestational gets giant gibbus gigabytes girdle give given gives gland glands glandular glass
  glenohumeral glenoid glioblastoma glioma global globular globus glucose go goal goals goes goiter good
  gout grade graded grades gradient grafting granular granuloma granulomas granulomatosis granulomatous gray
  great greater greatest greenstick groin groove grooves grossly ground grounding group grouped groups grow
  growing grown grows growth guidance guide guideline gut gutters gynecology gynecomastia had half
  hallucinated hallucination halo halves hamartoma hamate hand hands hangman hardening hardly hardware
  harmless has hash hashes haustral have haze haziness hazy he head header heading heads healed healing
  heals health healthy heart heartbeat heel height heights help helps hemangioma hemarthrosis hematoma
  hematomas hematopoiesis hemiazygos hemidiaphragm hemidiaphragms hemipelvis hemithorax hemitransverse
  hemivertebrae hemochromatosis hemodynamically hemopericardium hemoperitoneum hemoptysis hemorrhage
  hemorrhagic hemothorax hepatic hepatitis hepatobiliary hepatocellular hepatofugal hepatomegaly hepatopetal
  her here hernia hernias herniation heterogeneous heterogeneously hiatal hiatus hidden hide hides
  hidradenitis high higher highest highly hila hilar hilum hindfoot hinge hint hints hip hips his
  histiocytosis histoplasmosis history hold holds hole home homogeneous homogeneously homolateral honest
  honeycombing horizontal horizontally hormone horn hospital hospitalist hot hotter hours house how however
  human humans humeral humeri humerus humpback hundredth hyaline hydrocele hydrocephalus hydronephrosis
  hydrosalpinx hydroureter hydroxyapatite hygroma hyper hyperdense hyperdensity hyperemia hyperemic
  hyperenhancement hyperexpanded hyperextension hyperinflated hyperinflation hyperintense hyperintensities
  hyperintensity hyperlucency hyperlucent hyperostosis hyperparathyroidism hyperplasia hypersensitivity
  hypertension hypertensive hypertrophic hypertrophied hypertrophy hypervascular hyphens hypoalbuminemia
  hypodense hypoechoic hypoenhancing hypoglycemia hypoinflation hypointensity hypomagnesemia
  hypophosphatasia hypothalamic hypothyroidism i icu id identified identifies identify identity idiopathic
  ids if ignored ileal ileitis ileus iliac ilii ilioischial iliolumbar iliopectineal ilium ill illness image
  imaged images imaging imitate imitates immature immediate immobilization immune immunocompetent impacted
  impaction impending implant implantable implantation implanted implants implies import important imports
  impression improvement in inactive incidental inclination include included includes including inclusion
  incomplete incongruity increase increased increases independent indeterminate index indexed indexes
  indicate indicates indication indications indices indinavir indirect indistinct indistinguishable infant
  infants infarct infarction infarcts infected infection inferior inferolateral infiltrate inflamed
  inflammation inflammatory inflated inflicted information informed infrahilar inframammary infrapedicle
  infrarenal infratentorial infundibulum inguinal inhibit initial injected injection injects injuries injury
  inner inpatient input insensitive insertion inserts inside inspiration inspiratory instability instance
  instead institute institution insula insular insulation intact intake integration intensive interactive
  interarticularis intercondylar interhemispheric interim interleaved interlobar intermediate intermittent
  internal interosseous interpedicular interphalangeal interpretation interpreted interpreting interrupted
  interrupts interspace intersphincteric interstitial intertrochanteric interval intervals intima intimal
  into intra intraaortic intracapsular intracavernous intracavitary intracerebral intracranial intraductal
  intrahepatic intramammary intramural intraparenchymal intraperitoneal intrapulmonary intratesticular
  intrauterine intraventricular intubation intussusception invade invasion invasive invent invented invents
  inversion inverted invisible involucrum involve involved involvement involves inward iodine ipsilateral
  iron irregular is ischemia ischemic ischial islands iso isodense isoechoic isointense isolated isolation
  issue it item its itself january jaundice jersey jet jewelry job joins joint joints judged judgement
  jugular july junction junctional junctions june just justify juxtacortical kebab keep keeps kept key
  keystrokes kidney kidneys kills kilobytes kinetics kink kinked knee knees knob knowledge known knows
  kyphosis laboratory labral labrum lacelike laceration lack lacks lacrimal lacunar lag lamellated lamina
  laminated landmarks laparoscopy laparotomy large larger largest last late later lateral laterally launch
  layer layering layers lead leads leak leakage learning least leave leaves led left leftward leg legs
  leiomyomas length lenticular lentiform leptomeningeal lesion lesions less lesser let lets letter
  leukoaraiosis level levels libjpeg libsql licence lie lies life lift lifted lifts ligament ligaments
  ligamentum like likelier likely limbs limit limited limits line linear lines linguine lingula lingular
  lining linked links lipase lipohemarthrosis lipoma lipomatosis list lists lithotomy little live liver load
  lobar lobe lobectomy lobes lobular lobulated local locate located locates location lockdown loculated
  logits long longer longus look looked looks loop loops loosening loses loss lossless lossy lost low lower
  lowers lowest lucencies lucency lucent luma lumbar lumen lump lumpy lunate lung lungs lunotriquetral
  luteum lymph lymphadenopathy lymphangioleiomyomatosis lymphangitic lymphatic lymphedema lymphoma lytic
  machine macro macroadenoma macrocalcification made magna magnification magnified magnifies main mainly
  maintained major make makes malalignment male malformation malformed malignancy malignant malleolus mallet
  malperfusion malpositioned maltracking mammary mammogram mammograms mammographic mammography man
  management many map maps march margin marginal marginated margins markdown marked markedly marker markers
  markings marks marrow masked masking mass masses massive mastectomy mastitis mastoid match matched matches
  matching material matrix matter matters mature maxillary maximal may md me meal mean means meant measure
  measured measurement measures measuring medial medially median mediastinal mediastinum medical medicine
  mediolateral medium medullary meet meets megapixels melanoma membrane membranes memory men meningeal
  meningioma meningitis meniscal menisci meniscofemoral meniscus menopause mention mentioned mesenteric
  mesentery mesh meshes mesothelioma message metabolic metacarpal metacarpophalangeal metal metallic
  metallosis metaphyseal metaphysis metastases metastasis metastatic metatarsal metatarsals
  metatarsophalangeal method metrics mg micro microadenoma microlobulated mid midbrain midclavicular middle
  midfoot midline midthoracic midwall might migration mild mildly miliary military milk millimetre
  millimetres mimic mineral minimal minimally minor minute minutes mismatch mismatched misplaced miss missed
  misses missing mistaken mitral mixed mixing mm mobile modalities modality mode model moderate moderately
  modern modified molecular molecules monday monitoring months more morning morphine morphology mortise
  mosaic most mostly motion mottled movable move movement moves moving mr mri ms msk much mucinous mucocele
  mucosal mucous mucus muffins multifocal multilevel multilocular multinodular multiphase multiple mural
  muscle muscles must my mycetoma mycobacteria myeloma myelopathy myocardial myometrial myometrium myxoid
  name named names nanocolloid narrow narrowed narrowing narrows nasogastric national native navy near
  nearer nearest nearly neck necrosis necrotic necrotizing need needed needle needs negation negative
  negatives neighboring neither neonatal neoplasm nerve nerves netlike networks neuroendocrine neurogenic
  neurological neurology neuropathic neurosurgery neurovascular neutral neutropenia never new newborn
  newborns newest next night nine nipple nm no nobody nodal node nodes nodular nodule nodules noise non
  noncalcified noncardiogenic noncompressible nondiagnostic nondisplaced none nonenhancing nonparallel
  nonperipheral nonrim nonsegmental nonspecific nontuberculous nonunion nor normal normally not notch
  notching note noted notes nothing notified november now npm npx nuclear nucleus nulling number numbering
  numerous nurse nursing nutrient nutrition obese obesity obfuscation oblique obliquely obliterated obscure
  obscured obscures observation observer obstetrics obstructed obstructing obstruction obstructive obtained
  obturator obtuse obvious occluded occlusion occlusive occult occupies occur occurs october odontoid of off
  offer offered office official offline often oil ointment old older olecranon olfactory oligoclonal
  oligodendroglioma omitted on once oncology one ones only onnxruntime onset opacities opacity opaque open
  opening opens operated oppose opposed opposite optic optica optional optionally or oral orbits order
  ordered ordering ordinary organified organisation organizing organs orientation origin orthopedic
  orthopedics os osseous ossicle ossicles ossific ossification ossifies ossifying osteoarthritis
  osteoblastic osteodystrophy osteoid osteolysis osteomyelitis osteopenia osteophyte osteophytes
  osteoporosis osteoporotic osteosarcoma ostiomeatal other others otherwise our ours out outer outflow
  outline outlined outlines outlook outpatient outpouching output outside outward oval ovarian ovaries
  ovarii ovary over overestimated overexposure overfits overgrowth overhang overhanging overinflation
  overlap overlapping overlaps overlay overlie overload overlooked overlying overpenetrated overrides overt
  overweight overwritten ovoid owl own oxygen pa pacemaker pacemakers pacing pack package packaged packages
  packs pad pads paged pain painful painless pairs palette pallidus palmar palmarly palpable palsy pancreas
  pancreatic pancreatitis panlobular paper papillary papilloma papyracea paradoxically paraesophageal
  paragraph parallel paralysis parameter parameters paranasal paraovarian paraphrases parapneumonic
  pararenal parasagittal paraseptal parasitic paraspinal parasternal paratracheal paravertebral parenchyma
  parenchymal parenteral parietal pars parsed parser parsers part partial particles partly parts pass
  passage passed passes passive past patch patchy patella patellar patellofemoral patent pathological paths
  patient patients pattern patterns paving peak pearls pectoral pedestal pediatric pediatrics pedicle
  pedicles peduncles pedunculated pelvic pelvis pencil penetrating people per percent percentage
  percutaneous perforation perforator performed perfusion perianal periappendiceal periarticular
  peribronchial peribronchovascular pericardial pericardium pericholecystic pericolic perihilar perilunate
  perilymphatic perinephric perineural periosteal periostitis peripancreatic peripheral periphery
  periprosthetic peritoneal peritoneum peritonitis periventricular permeative peroneal peroneum
  perpendicular persist persistence persistent persists person personal pertechnetate phalangeal phalanx
  phase phases phlebitis phlebolith phlegmon phone photographs photometric phrase phrasing phrenic physician
  physicians physiologic physis picture pigment pillar pilonidal pineal pinned pipeline pitfalls pituitary
  pivot pixel pixels place placed placement places plain plainly plan plana planar plane planes plantar
  plaque plaques plasma plate plateau plateaus platelike plates please pleomorphic pleura pleural pleurisy
  pleurodesis plexus plugs pneumatocele pneumatosis pneumoconiosis pneumomediastinum pneumonectomy pneumonia
  pneumonitis pneumoperitoneum pneumothoraces pneumothorax point points polarity pole polyangiitis
  polyethylene polyp polyps pons poor poorly popcorn popliteal popliteus porcelain port portable portal
  position positioning positive positives possible post postcontrast posterior posteriorly posteroinferiorly
  posterolateral posteromedial postesophagectomy postobstructive postoperative postrema postsurgical
  postthrombotic posture practice practitioner precision predict predictions predictor predicts predominance
  predominant prefemoral preferred pregnancy preliminary premenopausal presence present presented preserved
  pressure presternal prevascular prevertebral previous primary printed prints prior priors private
  probability probable probably probe problems procedure process processes produce product profile profiles
  profundus progresses progression progressive progressively project projection projections projects
  prominence prominent promise prompt prompts pronator prone proportion proportional prostate prostheses
  prosthetic protect proteinaceous protrusion protrusions prove proved proven proves provided provider
  proximal pruning pseudo pseudoaneurysm pseudocapsule pseudocyst pseudogynecomastia pseudokidney
  pseudosubarachnoid pseudosubluxation pseudotumor psoriatic pt puberty pubic public pulled pulmonary
  pulmonic pulsation pump punched punctate puncture pure purulent pus put putamen pydicom pyelonephritis
  pyloric pylorus pyonephrosis pyramidal pyrophosphate quadrant quadrants quadratus quadriceps qualifiers
  quality quarter query question quickly quiet quoted radial radiating radiation radiocapitellar radiocarpal
  radiograph radiographic radiographs radiologist radiologists radiology radiolucent radiopaque radiosurgery
  radioulnar radius rag raise raised raises rami ramus random rapid rare rarely rarer rate rather ratio
  reach reached reaches reaction reactivation reactive read reader readers reading reads real reason
  rebleeding rebound recall received recent recently receptor receptors recess recognized recommend
  recommendation recommendations recommended recommends record recorder recorders recovers recovery
  rectangular rectoprostatic rectosigmoid recurrence recurrent recurs redistribution reduce reduced reduces
  reduction reference referral referred referring reflect reflections reflects reflux reformats refuse
  refused refuses refutes regarding regardless region regional regions registry regression regurgitation
  reinforcement rejected relation relative relaxes release released reliable reliably remain remaining
  remains remove removed removes renal renogram renography reordered reossification repair repeat repeated
  replace replaced replacement replaces report reported reporting reports represent represents requested
  requesting require required requirement requires resection resemble resembles resembling reservoir
  resident residual resizing resolution resolutions resolve resolved resolves resorb resorbs respect
  respiratory response rest restraint restricted restricts rests result results resynchronization retained
  retains retention reticular reticulation reticulonodular retracted retracting retraction retrieval
  retrieve retrocardiac retroflexed retroperitoneal retropharyngeal retropulse retropulsed retrosternal
  return returns revascularization reveals reverse reversed reverses reversible review reviewed reviewing
  reward rewording rewrites rheumatoid rhomboid rib ribbon ribs right rightward rim rims ring rise rises
  rising risk risks rl rod rods rolled roof room root rootlets rotated rotates rotation rotator roughly
  round rounded routine row rules run runs rupture ruptured sac sacral sacroiliac sacroiliitis sacrum safe
  sagittal said sail saline salivary salvage same sample sampling sarcoid sarcoidosis sarcoma saturday saved
  saves say says scale scalloped scalp scan scanned scanner scans scaphoid scapholunate scapula scapulae
  scapular scar scarred scarring scattered schedules schema scheme school schwannoma scintigram
  scintigraphic scintigraphy sclerosing sclerosis sclerotic scoliosis score scored scores scout screen
  screened screening screw screws script scripts search searched second secondary secreted secretions
  section sections sector sedation see seen sees segment segmental segments seizure seldom selectively sella
  semi sensitive sensitivity sentence sentences sentinel separate separated separates separation septa
  septal septations september septic septum sequelae sequence sequences sequestration sequestrum serendipity
  serial series serve service services sesamoid sesamoids set seton sets setting settings settle settled
  settles settling seven seventh several severe severity sex shading shadow shadowing shadows shaft shaggy
  shallow shape shaped share shared shares sharp sharply shattered she shear sheetlike shell shielding shift
  shifted ship shock short shortening shortly should shoulder shouldered shoulders show showing shown shows
  shrinking shrinks shuffled shunt shunts siblings side sides sigmoid sign signal signed significance
  significant signs silence silent silhouette silicone silicosis similar simple simpler simultaneous
  sincalide since single sinus sinuses sinusitis site sites six sixth size sizeable skeletal skeletally
  skeleton skier skin skipped skull slice slices sliding slight slightly slip slipped slips slope slopes
  slouched slow slower small smaller smoked smoker smoking smooth smudgy sniff snippet snippets snowboarder
  snowman snuffbox so social soft software solid solitary somatostatin some sometimes sonographer
  sonographic sought source sources space spaces spares sparing sparse spasm speaks specific specificity
  specimen spectral spectrum sphenoid spheres sphincter spiculated spicules spilled spin spinal spine spines
  spinolaminar spinous spiral spirometry splayed spleen splenic splenomegaly splenosis split splits
  spondylitis spondyloarthritis spondylolisthesis spondylolysis spondylosis spondylotic sponge spongiform
  spot spots sprain spread spreading spur spurs sputum squama squamous squared stability stable staff stage
  stages staghorn stalk stand standard stands staple start starts stat state stated statement statements
  states static status stay stays steal steatosis stem stemmer stems stenosis stent stents step steps
  stereotactic sternal sternoclavicular sternocleidomastoid sternophrenic sternotomy sternum steroids
  stiffness stigmata still stimulation stimulator stippled stomach stone stones stood stool stops store
  stored straight strain stranding strands streak streaks stress striated stricter stricture strictures
  string stripe striped stripes stroke stromal strong structure structured structures struma student studies
  study styloid sub subacute subarachnoid subarticular subcapital subcapsular subcarinal subchondral
  subclavian subcortical subcutaneous subdiaphragmatic subdural subendocardial subendocardium subepicardial
  subjective sublabral subluxated subluxation submucosal subphrenic subpleural subpulmonic subsegmental
  subserosal subsidence substance substantial substernal substitute subtalar subtle subtrochanteric success
  such sudden sufficient suggest suggested suggestive suggests suitability suitable suite sulcal sulci
  sulcus sunburst sunday sunrise superficial superior superscan supervising supine supplied supply support
  supports suppression supra supraclavicular supracondylar supraganglionic supralevator suprapatellar
  suprapedicle suprasellar suprasphincteric supraspinatus sure surface surfaces surgeon surgery surgical
  surround surrounded surrounding susceptibility suspect suspected suspicion suspicious suture sutures
  swelling swings swirl swirls switched swollen sylvian symmetric symmetrically symmetry symphysis symptoms
  syndesmophytes syndesmosis syndrome synechiae synonyms synovial synovitis syntaxes synthetic syphilitic
  system systematic systems systolic table tables tag tail take taken takes talar taller talonavicular talus
  tamponade tandem tangential taper tapering tapers target targetoid targets tarsal task tasks tattoo taught
  teaching teacup team tear teardrop tears technetium technical technician technique technologist telephone
  tells template templates temporal ten tenderness tendon tendons tension tent tented tenth tenting
  tentorium teratoma terminal terms terrible territorial territories territory tertiary test testicular
  testing testis tests tethered text textbook texture thalamic thalamus thallium than thank that the their
  them themselves then therapy there thereby therefore these they thick thickened thickening thickens
  thicker thickness thin thing thinned thinner third thirds this thoracic thoracolumbar thorax those though
  thought thread threads three threshold thresholds thrombectomy thromboembolism thrombolysis thrombosed
  thrombosis thrombus through throughout thumb thumbnail thumbnails thursday thus thymic thymoma thymus
  thyroid thyroiditis thyrotoxicosis tibia tibial tibiofibular tilmanocept tilt tilted tilts time times
  timings tip tips tissue tissues title to today together tokens told tomorrow tomosynthesis tongue too
  tophi tophus topic torn torsion tortuosity tortuous torus total touched touches toward toxic toxoplasmosis
  trabeculae tracer trachea tracheal tracheobronchial track tracks tract traction trail train trained
  training tram transcervical transcribed transcriptionist transfer transferred transformation transient
  transit transition transitions translation translevator transscaphoid transsphincteric transudate
  transvaginal transverse trapezius trapped trapping trauma traumatic tray treatable treated treating
  treatment tree triad trials triangle triangular tricompartmental tried tries trigonum triple triquetral
  triradiate trochanter trochanters trochlea true truncated tsx tubal tube tuberculosis tuberosities
  tuberosity tubes tubing tubular tubules tuesday tumefactive tumor tumors turn turned turns twice twiddler
  twinkling twisted twisting two type types typical typically ulcer ulnar ultrasound uncemented uncertain
  unchanged uncinate uncited unclotted uncoiled uncorrected under underestimate underexposure underlying
  underpenetrated understood undid undisplaced unequal unexpected unexplained unfilled uniform unilateral
  unilocular union unique unit units unknown unless unlike unlikely unnecessary unreliable unremarkable
  unrotated unsaid unsclerotic unstable unsupported until unusual unverified up update upgrades upper
  upright upstream uptake upward urate ureter ureteral ureteropelvic ureterovesical ureters urgent uric
  urinary urine urology us usable use used user users uses usual usually uterine uterinus uterosacral uterus
  utility vaccination vaccine vacuum vagina val valgus value values valve valves valvulae valvular variable
  variant variants variation varicella varies varus vary vascular vasculature vasculitis vector veil veils
  vein veins velocity vena venous ventilation ventricle ventricles ventricular verb verbatim verdict
  verified version vertebra vertebrae vertebral vertebrobasilar vertex vertical very vesalianum vessel
  vessels vestibular veterans via viability viable view viewed views viral virtual viscera visceral
  visibility visible visit visual visualized vocabulary void voiding voids volar volume volumes volvulus
  vomiting vote voxels waist wall walled walls warm was washes washout watched water watershed wave
  waveforms wavy way we weakens weakly weakness wear webs wedge wedging wednesday week weekend weeks weight
  weights well went were wet wetread what whatever when where whereas whether which while whirlpool white
  who whoever whole wholly whose wide widely widen widened widening widens wider widespread widest width
  will window windows wing winking wire wires with withdrawal withdrawn within without woman women word
  worded wording words worker workers worse worst would wrist writable writes written wrong wrongly x-ray xr
  xray yaml yard year yearly years yes yesterday yet yields yolk you young your zeros zone zones zoomed
`);

function words(text: string): Set<string> {
  return new Set(text.split(/\s+/).filter(Boolean));
}
