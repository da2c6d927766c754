import { openZip, type ZipArchive, zipBytes } from '../../formats/zip.ts';
import type { ApplicationKind, LaidApplication, Project } from './application.ts';
import { applicationFault, bytesOf, placeOf, requireProject } from './project-files.ts';

const limits = { entries: 200_000, entryBytes: 64 * 1024 ** 2, totalBytes: 256 * 1024 ** 2 };

/** An application in Java: one archive that says which class is started, compiled for a Java that the image has. */
export const javaApplication: ApplicationKind = { base: async () => 'java:nonroot', lay };

async function lay(project: Project): Promise<LaidApplication> {
  await requireProject(project);
  const path = placeOf(project);
  const bytes = await bytesOf(project);
  if (bytes === undefined) throw applicationFault({ kind: 'other', path, expected: 'app.jar' });
  const archive = openZip(zipBytes(bytes), limits, path);
  const manifest = textIn(archive, 'META-INF/MANIFEST.MF') ?? '';
  const main = header(manifest, 'Main-Class');
  if (main === undefined)
    throw applicationFault({ kind: 'no-main', path, tried: ['META-INF/MANIFEST.MF: Main-Class'] });
  const versions = [main, header(manifest, 'Start-Class')].flatMap((name) => classVersion(archive, name) ?? []);
  const target = project.to ?? '/app';
  const jar = `${target}/${path.slice(path.lastIndexOf('/') + 1)}`;
  return {
    document: {
      files: [{ copy: project.path, to: jar, mode: '0644' }],
      workdir: target,
      entrypoint: ['/usr/bin/java', '-jar'],
      cmd: [jar],
    },
    checks:
      versions.length === 0
        ? []
        : [{ kind: 'runtime', path: jar, language: 'java', version: String(Math.max(...versions)) }],
  };
}

/** A header of a manifest, whose long lines go on after a line break and a space (JAR file specification). */
function header(manifest: string, name: string): string | undefined {
  const lines = manifest.replace(/\r?\n /g, '').split(/\r?\n/);
  return lines
    .find((line) => line.startsWith(`${name}: `))
    ?.slice(name.length + 2)
    .trim();
}

function textIn(archive: ZipArchive, name: string): string | undefined {
  const entry = archive.entries.find((one) => one.name === name);
  return entry && Buffer.from(archive.read(entry)).toString('utf8');
}

const magic = 0xcafebabe;
/** What the version of class files is ahead of Java's own (JVM specification, table 4.1-A). */
const ahead = 44;

/** The Java that a class was compiled for, wherever the archive has it: at the root, or where Spring Boot puts it. */
function classVersion(archive: ZipArchive, name: string | undefined): number | undefined {
  if (name === undefined) return undefined;
  const file = `${name.replaceAll('.', '/')}.class`;
  const entry = archive.entries.find((one) => [file, `BOOT-INF/classes/${file}`].includes(one.name));
  if (entry === undefined) return undefined;
  const bytes = Buffer.from(archive.read(entry));
  return bytes.length < 8 || bytes.readUInt32BE(0) !== magic ? undefined : bytes.readUInt16BE(6) - ahead;
}
