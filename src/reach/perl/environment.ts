import { baseName, type ImagePath, joinPath, normalizePath } from '../../core/path.ts';
import { filesBelow } from '../files-below.ts';
import { machineFolders } from '../machine-folders.ts';
import type { World } from '../world.ts';

/** Parts of Perl's own library that only developers use, and headers; what loads them reaches them nevertheless. */
const forDevelopers =
  /^(?:[\w-]+-linux[\w-]*\/)?(?:CORE|CPAN|TAP|Test|Test2|ExtUtils|Module\/(?:CoreList|Load\/t)|pod|Pod\/Perldoc|perl5db|Perl|DBM_Filter|App\/(?:Prove|Cpan))(?:\/|\.p[ml]$|$)|\.(?:pod|h|a)$/;
const standardName = /\/perl-base$|\/(?:perl|perl5|core_perl)(?:\/5[\d.]*)?(?:\/[\w-]+-linux[\w-]*)?$/;

/** The places in which the interpreters of an image look for modules (perldoc perlvar, "@INC"). */
export class PerlEnvironment {
  readonly #world: World;
  readonly #folders: ImagePath[] = [];
  readonly #standard: ImagePath[] = [];
  readonly #found = new Map<string, ImagePath | undefined>();

  constructor(world: World) {
    this.#world = world;
  }

  addFolder(folder: ImagePath): void {
    const real = this.#world.tree.findFolder(folder)?.path;
    if (real === undefined || this.#folders.includes(folder)) return;
    this.#folders.push(folder);
    this.#found.clear();
  }

  /** `@INC`: as Debian, Alpine, RPM distributions and Perl's own installation set it. */
  addInterpreter(environment: ReadonlyMap<string, string>): void {
    const { tree } = this.#world;
    for (const name of ['PERL5LIB', 'PERLLIB']) {
      for (const folder of (environment.get(name) ?? '').split(':'))
        if (folder.startsWith('/')) this.#withVersions(folder);
    }
    const machines = machineFolders(tree);
    const local = machines.map((one) => one.replace(/^\/usr\//, '/usr/local/'));
    const places = [
      '/etc/perl',
      ...local.map((one) => `${one}/perl`),
      '/usr/local/share/perl',
      ...['site_perl', 'vendor_perl'].flatMap((kind) => [
        `/usr/local/lib/perl5/${kind}`,
        `/usr/lib/perl5/${kind}`,
        `/usr/share/perl5/${kind}`,
      ]),
      ...machines.map((one) => `${one}/perl5`),
      '/usr/share/perl5',
      ...machines.map((one) => `${one}/perl-base`),
      ...machines.map((one) => `${one}/perl`),
      '/usr/share/perl',
      ...['/usr/local/lib/perl5', '/usr/lib/perl5', '/usr/lib64/perl5'].flatMap((one) => [one, `${one}/core_perl`]),
      '/usr/share/perl5/core_perl',
      '/usr/local/lib/site_perl',
    ];
    for (const place of places) this.#withVersions(place);
    for (const folder of this.#folders) {
      const isOwn =
        tree.findFile(joinPath(folder, 'strict.pm')) !== undefined ||
        tree.findFile(joinPath(folder, 'Config.pm')) !== undefined;
      if (isOwn && standardName.test(folder) && !this.#standard.includes(folder)) this.#standard.push(folder);
    }
  }

  /** The library that comes with Perl, without what only developers use. */
  standardFiles(): readonly ImagePath[] {
    return this.#standard.flatMap((root) =>
      filesBelow(
        root,
        this.#world,
        (path) => !forDevelopers.test(path.slice((this.#world.tree.find(root)?.path ?? root).length + 1)),
      ),
    );
  }

  isStandard(path: ImagePath): boolean {
    return this.#standard.some((folder) => path.startsWith(`${this.#world.tree.find(folder)?.path ?? folder}/`));
  }

  /** The first file of that name in `@INC`. */
  find(file: string, near: readonly ImagePath[] = []): ImagePath | undefined {
    const own = near
      .map((folder) => normalizePath(`${folder}/${file}`))
      .find((path) => path !== undefined && this.#isFile(path));
    if (own !== undefined) return own;
    if (!this.#found.has(file)) {
      this.#found.set(
        file,
        this.#folders.flatMap((folder) => normalizePath(`${folder}/${file}`) ?? []).find((path) => this.#isFile(path)),
      );
    }
    return this.#found.get(file);
  }

  /** The folder of `@INC` that a file is in. */
  folderOf(path: ImagePath): ImagePath | undefined {
    const real = this.#folders.map((folder) => this.#world.tree.find(folder)?.path ?? folder);
    return real.filter((folder) => path.startsWith(`${folder}/`)).sort((a, b) => b.length - a.length)[0];
  }

  /** Every file or folder of that name in `@INC`: compiled parts lie beside other versions' modules. */
  all(name: string): readonly ImagePath[] {
    return this.#folders
      .map((folder) => joinPath(folder, name))
      .filter((path) => this.#world.tree.find(path) !== undefined);
  }

  #isFile(path: ImagePath): boolean {
    return this.#world.tree.findFile(path) !== undefined;
  }

  /** The folder, the folders of versions in it, and those of machines in either. */
  #withVersions(folder: ImagePath): void {
    const { tree } = this.#world;
    const versions = tree.list(folder).filter(({ path }) => /^5\.\d+(?:\.\d+)?$/.test(baseName(path)));
    for (const at of [...versions.map(({ path }) => path), folder]) {
      for (const { path } of tree.list(at)) if (/-linux/.test(baseName(path))) this.addFolder(path);
      this.addFolder(at);
    }
  }
}

const environments = new WeakMap<World, PerlEnvironment>();

/** One for an image: every interpreter that is run adds its places. */
export function perlOf(world: World): PerlEnvironment {
  const known = environments.get(world) ?? new PerlEnvironment(world);
  environments.set(world, known);
  return known;
}
