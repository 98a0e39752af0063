import type { Action } from "./action";
import { action as about } from "./about";
import { action as account } from "./account";
import { action as bringBack } from "./bring-back";
import { action as chooseProfile } from "./choose-profile";
import { action as clear } from "./clear";
import { action as closeList } from "./close-list";
import { action as compareFile } from "./compare-file";
import { action as compareSnapshot } from "./compare-snapshot";
import { action as connections } from "./connections";
import { action as convert } from "./convert";
import { action as copy } from "./copy";
import { action as cut } from "./cut";
import { action as deletePerson } from "./delete-person";
import { action as duplicatePerson } from "./duplicate-person";
import { action as editProfile } from "./edit-profile";
import { action as explainCell } from "./explain-cell";
import { action as fetchList } from "./fetch-list";
import { action as fetchSnapshot } from "./fetch-snapshot";
import { action as fillColumn } from "./fill-column";
import { action as fillDown } from "./fill-down";
import { action as find } from "./find";
import { action as findLocation } from "./find-location";
import { action as fixCell } from "./fix-cell";
import { action as goCompare } from "./go-compare";
import { action as goEdit } from "./go-edit";
import { action as goHistory } from "./go-history";
import { action as goHome } from "./go-home";
import { action as goPlan } from "./go-plan";
import { action as goToLine } from "./go-to-line";
import { action as insertPerson } from "./insert-person";
import { action as learnTemplate } from "./learn-template";
import { action as lmsHas } from "./lms-has";
import { action as lmsReport } from "./lms-report";
import { action as loadList } from "./load-list";
import { action as makeKit } from "./make-kit";
import { action as makePlan } from "./make-plan";
import { action as matchColumns } from "./match-columns";
import { action as newFromTemplate } from "./new-from-template";
import { action as nextChange } from "./next-change";
import { action as nextPane } from "./next-pane";
import { action as nextProblem } from "./next-problem";
import { action as openFile } from "./open-file";
import { action as openSample } from "./open-sample";
import { action as outbox } from "./outbox";
import { action as lookOnly } from "./look-only";
import { action as paste } from "./paste";
import { action as pasteList } from "./paste-list";
import { action as saveForExcel } from "./save-for-excel";
import { action as palette } from "./palette";
import { action as previousChange } from "./previous-change";
import { action as previousPane } from "./previous-pane";
import { action as previousProblem } from "./previous-problem";
import { action as problemReport } from "./problem-report";
import { action as redo } from "./redo";
import { action as reopenAs } from "./reopen-as";
import { action as replaceValues } from "./replace-values";
import { action as revertCell } from "./revert-cell";
import { action as runRecipe } from "./run-recipe";
import { action as saveCopy } from "./save-copy";
import { action as saveRecipe } from "./save-recipe";
import { action as sendPlan } from "./send-plan";
import { action as settings } from "./settings";
import { action as shortcuts } from "./shortcuts";
import { action as showAll } from "./show-all";
import { action as showChanged } from "./show-changed";
import { action as showNew } from "./show-new";
import { action as showProblems } from "./show-problems";
import { action as help } from "./help";
import { action as importProfile } from "./import-profile";
import { action as togglePane } from "./toggle-pane";
import { action as undo } from "./undo";
import { action as unlockKey } from "./unlock-key";
import { action as zoomIn } from "./zoom-in";
import { action as zoomOut } from "./zoom-out";
import { action as zoomReset } from "./zoom-reset";
import { opening } from "../state/opening.svelte";

const ALL: readonly Action[] = [
  newFromTemplate,
  openFile,
  pasteList,
  openSample,
  fetchList,
  reopenAs,
  chooseProfile,
  editProfile,
  importProfile,
  lookOnly,
  lmsHas,
  account,
  saveCopy,
  saveForExcel,
  convert,
  problemReport,
  bringBack,
  closeList,
  undo,
  redo,
  cut,
  copy,
  paste,
  clear,
  fillDown,
  revertCell,
  insertPerson,
  duplicatePerson,
  deletePerson,
  find,
  goToLine,
  unlockKey,
  goHome,
  goEdit,
  goCompare,
  goPlan,
  goHistory,
  showAll,
  showProblems,
  showChanged,
  showNew,
  nextPane,
  previousPane,
  togglePane,
  zoomIn,
  zoomOut,
  zoomReset,
  settings,
  nextProblem,
  previousProblem,
  nextChange,
  previousChange,
  fixCell,
  fillColumn,
  explainCell,
  matchColumns,
  findLocation,
  replaceValues,
  loadList,
  learnTemplate,
  saveRecipe,
  runRecipe,
  compareSnapshot,
  compareFile,
  fetchSnapshot,
  makePlan,
  makeKit,
  sendPlan,
  lmsReport,
  outbox,
  connections,
  help,
  shortcuts,
  palette,
  about,
];

/** What has nothing to do with the open list, which another one is about to take the place of. */
const WHILE_OPENING = new Set([
  "copy",
  "go-home",
  "go-edit",
  "go-history",
  "next-pane",
  "previous-pane",
  "toggle-pane",
  "zoom-in",
  "zoom-out",
  "zoom-reset",
  "settings",
  "outbox",
  "shortcuts",
  "palette",
  "about",
]);

/** Everything the person can do, in the order of the menus. */
export const ACTIONS: readonly Action[] = ALL.map((action) =>
  WHILE_OPENING.has(action.id) ? action : { ...action, ready: () => opening.name === null && action.ready() },
);

export function actionById(id: string): Action | undefined {
  return ACTIONS.find((action) => action.id === id);
}
