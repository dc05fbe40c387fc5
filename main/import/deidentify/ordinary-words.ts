/**
 * Words that stand capitalised in reports (headings, sentence starts, all in capitals) and are not part of anybody's name when they
 * follow a cue such as "dictated by" or precede "Hospital". Lower case.
 */
export const ordinaryWords: ReadonlySet<string> = new Set(
  `a about above abnormal abdomen acute addendum administered admission admitted after again age agree aged all also an and angiogram angiography
  ankle annual any appearance appears appointment approved approximately april are area arm as assistant at attending august authenticated available axial
  back bilateral biopsy birth board body bone bowel brain breast by call called cancer cardiac care case cc center certified cervical chest chief child children city clinic clinical clinician college
  colon come comment comments community comparison compared complaint complete completed conclusion condition confirmed consult consultant
  consultation consulted contact contrast copy coronal correlation county created critical ct current
  daily data date day days december department diagnosis diagnostic dictated dictation discharge discussed discussion discharged doctor dr due
  ed edited elbow electronic electronically emergency endoscopy er evaluation evening exam examination examined exams
  february family faculty fellow female field final finding findings finger follow followed following follow-up foot for forearm from friday
  gastroenterology general given group gynecology had hand has have he head health heart her hip his history home hospital hospitalist hours house
  i icu identified if image images imaging impression in including independent indication indications infant information informed initial inpatient institute institution internal interpretation interpreted interpreting into intensive is it
  january july june kidney knee laboratory last lateral left leg liver local location lower lumbar lung lungs
  male mammogram mammography man march may md me medical medicine memory men mg mid middle military mild miss moderate monday morning most mr mri ms multiple my name named national
  navy neck neurology neurosurgery new newborn next night no none nor normal not note noted notes notified november now nuclear number nurse nursing
  obstetrics october of office old on oncology one only or order ordered ordering orthopedic orthopedics other our out outpatient outside over
  pa pain paged patient patients pediatric pediatrics pelvis per performed person personal physician physicians phone place plan please portable positive possible post
  practice practitioner preliminary present presented previous primary prior private procedure provider provided pt public pulmonary
  radiograph radiographs radiologist radiologists radiology read reader reading reason recall received recommend recommended recommendation recommendations record referral referred referring regarding region regional reported reporting report requested requesting
  required resident result results reviewed reviewing right room routine sagittal same saturday scan school scout screening see seen section september series service services severe sex she shoulder side signed single skull small social
  sonographer specimen spine staff stat state status stomach stroke student studies study suite sunday supervising supine surgeon surgery surgical symptoms
  teaching team technique technologist technician telephone tertiary test than thank that the their there these they this thoracic thursday time to today tomorrow transcribed transcriptionist transfer transferred trauma treating treatment tuesday tumor two type
  ultrasound unit unknown unremarkable until up upper upright urgent urology us veterans verified very via view views visit was we wednesday week weekend were when which who will with without woman women worker wrist
  x-ray xray year years yes yesterday you young your yard`
    .split(/\s+/)
    .filter(Boolean),
);
