import type { ConnectionCard, ConnectionForm, Connections, ConnectorCard, Failure } from "../bindings/engine";
import { ask, query } from "./ask";
import { roster } from "./roster.svelte";

/** The LMSs that can be reached from here. What is secret about them passes through and is never kept in the page. */
class ConnectionsState {
  list = $state.raw<Connections | null>(null);
  failure = $state.raw<Failure | null>(null);
  /** What was to be kept could not be, whatever the computer said of a keychain. */
  private lost = $state(false);

  async load(): Promise<void> {
    const { reply, failure } = await query("connections", null);
    this.failure = failure;
    if (reply) this.list = reply;
  }

  /** Whether this computer has a keychain. */
  get keychain(): boolean {
    return this.list?.keychain === true && !this.lost;
  }

  get saved(): ConnectionCard[] {
    return this.list?.saved ?? [];
  }

  by(id: number | null): ConnectionCard | undefined {
    return this.saved.find((one) => one.id === id);
  }

  kind(id: string): ConnectorCard | undefined {
    return this.list?.kinds.find((kind) => kind.id === id);
  }

  /** What is asked for to get in there: "Password", "Token". */
  secretOf(connection: ConnectionCard): string {
    return this.kind(connection.connector)?.secret ?? "Password";
  }

  /** Null if it was saved. */
  async save(form: ConnectionForm): Promise<Failure | null> {
    const { reply, failure } = await query("save_connection", form);
    if (failure) return failure;
    if (form.secret) this.lost = !reply.secret_kept;
    await this.load();
    return null;
  }

  async remove(connection: ConnectionCard): Promise<void> {
    await ask("remove_connection", { id: connection.id });
    await this.load();
    if (roster.job?.sends_by === connection.id) await roster.sendBy(null);
  }
}

export const connections = new ConnectionsState();

/** Where the password or token goes, said before it is typed. */
export function whereKept(word: string, keychain: boolean): string {
  return keychain
    ? "Kept in this computer's keychain and nowhere else."
    : `This computer has no keychain: Muster asks for the ${word.toLowerCase()} each time and forgets it.`;
}
