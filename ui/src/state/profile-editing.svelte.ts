import type { FieldForm, FormFault, ListTrial, ProfileForm } from "../bindings/engine";
import { ask, query } from "./ask";
import { frame } from "./frame.svelte";
import { profiles } from "./profiles.svelte";
import { roster } from "./roster.svelte";

/** How long after the last change the form is tried again, in milliseconds. */
const PAUSE = 400;
/** Lists up to this size are tried after each change; larger ones when asked. */
const QUICK = 20_000;

/** A profile that is being changed in the form. Nothing is kept until it is saved. */
export class ProfileEditing {
  form = $state<ProfileForm | null>(null);
  faults = $state.raw<FormFault[]>([]);
  list = $state.raw<ListTrial | null>(null);
  /** The form was changed since it was tried. */
  stale = $state(false);
  trying = $state(false);
  /** The form as it was opened. */
  private opened = "";
  private timer: ReturnType<typeof setTimeout> | undefined;
  private asked = 0;

  readonly quick = (roster.job?.people ?? 0) <= QUICK;

  async open(id: string): Promise<void> {
    this.form = await ask("profile_form", { id });
    if (!this.form) return frame.close();
    this.opened = JSON.stringify(this.form);
    await this.try();
  }

  get changed(): boolean {
    return this.form !== null && JSON.stringify(this.form) !== this.opened;
  }

  fault(at: string): string | undefined {
    return this.faults.find((fault) => fault.at === at)?.says;
  }

  /** How many faults lie under these places. */
  faultsIn(...places: string[]): number {
    return this.faults.filter((fault) => places.some((place) => fault.at === place || fault.at.startsWith(`${place}.`)))
      .length;
  }

  /** Something in the form is another. */
  touched(): void {
    this.stale = true;
    clearTimeout(this.timer);
    if (this.quick) this.timer = setTimeout(() => void this.try(), PAUSE);
  }

  async try(): Promise<void> {
    if (!this.form) return;
    clearTimeout(this.timer);
    const asked = ++this.asked;
    this.trying = true;
    const { reply, failure } = await query("try_profile", $state.snapshot(this.form));
    // A later change has been asked about since.
    if (asked !== this.asked) return;
    this.trying = false;
    if (failure) {
      if (failure.kind !== "cancelled") frame.failure = failure;
      return;
    }
    this.stale = false;
    this.faults = reply.faults;
    if (reply.faults.length === 0) this.list = reply.list;
  }

  addField(): FieldForm | undefined {
    this.form?.fields.push({ ...NEW_FIELD, headers: [] });
    this.touched();
    return this.form?.fields.at(-1);
  }

  removeField(field: FieldForm): void {
    if (!this.form) return;
    this.form.fields = this.form.fields.filter((other) => other !== field);
    this.touched();
  }

  /** True once it is on the disk. */
  async save(): Promise<boolean> {
    if (!this.form) return false;
    const from = this.form.from;
    const saved = await ask("save_profile", $state.snapshot(this.form));
    if (!saved) return false;
    this.faults = saved.faults;
    if (!saved.profile) return false;
    const profile = saved.profile;
    profiles.changes += 1;
    frame.close();
    // A list that is read through what was changed is read anew, as it was tried.
    if (roster.job?.profile.id === from) await roster.chooseProfile(profile.id);
    frame.tell(`Saved ${profile.name}.`);
    return true;
  }

  stop(): void {
    clearTimeout(this.timer);
    this.asked += 1;
  }
}

const NEW_FIELD: FieldForm = {
  id: "",
  title: "",
  headers: [],
  kind: "text",
  needed: false,
  required: false,
  unique: null,
  separator: "",
  list: "",
  choices: [],
  min: null,
  max: null,
  characters: "",
  date_forms: [],
  about: "",
};
