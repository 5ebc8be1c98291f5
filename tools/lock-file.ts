/** What package-lock.json lacks: optional packages of other platforms, as entries npm understands. */
interface Entry {
  readonly version?: string;
  readonly optional?: boolean;
  readonly dev?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

export interface Lock {
  readonly packages: Readonly<Record<string, Entry>>;
}

const systems = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32'];
const processors = ['arm64', 'arm', 'ia32', 'loong64', 'ppc64', 'riscv64', 's390x', 'x64'];

export function missingOptionals({ packages }: Lock): Readonly<Record<string, Entry>> {
  const found: Record<string, Entry> = {};
  for (const [holder, { optionalDependencies, dev }] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(optionalDependencies ?? {})) {
      if (!/^\d/.test(version) || versionSeen(packages, holder, name) === version) continue;
      const { cpu, libc, os } = platformOf(name);
      // In npm's own order, so that its next change is a small one.
      const entry = { version, ...cpu, ...(dev && { dev }), ...libc, optional: true, ...os };
      found[placeOf(holder, name)] = entry;
    }
  }
  return found;
}

/** Repeated, since an entry put in place of another version's leaves that one's holder without. */
export function completeLock(lock: Lock): Lock {
  const missing = missingOptionals(lock);
  if (Object.keys(missing).length === 0) return lock;
  const packages = Object.entries({ ...lock.packages, ...missing });
  packages.sort(([a], [b]) => a.localeCompare(b, 'en'));
  return completeLock({ ...lock, packages: Object.fromEntries(packages) });
}

/** Of the package that Node finds: in the holder's own folder, or in the nearest one around it. */
function versionSeen(packages: Lock['packages'], holder: string, name: string): string | undefined {
  const own = packages[`${holder}${holder && '/'}node_modules/${name}`];
  if (own || holder === '') return own?.version;
  const end = holder.lastIndexOf('/node_modules/');
  return versionSeen(packages, end < 0 ? '' : holder.slice(0, end), name);
}

/** Beside its holder, as npm puts it. */
const placeOf = (holder: string, name: string): string =>
  `${holder.slice(0, holder.lastIndexOf('node_modules/'))}node_modules/${name}`;

/** Such packages say in their name what they are for: `@swc/core-linux-arm-gnueabihf`. */
function platformOf(name: string): { cpu?: Entry; libc?: Entry; os?: Entry } {
  const words = name.split(/[^a-z\d]+/);
  const os = systems.filter((system) => words.includes(system));
  const cpu = processors.filter((processor) => words.includes(processor));
  const libc = name.includes('musl') ? ['musl'] : name.includes('gnu') ? ['glibc'] : [];
  return {
    ...(cpu.length > 0 && { cpu: { cpu } }),
    ...(libc.length > 0 && os.includes('linux') && { libc: { libc } }),
    ...(os.length > 0 && { os: { os } }),
  };
}
