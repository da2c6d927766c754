import { inParallel } from '../core/in-parallel.ts';
import { type ImagePath, normalizePath } from '../core/path.ts';
import type { FileEntry } from '../filesystem/model.ts';
import type {
  Edge,
  EdgeKind,
  Invocation,
  Language,
  Missing,
  Needs,
  ReachGraph,
  ReachNode,
  Reason,
  Undecided,
} from './model.ts';
import { findProgram } from './programs.ts';
import type { Rule } from './rules.ts';
import type { Analyser, ReachedFile, World } from './world.ts';

export interface GraphOptions {
  readonly world: World;
  readonly analysers: readonly Analyser[];
  readonly rules: readonly Rule[];
  /** What a program does with its arguments. */
  readonly run: (invocation: Invocation, program: ImagePath, world: World) => Promise<Needs>;
  readonly signal: AbortSignal;
}

interface MutableNode {
  readonly path: ImagePath;
  readonly entry: FileEntry;
  readonly reasons: Reason[];
  readonly reasonKeys: Set<string>;
  readonly languages: Set<Language>;
  readonly asked: Set<Analyser>;
  code: boolean;
}

/** Files whose content is in memory at once. */
const width = 8;

/**
 * Follows what the seeds need until nothing new is found.
 *
 * 1. An edge leads to a path; every link on the way and what it leads to at last become nodes.
 * 2. Each analyser that takes a new file tells what that needs; a program that is run tells what its arguments need.
 * 3. Rules add data that code needs without naming it, as soon as a file triggers them.
 *
 * 4. Then the same for the application's files, where it is kept whole, so that each of them finds what it needs.
 *
 * Work is taken in waves, in the order in which it was found, so that the first reason of a node is the shortest way
 * to it, and equal images give equal graphs.
 */
export async function buildGraph(
  seeds: Needs,
  options: GraphOptions,
  application?: (languages: ReadonlySet<Language>) => Needs,
): Promise<ReachGraph> {
  const builder = new GraphBuilder(options);
  builder.take(seeds, undefined);
  await builder.finish();
  const entrypoint = builder.graph();
  if (application === undefined) return entrypoint;
  builder.take(application(builder.languages()), undefined);
  await builder.finish();
  // What only unused parts of the application lack or compute says nothing about what runs.
  const { missing, undecided } = entrypoint;
  return { ...builder.graph(new Set(entrypoint.nodes.keys())), missing, undecided };
}

type Task = () => Promise<{ readonly from: ImagePath | undefined; readonly needs: Needs }>;

class GraphBuilder {
  readonly #options: GraphOptions;
  readonly #nodes = new Map<ImagePath, MutableNode>();
  readonly #missing = new Map<string, Missing>();
  readonly #undecided = new Map<string, Undecided>();
  readonly #notKept = new Map<string, { readonly path: ImagePath; readonly program: string }>();
  readonly #mentioned = new Set<string>();
  readonly #ran = new Set<string>();
  readonly #fired = new Set<Rule>();
  #tasks: Task[] = [];

  constructor(options: GraphOptions) {
    this.#options = options;
  }

  take(needs: Needs, from: ImagePath | undefined): void {
    for (const edge of needs.edges ?? []) this.#follow(edge, edge.from ?? from);
    for (const run of needs.runs ?? []) this.#run(run, run.from ?? from);
    for (const word of needs.mentions ?? []) this.#mentioned.add(word);
    if (from === undefined) return;
    for (const { from: path = from, ...one } of needs.undecided ?? []) {
      this.#undecided.set(JSON.stringify([path, one]), { ...one, path });
    }
    for (const program of needs.notKept ?? []) this.#notKept.set(`${from}\0${program}`, { path: from, program });
  }

  async finish(): Promise<void> {
    while (this.#tasks.length > 0) {
      this.#options.signal.throwIfAborted();
      const wave = this.#tasks;
      this.#tasks = [];
      const answers = await inParallel(wave, width, (task) => task());
      for (const { from, needs } of answers) this.take(needs, from);
    }
  }

  /** Languages of what was followed. */
  languages(): ReadonlySet<Language> {
    return new Set([...this.#nodes.values()].flatMap(({ languages }) => [...languages]));
  }

  graph(entrypoint?: ReadonlySet<ImagePath>): ReachGraph {
    const nodes = [...this.#nodes].flatMap(([path, { entry, reasons, code }]): [ImagePath, ReachNode][] => {
      const [first, ...rest] = reasons;
      if (first === undefined) return [];
      const node: ReachNode = { path, type: entry.type, size: entry.size, reasons: [first, ...rest], code };
      return [[path, entrypoint?.has(path) === false ? { ...node, onlyApplication: true } : node]];
    });
    return {
      nodes: new Map(nodes),
      missing: [...this.#missing.values()],
      undecided: [...this.#undecided.values()],
      mentioned: this.#mentioned,
      notKept: [...this.#notKept.values()],
    };
  }

  #follow(edge: Edge, from: ImagePath | undefined): void {
    const { tree } = this.#options.world;
    const path = edge.to.startsWith('/') ? normalizePath(edge.to) : undefined;
    const traced = path === undefined ? undefined : tree.trace(path);
    if (traced === undefined) {
      if (edge.certain !== false) this.#miss(edge.to, edge.kind, from);
      return;
    }
    const reason = reasonOf(edge, from);
    const { links } = traced;
    for (const [index, link] of links.entries()) {
      const before = links.slice(0, index);
      this.#reach(linkEntry(link), { ...reason, kind: 'symlink', ...(index === 0 ? {} : { via: before }) }, undefined);
    }
    this.#reach(traced.entry, links.length === 0 ? reason : { ...reason, via: links }, edge.language);
    if (edge.whole === true) this.#followFolder(traced.entry, edge, from);
  }

  #followFolder(folder: FileEntry, edge: Edge, from: ImagePath | undefined): void {
    if (folder.type !== 'directory') return;
    const { whole: _whole, ...rest } = edge;
    for (const child of this.#options.world.tree.list(folder.path)) {
      this.#follow({ ...rest, to: child.path, certain: false }, from);
      if (child.type === 'directory') this.#followFolder(child, edge, from);
    }
  }

  #reach(entry: FileEntry, reason: Reason, language: Language | undefined): void {
    const known = this.#nodes.get(entry.path);
    const node = known ?? {
      path: entry.path,
      entry,
      reasons: [],
      reasonKeys: new Set(),
      languages: new Set(),
      asked: new Set(),
      code: false,
    };
    const key = `${reason.kind}\0${reason.from ?? ''}\0${reason.via?.join('\0') ?? ''}`;
    if (!node.reasonKeys.has(key)) {
      node.reasonKeys.add(key);
      node.reasons.push(reason);
    }
    if (language !== undefined) {
      node.languages.add(language);
      node.code = true;
    }
    if (known === undefined) {
      this.#nodes.set(entry.path, node);
      this.#fireRules(node);
    }
    if (entry.type === 'file' || entry.type === 'hardlink') this.#analyse(node);
  }

  #analyse(node: MutableNode): void {
    const { analysers, world } = this.#options;
    const [reason] = node.reasons;
    if (reason === undefined) return;
    let bytes: Promise<Uint8Array> | undefined;
    const file: ReachedFile = {
      path: node.path,
      entry: node.entry,
      languages: node.languages,
      reason,
      bytes: async () => {
        bytes ??= world.tree.read(node.path).then((content) => content ?? new Uint8Array());
        return bytes;
      },
    };
    for (const analyser of analysers) {
      if (node.asked.has(analyser) || !analyser.takes(file, world)) continue;
      node.asked.add(analyser);
      this.#tasks.push(async () => {
        const needs = await analyser.analyse(file, world);
        if (needs !== undefined && analyser.data !== true) node.code = true;
        return { from: node.path, needs: needs ?? {} };
      });
    }
  }

  #run(invocation: Invocation, from: ImagePath | undefined): void {
    const { world, run } = this.#options;
    const [name = ''] = invocation.argv;
    const key = JSON.stringify([invocation.argv, invocation.folder, [...invocation.environment]]);
    const program = findProgram(name, invocation.folder, invocation.environment, world.tree);
    if (program === undefined) {
      if (invocation.certain !== false) this.#miss(name, invocation.kind, from);
      return;
    }
    const certain = invocation.certain === false ? { certain: false as const } : {};
    this.#follow({ to: program, kind: invocation.kind, detail: invocation.argv.join(' '), ...certain }, from);
    if (this.#ran.has(key)) return;
    this.#ran.add(key);
    const real = world.tree.find(program)?.path;
    this.#tasks.push(async () => ({ from: real, needs: await run(invocation, program, world) }));
  }

  #fireRules(node: MutableNode): void {
    const { rules, world } = this.#options;
    for (const rule of rules) {
      if (this.#fired.has(rule) || !rule.when(node.path)) continue;
      this.#fired.add(rule);
      this.#tasks.push(async () => ({ from: node.path, needs: { edges: await rule.edges(world, node.path) } }));
    }
  }

  #miss(path: string, kind: EdgeKind, from: ImagePath | undefined): void {
    const missing: Missing = { path, kind, ...(from === undefined ? {} : { from }) };
    this.#missing.set(JSON.stringify(missing), missing);
  }
}

function linkEntry(path: ImagePath): FileEntry {
  return { path, type: 'symlink', mode: 0o777, uid: 0, gid: 0, size: 0, mtime: 0, layer: 0 };
}

function reasonOf({ kind, detail, certain }: Edge, from: ImagePath | undefined): Reason {
  return {
    kind,
    certain: certain !== false,
    ...(from === undefined ? {} : { from }),
    ...(detail === undefined ? {} : { detail }),
  };
}
