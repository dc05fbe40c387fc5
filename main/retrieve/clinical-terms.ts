/**
 * What clinicians ask about, in the words of requests and of articles: a line a concept, its name first, then what else it is called, and
 * after `#` its abbreviations. Of two letters these count in capitals only ("PE", not "pe"). The pack's findings come from
 * `main/findings` besides; what stands here are symptoms, diseases, injuries, procedures and anatomy of all modalities.
 */
const lines = `
shortness of breath | dyspnea | dyspnoea | breathlessness | difficulty breathing # SOB
chest pain | thoracic pain # CP
abdominal pain | belly pain
back pain | lumbago # LBP
flank pain | renal colic
headache | cephalgia # HA
altered mental status | confusion | encephalopathy # AMS
loss of consciousness | syncope | unresponsive # LOC
shock | hypotension
hypoxia | hypoxemia | desaturation
hemoptysis | coughing up blood | haemoptysis
hematuria | blood in urine | haematuria
hematochezia | rectal bleeding | melena
jaundice | icterus
fever | febrile | pyrexia
cough
wheezing | wheeze
weight loss | cachexia
night sweats
nausea | vomiting | emesis # N/V
dysphagia | difficulty swallowing
palpable lump | palpable mass | breast lump
seizure | epilepsy | convulsion
weakness | hemiparesis | paresis
dizziness | vertigo
trauma | injury | blunt trauma
motor vehicle collision | motor vehicle accident | road traffic accident # MVC MVA RTA
fall | fell
gunshot wound | penetrating trauma | stab wound # GSW
fracture | broken bone # FX
dislocation | subluxation
preoperative | preoperative evaluation # PREOP
postoperative | status post # POSTOP S/P
pulmonary embolism | pulmonary emboli | pulmonary thromboembolism # PE
deep venous thrombosis | deep vein thrombosis # DVT VTE
pneumothorax | collapsed lung # PTX
hemothorax | haemothorax # HTX
pneumomediastinum | mediastinal emphysema
pneumoperitoneum | free air | free intraperitoneal air
congestive heart failure | heart failure | cardiac failure # CHF HF
pulmonary edema | pulmonary oedema | alveolar edema
chronic obstructive pulmonary disease | chronic obstructive lung disease | emphysema # COPD
asthma | reactive airway disease # RAD
pneumonia | lower respiratory tract infection | consolidation # PNA CAP LRTI
bronchitis | bronchiolitis
bronchiectasis | tram track
tuberculosis | mycobacterial infection # TB
coronavirus disease | covid | sars-cov-2
acute respiratory distress syndrome # ARDS
interstitial lung disease | diffuse parenchymal lung disease # ILD DPLD
idiopathic pulmonary fibrosis | usual interstitial pneumonia # IPF UIP
nonspecific interstitial pneumonia # NSIP
hypersensitivity pneumonitis # HP
sarcoidosis | sarcoid
asbestosis | asbestos exposure
silicosis | pneumoconiosis
lung cancer | bronchogenic carcinoma | lung carcinoma # NSCLC SCLC
pulmonary nodule | lung nodule | solitary pulmonary nodule # SPN
lymphoma | hodgkin
metastasis | metastases | metastatic disease # METS
malignancy | cancer | carcinoma | neoplasm # CA
mediastinal mass | thymoma
lymphadenopathy | adenopathy | enlarged lymph nodes # LAD
pericardial effusion | cardiac tamponade
pulmonary hypertension | pulmonary arterial hypertension # PAH PH
myocardial infarction | heart attack | acute coronary syndrome # MI ACS NSTEMI STEMI
coronary artery disease | coronary calcification | ischemic heart disease # CAD
hypertension | high blood pressure # HTN
diabetes mellitus | diabetes # DM
aortic dissection | intimal flap
aortic aneurysm | abdominal aortic aneurysm | aneurysm # AAA TAA
aortic stenosis | valvular heart disease
atrial fibrillation # AFIB AF
stroke | cerebral infarction | cerebrovascular accident | brain infarct | ischemic stroke # CVA
transient ischemic attack # TIA
large vessel occlusion | thrombectomy # LVO
subarachnoid hemorrhage | subarachnoid haemorrhage # SAH
subdural hematoma | subdural haematoma | subdural hemorrhage # SDH
epidural hematoma | extradural hematoma # EDH
intracerebral hemorrhage | intraparenchymal hemorrhage | intracranial hemorrhage # ICH IPH
traumatic brain injury | head injury # TBI
diffuse axonal injury # DAI
midline shift | herniation
hydrocephalus | ventriculomegaly # NPH
meningioma
glioblastoma | high grade glioma | glioma # GBM
pituitary adenoma | pituitary macroadenoma
vestibular schwannoma | acoustic neuroma
arteriovenous malformation # AVM
multiple sclerosis | demyelination | demyelinating disease # MS
alzheimer disease | dementia
abscess | empyema | collection
sinusitis | rhinosinusitis
spinal stenosis | canal stenosis | neural foraminal narrowing
disc herniation | disk herniation | disc protrusion | disc extrusion # HNP
spondylolisthesis | pars defect | spondylolysis
discitis | spondylodiscitis | vertebral osteomyelitis
cord compression | myelopathy
cauda equina syndrome # CES
compression fracture | vertebral fracture | wedge fracture
osteoporosis | osteopenia | bone density # DXA DEXA
osteoarthritis | degenerative joint disease # OA DJD
degenerative disc disease # DDD
rheumatoid arthritis | inflammatory arthritis # RA
gout | tophus
osteomyelitis | bone infection
avascular necrosis | osteonecrosis # AVN
anterior cruciate ligament # ACL
posterior cruciate ligament # PCL
medial collateral ligament # MCL
meniscal tear | meniscus tear | bucket handle
rotator cuff tear | supraspinatus tear
scaphoid fracture | snuffbox tenderness
appendicitis | appendix # RLQ
diverticulitis | diverticulosis
cholecystitis | gallstones | cholelithiasis # RUQ
choledocholithiasis | common bile duct stone # CBD
pancreatitis | peripancreatic
cirrhosis | portal hypertension
hepatocellular carcinoma | hepatoma # HCC
hemangioma | haemangioma
hepatic steatosis | fatty liver | steatosis # NAFLD
small bowel obstruction | bowel obstruction # SBO LBO
ileus | paralytic ileus
bowel ischemia | mesenteric ischemia
inflammatory bowel disease | crohn disease | ulcerative colitis # IBD
colorectal cancer | colon cancer # CRC
gastroesophageal reflux disease | reflux # GERD
kidney stone | nephrolithiasis | renal calculus | ureteral stone | urolithiasis # KUB
hydronephrosis | obstructive uropathy
renal cell carcinoma | renal mass | kidney cancer # RCC
chronic kidney disease | renal failure | end stage renal disease # CKD ESRD AKI
pyelonephritis | urinary tract infection # UTI
prostate cancer | prostate carcinoma | prostate specific antigen # PSA
benign prostatic hyperplasia | prostatic enlargement # BPH
ovarian torsion | adnexal torsion
ovarian cyst | adnexal mass
ectopic pregnancy | extrauterine pregnancy
testicular torsion | scrotal pain
fibroid | leiomyoma
endometriosis | endometrioma
breast cancer | ductal carcinoma | breast carcinoma # DCIS IDC
microcalcifications | breast calcifications
architectural distortion
fibroadenoma
breast density | dense breast
thyroid nodule | goiter
splenic laceration | splenic injury | spleen injury
liver laceration | hepatic injury
retroperitoneal hemorrhage | retroperitoneal hematoma
endotracheal tube | intubated | intubation | breathing tube # ETT
nasogastric tube | enteric tube | feeding tube # NGT NG OGT
central venous catheter | central line | peripherally inserted central catheter # CVC PICC
chest tube | thoracostomy tube | pleural drain
pacemaker | pacing leads | defibrillator # ICD AICD PPM
coronary artery bypass | sternotomy # CABG
tracheostomy
right upper lobe # RUL
right middle lobe # RML
right lower lobe # RLL
left upper lobe # LUL
left lower lobe # LLL
middle cerebral artery # MCA
internal carotid artery | carotid stenosis # ICA
superior vena cava # SVC
inferior vena cava # IVC
`;

export interface ClinicalTerm {
  /** The words that name it, the usual name first. */
  names: string[];
  /** Its abbreviations, in capitals. */
  short: string[];
}

export const clinicalTerms: readonly ClinicalTerm[] = lines
  .trim()
  .split('\n')
  .map((line) => {
    const [names = '', short = ''] = line.split('#');
    return {
      names: names.split('|').map((name) => name.trim()),
      short: short.split(' ').filter((word) => word !== ''),
    };
  });
