import { stemsOf } from '../findings/index.js';

/** Words of questions and requests that say nothing of what is asked. */
const words = `
a about above acute after all also am an and any are as at be because been before being below best between both but by can case cause caused
could day did do does done during each either evaluate evaluation exam examination explain feature features film find finding
findings first following for found from full get give given had has have having he helps her here hers him his history how i if image
images imaging in indicate indicated indicates into is it its just know like look looked looking looks made make male female man woman many
may me mean means might more most much must my need needed no nor normal not note noted now of often old on one only or other our out over
patient patients possible presence present report same say see seen sent she should show showing shown shows sign signs since so some
study such suggest suggested suggests take tell than that the their them then there these they thing this those through time to too
typical typically under until up us use used using usual usually versus view want was way we week well were what when where
whether which while who whose why will with without would xxxx year years you your
`;

/** Words for what kind of answer is wanted: an answer need not repeat them. */
const kinds = `
abnormal accurate advantage angle appear appearance appropriate big category characteristic chance class classification classify clue common
commonest consider considered criteria criterion cut cutoff define defined definition degree describe detect diagnosis diagnose diagnostic
diameter differ difference differential different differentiate distance distinguish early enlarged estimate expected extent factor far fewer
follow followup grade grading happen high identify important increase involve kind large larger largest late length less likelihood likely limit
limits list location low main management manage mean measure measured measurement mild minimum maximum moderate morphology name number
pattern percent percentage pitfall point position probability range rate reason recommend recommendation recommended refer referred region
regions risk role scale score scoring sensitive separate severe severity shape short side significance site size small smaller smallest
specific stage staging step strain subtype support suspect suspicion suspicious system technique thickness threshold tip treatable trust type
upper value visible wide width worry
`;

const ofKinds = new Set(stemsOf(kinds).map(({ stem }) => stem));

/** Whether a word only says what kind of answer is wanted: a size, a category, a difference. */
export const isOfKind = (stem: string): boolean => ofKinds.has(stem);

const common = new Set(stemsOf(words).map(({ stem }) => stem));

/** Whether a word (without its endings, see `stemsOf`) says nothing of what is asked. */
export const isCommon = (stem: string): boolean => stem.length < 3 || common.has(stem);
