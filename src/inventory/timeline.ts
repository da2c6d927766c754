import { compareText } from '../core/compare-text.ts';
import type { CatalogedPackage } from './cataloger.ts';
import type { Evidence, Fate } from './model.ts';
import { packageId } from './package-id.ts';

/** What a version of an evidence file proves; nothing, where the layer removed the file. */
export interface EvidenceVersion {
  readonly layer: number;
  readonly packages: readonly CatalogedPackage[];
}

/** All that layers made of one evidence file, oldest first. */
export interface EvidenceTimeline {
  readonly path: string;
  readonly cataloger: string;
  readonly versions: readonly EvidenceVersion[];
}

/** A package with the layer that first brought it and what became of it. */
export interface AttributedPackage {
  readonly id: string;
  readonly found: CatalogedPackage;
  readonly layer: number;
  readonly fate: Fate;
  readonly evidence: readonly [Evidence, ...Evidence[]];
}

/** Layers during which one file proved a package: `from` brought it, `to` ended it, or none did. */
interface Span {
  readonly found: CatalogedPackage;
  readonly evidence: Evidence;
  readonly from: number;
  readonly to: number;
}

type Spans = [Span, ...Span[]];

/**
 * Tells of every package that any version of any file proved which layer brought it and what became of it.
 *
 * 1. In each file, a package lasts from the version that first has it as long as each next one has it too.
 * 2. Where several files prove one package, what they prove is joined as long as it touches.
 * 3. A package is present when that reaches the last layer, and was brought where it begins. One that was gone for a
 *    while was brought by the layer that it came back with.
 * 4. Any other is history: upgraded, when the layer that ended it has another version of it, else removed.
 */
export function attributePackages(timelines: readonly EvidenceTimeline[]): readonly AttributedPackage[] {
  const byId = new Map<string, Spans>();
  const byName = new Map<string, Spans>();
  for (const span of timelines.flatMap(spansOf).sort((a, b) => a.from - b.from)) {
    append(byId, packageId(span.found), span);
    append(byName, identityOf(span.found), span);
  }
  return [...byId].map(([id, spans]) => attribute(id, spans, byName.get(identityOf(spans[0].found)) ?? []));
}

function spansOf({ path, cataloger, versions }: EvidenceTimeline): readonly Span[] {
  const ended: Span[] = [];
  let open = new Map<string, Span>();
  for (const { layer, packages } of versions) {
    const next = new Map<string, Span>();
    for (const found of packages) {
      const id = packageId(found);
      const evidence = { path: found.evidence ?? path, layer, cataloger };
      next.set(id, { found, evidence, from: open.get(id)?.from ?? layer, to: Number.POSITIVE_INFINITY });
    }
    for (const [id, span] of open) if (!next.has(id)) ended.push({ ...span, to: layer });
    open = next;
  }
  return [...ended, ...open.values()];
}

function attribute(id: string, spans: Spans, namesakes: readonly Span[]): AttributedPackage {
  const { from, to, last } = lastStretch(spans);
  const { found } = last[0];
  const kind = namesakes.some((span) => replaces(span, found, to)) ? 'upgraded' : 'removed';
  const fate: Fate = to === Number.POSITIVE_INFINITY ? { kind: 'present' } : { kind, layer: to };
  return { id, found, layer: from, fate, evidence: distinctEvidence(last) };
}

/** Of spans in the order of their beginnings: the last stretch of layers without a gap, and the spans to its end. */
function lastStretch(spans: Spans): { readonly from: number; readonly to: number; readonly last: Spans } {
  let { from, to } = spans[0];
  let last: Spans = [spans[0]];
  for (const span of spans.slice(1)) {
    if (span.from > to) ({ from, to, last } = { ...span, last: [span] });
    else if (span.to > to) ({ to, last } = { to: span.to, last: [span] });
    else if (span.to === to) last.push(span);
  }
  return { from, to, last };
}

/** Whether the layer that ended a package has another version of it. */
function replaces(span: Span, gone: CatalogedPackage, layer: number): boolean {
  const { version, architecture } = span.found;
  const isFitting = architecture === gone.architecture || architecture === 'all' || gone.architecture === 'all';
  return isFitting && version !== gone.version && span.from <= layer && span.to > layer;
}

function distinctEvidence(spans: Spans): readonly [Evidence, ...Evidence[]] {
  const byPath = new Map(spans.map(({ evidence }) => [evidence.path, evidence]));
  const [first, ...others] = [...byPath.values()].sort((a, b) => compareText(a.path, b.path));
  return [first ?? spans[0].evidence, ...others];
}

/** What is one package in all its versions. */
function identityOf({ type, name, location }: CatalogedPackage): string {
  return JSON.stringify([type, name, location]);
}

function append(map: Map<string, Spans>, key: string, span: Span): void {
  const spans = map.get(key);
  if (spans === undefined) map.set(key, [span]);
  else spans.push(span);
}
