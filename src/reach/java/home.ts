import { baseName, type ImagePath, joinPath, parentPath } from '../../core/path.ts';
import { filesBelow } from '../files-below.ts';
import type { Edge } from '../model.ts';
import type { World } from '../world.ts';

/** Parts of a JDK that running a program never opens: for building, linking and reading. */
const forDevelopers =
  /^(?:jmods|include|man|demo|sample|docs|legal|jre\/man)(?:\/|$)|(?:^|\/)(?:src\.zip|ct\.sym)$|^bin\/(?!java$)|\.debuginfo$/;
/** Native parts of the desktop module: drawing, fonts, images, windows, printing, sound. */
const desktop =
  /\/(?:lib(?:awt\w*|jawt|fontmanager|freetype|javajpeg|lcms|mlib_image|splashscreen|jsound|atk-wrapper)\.so|psfont[\w.]*)$/;

/** Where the Java installations of an image are that something runs. */
export class JavaHomes {
  readonly #homes = new Set<ImagePath>();

  get homes(): readonly ImagePath[] {
    return [...this.#homes];
  }

  add(home: ImagePath): void {
    this.#homes.add(home);
  }
}

const known = new WeakMap<World, JavaHomes>();

/** One for an image. */
export function javaOf(world: World): JavaHomes {
  const homes = known.get(world) ?? new JavaHomes();
  known.set(world, homes);
  return homes;
}

/** The folder of the installation that a `java` program is of. */
export function homeOf(program: ImagePath, { tree }: World): ImagePath | undefined {
  const real = tree.find(program)?.path ?? program;
  const home = parentPath(parentPath(real));
  if (baseName(parentPath(real)) !== 'bin' || /^\/(?:usr(?:\/local)?)?$/.test(home)) return undefined;
  const outer = parentPath(home);
  return baseName(home) === 'jre' && tree.findFile(joinPath(outer, 'release')) !== undefined ? outer : home;
}

/** The installation without what only developers use and without what draws. */
export function runtimeEdges(home: ImagePath, world: World): readonly Edge[] {
  return installed(home, world)
    .filter((path) => !forDevelopers.test(path.slice(home.length + 1)) && !desktop.test(path))
    .map((to) => ({ to, kind: 'module', detail: 'Java runtime', certain: false }));
}

/** What draws, for programs that name its classes. */
export function desktopEdges(world: World): readonly Edge[] {
  return javaOf(world).homes.flatMap((home) =>
    installed(home, world)
      .filter((path) => desktop.test(path))
      .map((to): Edge => ({ to, kind: 'module', detail: 'java.desktop', certain: false })),
  );
}

/** Files and links of an installation; what links lead to is followed as it is reached. */
function installed(home: ImagePath, world: World): readonly ImagePath[] {
  return filesBelow(home, world);
}
