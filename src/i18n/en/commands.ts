import type { BuildDifference } from '../../distroless/compare-build.ts';
import { short } from '../short.ts';

/** Sizes of an image, in words. */
export interface SlimWords {
  readonly size: string;
  readonly files: number;
  readonly packages: number;
}

export interface RecipeWords {
  readonly file: string;
  readonly folder?: string;
  readonly packages: number;
  readonly files: number;
}

export const commands = {
  description: 'The art of minimising container images: see what is inside, cut what is not needed, prove it.',
  version: 'Print the version',
  help: 'Print help',
  bug: 'cinzel: this is a bug in Cinzel. Please report it with the lines below.',
  headings: { usage: 'Usage:', arguments: 'Arguments:', options: 'Options:', commands: 'Commands:' },
  usage: { options: 'options', command: 'command' },
  faults: {
    'commander.unknownOption': (name: string) => `There is no option ${name} here.`,
    'commander.optionMissingArgument': (name: string) => `The option "${name}" needs a value.`,
    'commander.missingArgument': (name: string) => `<${name}> is missing.`,
    'commander.excessArguments': (name: string) => `There are too many arguments for "${name}".`,
    'commander.unknownCommand': (name: string) => `There is no command "${name}".`,
  },
  suggestion: (name: string) => ` Did you mean "${name}"?`,
  groups: {
    contract: 'Behaviour: what an image answers, recorded and compared',
    db: 'The local advisory store',
    cache: 'The cache of layers and downloads',
  },
  summaries: {
    scan: 'Tell what is in images and which known vulnerabilities they have',
    why: 'Tell why the entrypoint needs a path, a package or a vulnerable package',
    sbom: 'Write the inventory of an image as a software bill of materials',
    report: 'Render a saved scan (JSON) again, in any format',
    build: 'Make an image from a recipe: signed packages and files, and nothing else',
    slim: 'Cut an image to what its application reaches, by reading alone',
    'contract record': 'Run an image and store what it answers to probes',
    'contract check': 'Run an image and compare its answers with stored ones',
    lock: 'Resolve the packages of a recipe, write them down, and tell what changed',
    verify: 'Prove who signed an image, and tell what they attest about it',
    copy: 'Copy an image between registries, engines, archives and layouts',
    'db update': 'Fetch advisories into the local store',
    'db status': 'Tell what the local store holds and how old it is',
    'cache df': 'Tell what the cache holds',
    'cache prune': 'Remove what the cache holds',
    config: 'Print every setting with where its value came from',
    completion: 'Print a completion script for bash, zsh or fish',
  },
  options: {
    output: 'Format, and file unless it is stdout: table, json=scan.json … (repeatable)',
    report: 'The same as --output',
    only: 'What to fetch: osv:PyPI, osv:Go … (comma-separated)',
    all: 'Everything, not only what is over the size limit',
    'older-than': 'Only what was not used for this many days',
    'all-platforms': 'Copy every platform of the image',
    referrers: 'Copy what refers to the image too: signatures, SBOMs …',
    compression: 'Compress plain layers (default: every layer as it is stored)',
    'build output': 'Where the image goes: oci:DIR, oci-archive:FILE, docker-archive:FILE, registry:REF, docker:',
    tag: 'Name and tag of the image, or its tag (default: latest)',
    arch: 'Architectures, as in amd64,arm64; several make an index',
    lock: 'Lock to use if it fits, else to write (default: beside a recipe file)',
    frozen: 'The lock must be there and fit; nothing is resolved',
    'allow-expired': 'Take indexes of the archive that have expired',
    'allow-eol': 'Take a release whose support has ended',
    update: 'Resolve anew and write the lock',
    check: 'Build an image again from its own lock and tell what differs',
    annotate: 'Annotation of the manifest, and of the index',
    node: 'Project for Node.js to lay on the image, with its production node_modules',
    python: 'Project in Python, with its virtual environment',
    java: 'Archive of a Java application',
    ruby: 'Project in Ruby, with its vendor/bundle',
    php: 'Project in PHP, with its vendor folder',
    binary: 'Compiled program; its libraries and their symbols are checked first',
    'build compression': 'How layers are stored (default: gzip)',
    sign: 'File of a private key to sign the image and its documents with, as cosign does',
    'public key': 'File of the public key that must have signed it',
    attestation: 'Demand an attestation: slsaprovenance, spdx, cyclonedx, openvex or a type as a URI (repeatable)',
    'plain report': 'Report, and its file unless it is stdout: table, json=result.json … (repeatable)',
    'plain output': 'Format, and file unless it is stdout: table, json=result.json … (repeatable)',
    'no documents': 'Attach neither SBOM nor provenance',
    plan: 'Only show what would be kept and dropped',
    'slim tag': "Name and tag of the image, or its tag (default: the source's tag and -slim)",
    'slim recipe': 'Write the build recipe that makes the slimmed image from packages, and its files beside it',
    'slim report': 'Plan and result: table, json=plan.json …',
    app: 'Path that belongs to the application too, and is kept whole',
    'keep entrypoint': 'Keep an entrypoint that only starts another command',
    'app strict': 'Of the application, too, keep only what is reached',
    user: 'User that the slimmed image runs as: nonroot (65532), auto (nonroot where nothing needs root), a name or number',
    'slim contract': 'Run source and slimmed image and compare them: a contract, or default for a derived one',
    'write anyway': 'Write the image although it behaves otherwise (exit 1 all the same)',
    trace: 'Run the source and keep what it is seen to use too',
    'trace files': 'Keep what an earlier trace saw too',
    profile: 'Write what confines the slimmed image: seccomp=FILE, apparmor=FILE, kubernetes=FILE, written-paths=FILE',
    runtime: 'What runs the image (default: bubblewrap)',
    network: 'Network of what runs (default: own)',
    contract: 'Contract to play; default: one derived from the image (default: cinzel.contract.yaml if there)',
    'check contract': 'Contract that the answers must have been recorded with',
    answers: 'File of the answers (default: cinzel.contract.answers.json)',
    'trace file': 'Watch which files are used while probes are played, and write that here',
    feed: 'Address of a feed, as in osv=https://…',
  },
  progress: {
    layer: (name: string) => `layer ${name}`,
    feed: (name: string) => `advisories ${name}`,
    download: (name: string) => `download ${name}`,
    changelog: (name: string) => `changelog ${name}`,
    match: (name: string) => `matching ${name}`,
    copy: (name: string) => `copy ${name}`,
  },
  verify: {
    header: ['proved', 'type', 'of'] as readonly string[],
    signature: 'signature',
    attestation: 'attestation',
    others: (count: number) => `${count} attestations are not of this key, and say nothing.`,
  },
  why: {
    yes: (subject: string) => `${subject} is reached:`,
    no: (subject: string) => `${subject} is not reached.`,
    unknown: (subject: string) => `Whether ${subject} is reached is not known.`,
    neededBy: (count: number) => `It is needed by ${count} files:`,
    ties: 'Without any one of these it would not be reached:',
    unreached: (count: number, total: number) => `Nothing reaches the packages of ${count} of ${total} findings.`,
    kinds: {
      entrypoint: 'entrypoint',
      healthcheck: 'healthcheck',
      keep: 'kept by request',
      application: 'application',
      argument: 'argument',
      command: 'command',
      config: 'configuration',
      data: 'data by rule',
      dlopen: 'opened at run time',
      folder: 'folder',
      import: 'import',
      interpreter: 'program interpreter',
      module: 'module',
      needed: 'needed library',
      package: 'whole package',
      path: 'named path',
      plugins: 'plugin folder',
      preload: 'preloaded',
      shebang: 'script interpreter',
      source: 'sourced script',
      symlink: 'link on the way',
      trace: 'seen in a run',
    },
  },
  contract: {
    recorded: (name: string, probes: number, file: string) =>
      `Recorded ${probes} ${probes === 1 ? 'answer' : 'answers'} of ${name} in ${file}.`,
    dropped: (probe: string, problem: string) =>
      `Left out, as the image itself does not answer it: ${probe} (${problem})`,
    equal: (name: string, original: string, probes: number) =>
      `${name} behaves as ${original} in ${probes} ${probes === 1 ? 'probe' : 'probes'}.`,
    differs: (name: string, original: string, differing: number, probes: number) =>
      `${name} differs from ${original} in ${differing} of ${probes} ${probes === 1 ? 'probe' : 'probes'}:`,
    failure: (problem: string) => `no answer: ${problem}`,
    nothing: '(nothing)',
    strength: (level: 'weak' | 'fair' | 'strong', { probes, fields, contents, varying }: StrengthWords) =>
      `Contract: ${level}. ${probes} probes, ${contents} with content; ${fields} texts compared, ${varying} of which vary.`,
  },
  slim: {
    distroless: (name: string) =>
      `${name} is distroless already: it has no shell and no package manager. There is nothing to do.`,
    recipe: ({ file, folder, packages, files }: RecipeWords) =>
      `Recipe: ${file}, with ${packages} packages${folder === undefined ? '' : `; ${files} files that no package brings are in ${folder}`}.`,
    recipeNote: (image: string, file: string): readonly string[] => [
      `Makes from packages what cinzel slim left of ${image}.`,
      `Build it: cinzel build ${file}`,
      `Update it: delete "pins", then cinzel lock --update ${file}`,
    ],
    done: (name: string, before: SlimWords, after: SlimWords) =>
      `Slimmed ${name}: ${before.size} → ${after.size}, ${before.files} → ${after.files} files, ${before.packages} → ${after.packages} packages.`,
    behaviour: 'Behaviour: not checked.',
    behaves: {
      'not checked': 'Behaviour: not checked.',
      equal: 'Behaviour: equal to the source in every probe.',
      different: 'Behaviour: DIFFERENT from the source.',
    },
    repaired: (count: number) =>
      `${count} ${count === 1 ? 'path was' : 'paths were'} added because the image without ${count === 1 ? 'it' : 'them'} behaved otherwise.`,
    undecided: (count: number) =>
      `${count} ${count === 1 ? 'place' : 'places'} could not be decided by reading; the JSON report names them, --keep adds paths.`,
    notKept: (programs: string) => `Named by what is kept, and not kept itself: ${programs}`,
    header: ['kept', 'of', 'files', 'CVEs', 'what', 'why'] as readonly string[],
    application: 'application',
    others: (folder: string) => `files in ${folder}`,
    dropped: (count: number, size: string) =>
      `Dropped: ${count} ${count === 1 ? 'package' : 'packages'} whole, ${size} in all.`,
    shared: (size: string, names: string) =>
      `Layers that other slimmed images of the same packages share: ${size} (${names}).`,
    vulnerabilities: (before: number, after: number, codeGone: number) =>
      `Vulnerabilities: ${before} → ${after}${codeGone === 0 ? '' : `; of ${codeGone} that remain listed the code is gone (attached as OpenVEX)`}.`,
    noStore: 'Vulnerabilities: not known, there is no store yet; "cinzel scan" or "cinzel db update" makes one.',
    uncovered: (ecosystems: string) => `Vulnerabilities of these could not be looked up: ${ecosystems}.`,
    root: (needs: string) =>
      needs === ''
        ? 'User: root. Nothing that was read needs that: --user nonroot.'
        : `User: root. Against --user nonroot: ${needs}.`,
    user: (name: string, needs: string) => `User: ${name}${needs === '' ? '' : `. It may lack: ${needs}`}.`,
    rootNeed: {
      port: (port: string) => `port ${port}`,
      program: (path: string) => `${path} begins as root`,
      setuid: (path: string) => `${path} takes other rights`,
      unreadable: (path: string) => `only root reads ${path}`,
      writes: (path: string) => `only root writes ${path}`,
    },
    start: (from: string, to: string) =>
      `Starts ${to} itself: ${from} does no more than that (--keep-entrypoint keeps it).`,
    healthcheck: (program: string) => `Healthcheck: asked by ${program} now, without a shell. It was not run.`,
    more: (count: number) => `… and ${count} more`,
    reasons: {
      device: 'device file',
      distribution: 'names the distribution',
      licence: 'licence',
      metadata: 'package metadata',
      parent: 'holds what is kept',
      record: 'package record',
      writable: 'folder to write to',
      cache: 'cache or log',
      documentation: 'documentation',
      'package-manager': "package manager's own",
      unreached: 'nothing needs it',
    },
  },
  gate: {
    failed: (count: number, condition: string) =>
      `${count} ${count === 1 ? 'vulnerability fits' : 'vulnerabilities fit'} --fail-on ${condition}.`,
    unknown: (count: number) =>
      `${count} ${count === 1 ? 'vulnerability has' : 'vulnerabilities have'} no known severity and did not count for --fail-on; add "unknown" to count ${count === 1 ? 'it' : 'them'}.`,
  },
  lock: {
    header: ['architecture', 'package', 'before', 'now'] as readonly string[],
    unchanged: 'The lock is as it was.',
    fixes: (source: string, ids: string) => `${source} fixes ${ids}`,
  },
  check: {
    same: (image: string, packages: number) => `${image} is what its lock gives, to the byte (${packages} packages).`,
    differs: (image: string, count: number) =>
      `${image} is not what its lock gives: ${count} ${count === 1 ? 'difference' : 'differences'}.`,
    difference: (one: BuildDifference): string => {
      switch (one.kind) {
        case 'recipe':
          return `recipe: ${one.text}`;
        case 'config':
          return `${one.key}: ${short(one.image) ?? 'absent'} in the image, ${short(one.built) ?? 'absent'} when built`;
        case 'layers':
          return 'layers: the same files in other layers';
        case 'annotations':
          return 'annotations of the manifest';
        case 'stored':
          return 'layers: the same content, stored otherwise';
        case 'file':
          if (one.change === 'differs') return `~ ${one.path}: ${one.aspects.join(', ')}`;
          return one.change === 'only-image' ? `+ ${one.path}: only in the image` : `- ${one.path}: not in the image`;
      }
    },
  },
  built: (digest: string, facts: { readonly packages: number; readonly layers: number; readonly size: string }) =>
    `Built ${digest}: ${facts.packages} packages, ${facts.layers} layers, ${facts.size}.`,
  written: (path: string) => `Written: ${path}`,
  mirror: (url: string) => `Debian archive: ${url}`,
  database: {
    empty: 'The store is empty.',
    header: ['feed', 'part', 'records', 'updated'] as readonly string[],
    updated: (parts: number) => `${parts} ${parts === 1 ? 'part is' : 'parts are'} up to date.`,
    notPublished: (feed: string, part: string) => `${feed} does not publish ${part}.`,
    nothing: 'Say what to fetch with --only, for example: cinzel db update --only osv:PyPI,osv:Go',
  },
  cache: {
    header: ['what', 'entries', 'size'] as readonly string[],
    removed: (entries: number, size: string) =>
      `${entries} ${entries === 1 ? 'entry' : 'entries'} removed, ${size} freed.`,
  },
  configuration: {
    header: ['setting', 'value', 'from'] as readonly string[],
    unset: '–',
    flag: (name: string) => `flag --${name}`,
    environment: (name: string) => `environment ${name}`,
    file: (path: string, line: number) => `${path}:${line}`,
    default: 'default',
  },
};

/** How strong a contract is, in words. */
export interface StrengthWords {
  readonly probes: number;
  readonly fields: number;
  readonly contents: number;
  readonly varying: number;
}
