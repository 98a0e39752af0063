import { execFile, spawn, type ChildProcess } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A port of this machine on which nobody listens. */
function closedPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const at = server.address();
      server.close(() => (at && typeof at === "object" ? resolve(at.port) : reject(new Error("no port"))));
    });
  });
}

/** A real SSH server with one folder, which knows whoever runs the tests by a key. */
export class Ssh {
  private server: ChildProcess | null = null;

  private constructor(
    readonly folder: string,
    private readonly port: number,
  ) {}

  static async start(): Promise<Ssh> {
    const ssh = new Ssh(await mkdtemp(join(tmpdir(), "muster-ssh-")), await closedPort());
    await mkdir(join(ssh.folder, "drop"));
    // One that is started by root wants this folder of the system's.
    await mkdir("/run/sshd", { recursive: true }).catch(() => undefined);
    await ssh.makeKey("own");
    await writeFile(join(ssh.folder, "authorized_keys"), await readFile(join(ssh.folder, "own.pub")));
    await ssh.startAnew();
    return ssh;
  }

  /** Another computer at the same address: it has a new key. */
  async startAnew(): Promise<void> {
    await this.end();
    await rm(join(this.folder, "host"), { force: true });
    await this.makeKey("host");
    const at = (name: string) => join(this.folder, name);
    const config = [
      `Port ${this.port}`,
      "ListenAddress 127.0.0.1",
      `HostKey ${at("host")}`,
      `PidFile ${at("sshd.pid")}`,
      `AuthorizedKeysFile ${at("authorized_keys")}`,
      "UsePAM no\nPasswordAuthentication no\nKbdInteractiveAuthentication no\nStrictModes no",
      "Subsystem sftp internal-sftp",
      `ForceCommand internal-sftp -d ${at("drop")} -u 0027`,
    ];
    await writeFile(at("config"), `${config.join("\n")}\n`);
    this.server = spawn(process.env.MUSTER_SSHD ?? "/usr/sbin/sshd", ["-D", "-f", at("config"), "-E", at("log")], {
      stdio: "ignore",
    });
    await this.answers();
  }

  /** `SHA256:…`, as OpenSSH itself prints it. */
  async fingerprint(): Promise<string> {
    const { stdout } = await run("ssh-keygen", ["-lf", join(this.folder, "host.pub")]);
    return stdout.split(" ")[1] ?? "";
  }

  address(file: string): string {
    return `sftp://127.0.0.1:${this.port}/~/${file}`;
  }

  get user(): string {
    return userInfo().username;
  }

  get key(): string {
    return join(this.folder, "own");
  }

  async stop(): Promise<void> {
    await this.end();
    await rm(this.folder, { recursive: true, force: true });
  }

  private async end(): Promise<void> {
    const server = this.server;
    this.server = null;
    if (!server) return;
    const ended = new Promise((resolve) => server.once("exit", resolve));
    server.kill("SIGTERM");
    await ended;
  }

  private async makeKey(name: string): Promise<void> {
    await run("ssh-keygen", ["-q", "-t", "ed25519", "-C", "tests", "-N", "", "-f", join(this.folder, name)]);
  }

  private async answers(): Promise<void> {
    for (let tries = 0; tries < 200; tries++) {
      const there = await new Promise<boolean>((resolve) => {
        const socket = connect(this.port, "127.0.0.1");
        socket.once("connect", () => {
          socket.destroy();
          resolve(true);
        });
        socket.once("error", () => resolve(false));
      });
      if (there) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error("sshd does not answer");
  }
}
