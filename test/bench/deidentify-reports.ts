/*
 * Reports with planted identifiers, all made up, in three sets that share neither names nor wording. The rules were tuned on `tuning`.
 * `held` was then measured once and looked at, so that it counts as seen; `fresh` was written after that, and no rule was changed for it.
 */

export interface Planted {
  text: string;
  /** Characters [from, to) that must go. */
  identifiers: { kind: string; from: number; to: number }[];
}

interface Pool {
  first: string[];
  last: string[];
  hospitals: string[];
  cities: string[];
  streets: string[];
  templates: string[];
}

/** `{kind}` is an identifier of that kind, `{kind#n}` the same one each time within a report. */
const tuning: Pool = {
  first:
    'Jane John Maria Ahmed Wei Priya Olga Carlos Fatima Thomas Emily Kwame Ingrid Dmitri Aisha Peter Rosa Hiroshi Linda Samuel Grace Noah Chloe Ivan Leila'.split(
      ' ',
    ),
  last: "Doe Smith Garcia Hassan Chen Natarajan Petrova Mendez Rahman Becker O'Brien Mensah Larsen Volkov Siddiqui Novak Rossi Tanaka Johansson Okafor White Young Wilson Nguyen McDonald Smith-Jones".split(
    ' ',
  ),
  hospitals: [
    "St. Mary's Hospital",
    'Mercy General Hospital',
    'Lakeside Medical Center',
    'Riverton Clinic',
    'University of Westmark Medical Center',
    'Oak Valley Imaging Center',
    'Harborview Radiology Associates',
    'Bayshore Health System',
  ],
  cities: ['Springfield', 'Riverton', 'Oakdale', 'Cedar Falls', 'Fairview'],
  streets: ['12 Elm Street', '4501 Oak Ridge Drive', '77 North Main St.', '1280 Lakeview Avenue, Apt 4B'],
  templates: [
    'PATIENT NAME: {FULL#1}\nMRN: {mrn}\nACCESSION NUMBER: {acc}\nDATE OF BIRTH: {date}\nDATE OF EXAM: {date}\nREFERRING PHYSICIAN: {lastfirst}\n\nEXAM: CT CHEST WITH CONTRAST\nFINDINGS: The lungs are clear. No pleural effusion.\nIMPRESSION: No acute disease.\n\nElectronically signed by {full}, MD on {date} at {time}',
    'Patient: {full#1}\nDOB: {iso}   SSN: {ssn}\nAddress: {street}, {city}, IL {zip}\nPhone: {phone}\n\nChest radiograph, PA and lateral. Compared with {date}. Mr. {last} was seen on {md} for cough. Heart size is normal.',
    'Dr. {last} was notified of the pneumothorax at {time} on {longdate}. The findings were also discussed with {full} of {hosp}.',
    'INDICATION: {age90}-year-old woman, fall on {weekday}. Lives in {city}.\nCOMPARISON: Radiographs of {date} from {hosp}.\nFINDINGS: Fracture of the femoral neck. 3.2 x 1.4 cm haematoma.\nDictated by: {full}, M.D.\nTranscribed by: {last}\nDD: {date} {time}',
    'MRI of the brain performed {longdate}. Study ID {uid}. Scanner serial number {serial}. Referred by Dr. {first} {last}, tel. {phone}, fax {phone}, {email}.',
    'HISTORY: Ms. {last#1} is a {age90} year old retired teacher. Ms. {last#1} returned in {month} 2019 with pain. Her daughter {first} can be reached at {phone}.',
    'Ultrasound of the abdomen. Technologist: {full}\nReading radiologist: {full}\nThe gallbladder is normal. Common duct 4 mm. Results called to {full} by phone at {time}.',
    'Account No. {account}. Health plan number {plan}. Policy {plan}. Report available at {url}. Requested by {full}, RN.',
    'TRANSFERRED FROM {HOSP} ON {date}. DR. {LAST} WAS PAGED AT {time}. PATIENT {FULL} TOLERATED THE PROCEDURE WELL.',
    'Screening mammogram. Prior study {monthday}, 2018 at {hosp}. BI-RADS 2. The patient, {full}, was told of the result on {monthday}.',
    'cc: Dr. {full}, {street}, {city}, {statefull}\nPager {pager}. Device identifier {serial}.\nHer husband {first} accompanied her.',
    'Knee MRI, {date}. {full} is a runner with pain since {month}. ACL intact. Grade 2 signal in the medial meniscus.',
    'Image server {ip}. Order number {acc}. Exam date {iso}. Signed: {lastfirst}',
    'Follow-up with {full} at {hosp} in 6 months. Licence plate {plate}. Driver licence number {plan}.',
  ],
};

const held: Pool = {
  first:
    'Beatriz Yusuf Mei-Ling Oluwaseun Katarzyna Rajesh Svetlana Miguel Zainab Gareth Harriet Kofi Astrid Boris Noor Henrik Lucia Takeshi Deborah Elias Ruth Omar Celeste Anton Shirin Walter Margaret Donnell'.split(
      ' ',
    ),
  last: "Vasquez Adeyemi Kowalczyk Iyer Lindqvist Haddad Thornton Pereira Yamamoto Abernathy Ferrari Nkosi Dubois Schneider Kaur Pham Campbell Greene Brown Baker Murphy D'Angelo Fitzgerald Romero-Diaz Stavros Bhattacharya Zhou Quispe Hale".split(
    ' ',
  ),
  hospitals: [
    'Saint Brendan Hospital',
    "Children's Hospital of Norwick",
    'Pinecrest Community Hospital',
    'Hollis Regional Medical Center',
    'Tanglewood Orthopedic Clinic',
    'Northgate Diagnostic Imaging',
    'Eastmoor University Hospital',
    'Whitfield Cancer Institute',
    'Granite Bay Urgent Care',
  ],
  cities: ['Millbrook', 'Port Alden', 'Kingsbury', 'Santa Lucia', 'Ashford'],
  streets: ['903 Birchwood Lane', '15 W. Harbor Blvd', '2204 Third Avenue', '61 Quarry Road, Suite 200'],
  templates: [
    'Name: {lastfirst}   Sex: F   Birth date: {date}\nHospital number {mrn}   Visit # {account}\n{hosp}\nCT of the head without contrast, {longdate}, {time}.\n\nThere is no haemorrhage. Ventricles are of normal size.\n\nRead by {full}. Approved by {full} on {date}.',
    'CLINICAL INFORMATION: {full#1}, {age90} y/o male, admitted {date} through the emergency department of {hosp}. {last} has had dyspnea since {monthday}.\nFINDINGS: Bilateral pleural effusions, the right larger than the left.\nCONCLUSION: Discussed with Dr. {full} at {time}.',
    'Mrs. {last#1} presented on {weekday} with headache. Her son, {full}, says that Mrs. {last#1} moved here from {city} in {month} of 2017. She was seen by Dr {last}.',
    'ORDERING PROVIDER: {FULL}\nACCESSION: {acc}\nMEDICAL RECORD NUMBER: {mrn}\nINSURANCE ID: {plan}\nLEFT ANKLE, THREE VIEWS, {date}\nNO FRACTURE. SOFT TISSUE SWELLING LATERALLY.\nTRANSCRIPTIONIST: {LAST}',
    'Critical result: the finding of free air was communicated to nurse {full} by telephone ({phone}) at {time} on {iso}.',
    'Attending radiologist: {full}, MD, PhD. Resident: {full}, MD. Correspondence: {email} or {url}.',
    'The patient resides at {street}, {city}, {statefull} {zip}. Social security number {ssn}. Next of kin: {full}, mobile {phone}.',
    'PET/CT of {date} compared with {date} and {monthday}, 2016. Deauville 2. The referring oncologist, Dr. {first} {last}, has been informed. Study instance {uid}; injector lot {serial}.',
    'Interventional note. Operator: Dr. {last}. Assistant: Dr. {last}. On {date} at {time} Mr. {full} was brought to the suite at {hosp}. Stent serial no. {serial}. Discharged on {md}.',
    'This {age90}-year-old gentleman from {city}, {statefull}, known to {hosp}, was last imaged in {month} 2015. Contact his wife {first} at {phone}.',
    'Sonography dated {longdate}. Performed by: {full}, RDMS. Reviewed by {full}. Single live intrauterine gestation of 20 weeks 3 days.',
    'Copy to: {full}, {hosp}, {street}. Fax: {phone}. Claim number {plan}. Member ID: {plan}.',
    'Addendum {date} {time}: {full} called to say that the prior films of {md} came from {hosp}. Dr. {last} agrees.',
    'Patient ID {mrn}; order {acc}; workstation {ip}; vehicle plate {plate}. Aged {age90}. Report verified {iso} by {lastfirst}.',
    'Teaching case. {full} presented in early {month} with knee pain after skiing. Beeper {pager}. The MR images show a bone bruise.',
  ],
};

const fresh: Pool = {
  first:
    'Annika Babatunde Clara Darnell Eun-Ji Florence Gustavo Hannah Imran Jorge Keisha Lukas Mariana Nadia Oscar Paula Quentin Ravi Simone Theodore Ursula Vikram Wanda Xavier Yolanda Zoran'.split(
      ' ',
    ),
  last: "Anders Barzani Castellanos Dlamini Eriksen Fontaine Gupta Horvath Ibrahim Jankowski Kimura Leclerc Moreau Nakamura Olsen Popescu Quintero Rosenberg Suleiman Tran Underwood Venkatesan Wagner Xiong Yilmaz Zamora O'Malley Price Long Hill".split(
    ' ',
  ),
  hospitals: [
    'Good Shepherd Hospital',
    'Blue Ridge Medical Center',
    'Kessler University Hospital',
    'Sunnyvale Clinic',
    'Crescent City Heart Institute',
    "St. Agnes Children's Hospital",
    'Delmar Imaging Associates',
    'Three Rivers Health Network',
  ],
  cities: ['Glenhaven', 'East Harwick', 'Pleasanton', 'Lago Vista', 'Brookfield'],
  streets: ['318 Sycamore Street', '9 Old Mill Road', '4420 S. Grand Blvd', '77 Chapel Court'],
  templates: [
    'RADIOLOGY CONSULTATION\nPatient: {FULL#1}     DOB: {date}     MRN: {mrn}\nRequesting physician: Dr. {full}\nExam date: {date}   Accession no. {acc}\n\nUS of the thyroid. Right lobe nodule, 1.2 x 0.8 cm, TI-RADS 4.\n\nReported by: {full}, MD   {date} {time}',
    'The {age90}-year-old mother of two, Mrs. {last}, slipped on {weekday} at her home at {street}, {city}. Hip radiographs were taken at {hosp} on {longdate}.',
    '{hosp}\nDepartment of Radiology\nTel: {phone}   Fax: {phone}\n\nRE: {lastfirst}\nDear Dr. {last},\nThank you for referring {full} for MR of the lumbar spine.',
    'ATTENDING: {FULL}, MD\nPERFORMED BY: {FULL}\nEXAM: PORTABLE CHEST, {date} {time}\nLINES AND TUBES UNCHANGED SINCE {date}.',
    'Findings were relayed to {full}, PA-C, at {time} on {longdate} via pager {pager}.',
    'Nuclear medicine bone scan of {iso}. Comparison: {date} and {monthday}, 2020. Injected by {full}. Camera serial no. {serial}. Series UID {uid}.',
    'Biopsy consent was obtained by Dr. {last#1}. Dr. {last#1} then placed a 14 gauge needle. Specimen number {acc}. Patient can be reached at {phone} or {email}.',
    'He was transferred from {hosp} to {hosp} in {month} 2021. His brother, {full}, is the contact person. ZIP code {zip}.',
    'Signed electronically by {full}, M.D., {iso}. Verified by {full}, D.O. Images at {url}. Host {ip}.',
    'Ms. {full} (SSN {ssn}, member number {plan}, account # {account}) had a screening CT on {md}. Lung-RADS 2.',
    'Teaching file: age {age90}, seen {weekday}, {longdate}. Driver license {plan}, vehicle plate {plate}. Courtesy of Dr. {full}, {hosp}.',
    'Impression discussed by phone with Dr. {first} {last} on {date} at {time}, who will inform the patient, {full}.',
  ],
};

export const sets = { tuning, held, fresh };

/** A generator of numbers 0…1 that gives the same ones for the same seed (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const monthNames =
  'January February March April May June July August September October November December'.split(' ');
const statesInFull = ['Illinois', 'Ohio', 'Vermont', 'Texas', 'Oregon'];

/** `rounds` reports of each template. */
export function plantedReports(pool: Pool, rounds: number): Planted[] {
  const next = random(20190314);
  const int = (from: number, to: number) => from + Math.floor(next() * (to - from + 1));
  const one = <T>(from: readonly T[]): T => {
    const chosen = from[int(0, from.length - 1)];
    if (chosen === undefined) throw new Error('Nothing to choose from.');
    return chosen;
  };
  const digits = (n: number) => Array.from({ length: n }, () => int(0, 9)).join('');
  const letter = () => String.fromCharCode(65 + int(0, 25));
  const pad = (n: number) => String(n).padStart(2, '0');
  const first = () => one(pool.first);
  const last = () => one(pool.last);
  const full = () =>
    one([`${first()} ${last()}`, `${first()} ${letter()}. ${last()}`, `${first()} ${last()}`]);
  const year = () => int(1931, 2024);
  const make: Record<string, () => [kind: string, value: string]> = {
    full: () => ['name', full()],
    FULL: () => ['name', full().toUpperCase()],
    first: () => ['name', first()],
    last: () => ['name', last()],
    LAST: () => ['name', last().toUpperCase()],
    lastfirst: () => ['name', one([`${last()}, ${first()}`, `${last()}, ${first()} ${letter()}.`])],
    date: () => [
      'date',
      one([
        `${int(1, 12)}/${int(1, 28)}/${year()}`,
        `${pad(int(1, 12))}/${pad(int(1, 28))}/${pad(int(0, 24))}`,
        `${pad(int(1, 28))}.${pad(int(1, 12))}.${year()}`,
        `${pad(int(1, 12))}-${pad(int(1, 28))}-${year()}`,
        `${int(1, 28)} ${one(monthNames).slice(0, 3)} ${year()}`,
        `${pad(int(1, 28))}-${one(monthNames).slice(0, 3).toUpperCase()}-${year()}`,
      ]),
    ],
    iso: () => ['date', `${year()}-${pad(int(1, 12))}-${pad(int(1, 28))}`],
    longdate: () => [
      'date',
      one([`${one(monthNames)} ${int(1, 28)}, ${year()}`, `${int(1, 28)} ${one(monthNames)} ${year()}`]),
    ],
    monthday: () => ['date', `${one(monthNames)} ${int(1, 28)}`],
    month: () => ['date', one(monthNames)],
    md: () => ['date', `${int(1, 12)}/${int(13, 28)}`],
    weekday: () => ['date', one(['Monday', 'Tuesday', 'Friday', 'Sunday'])],
    time: () => [
      'date',
      one([
        `${int(1, 12)}:${pad(int(1, 59))} ${one(['AM', 'PM', 'a.m.', 'p.m.'])}`,
        `${pad(int(13, 23))}:${pad(int(1, 59))} hours`,
        `${pad(int(10, 23))}${pad(int(10, 59))} hrs`,
      ]),
    ],
    mrn: () => ['number', one([digits(7), digits(8), `${letter()}${digits(7)}`])],
    acc: () => [
      'number',
      one([digits(8), `${letter()}${letter()}-${int(15, 24)}-${digits(6)}`, `A${digits(9)}`]),
    ],
    account: () => ['number', digits(9)],
    plan: () => ['number', `${letter()}${letter()}${letter()}${digits(9)}`],
    serial: () => ['number', `${letter()}${letter()}${digits(5)}`],
    ssn: () => ['number', `${int(100, 899)}-${int(10, 99)}-${int(1000, 9999)}`],
    uid: () => [
      'number',
      `1.2.840.${int(100000, 999999)}.${int(2, 9)}.${digits(1)}.${int(10, 99)}.${int(1000, 99999)}`,
    ],
    ip: () => ['number', `10.${int(0, 255)}.${int(0, 255)}.${int(1, 254)}`],
    plate: () => ['number', `${letter()}${letter()}${letter()}-${int(1000, 9999)}`],
    pager: () => ['contact', digits(5)],
    phone: () => [
      'contact',
      one([
        `(${int(201, 989)}) ${int(200, 999)}-${digits(4)}`,
        `${int(201, 989)}-${int(200, 999)}-${digits(4)}`,
        `${int(201, 989)}.${int(200, 999)}.${digits(4)}`,
        `+1 ${int(201, 989)} ${int(200, 999)} ${digits(4)}`,
      ]),
    ],
    email: () => [
      'contact',
      `${first().toLowerCase()}.${last()
        .toLowerCase()
        .replace(/[^a-z]/g, '')}@example.org`,
    ],
    url: () => ['contact', one(['https://portal.example.com/r/8841', 'www.example.net/reports'])],
    zip: () => ['place', digits(5)],
    street: () => ['place', one(pool.streets)],
    city: () => ['place', one(pool.cities)],
    hosp: () => ['institution', one(pool.hospitals)],
    HOSP: () => ['institution', one(pool.hospitals).toUpperCase()],
    age90: () => ['age', String(int(91, 104))],
  };
  const reports: Planted[] = [];
  for (let round = 0; round < rounds; round++)
    for (const template of pool.templates) {
      const same = new Map<string, string>();
      const identifiers: Planted['identifiers'] = [];
      let text = '';
      let at = 0;
      for (const match of template.matchAll(/\{(\w+)(#\d)?\}/g)) {
        const [slot, name = '', numbered] = match;
        text += template.slice(at, match.index);
        at = match.index + slot.length;
        if (name === 'statefull') {
          text += one(statesInFull);
          continue;
        }
        const made = make[name];
        if (!made) throw new Error(`No slot ${name}`);
        const [kind, value] = made();
        const kept = numbered ? (same.get(slot) ?? value) : value;
        same.set(slot, kept);
        identifiers.push({ kind, from: text.length, to: text.length + kept.length });
        text += kept;
      }
      reports.push({ text: text + template.slice(at), identifiers });
    }
  return reports;
}
